"""The body of an answer: chunked, of a known length, or until the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.bodies import ChunkedDecoder, LengthDecoder, UntilEndDecoder, body_decoder
from aiodockerapi.errors import MalformedStream, TruncatedStream
from tests.wire.splits import CUTS, Outcome, blocks, cut, decode, single_bytes

LAST = b"0\r\n\r\n"


def chunked(*pieces: bytes) -> Outcome:
    return decode(ChunkedDecoder(), pieces)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


# --- chunked


@pytest.mark.parametrize(
    "stream",
    [
        b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        b"b\r\nhello world\r\n0\r\n\r\n",
        b"B\r\nhello world\r\n0\r\n\r\n",
        b"000000000000000b\r\nhello world\r\n0000\r\n\r\n",
        b"b;name=value;more\r\nhello world\r\n0;last\r\n\r\n",
        b'b ; quoted="a b"\r\nhello world\r\n0\r\n\r\n',
        b"b \r\nhello world\r\n0\r\n\r\n",
        b"b\r\nhello world\r\n0\r\nTrailer: one\r\nOther: two\r\n\r\n",
        b"b\nhello world\n0\n\n",
        b"b\r\nhello world\r\n0\r\n\r\nand what follows is not the body's",
    ],
    ids=["two", "one", "upper", "zeros", "extensions", "quoted", "space", "trailers", "line feeds", "more"],
)
def test_a_chunked_body(stream: bytes) -> None:
    for pieces in ([stream], list(single_bytes(stream)), list(blocks(stream, 3))):
        decoder = ChunkedDecoder()
        assert decode(decoder, pieces).body == b"hello world"
        assert decoder.error is None
        assert decoder.complete


@pytest.mark.parametrize("size", [b"a", b"A", b"0A", b"00a;x"])
def test_sizes_are_hexadecimal(size: bytes) -> None:
    assert chunked(size + b"\r\n0123456789\r\n" + LAST) == ([b"0123456789"], None)


def test_an_empty_body_is_a_last_chunk() -> None:
    assert chunked(LAST) == ([], None)


@given(parts=st.lists(st.binary(min_size=1, max_size=40), max_size=8), cuts=CUTS)
def test_what_was_encoded_is_decoded(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(chunk(part) for part in parts) + LAST
    outcome = chunked(*cut(stream, cuts))
    assert (outcome.body, outcome.error) == (b"".join(parts), None)


def test_chunks_that_come_whole_stay_whole() -> None:
    assert chunked(chunk(b"one") + chunk(b"two!") + chunk(b"six") + LAST).items == [b"one", b"two!", b"six"]


def test_the_part_of_a_chunk_that_is_there_is_handed_over_at_once() -> None:
    decoder = ChunkedDecoder()
    assert decoder.feed(b"5\r\nhel") == [b"hel"]
    assert decoder.feed(b"lo\r\n5\r\n") == [b"lo"]
    assert not decoder.complete


def test_the_last_chunk_completes_the_body_before_the_connection_ends() -> None:
    decoder = ChunkedDecoder()
    decoder.feed(chunk(b"x") + LAST[:-1])
    assert not decoder.complete
    decoder.feed(LAST[-1:])
    assert decoder.complete


WHOLE = chunk(b"hello") + chunk(b"world") + b"0\r\nT: v\r\n\r\n"


@pytest.mark.parametrize("got", range(len(WHOLE)))
def test_without_its_last_chunk_a_body_is_truncated(got: int) -> None:
    outcome = chunked(WHOLE[:got])
    assert outcome.fault is TruncatedStream
    assert b"helloworld".startswith(outcome.body)
    assert len(outcome.body) == min(max(got - 3, 0), 5) + min(max(got - 13, 0), 5)


@pytest.mark.parametrize(
    "wrong",
    [
        b"garbage\r\n",
        b"\r\n",
        b"g\r\n",
        b"-1\r\n",
        b"+5\r\nhello\r\n",
        b"0x5\r\nhello\r\n",
        b"5_0\r\n",
        b"5 5\r\n",
        b";x\r\n",
        "\uff15\r\n".encode(),
        b"11111111111111111\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"1\r\nxy\r\n",
        b"6\r\nbefore!\r\n",
        b"6\r\nbefore6\r\n",
        b"1\r\nx1\r\nx\r\n",
        b"1" * 4097,
        b"1;" + b"x" * 4096 + b"\r\n",
        b"0\r\n" + b"T" * 5000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_chunk_is_an_error(wrong: bytes) -> None:
    stream = chunk(b"before") + wrong + chunk(b"after")
    outcome = chunked(stream)
    assert outcome.body.startswith(b"before")
    assert b"after" not in outcome.body
    assert outcome.fault is MalformedStream
    again = chunked(*single_bytes(stream))
    assert (again.body, again.error) == (outcome.body, outcome.error)


def test_an_extension_may_be_long_but_not_endless() -> None:
    assert chunked(b"1;" + b"x" * 4000 + b"\r\ny\r\n" + LAST).body == b"y"


def test_a_large_chunk_is_not_held() -> None:
    decoder = ChunkedDecoder()
    decoder.feed(b"ffffffffffffffff\r\n")
    assert all(decoder.feed(bytes(65536)) == [bytes(65536)] for _ in range(64))


@pytest.mark.parametrize(
    "stream",
    [chunk(b"x") * 50_000, b"1;extension\r\nx\r\n" * 20_000, chunk(bytes(1 << 18)), b"0\r\n" + b"T: v\r\n" * 50_000],
    ids=["chunks", "extensions", "a chunk", "trailers"],
)
@pytest.mark.parametrize("block", [1, 65536, 1 << 30])
def test_work_grows_no_faster_than_the_bytes(stream: bytes, block: int) -> None:
    assert chunked(*blocks(stream, block)).fault is TruncatedStream


# --- a known length


@pytest.mark.parametrize("pieces", [[b"hello"], [b"he", b"llo"], [b"hel", b"lo and more", b"and more"]])
def test_a_body_of_a_known_length(pieces: list[bytes]) -> None:
    decoder = LengthDecoder(5)
    outcome = decode(decoder, pieces)
    assert (outcome.body, outcome.error) == (b"hello", None)
    assert decoder.complete


def test_an_empty_body_is_complete_from_the_start() -> None:
    assert LengthDecoder(0).complete


def test_a_shorter_body_is_truncated() -> None:
    decoder = LengthDecoder(10)
    outcome = decode(decoder, [b"hello"])
    assert outcome.body == b"hello"
    assert outcome.fault is TruncatedStream
    assert "5 of 10 bytes are missing" in outcome.message
    assert not decoder.complete


# --- until the end


def test_a_body_until_the_end_is_complete_with_the_end() -> None:
    decoder = UntilEndDecoder()
    assert decoder.feed(b"all ") == [b"all "]
    assert decoder.feed(b"of it") == [b"of it"]
    assert not decoder.complete
    assert decoder.finish() == []
    assert decoder.complete


# --- which one


@pytest.mark.parametrize(
    ("method", "status", "headers", "cls"),
    [
        ("GET", 200, {"transfer-encoding": "chunked"}, ChunkedDecoder),
        ("GET", 200, {"transfer-encoding": "Chunked"}, ChunkedDecoder),
        ("GET", 200, {"transfer-encoding": "chunked", "content-length": "5"}, ChunkedDecoder),
        ("GET", 200, {"content-length": "5"}, LengthDecoder),
        ("POST", 400, {"content-length": "5"}, LengthDecoder),
        ("GET", 200, {"content-length": "five"}, UntilEndDecoder),
        ("GET", 200, {"content-length": "\uff15"}, UntilEndDecoder),
        ("GET", 200, {"content-length": "-5"}, UntilEndDecoder),
        ("GET", 200, {}, UntilEndDecoder),
        ("POST", 101, {}, UntilEndDecoder),
        ("POST", 101, {"content-length": "0"}, UntilEndDecoder),
        ("POST", 101, {"transfer-encoding": "chunked"}, UntilEndDecoder),
    ],
)
def test_the_head_tells_how_the_body_ends(method: str, status: int, headers: dict[str, str], cls: type) -> None:
    assert type(body_decoder(method, status, headers)) is cls


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("POST", 304)])
@pytest.mark.parametrize("headers", [{}, {"content-length": "5"}, {"transfer-encoding": "chunked"}])
def test_some_answers_have_no_body_whatever_the_head_says(method: str, status: int, headers: dict[str, str]) -> None:
    assert body_decoder(method, status, headers).complete
