"""Decoding of response bodies: chunked, with a Content-Length, or until the connection closes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.http_bodies import ChunkedDecoder, LengthDecoder, UntilCloseDecoder, body_decoder
from aiodockerapi.errors import MalformedStream, TruncatedStream
from tests.wire.splits import POSITIONS, Outcome, blocks, decode, single_bytes, split

LAST = b"0\r\n\r\n"


def chunked(*parts: bytes) -> Outcome:
    return decode(ChunkedDecoder(), parts)


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
        b"b\r\nhello world\r\n0\r\n\r\nand data after the body",
    ],
    ids=["two", "one", "upper", "zeros", "extensions", "quoted", "space", "trailers", "line feeds", "more"],
)
def test_a_chunked_body(stream: bytes) -> None:
    for parts in ([stream], list(single_bytes(stream)), list(blocks(stream, 3))):
        decoder = ChunkedDecoder()
        assert decode(decoder, parts).body == b"hello world"
        assert decoder.error is None
        assert decoder.complete


@pytest.mark.parametrize("size", [b"a", b"A", b"0A", b"00a;x"])
def test_sizes_are_hexadecimal(size: bytes) -> None:
    assert chunked(size + b"\r\n0123456789\r\n" + LAST) == ([b"0123456789"], None)


def test_an_empty_body_is_a_last_chunk() -> None:
    assert chunked(LAST) == ([], None)


@given(parts=st.lists(st.binary(min_size=1, max_size=40), max_size=8), positions=POSITIONS)
def test_round_trip(parts: list[bytes], positions: list[int]) -> None:
    stream = b"".join(chunk(part) for part in parts) + LAST
    outcome = chunked(*split(stream, positions))
    assert (outcome.body, outcome.error) == (b"".join(parts), None)


def test_complete_chunks_are_separate_items() -> None:
    assert chunked(chunk(b"one") + chunk(b"two!") + chunk(b"six") + LAST).items == [b"one", b"two!", b"six"]


def test_parts_of_a_chunk_are_returned_at_once() -> None:
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


@pytest.mark.parametrize("size", range(len(WHOLE)))
def test_a_body_without_its_last_chunk_is_truncated(size: int) -> None:
    outcome = chunked(WHOLE[:size])
    assert outcome.error_type is TruncatedStream
    assert b"helloworld".startswith(outcome.body)
    assert len(outcome.body) == min(max(size - 3, 0), 5) + min(max(size - 13, 0), 5)


@pytest.mark.parametrize(
    "malformed",
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
def test_malformed_chunks(malformed: bytes) -> None:
    stream = chunk(b"before") + malformed + chunk(b"after")
    outcome = chunked(stream)
    assert outcome.body.startswith(b"before")
    assert b"after" not in outcome.body
    assert outcome.error_type is MalformedStream
    again = chunked(*single_bytes(stream))
    assert (again.body, again.error) == (outcome.body, outcome.error)


def test_extensions_may_be_long() -> None:
    assert chunked(b"1;" + b"x" * 4000 + b"\r\ny\r\n" + LAST).body == b"y"


def test_large_chunks_are_not_buffered() -> None:
    decoder = ChunkedDecoder()
    decoder.feed(b"ffffffffffffffff\r\n")
    assert all(decoder.feed(bytes(65536)) == [bytes(65536)] for _ in range(64))


@pytest.mark.parametrize(
    "stream",
    [chunk(b"x") * 50_000, b"1;extension\r\nx\r\n" * 20_000, chunk(bytes(1 << 18)), b"0\r\n" + b"T: v\r\n" * 50_000],
    ids=["chunks", "extensions", "a chunk", "trailers"],
)
@pytest.mark.parametrize("block", [1, 65536, 1 << 30])
def test_decoding_takes_linear_time(stream: bytes, block: int) -> None:
    assert chunked(*blocks(stream, block)).error_type is TruncatedStream


# --- Content-Length


@pytest.mark.parametrize("parts", [[b"hello"], [b"he", b"llo"], [b"hel", b"lo and more", b"and more"]])
def test_a_body_with_a_content_length(parts: list[bytes]) -> None:
    decoder = LengthDecoder(5)
    outcome = decode(decoder, parts)
    assert (outcome.body, outcome.error) == (b"hello", None)
    assert decoder.complete


def test_an_empty_body_is_complete_from_the_start() -> None:
    assert LengthDecoder(0).complete


def test_a_shorter_body_is_truncated() -> None:
    decoder = LengthDecoder(10)
    outcome = decode(decoder, [b"hello"])
    assert outcome.body == b"hello"
    assert outcome.error_type is TruncatedStream
    assert "5 of 10 bytes are missing" in outcome.message
    assert not decoder.complete


# --- until the connection closes


def test_a_body_until_close_is_complete_at_the_end() -> None:
    decoder = UntilCloseDecoder()
    assert decoder.feed(b"all ") == [b"all "]
    assert decoder.feed(b"of it") == [b"of it"]
    assert not decoder.complete
    assert decoder.finish() == []
    assert decoder.complete


# --- choice of the decoder


@pytest.mark.parametrize(
    ("method", "status", "headers", "cls"),
    [
        ("GET", 200, {"transfer-encoding": "chunked"}, ChunkedDecoder),
        ("GET", 200, {"transfer-encoding": "Chunked"}, ChunkedDecoder),
        ("GET", 200, {"transfer-encoding": "chunked", "content-length": "5"}, ChunkedDecoder),
        ("GET", 200, {"content-length": "5"}, LengthDecoder),
        ("POST", 400, {"content-length": "5"}, LengthDecoder),
        ("GET", 200, {"content-length": "five"}, UntilCloseDecoder),
        ("GET", 200, {"content-length": "\uff15"}, UntilCloseDecoder),
        ("GET", 200, {"content-length": "-5"}, UntilCloseDecoder),
        ("GET", 200, {}, UntilCloseDecoder),
        ("POST", 101, {}, UntilCloseDecoder),
        ("POST", 101, {"content-length": "0"}, UntilCloseDecoder),
        ("POST", 101, {"transfer-encoding": "chunked"}, UntilCloseDecoder),
    ],
)
def test_decoder_by_head(method: str, status: int, headers: dict[str, str], cls: type) -> None:
    assert type(body_decoder(method, status, headers)) is cls


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("POST", 304)])
@pytest.mark.parametrize("headers", [{}, {"content-length": "5"}, {"transfer-encoding": "chunked"}])
def test_responses_without_a_body(method: str, status: int, headers: dict[str, str]) -> None:
    assert body_decoder(method, status, headers).complete
