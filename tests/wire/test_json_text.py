"""JSON text to values and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.json_text import dumps, loads, scan

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(value=VALUES)
def test_what_is_written_is_read(value: Any) -> None:
    assert loads(dumps(value)) == loads(dumps(value).decode()) == value


def test_text_is_compact_utf_8() -> None:
    assert dumps({"a": [1, None, "é\u2028"], "b": {}}) == '{"a":[1,null,"é\u2028"],"b":{}}'.encode()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), [float("-inf")], {"a": object()}, {1, 2}, b"x", "\ud800"]
)
def test_what_json_does_not_have_is_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        dumps(value)


@pytest.mark.parametrize(
    "text", ["", "{", "{} {}", "nul", "'a'", "{a:1}", "\ufeff{}", "1" * 5000, "[" * 100_000, b"\xff"]
)
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        loads(text)


def test_a_value_may_begin_anywhere() -> None:
    assert scan('x{"a":1}y', 1) == ({"a": 1}, 8)


@pytest.mark.parametrize("text", ["x", "{", "[" * 100_000, "1" * 5000])
def test_where_no_value_begins_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        scan(text, 0)
