"""Every version that the code and the documentation name lies in the supported range, `OLDEST` to `NEWEST`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiodockerapi._engine.features import FEATURES
from aiodockerapi._wire.versions import NEWEST, OLDEST, ApiVersion
from tests.models.catalogue import CLASSES, wire_fields

PROJECT = Path(__file__).parents[1]
RANGE = re.compile(rf"\b{re.escape(str(OLDEST))} to (\d+\.\d+)\b")


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_lies_in_the_range(name: str) -> None:
    feature = FEATURES[name]
    assert feature.since is None or OLDEST < feature.since <= NEWEST
    assert feature.until is None or (feature.since or OLDEST) <= feature.until < NEWEST


def limit(text: str | None) -> ApiVersion | None:
    return None if text is None else ApiVersion.parse(text)


def out_of_range(metadata: dict[str, str | None]) -> list[str]:
    """The limits of a field that lie outside the range, or in the wrong order."""
    since, until, sent_since = (limit(metadata[name]) for name in ("since", "until", "sent_since"))
    found = []
    if since is not None and not OLDEST < since <= NEWEST:
        found.append("since")
    if until is not None and not (since or OLDEST) <= until < NEWEST:
        found.append("until")
    if sent_since is not None and not (since or OLDEST) < sent_since <= (until or NEWEST):
        found.append("sent_since")
    return found


def test_a_field_of_a_model_lies_in_the_range() -> None:
    fields = {f"{cls.__name__}.{field.name}": field.metadata for cls in CLASSES for field in wire_fields(cls)}
    assert len(fields) > 500
    assert {name: wrong for name, metadata in fields.items() if (wrong := out_of_range(dict(metadata)))} == {}


@pytest.mark.parametrize(
    ("limits", "wrong"),
    [
        ({}, []),
        ({"since": "1.44", "sent_since": "1.47", "until": "1.48"}, []),
        ({"since": str(OLDEST)}, ["since"]),
        ({"since": "1.999"}, ["since"]),
        ({"until": str(NEWEST)}, ["until"]),
        ({"since": "1.48", "until": "1.47"}, ["until"]),
        ({"since": "1.48", "sent_since": "1.48"}, ["sent_since"]),
        ({"sent_since": "1.999"}, ["sent_since"]),
    ],
)
def test_limits_out_of_the_range_are_found(limits: dict[str, str], wrong: list[str]) -> None:
    assert out_of_range({"since": None, "until": None, "sent_since": None} | limits) == wrong


def test_the_readme_names_the_range() -> None:
    assert set(RANGE.findall((PROJECT / "README.rst").read_text())) == {str(NEWEST)}


def test_the_pages_name_the_newest_version_by_a_substitution() -> None:
    pages = [page for page in (PROJECT / "docs").rglob("*.rst") if "changes" not in page.parts]
    assert [page.name for page in pages if RANGE.search(page.read_text())] == []
