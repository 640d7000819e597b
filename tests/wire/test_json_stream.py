"""Streams of JSON values: events, stats, progress of pulls and builds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire import json_stream
from aiodockerapi._wire.json_stream import JSONStreamDecoder
from aiodockerapi.errors import MalformedStream, TruncatedStream
from tests.support.json_libraries import json_library, reading_with
from tests.wire.splits import CUTS, Outcome, blocks, cut, decode, single_bytes

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


def decoded(*pieces: bytes) -> Outcome:
    return decode(JSONStreamDecoder(), pieces)


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
def test_values_are_found_however_they_are_set_apart(stream: bytes) -> None:
    assert decoded(stream) == (PULL, None)


@every_stream
def test_byte_by_byte(stream: bytes) -> None:
    assert decoded(*single_bytes(stream)) == (PULL, None)


@every_stream
def test_two_pieces_cut_anywhere(stream: bytes) -> None:
    for edge in range(len(stream)):
        assert decoded(stream[:edge], stream[edge:]) == (PULL, None)


@given(
    values=st.lists(OBJECTS, max_size=5),
    ends=st.lists(st.sampled_from([b"\n", b"\r\n", b"", b" ", b"\x1e", b"\n\n"]), min_size=5, max_size=5),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
    cuts=CUTS,
)
def test_what_was_encoded_is_decoded(
    values: list[Any], ends: list[bytes], indent: int | None, ascii_only: bool, cuts: list[int]
) -> None:
    texts = [json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode() for value in values]
    stream = b"".join(value + end for value, end in zip(texts, ends, strict=False))
    assert decoded(*cut(stream, cuts)) == (values, None)


@given(values=st.lists(VALUES, max_size=5), cuts=CUTS)
def test_values_of_any_kind_may_stand_on_a_line(values: list[Any], cuts: list[int]) -> None:
    assert decoded(*cut(b"".join(text(value) + b"\n" for value in values), cuts)) == (values, None)


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
def test_values_that_the_daemon_does_not_send(stream: bytes, values: list[Any]) -> None:
    assert decoded(stream) == (values, None)
    assert decoded(*single_bytes(stream)) == (values, None)


LINES = st.lists(
    st.sampled_from([b"1,2", b"[1,2", b"3]", b"}{", b"{}", b'{"a":1}', b"\x1e{}", b"", b'"', b"NaN", b"\xff", b"1"])
)


@given(pieces=LINES, cuts=CUTS)
def test_a_block_of_lines_is_what_its_lines_are_one_by_one(pieces: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(piece + b"\n" for piece in pieces)
    outcome = decoded(stream)
    assert decoded(*(piece + b"\n" for piece in pieces)) == outcome
    assert decoded(*cut(stream, cuts)) == outcome


@given(stream=st.text(alphabet='{}[]" \n\r,:1a€\x1e\\', max_size=50), cuts=CUTS)
def test_the_libraries_agree(stream: str, cuts: list[int]) -> None:
    pieces = cut(stream.encode(), cuts)
    with reading_with("json"):
        outcome = decoded(*pieces)
    with reading_with("msgspec"):
        assert decoded(*pieces) == outcome


# --- nothing is held back


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"", b"\r"])
def test_a_value_is_handed_over_with_its_last_byte(end: bytes) -> None:
    decoder = JSONStreamDecoder()
    assert decoder.feed(b'{"a":{"b":"}') == []
    assert decoder.feed(b'"}}' + end) == [{"a": {"b": "}"}}]
    assert decoder.feed(b'{"c":1}' + end) == [{"c": 1}]


def test_a_value_over_several_lines_needs_no_line_feed_either() -> None:
    decoder = JSONStreamDecoder()
    assert decoder.feed(b'{\n"a":') == []
    assert decoder.feed(b"1\n}") == [{"a": 1}]


# --- streams that are no JSON

WRONG = {
    "a page": b"<html>\n</html>\n",
    "text": b"Internal server error\n",
    "a closing bracket": b"}\n",
    "the wrong bracket": b'{"a":[1}]\n',
    "a broken string": b'{"a":"b\n"}\n',
    "a line feed behind a backslash": b'{"a":"b\\\n"}\n',
    "a number over two lines": b'{"a":1\n2}\n',
    "half a word": b"[tru\ne]\n",
    "an unknown escape": b'{"a":"\\x"}\n',
    "a byte order mark": b"\xef\xbb\xbf{}\n",
    "a number of no size": b"1" * 5000 + b"\n",
    "brackets without end": b"[" * 50_000 + b"]" * 50_000 + b"\n",
}
every_fault = pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))


@every_fault
def test_what_came_before_garbage_is_handed_over_first(wrong: bytes) -> None:
    stream = STREAMS["line feeds"] + wrong + b'{"never":"seen"}\n'
    items, error = decoded(stream)
    assert items == PULL
    assert error is not None
    assert error[0] is MalformedStream
    assert decoded(*blocks(stream, 7)) == (items, error)


@every_fault
def test_garbage_is_an_error_as_soon_as_its_line_ends(wrong: bytes) -> None:
    whole = decoded(wrong).error
    for edge in range(min(len(wrong), 40)):
        decoder = JSONStreamDecoder()
        assert decoder.feed(b'{"a":1}\n' + wrong[:edge]) + decoder.feed(wrong[edge:]) == [{"a": 1}]
        assert (type(decoder.error), str(decoder.error)) == whole


@every_fault
def test_what_came_before_garbage_on_the_same_line_is_handed_over_too(wrong: bytes) -> None:
    items, error = decoded(b'{"a":1}' + wrong)
    assert items == [{"a": 1}]
    assert decoded(*blocks(b'{"a":1}' + wrong, 7)) == (items, error)


def test_the_error_shows_what_was_found() -> None:
    assert "<html>" in decoded(b"<html>\n").message


def test_the_error_does_not_show_everything() -> None:
    assert len(decoded(b"x" * 1_000_000 + b"\n").message) < 3000


def test_garbage_without_an_end_is_an_error_too() -> None:
    assert decoded(b"garbage").fault is MalformedStream


@pytest.mark.parametrize("wrong", [b"\xff", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\x80"])
@pytest.mark.parametrize("place", ['{"a":1}%\n', '{"b":"%"}\n', '"%', '{"a":1}\n%'])
def test_what_is_not_utf_8_is_an_error(wrong: bytes, place: str) -> None:
    before, after = place.encode().split(b"%")
    stream = b'{"x":0}\n' + before + wrong + after + b"\n"
    outcome = decoded(stream)
    assert outcome.items == [{"x": 0}] + ([{"a": 1}] if b"a" in before else [])
    assert outcome.fault is MalformedStream
    assert "UTF-8" in outcome.message
    assert decoded(*single_bytes(stream)) == outcome


def test_values_before_a_byte_that_is_not_utf_8_are_handed_over_even_on_its_line() -> None:
    outcome = decoded(b"1 [2] 3 \xff\n")
    assert outcome.items == [1, [2], 3]
    assert outcome.fault is MalformedStream


# --- streams cut short


@given(data=st.data(), value=OBJECTS.filter(bool), indent=st.sampled_from([None, 1]), cuts=CUTS)
def test_a_value_cut_short_is_a_truncated_stream(
    data: st.DataObject, value: Any, indent: int | None, cuts: list[int]
) -> None:
    whole = text(value, indent=indent)
    stream = b'{"first":1}\n' + whole[: data.draw(st.integers(1, len(whole) - 1))]
    outcome = decoded(*cut(stream, cuts))
    assert outcome.items == [{"first": 1}]
    assert outcome.fault is TruncatedStream


@pytest.mark.parametrize(
    "partial", [b'{"a":tr', b'{"a":-', b'{"a":1.', b'{"a":"\\u00', b'{"a":"\\', b'{"a":"\xe2\x82', b'"b', b"\xe2\x82"]
)
def test_a_token_cut_short_is_no_garbage(partial: bytes) -> None:
    assert decoded(partial).fault is TruncatedStream


def test_the_end_of_a_truncated_value_is_shown() -> None:
    outcome = decoded(b'{"a":"' + b"x" * 100_000 + b"the end")
    assert "the end" in outcome.message
    assert len(outcome.message) < 300


# --- size


@pytest.fixture
def small_bound(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(json_stream, "_LARGEST", 64)
    return 64


def sized(size: int) -> bytes:
    return b'{"k":"' + b"v" * (size - 8) + b'"}'


def test_the_bound_is_far_above_all_that_the_daemon_sends() -> None:
    assert json_stream._LARGEST == 64 << 20


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_value_up_to_the_bound_is_read(small_bound: int, end: bytes) -> None:
    stream = (sized(small_bound) + end) * 3
    assert len(decoded(stream).items) == 3
    assert decoded(*single_bytes(stream)) == decoded(stream)


def test_a_value_one_byte_above_the_bound_is_an_error(small_bound: int) -> None:
    stream = sized(small_bound + 1) + b"\n"
    for pieces in ([stream], single_bytes(stream), blocks(stream, small_bound)):
        assert decoded(*pieces).fault is MalformedStream


@pytest.mark.parametrize("wrong", [b"{%}", b"[\n\n\n%]", b'{"k":"%"}', b"% {}", b"garbage%"])
@pytest.mark.parametrize("end", [b"\n", b""])
@pytest.mark.parametrize("between", [b"\n", b""])
def test_a_larger_value_is_an_error_however_it_comes(
    small_bound: int, wrong: bytes, between: bytes, end: bytes
) -> None:
    stream = b'{"a":1}\n{"a":2}' + between + wrong.replace(b"%", b" " * small_bound) + end
    outcome = decoded(stream)
    assert outcome.items == [{"a": 1}, {"a": 2}]
    assert outcome.fault is MalformedStream
    assert "more than 64 bytes" in outcome.message
    assert decoded(*single_bytes(stream)) == outcome
    assert decoded(*blocks(stream, small_bound)) == outcome


def test_lines_of_an_endless_value_do_not_fill_the_memory(small_bound: int) -> None:
    decoder = JSONStreamDecoder()
    decoder.feed(b"[\n")
    for _ in range(small_bound):
        decoder.feed(b"1,\n")
    assert isinstance(decoder.error, MalformedStream)


@given(stream=st.text(alphabet='{}[]" \n\r,:1a€', max_size=200), cuts=CUTS)
def test_the_bound_is_the_same_for_any_split(stream: str, cuts: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_LARGEST", 12)
        outcome = decoded(stream.encode())
        assert decoded(*cut(stream.encode(), cuts)) == outcome
        assert decoded(*single_bytes(stream.encode())) == outcome


def test_the_bound_counts_a_value_and_not_the_stream(small_bound: int) -> None:
    assert len(decoded(sized(small_bound) * 1000).items) == 1000
    assert len(decoded(*blocks(sized(small_bound) * 1000, 50)).items) == 1000


# --- work

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
    ids=["brackets", "lines", "values", "two on a line", "brackets in a string", "garbage", "backslashes", "no UTF-8"],
)
@pytest.mark.parametrize("size", [1, 1 << 30], ids=["bytes", "whole"])
def test_work_grows_no_faster_than_the_bytes(stream: bytes, size: int) -> None:
    decode(JSONStreamDecoder(), blocks(stream, size))
