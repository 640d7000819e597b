"""Decoding of streams of JSON values: events, stats, and progress of pulls and builds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire import json_stream
from aiodockerapi._wire.json_stream import JSONStreamDecoder
from aiodockerapi.errors import MalformedStream, TruncatedStream
from tests.support.json_libraries import json_library, reading_with
from tests.wire.splits import POSITIONS, Outcome, blocks, decode, single_bytes, split

pytestmark = pytest.mark.usefixtures(json_library.__name__)

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
OBJECTS = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)

PULL = [
    {"status": "Pulling from library/busybox", "id": "latest"},
    {"status": "Größe: 4,2 MB, 日本", "progressDetail": {"current": 1, "total": 2}},
    {"status": 'a "quoted \\ thing" with } and ] in it'},
]


def decoded(*parts: bytes) -> Outcome:
    return decode(JSONStreamDecoder(), parts)


def text(value: Any, **options: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, **options).encode()


STREAMS = {
    "line feeds": b"".join(text(value) + b"\n" for value in PULL),
    "carriage returns": b"".join(text(value) + b"\r\n" for value in PULL),
    "record separators": b"".join(b"\x1e" + text(value) + b"\n" for value in PULL),
    "record separators alone": b"".join(b"\x1e" + text(value) for value in PULL),
    "nothing between": b"".join(text(value) for value in PULL),
    "several on a line": b" ".join(text(value) for value in PULL) + b"\n",
    "over several lines": b"".join(text(value, indent=2) + b"\n" for value in PULL),
    "over several lines with carriage returns": b"\r\n".join(text(v, indent=1).replace(b"\n", b"\r\n") for v in PULL),
    "empty lines between": b"\n\r\n".join(text(value) for value in PULL) + b"\n\n\n",
    "no end of the last line": b"\n".join(text(value) for value in PULL),
    "escaped": b"".join(json.dumps(value).encode() + b"\n" for value in PULL),
    "one value ends where the next begins": b"".join(text(value, indent=2) for value in PULL),
}
every_stream = pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))


@every_stream
def test_separators(stream: bytes) -> None:
    assert decoded(stream) == (PULL, None)


@every_stream
def test_byte_by_byte(stream: bytes) -> None:
    assert decoded(*single_bytes(stream)) == (PULL, None)


@every_stream
def test_split_at_any_position(stream: bytes) -> None:
    for position in range(len(stream)):
        assert decoded(stream[:position], stream[position:]) == (PULL, None)


@given(
    values=st.lists(OBJECTS, max_size=5),
    ends=st.lists(st.sampled_from([b"\n", b"\r\n", b"", b" ", b"\x1e", b"\n\n"]), min_size=5, max_size=5),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
    positions=POSITIONS,
)
def test_round_trip_of_objects(
    values: list[Any], ends: list[bytes], indent: int | None, ascii_only: bool, positions: list[int]
) -> None:
    texts = [json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode() for value in values]
    stream = b"".join(value + end for value, end in zip(texts, ends, strict=False))
    assert decoded(*split(stream, positions)) == (values, None)


@given(values=st.lists(VALUES, max_size=5), positions=POSITIONS)
def test_round_trip_of_lines(values: list[Any], positions: list[int]) -> None:
    assert decoded(*split(b"".join(text(value) + b"\n" for value in values), positions)) == (values, None)


@pytest.mark.parametrize(
    ("stream", "values"),
    [
        (b"1 2\n", [1, 2]),
        (b"null\n", [None]),
        (b"[1,\n2]\n", [[1, 2]]),
        (b'1 {"a":2}[3]"4"\n', [1, {"a": 2}, [3], "4"]),
        (b"12", [12]),
        (b'"}"', ["}"]),
        (b'"\\\\"{}', ["\\", {}]),
        (b" \r\n\x1e \n", []),
    ],
)
def test_other_valid_streams(stream: bytes, values: list[Any]) -> None:
    assert decoded(stream) == (values, None)
    assert decoded(*single_bytes(stream)) == (values, None)


LINES = st.lists(
    st.sampled_from([b"1,2", b"[1,2", b"3]", b"}{", b"{}", b'{"a":1}', b"\x1e{}", b"", b'"', b"NaN", b"\xff", b"1"])
)


@given(parts=LINES, positions=POSITIONS)
def test_a_block_of_lines_is_decoded_like_single_lines(parts: list[bytes], positions: list[int]) -> None:
    stream = b"".join(part + b"\n" for part in parts)
    outcome = decoded(stream)
    assert decoded(*(part + b"\n" for part in parts)) == outcome
    assert decoded(*split(stream, positions)) == outcome


@given(stream=st.text(alphabet='{}[]" \n\r,:1a€\x1e\\', max_size=50), positions=POSITIONS)
def test_all_libraries_give_the_same_result(stream: str, positions: list[int]) -> None:
    parts = split(stream.encode(), positions)
    with reading_with("json"):
        outcome = decoded(*parts)
    with reading_with("msgspec"):
        assert decoded(*parts) == outcome


# --- no delay


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"", b"\r"])
def test_a_value_is_returned_with_its_last_byte(end: bytes) -> None:
    decoder = JSONStreamDecoder()
    assert decoder.feed(b'{"a":{"b":"}') == []
    assert decoder.feed(b'"}}' + end) == [{"a": {"b": "}"}}]
    assert decoder.feed(b'{"c":1}' + end) == [{"c": 1}]


def test_a_value_on_several_lines_is_returned_with_its_last_byte() -> None:
    decoder = JSONStreamDecoder()
    assert decoder.feed(b'{\n"a":') == []
    assert decoder.feed(b"1\n}") == [{"a": 1}]


# --- malformed streams

MALFORMED = {
    "a page": b"<html>\n</html>\n",
    "text": b"Internal server error\n",
    "a closing bracket": b"}\n",
    "the malformed bracket": b'{"a":[1}]\n',
    "a broken string": b'{"a":"b\n"}\n',
    "a line feed behind a backslash": b'{"a":"b\\\n"}\n',
    "a number over two lines": b'{"a":1\n2}\n',
    "half a word": b"[tru\ne]\n",
    "an unknown escape": b'{"a":"\\x"}\n',
    "a byte order mark": b"\xef\xbb\xbf{}\n",
    "a number of no size": b"1" * 5000 + b"\n",
    "brackets without end": b"[" * 50_000 + b"]" * 50_000 + b"\n",
}
every_malformed_stream = pytest.mark.parametrize("malformed", MALFORMED.values(), ids=list(MALFORMED))


@every_malformed_stream
def test_values_before_an_error_are_returned(malformed: bytes) -> None:
    stream = STREAMS["line feeds"] + malformed + b'{"never":"seen"}\n'
    items, error = decoded(stream)
    assert items == PULL
    assert error is not None
    assert error[0] is MalformedStream
    assert decoded(*blocks(stream, 7)) == (items, error)


@every_malformed_stream
def test_an_error_is_detected_at_the_end_of_its_line(malformed: bytes) -> None:
    whole = decoded(malformed).error
    for position in range(min(len(malformed), 40)):
        decoder = JSONStreamDecoder()
        assert decoder.feed(b'{"a":1}\n' + malformed[:position]) + decoder.feed(malformed[position:]) == [{"a": 1}]
        assert (type(decoder.error), str(decoder.error)) == whole


@every_malformed_stream
def test_values_before_an_error_on_the_same_line_are_returned(malformed: bytes) -> None:
    items, error = decoded(b'{"a":1}' + malformed)
    assert items == [{"a": 1}]
    assert decoded(*blocks(b'{"a":1}' + malformed, 7)) == (items, error)


def test_the_error_contains_the_data() -> None:
    assert "<html>" in decoded(b"<html>\n").message


def test_the_error_is_limited_in_length() -> None:
    assert len(decoded(b"x" * 1_000_000 + b"\n").message) < 3000


def test_an_error_at_the_end() -> None:
    assert decoded(b"garbage").error_type is MalformedStream


@pytest.mark.parametrize("malformed", [b"\xff", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\x80"])
@pytest.mark.parametrize("place", ['{"a":1}%\n', '{"b":"%"}\n', '"%', '{"a":1}\n%'])
def test_invalid_utf_8(malformed: bytes, place: str) -> None:
    before, after = place.encode().split(b"%")
    stream = b'{"x":0}\n' + before + malformed + after + b"\n"
    outcome = decoded(stream)
    assert outcome.items == [{"x": 0}] + ([{"a": 1}] if b"a" in before else [])
    assert outcome.error_type is MalformedStream
    assert "UTF-8" in outcome.message
    assert decoded(*single_bytes(stream)) == outcome


def test_values_before_invalid_utf_8_on_the_same_line_are_returned() -> None:
    outcome = decoded(b"1 [2] 3 \xff\n")
    assert outcome.items == [1, [2], 3]
    assert outcome.error_type is MalformedStream


# --- truncated streams


@given(data=st.data(), value=OBJECTS.filter(bool), indent=st.sampled_from([None, 1]), positions=POSITIONS)
def test_end_inside_a_value(data: st.DataObject, value: Any, indent: int | None, positions: list[int]) -> None:
    whole = text(value, indent=indent)
    stream = b'{"first":1}\n' + whole[: data.draw(st.integers(1, len(whole) - 1))]
    outcome = decoded(*split(stream, positions))
    assert outcome.items == [{"first": 1}]
    assert outcome.error_type is TruncatedStream


@pytest.mark.parametrize(
    "partial", [b'{"a":tr', b'{"a":-', b'{"a":1.', b'{"a":"\\u00', b'{"a":"\\', b'{"a":"\xe2\x82', b'"b', b"\xe2\x82"]
)
def test_end_inside_a_token(partial: bytes) -> None:
    assert decoded(partial).error_type is TruncatedStream


def test_the_error_contains_the_end_of_a_truncated_value() -> None:
    outcome = decoded(b'{"a":"' + b"x" * 100_000 + b"the end")
    assert "the end" in outcome.message
    assert len(outcome.message) < 300


# --- size


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(json_stream, "_MAX_VALUE", 64)
    return 64


def sized(size: int) -> bytes:
    return b'{"k":"' + b"v" * (size - 8) + b'"}'


def test_default_limit() -> None:
    assert json_stream._MAX_VALUE == 64 << 20


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_value_of_the_largest_size(small_limit: int, end: bytes) -> None:
    stream = (sized(small_limit) + end) * 3
    assert len(decoded(stream).items) == 3
    assert decoded(*single_bytes(stream)) == decoded(stream)


def test_a_value_that_is_one_byte_too_large(small_limit: int) -> None:
    stream = sized(small_limit + 1) + b"\n"
    for parts in ([stream], single_bytes(stream), blocks(stream, small_limit)):
        assert decoded(*parts).error_type is MalformedStream


@pytest.mark.parametrize("malformed", [b"{%}", b"[\n\n\n%]", b'{"k":"%"}', b"% {}", b"garbage%"])
@pytest.mark.parametrize("end", [b"\n", b""])
@pytest.mark.parametrize("between", [b"\n", b""])
def test_a_larger_value_is_an_error(small_limit: int, malformed: bytes, between: bytes, end: bytes) -> None:
    stream = b'{"a":1}\n{"a":2}' + between + malformed.replace(b"%", b" " * small_limit) + end
    outcome = decoded(stream)
    assert outcome.items == [{"a": 1}, {"a": 2}]
    assert outcome.error_type is MalformedStream
    assert "larger than 64 bytes" in outcome.message
    assert decoded(*single_bytes(stream)) == outcome
    assert decoded(*blocks(stream, small_limit)) == outcome


def test_a_value_without_an_end_does_not_exhaust_memory(small_limit: int) -> None:
    decoder = JSONStreamDecoder()
    decoder.feed(b"[\n")
    for _ in range(small_limit):
        decoder.feed(b"1,\n")
    assert isinstance(decoder.error, MalformedStream)


@given(stream=st.text(alphabet='{}[]" \n\r,:1a€', max_size=200), positions=POSITIONS)
def test_the_limit_does_not_depend_on_the_split(stream: str, positions: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_MAX_VALUE", 12)
        outcome = decoded(stream.encode())
        assert decoded(*split(stream.encode(), positions)) == outcome
        assert decoded(*single_bytes(stream.encode())) == outcome


def test_the_limit_applies_to_each_value(small_limit: int) -> None:
    assert len(decoded(sized(small_limit) * 1000).items) == 1000
    assert len(decoded(*blocks(sized(small_limit) * 1000, 50)).items) == 1000


# --- complexity

MANY = 50_000


@pytest.mark.parametrize(
    "stream",
    [
        b'{"a":[' + b"{}," * MANY + b"{}]}",
        b"[\n" + b"1,\n" * MANY + b"1]\n",
        b"{}" * MANY,
        b"{}{}\n" * MANY,
        b'["' + b"}" * MANY + b'"]\n',
        b"x" + b"{}" * MANY,
        b'{"a":"' + b"\\" * MANY,
        b"{}" * MANY + b"\xff\n",
    ],
    ids=[
        "brackets",
        "lines",
        "values",
        "two on a line",
        "brackets in a string",
        "garbage",
        "backslashes",
        "invalid UTF-8",
    ],
)
@pytest.mark.parametrize("size", [1, 1 << 30], ids=["bytes", "whole"])
def test_decoding_takes_linear_time(stream: bytes, size: int) -> None:
    decode(JSONStreamDecoder(), blocks(stream, size))
