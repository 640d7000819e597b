"""Decoders behind those of bodies: each for itself, and chunks and frames in one pass."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire import layered as module
from aiodockerapi._wire.bodies import BodyDecoder, ChunkedDecoder, LengthDecoder, UntilEndDecoder
from aiodockerapi._wire.decoder import Decoder
from aiodockerapi._wire.frames import FrameDecoder, Piece, RawDecoder
from aiodockerapi._wire.json_stream import JSONStreamDecoder
from aiodockerapi._wire.layered import ChunkedFrames, Layered, layered
from aiodockerapi.errors import MalformedStream, OperationFailed, TruncatedStream
from tests.wire.splits import CUTS, Outcome, blocks, cut, decode, single_bytes

MIB = 1 << 20
LAST = b"0\r\n\r\n"


def frame(stream: int, payload: bytes) -> bytes:
    return pack(">BxxxI", stream, len(payload)) + payload


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def decoded(*pieces: bytes) -> Outcome:
    return decode(ChunkedFrames(ChunkedDecoder(), FrameDecoder()), pieces)


def apart(data: bytes) -> Outcome:
    """What the two decoders make of it, one after the other: what one pass has to give as well."""
    return decode(Layered(ChunkedDecoder(), FrameDecoder()), [data])


SMALL = [("stdout", b"hello\n"), ("stderr", b"oh\n"), ("stdout", b"x" * 300)]
NUMBERS = {"stdout": 1, "stderr": 2}
FRAMES = [frame(NUMBERS[name], payload) for name, payload in SMALL]
WHOLE = b"".join(map(chunk, FRAMES)) + LAST


# --- one pass


def test_a_frame_per_chunk() -> None:
    assert decoded(WHOLE) == (SMALL, None)


def test_again_with_all_gaps_known() -> None:
    assert decoded(WHOLE.removesuffix(LAST) * 3 + LAST) == (SMALL * 3, None)


def test_byte_by_byte() -> None:
    assert decoded(*single_bytes(WHOLE)) == (SMALL, None)


@pytest.mark.parametrize("edge", range(len(WHOLE) + 1))
def test_two_blocks_cut_anywhere(edge: int) -> None:
    assert decoded(WHOLE[:edge], WHOLE[edge:]) == (SMALL, None)


def test_a_frame_is_handed_over_with_its_last_byte() -> None:
    decoder = ChunkedFrames(ChunkedDecoder(), FrameDecoder())
    first, second = chunk(FRAMES[0]), chunk(FRAMES[1])
    assert decoder.feed(first[:-2]) == SMALL[:1]
    assert decoder.feed(first[-2:] + second[:-3]) == []
    assert decoder.feed(second[-3:]) == SMALL[1:2]


@pytest.mark.parametrize("size", [1, 3, 7, 9, 12, 100, 1 << 20])
def test_chunks_need_not_be_frames(size: int) -> None:
    stream = b"".join(map(chunk, blocks(b"".join(FRAMES) * 3, size))) + LAST
    assert decoded(stream) == decoded(*single_bytes(stream)) == (SMALL * 3, None)


@pytest.mark.parametrize(
    "between",
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
def test_what_is_unusual_may_stand_between(between: bytes) -> None:
    stream = chunk(FRAMES[0]) * 2 + between + chunk(FRAMES[2]) * 2 + LAST
    expected = [SMALL[0], SMALL[0], SMALL[1], SMALL[2], SMALL[2]]
    assert decoded(stream) == decoded(*single_bytes(stream)) == (expected, None)


@pytest.mark.parametrize("chunk_size", [4, 8, 15, 16, 1 << 16])
def test_a_known_header_in_a_chunk_of_another_size_is_seen(chunk_size: int) -> None:
    known = chunk(FRAMES[0]) * 2
    stream = known + b"%x\r\n" % chunk_size + FRAMES[0][:chunk_size] + b"\r\n" + chunk(FRAMES[0])
    assert decoded(stream) == apart(stream)


def test_payload_may_look_like_what_stands_between() -> None:
    payload = b"\r\n" + chunk(FRAMES[0]) + LAST
    stream = chunk(frame(2, payload)) * 3 + LAST
    assert decoded(stream) == decoded(*single_bytes(stream)) == ([("stderr", payload)] * 3, None)


@pytest.mark.parametrize("got", range(len(WHOLE)))
def test_cut_short_anywhere(got: int) -> None:
    outcome = decoded(WHOLE[:got])
    assert outcome == apart(WHOLE[:got])
    assert outcome.fault is TruncatedStream
    assert outcome == decoded(*single_bytes(WHOLE[:got]))


def test_a_body_that_ends_inside_a_frame() -> None:
    stream = chunk(FRAMES[0]) + chunk(FRAMES[1][:-1]) + LAST
    outcome = decoded(stream)
    assert outcome.items == [SMALL[0], ("stderr", b"oh")]
    assert outcome.fault is TruncatedStream
    assert "inside a frame" in outcome.message


def test_what_follows_the_last_chunk_is_not_the_streams() -> None:
    assert decoded(WHOLE + chunk(FRAMES[0])) == (SMALL, None)


def test_an_error_of_the_daemon() -> None:
    stream = chunk(FRAMES[0]) + chunk(frame(3, b"Error grabbing logs\n")) + chunk(FRAMES[1]) + LAST
    assert decoded(stream) == (SMALL[:1], (OperationFailed, "Error grabbing logs"))


@pytest.mark.parametrize(
    "wrong", [b"zz\r\n", b"\r\n", b"10\r\n" + FRAMES[0] + b"no end", chunk(b"\x09" + FRAMES[0][1:]), b"1" * 5000]
)
def test_what_is_wrong_is_found_behind_all_that_was_right(wrong: bytes) -> None:
    stream = chunk(FRAMES[0]) + chunk(FRAMES[1]) + wrong + chunk(FRAMES[2])
    outcome = decoded(stream)
    assert outcome == apart(stream) == decoded(*single_bytes(stream))
    assert outcome.items[:2] == SMALL[:2]
    assert outcome.fault is MalformedStream


PARTS = st.one_of(
    st.sampled_from([chunk(part) for part in FRAMES] * 3),
    st.sampled_from([chunk(FRAMES[0] + FRAMES[1]), chunk(FRAMES[0][:9]), chunk(FRAMES[0][9:]), chunk(FRAMES[1][:3])]),
    st.sampled_from([b"e;x\r\n" + FRAMES[0] + b"\r\n", b"0E\r\n" + FRAMES[0] + b"\r\n", LAST, b"0\r\nT: v\r\n\r\n"]),
    st.sampled_from([b"\r\n", b"\n", b"e", b"14\r\n" + FRAMES[0], chunk(frame(3, b"no")), chunk(frame(4, b"no"))]),
    st.binary(max_size=12),
)


@given(parts=st.lists(PARTS, max_size=12), cuts=CUTS)
def test_one_pass_gives_what_two_give(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(parts)
    expected = apart(stream)
    assert decoded(stream) == decoded(*cut(stream, cuts)) == decoded(*single_bytes(stream)) == expected


@given(frames=st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.integers(1, 5000)), max_size=30), cuts=CUTS)
def test_frames_of_any_size(frames: list[tuple[str, int]], cuts: list[int]) -> None:
    expected = [(name, b"x" * size) for name, size in frames]
    stream = b"".join(chunk(frame(NUMBERS[name], payload)) for name, payload in expected) + LAST
    assert decoded(*cut(stream, cuts)) == (expected, None)


def test_no_more_gaps_are_kept_than_is_sensible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GAPS_KEPT", 20)
    payloads = [("stdout", b"x" * size) for size in range(1, 500)]
    stream = b"".join(chunk(frame(1, payload)) for _, payload in payloads) + LAST
    assert decoded(stream) == (payloads, None)
    assert len(module._gaps) <= 20


@pytest.mark.parametrize("payload", [bytes(MIB), bytes(MIB + 1), bytes(5 * MIB // 2)])
def test_large_frames(payload: bytes) -> None:
    stream = chunk(frame(1, payload)) * 2 + LAST
    outcome = decoded(*blocks(stream, 65536))
    assert outcome == apart(stream)
    assert outcome.error is None


@pytest.mark.parametrize("block", [1, 65536, 1 << 30])
def test_work_grows_no_faster_than_the_bytes(block: int) -> None:
    items, error = decoded(*blocks(chunk(frame(1, b"x")) * 20_000 + LAST, block))
    assert (len(items), error) == (20_000, None)


# --- other layers


@pytest.mark.parametrize(
    ("body", "inner", "cls"),
    [
        (ChunkedDecoder(), FrameDecoder(), ChunkedFrames),
        (ChunkedDecoder(), RawDecoder(), Layered),
        (UntilEndDecoder(), FrameDecoder(), Layered),
        (LengthDecoder(5), FrameDecoder(), Layered),
    ],
)
def test_chunks_and_frames_go_together(body: BodyDecoder, inner: Decoder[Piece], cls: type) -> None:
    assert type(layered(body, inner)) is cls


@pytest.mark.parametrize("pieces", [[b"".join(FRAMES)], list(single_bytes(b"".join(FRAMES)))])
def test_frames_until_the_end(pieces: list[bytes]) -> None:
    assert decode(layered(UntilEndDecoder(), FrameDecoder()), pieces) == (SMALL, None)


def test_a_known_length_cut_short() -> None:
    outcome = decode(layered(LengthDecoder(100), FrameDecoder()), [FRAMES[0], FRAMES[1][:-1]])
    assert outcome.items == [SMALL[0], ("stderr", b"oh")]
    assert outcome.fault is TruncatedStream
    assert "bytes are missing" in outcome.message


def test_an_error_inside_comes_before_one_of_the_body() -> None:
    assert decode(layered(UntilEndDecoder(), FrameDecoder()), [frame(9, b"x")]).fault is MalformedStream


def test_values_in_chunks() -> None:
    stream = chunk(b'{"a":1}\n{"b"') + chunk(b":2}\n") + LAST
    assert decode(layered(ChunkedDecoder(), JSONStreamDecoder()), [stream]).items == [{"a": 1}, {"b": 2}]
