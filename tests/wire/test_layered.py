"""Decoders of a body and its content: separately, and chunks and frames in one pass."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire import layered as module
from aiodockerapi._wire.decoder_protocol import Decoder
from aiodockerapi._wire.frames import FrameDecoder, FrameTuple, RawDecoder
from aiodockerapi._wire.http_bodies import BodyDecoder, ChunkedDecoder, LengthDecoder, UntilCloseDecoder
from aiodockerapi._wire.json_stream import JSONStreamDecoder
from aiodockerapi._wire.layered import ChunkedFrameDecoder, LayeredDecoder, layer_decoders
from aiodockerapi.errors import MalformedStream, OperationFailed, TruncatedStream
from tests.wire.splits import POSITIONS, Outcome, blocks, decode, single_bytes, split

MIB = 1 << 20
LAST = b"0\r\n\r\n"


def frame(stream: int, payload: bytes) -> bytes:
    return pack(">BxxxI", stream, len(payload)) + payload


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def decoded(*parts: bytes) -> Outcome:
    return decode(ChunkedFrameDecoder(ChunkedDecoder(), FrameDecoder()), parts)


def decoded_separately(data: bytes) -> Outcome:
    """Decode with the two decoders one after the other; one pass must give the same outcome."""
    return decode(LayeredDecoder(ChunkedDecoder(), FrameDecoder()), [data])


SMALL = [("stdout", b"hello\n"), ("stderr", b"oh\n"), ("stdout", b"x" * 300)]
NUMBERS = {"stdout": 1, "stderr": 2}
FRAMES = [frame(NUMBERS[name], payload) for name, payload in SMALL]
WHOLE = b"".join(map(chunk, FRAMES)) + LAST


# --- one pass


def test_a_frame_per_chunk() -> None:
    assert decoded(WHOLE) == (SMALL, None)


def test_cached_delimiters() -> None:
    assert decoded(WHOLE.removesuffix(LAST) * 3 + LAST) == (SMALL * 3, None)


def test_byte_by_byte() -> None:
    assert decoded(*single_bytes(WHOLE)) == (SMALL, None)


@pytest.mark.parametrize("position", range(len(WHOLE) + 1))
def test_split_at_any_position(position: int) -> None:
    assert decoded(WHOLE[:position], WHOLE[position:]) == (SMALL, None)


def test_a_frame_is_returned_with_its_last_byte() -> None:
    decoder = ChunkedFrameDecoder(ChunkedDecoder(), FrameDecoder())
    first, second = chunk(FRAMES[0]), chunk(FRAMES[1])
    assert decoder.feed(first[:-2]) == SMALL[:1]
    assert decoder.feed(first[-2:] + second[:-3]) == []
    assert decoder.feed(second[-3:]) == SMALL[1:2]


@pytest.mark.parametrize("size", [1, 3, 7, 9, 12, 100, 1 << 20])
def test_chunks_need_not_be_frames(size: int) -> None:
    stream = b"".join(map(chunk, blocks(b"".join(FRAMES) * 3, size))) + LAST
    assert decoded(stream) == decoded(*single_bytes(stream)) == (SMALL * 3, None)


@pytest.mark.parametrize(
    "unusual",
    [
        b"%x;name=value\r\n" % len(FRAMES[1]) + FRAMES[1] + b"\r\n",
        b"%04X\r\n" % len(FRAMES[1]) + FRAMES[1] + b"\r\n",
        b"%x\n" % len(FRAMES[1]) + FRAMES[1] + b"\n",
        chunk(frame(1, b"")) + chunk(FRAMES[1]),
        chunk(FRAMES[1][:8]) + chunk(FRAMES[1][8:]),
        chunk(frame(1, b"") + FRAMES[1]),
    ],
    ids=["extension", "other digits", "line feeds", "empty frame", "header alone", "two frames"],
)
def test_unusual_delimiters(unusual: bytes) -> None:
    stream = chunk(FRAMES[0]) * 2 + unusual + chunk(FRAMES[2]) * 2 + LAST
    expected = [SMALL[0], SMALL[0], SMALL[1], SMALL[2], SMALL[2]]
    assert decoded(stream) == decoded(*single_bytes(stream)) == (expected, None)


@pytest.mark.parametrize("chunk_size", [4, 8, 15, 16, 1 << 16])
def test_a_cached_header_in_a_chunk_of_another_size(chunk_size: int) -> None:
    known = chunk(FRAMES[0]) * 2
    stream = known + b"%x\r\n" % chunk_size + FRAMES[0][:chunk_size] + b"\r\n" + chunk(FRAMES[0])
    assert decoded(stream) == decoded_separately(stream)


def test_payload_may_look_like_a_delimiter() -> None:
    payload = b"\r\n" + chunk(FRAMES[0]) + LAST
    stream = chunk(frame(2, payload)) * 3 + LAST
    assert decoded(stream) == decoded(*single_bytes(stream)) == ([("stderr", payload)] * 3, None)


@pytest.mark.parametrize("size", range(len(WHOLE)))
def test_end_at_any_position(size: int) -> None:
    outcome = decoded(WHOLE[:size])
    assert outcome == decoded_separately(WHOLE[:size])
    assert outcome.error_type is TruncatedStream
    assert outcome == decoded(*single_bytes(WHOLE[:size]))


def test_a_body_that_ends_inside_a_frame() -> None:
    stream = chunk(FRAMES[0]) + chunk(FRAMES[1][:-1]) + LAST
    outcome = decoded(stream)
    assert outcome.items == [SMALL[0], ("stderr", b"oh")]
    assert outcome.error_type is TruncatedStream
    assert "inside a frame" in outcome.message


def test_data_after_the_last_chunk_is_ignored() -> None:
    assert decoded(WHOLE + chunk(FRAMES[0])) == (SMALL, None)


def test_an_error_of_the_daemon() -> None:
    stream = chunk(FRAMES[0]) + chunk(frame(3, b"Error grabbing logs\n")) + chunk(FRAMES[1]) + LAST
    assert decoded(stream) == (SMALL[:1], (OperationFailed, "Error grabbing logs"))


@pytest.mark.parametrize(
    "malformed", [b"zz\r\n", b"\r\n", b"10\r\n" + FRAMES[0] + b"no end", chunk(b"\x09" + FRAMES[0][1:]), b"1" * 5000]
)
def test_frames_before_an_error_are_returned(malformed: bytes) -> None:
    stream = chunk(FRAMES[0]) + chunk(FRAMES[1]) + malformed + chunk(FRAMES[2])
    outcome = decoded(stream)
    assert outcome == decoded_separately(stream) == decoded(*single_bytes(stream))
    assert outcome.items[:2] == SMALL[:2]
    assert outcome.error_type is MalformedStream


PARTS = st.one_of(
    st.sampled_from([chunk(part) for part in FRAMES] * 3),
    st.sampled_from([chunk(FRAMES[0] + FRAMES[1]), chunk(FRAMES[0][:9]), chunk(FRAMES[0][9:]), chunk(FRAMES[1][:3])]),
    st.sampled_from([b"e;x\r\n" + FRAMES[0] + b"\r\n", b"0E\r\n" + FRAMES[0] + b"\r\n", LAST, b"0\r\nT: v\r\n\r\n"]),
    st.sampled_from([b"\r\n", b"\n", b"e", b"14\r\n" + FRAMES[0], chunk(frame(3, b"no")), chunk(frame(4, b"no"))]),
    st.binary(max_size=12),
)


@given(parts=st.lists(PARTS, max_size=12), positions=POSITIONS)
def test_one_pass_gives_the_same_as_two(parts: list[bytes], positions: list[int]) -> None:
    stream = b"".join(parts)
    expected = decoded_separately(stream)
    assert decoded(stream) == decoded(*split(stream, positions)) == decoded(*single_bytes(stream)) == expected


@given(
    frames=st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.integers(1, 5000)), max_size=30),
    positions=POSITIONS,
)
def test_frames_of_any_size(frames: list[tuple[str, int]], positions: list[int]) -> None:
    expected = [(name, b"x" * size) for name, size in frames]
    stream = b"".join(chunk(frame(NUMBERS[name], payload)) for name, payload in expected) + LAST
    assert decoded(*split(stream, positions)) == (expected, None)


def test_the_cache_of_delimiters_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_CACHED_DELIMITERS", 20)
    payloads = [("stdout", b"x" * size) for size in range(1, 500)]
    stream = b"".join(chunk(frame(1, payload)) for _, payload in payloads) + LAST
    assert decoded(stream) == (payloads, None)
    assert len(module._delimiter_cache) <= 20


@pytest.mark.parametrize("payload", [bytes(MIB), bytes(MIB + 1), bytes(5 * MIB // 2)])
def test_large_frames(payload: bytes) -> None:
    stream = chunk(frame(1, payload)) * 2 + LAST
    outcome = decoded(*blocks(stream, 65536))
    assert outcome == decoded_separately(stream)
    assert outcome.error is None


@pytest.mark.parametrize("block", [1, 65536, 1 << 30])
def test_decoding_takes_linear_time(block: int) -> None:
    items, error = decoded(*blocks(chunk(frame(1, b"x")) * 20_000 + LAST, block))
    assert (len(items), error) == (20_000, None)


# --- other bodies and contents


@pytest.mark.parametrize(
    ("body", "inner", "cls"),
    [
        (ChunkedDecoder(), FrameDecoder(), ChunkedFrameDecoder),
        (ChunkedDecoder(), RawDecoder(), LayeredDecoder),
        (UntilCloseDecoder(), FrameDecoder(), LayeredDecoder),
        (LengthDecoder(5), FrameDecoder(), LayeredDecoder),
    ],
)
def test_decoder_by_layers(body: BodyDecoder, inner: Decoder[FrameTuple], cls: type) -> None:
    assert type(layer_decoders(body, inner)) is cls


@pytest.mark.parametrize("parts", [[b"".join(FRAMES)], list(single_bytes(b"".join(FRAMES)))])
def test_frames_until_close(parts: list[bytes]) -> None:
    assert decode(layer_decoders(UntilCloseDecoder(), FrameDecoder()), parts) == (SMALL, None)


def test_end_before_the_content_length() -> None:
    outcome = decode(layer_decoders(LengthDecoder(100), FrameDecoder()), [FRAMES[0], FRAMES[1][:-1]])
    assert outcome.items == [SMALL[0], ("stderr", b"oh")]
    assert outcome.error_type is TruncatedStream
    assert "bytes are missing" in outcome.message


def test_an_error_in_the_content() -> None:
    assert decode(layer_decoders(UntilCloseDecoder(), FrameDecoder()), [frame(9, b"x")]).error_type is MalformedStream


def test_values_in_chunks() -> None:
    stream = chunk(b'{"a":1}\n{"b"') + chunk(b":2}\n") + LAST
    assert decode(layer_decoders(ChunkedDecoder(), JSONStreamDecoder()), [stream]).items == [{"a": 1}, {"b": 2}]
