"""Encoding of the ``filters`` argument."""

import json
from typing import Any

import pytest

from aiodockerapi._wire.filters import encode_filters
from aiodockerapi.errors import InvalidArgumentType


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"name": "web"}, {"name": ["web"]}),
        ({"name": ""}, {"name": [""]}),
        ({"label": ["a=b", "c"]}, {"label": ["a=b", "c"]}),
        ({"label": ("a", "a")}, {"label": ["a", "a"]}),
        ({"label": {"only"}}, {"label": ["only"]}),
        ({"label": iter(["a", "b"])}, {"label": ["a", "b"]}),
        ({"label": []}, {"label": []}),
        ({"dangling": True}, {"dangling": ["true"]}),
        ({"dangling": False}, {"dangling": ["false"]}),
        ({"name": 'caf\u00e9 "x" \\ \n'}, {"name": ['caf\u00e9 "x" \\ \n']}),
        ({"a": "1", "b": ["2"], "c": True}, {"a": ["1"], "b": ["2"], "c": ["true"]}),
    ],
)
def test_each_filter_is_a_list_of_strings(filters: Any, expected: dict[str, list[str]]) -> None:
    encoded = encode_filters(filters)
    assert encoded is not None
    assert json.loads(encoded) == expected


@pytest.mark.parametrize("filters", [None, {}])
def test_empty_filters_are_not_sent(filters: Any) -> None:
    assert encode_filters(filters) is None


def test_filters_are_compact_and_ascii() -> None:
    assert encode_filters({"name": ["\u00e9", "b"]}) == '{"name":["\\u00e9","b"]}'


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"name": "web", "label": ["a"]}, {"name": ["web"], "label": ["a"]}),
        ({"name": "web", "label": ["a", "b"]}, {"name": {"web": True}, "label": {"a": True, "b": True}}),
        ({"label": iter(["a", "a"])}, {"label": {"a": True}}),
    ],
)
def test_several_values_encoded_as_a_set(filters: Any, expected: dict[str, Any]) -> None:
    encoded = encode_filters(filters, sets=True)
    assert encoded is not None
    assert json.loads(encoded) == expected


def test_filters_are_not_changed() -> None:
    filters = {"label": ["a"], "name": "b"}
    encode_filters(filters)
    assert filters == {"label": ["a"], "name": "b"}


@pytest.mark.parametrize("filters", ["name=web", ["name"], 5, True, b"{}", {("name", "web")}])
def test_non_mappings_are_rejected(filters: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="filters must be a mapping"):
        encode_filters(filters)


@pytest.mark.parametrize("key", [1, None, b"name", ("a", "b")])
def test_names_that_are_not_strings_are_rejected(key: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="filter names must be strings"):
        encode_filters({key: "web"})


@pytest.mark.parametrize(
    "value", [5, 1.5, None, b"web", bytearray(b"web"), {"web": True}, ["a", 5], [None], [True], [["a"]]]
)
def test_values_that_are_not_strings_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="filter 'exited' must be"):
        encode_filters({"exited": value})
