"""Parsing and encoding of JSON."""

import json
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.json_text import dumps, loads, loads_lines, raw_decode
from tests.support.json_libraries import LIBRARIES, json_library, reading_with

pytestmark = pytest.mark.usefixtures(json_library.__name__)

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
TEXTS = st.one_of(
    VALUES.map(lambda value: dumps(value)),
    VALUES.map(lambda value: json.dumps(value, indent=1).encode()),
    st.text(alphabet='{}[]",:\\ud8019.eE+-\n\r\t truefalsn\x1eé', max_size=30).map(str.encode),
    st.binary(max_size=20),
)


@given(value=VALUES)
def test_round_trip(value: Any) -> None:
    assert loads(dumps(value)) == loads(dumps(value).decode()) == value


def test_text_is_compact_utf_8() -> None:
    assert dumps({"a": [1, None, "é\u2028"], "b": {}}) == '{"a":[1,null,"é\u2028"],"b":{}}'.encode()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), [float("-inf")], {"a": object()}, {1, 2}, b"x", "\ud800"]
)
def test_values_that_cannot_be_encoded(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        dumps(value)


INVALID = [
    *("", " ", "{", "{} {}", "{}x", "nul", "'a'", "{a:1}", "[1,]", "\ufeff{}", "01", "1.", ".5", "+1", "NaN", "[Infinity]"),
    *("-Infinity", '{"a":NaN}', '"a\tb"', '"a\x00"', '"\\x"', '"\\u12g4"', "1" * 5000, "[" * 100_000, '{"a":' * 100_000),
    *("{}\x0b", "{}\xa0", "\x1e{}", b"\xff", b'"\xed\xa0\x80"', b'"\xc0\x80"', b"\xef\xbb\xbf{}", b'"\xe2\x82"'),
    '{"a":1}'.encode("utf-16"),
    '{"a":1}'.encode("utf-32"),
]  # fmt: skip


@pytest.mark.parametrize("text", INVALID)
def test_invalid_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        loads(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18446744073709551616", 18446744073709551616),
        ("-9223372036854775809", -9223372036854775809),
        ("[" + "1" * 4000 + "]", [int("1" * 4000)]),
        ("1.0", 1.0),
        ("1", 1),
        ("-0", 0),
        ("-0.0", -0.0),
        ("0.1", 0.1),
        ("9007199254740993", 9007199254740993),
        ("2.2250738585072011e-308", 2.2250738585072011e-308),
        ("5e-324", 5e-324),
        ("1e400", float("inf")),
        ("-1e400", float("-inf")),
        ("1e-400", 0.0),
        ('"\\ud800"', "\ud800"),
        ('"\\udc00\\ud800x"', "\udc00\ud800x"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('{"\\ud800":1}', {"\ud800": 1}),
        ('"\\u0000\\/"', "\x00/"),
        ('"a\x7fb"', "a\x7fb"),
        ('{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}),
        (" \t\r\n{} \t\r\n", {}),
        ("[" * 500 + "]" * 500, json.loads("[" * 500 + "]" * 500)),
        ("null", None),
    ],
)
def test_values(text: str, value: Any) -> None:
    for found in (loads(text), loads(text.encode())):
        assert (type(found), repr(found)) == (type(value), repr(value))


def test_keys_keep_their_order() -> None:
    assert list(loads('{"b":1,"a":2,"b":3}')) == ["b", "a"]


def outcome(library: str, text: bytes) -> tuple[Any, ...]:
    """Parse a text with a library; `repr` distinguishes 1, 1.0 and True."""
    with reading_with(library):
        try:
            whole = repr(loads(text))
        except ValueError:
            whole = "an error"
        found = loads_lines(text + b"\n")
        return whole, found if found is None else repr(found)


@given(text=TEXTS)
def test_all_libraries_give_the_same_result(text: bytes) -> None:
    whole, values = outcome("json", text)
    other_whole, other_values = outcome("msgspec", text)
    assert whole == other_whole
    assert values == other_values or None in (values, other_values), (
        "lines may be rejected, and are then parsed one by one"
    )


def test_orjson_converts_large_integers_to_floats() -> None:
    assert orjson.loads(b"18446744073709551616") == 1.8446744073709552e19


def test_msgspec_rejects_some_valid_texts() -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(b'"\\ud800"')
    assert LIBRARIES.keys() == {"json", "msgspec"}


# --- lines


@pytest.mark.parametrize(
    ("block", "values"),
    [
        (b'{"a":1}\n', [{"a": 1}]),
        (b'{"a":1}\r\n[2]\r\n3\n', [{"a": 1}, [2], 3]),
        (b'"\\n"\n' * 100, ["\n"] * 100),
        (b"[1,\n2]\n", [[1, 2]]),
    ],
)
def test_lines(block: bytes, values: list[Any]) -> None:
    assert loads_lines(block) == values


@pytest.mark.parametrize(
    "block",
    [
        *(b"1,2\n", b"[1,2\n3]\n", b"{}\n}{\n", b"],[\n", b'{"a":1},\n', b"[\n", b"]\n", b'"a\nb"\n', b"1\n\x0b2\n"),
        *(b"\x1e1\n", b"{}\n\xff\n", b"NaN\n", b'{"a"\n', b"x\n", b"{}\nx\n", b"[" * 100_000 + b"\n", b"1\n\xc2\xa0\n"),
    ],
)  # fmt: skip
def test_lines_that_are_not_single_values(block: bytes) -> None:
    assert loads_lines(block) is None


# --- a value at a position


def test_raw_decode() -> None:
    assert raw_decode('x{"a":1}y', 1) == ({"a": 1}, 8)


@pytest.mark.parametrize("text", ["x", "{", "[" * 100_000, "1" * 5000, "NaN"])
def test_raw_decode_of_invalid_json(text: str) -> None:
    with pytest.raises(ValueError):
        raw_decode(text, 0)
