"""API versions."""

from typing import Any

import pytest

from aiodockerapi._wire.versions import NEWEST, OLDEST, ApiVersion
from aiodockerapi.errors import ConfigurationError


@pytest.mark.parametrize("text", ["1.41", "v1.41", " 1.41\n", "01.041"])
def test_parse(text: str) -> None:
    assert ApiVersion.parse(text) == ApiVersion(1, 41)


def test_str() -> None:
    assert str(ApiVersion(1, 41)) == "1.41"
    assert f"/v{ApiVersion(1, 9)}" == "/v1.9"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.",
        ".41",
        "1.41.0",
        "V1.41",
        "vv1.41",
        "1,41",
        "-1.41",
        "1.x",
        "1. 41",
        "\uff11.\uff14\uff11",
        "1.99999",
        None,
        1.41,
        b"1.41",
    ],
)
def test_malformed_versions_are_errors_with_their_source(text: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"DOCKER_API_VERSION must be MAJOR\.MINOR, such as 1\.41, not"):
        ApiVersion.parse(text, source="DOCKER_API_VERSION")


def test_versions_compare_numerically() -> None:
    texts = ["1.100", "1.9", "2.0", "1.10", "1.41"]
    assert [str(version) for version in sorted(map(ApiVersion.parse, texts))] == ["1.9", "1.10", "1.41", "1.100", "2.0"]


def test_supported_range() -> None:
    assert str(OLDEST) == "1.41"
    assert OLDEST < NEWEST
