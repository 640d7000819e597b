"""Image platforms as text and as JSON."""

import json
from typing import Any

import pytest

from aiodockerapi._wire.platforms import platform_json, platform_text
from aiodockerapi.errors import InvalidArgument, InvalidArgumentType

ARM = {"os": "linux", "architecture": "arm64", "variant": "v8"}
WINDOWS = {"os": "windows", "architecture": "amd64", "os.version": "10.0.17763.1"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("linux", "linux"),
        ("linux/amd64", "linux/amd64"),
        ("linux/arm64/v8", "linux/arm64/v8"),
        ("windows(10.0.17763.1)/amd64", "windows(10.0.17763.1)/amd64"),
        ({"os": "linux"}, "linux"),
        ({"os": "linux", "architecture": "", "variant": "v8"}, "linux"),
        (ARM, "linux/arm64/v8"),
        (WINDOWS, "windows(10.0.17763.1)/amd64"),
    ],
)
def test_a_platform_as_text(value: Any, text: str) -> None:
    assert platform_text(value) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("linux/amd64", {"os": "linux", "architecture": "amd64"}),
        ("linux/arm64/v8", ARM),
        ("windows(10.0.17763.1)/amd64", WINDOWS),
        (ARM, ARM),
        (
            {"architecture": "arm64", "os.features": ["x"], "os": "linux"},
            {**ARM, "os.features": ["x"]} | {"variant": None},
        ),
    ],
)
def test_a_platform_as_json(value: Any, expected: dict[str, Any]) -> None:
    found = json.loads(platform_json(value))
    assert found == {key: item for key, item in expected.items() if item is not None}
    assert next(iter(found)) == "os"


def test_a_platform_passed_in_is_not_changed() -> None:
    value = dict(reversed(ARM.items()))
    platform_json(value)
    platform_text(value)
    assert list(value) == ["variant", "architecture", "os"]


@pytest.mark.parametrize("value", ["linux", "windows(10)", {"os": "linux"}, {"os": "linux", "architecture": ""}])
def test_json_requires_the_architecture(value: Any) -> None:
    with pytest.raises(InvalidArgument, match="must include the architecture"):
        platform_json(value)


@pytest.mark.parametrize(
    "value", [" ", "/amd64", "linux/", "linux//v8", "linux/arm64/v8/x", "lin ux", "linux/amd64\n", "caf\u00e9"]
)
def test_malformed_platforms_are_rejected(value: str) -> None:
    for encode in (platform_text, platform_json):
        with pytest.raises(InvalidArgument, match=r"platform must be os\[/arch"):
            encode(value)


@pytest.mark.parametrize("value", [{}, {"architecture": "amd64"}, {"os": ""}])
def test_a_platform_requires_os(value: Any) -> None:
    for encode in (platform_text, platform_json):
        with pytest.raises(InvalidArgument, match="must include 'os'"):
            encode(value)


@pytest.mark.parametrize("value", [None, 5, b"linux/amd64", ["linux"]])
def test_other_types_are_rejected(value: Any) -> None:
    for encode in (platform_text, platform_json):
        with pytest.raises(InvalidArgumentType, match="platform must be"):
            encode(value)
