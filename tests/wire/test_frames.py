"""Decoding of multiplexed streams, and of raw streams of terminals."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.frames import Frame, FrameDecoder, RawDecoder
from aiodockerapi.errors import MalformedStream, OperationFailed, TruncatedStream
from tests.wire.splits import POSITIONS, Outcome, blocks, decode, single_bytes, split

MIB = 1 << 20


def encoded(stream: int, payload: bytes) -> bytes:
    return header(stream, len(payload)) + payload


def header(stream: int, size: int) -> bytes:
    return pack(">BxxxI", stream, size)


def decoded(*parts: bytes) -> Outcome:
    return decode(FrameDecoder(), parts)


OUT = encoded(1, b"hello\n")
ERR = encoded(2, b"oh\n")
BOTH = [Frame("stdout", b"hello\n"), Frame("stderr", b"oh\n")]


@pytest.mark.parametrize(("number", "name"), [(0, "stdout"), (1, "stdout"), (2, "stderr")])
def test_stream_numbers(number: int, name: str) -> None:
    assert decoded(encoded(number, b"x")) == ([Frame(name, b"x")], None)  # type: ignore[arg-type]


def test_frames_come_in_order() -> None:
    assert decoded(OUT + ERR) == (BOTH, None)


def test_a_frame_is_returned_with_its_last_byte() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(OUT[:-1]) == []
    assert decoder.feed(OUT[-1:] + ERR[:3]) == BOTH[:1]
    assert decoder.feed(ERR[3:]) == BOTH[1:]


def test_empty_frames_are_skipped() -> None:
    assert decoded(encoded(1, b"") + ERR + encoded(2, b"")) == (BOTH[1:], None)


def test_payload_may_look_like_a_header() -> None:
    payload = encoded(2, b"not me") + b"\x01\x00\x00"
    assert decoded(encoded(1, payload)) == ([Frame("stdout", payload)], None)


def test_byte_by_byte() -> None:
    assert decoded(*single_bytes(OUT + ERR)) == (BOTH, None)


@pytest.mark.parametrize("position", range(len(OUT + ERR) + 1))
def test_split_at_any_position(position: int) -> None:
    assert decoded((OUT + ERR)[:position], (OUT + ERR)[position:]) == (BOTH, None)


@given(
    frames=st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.binary(max_size=40)), max_size=8),
    positions=POSITIONS,
)
def test_round_trip(frames: list[tuple[int, bytes]], positions: list[int]) -> None:
    data = b"".join(encoded(number, payload) for number, payload in frames)
    names = ("stdout", "stdout", "stderr")
    assert decoded(*split(data, positions)) == (
        [(names[number], payload) for number, payload in frames if payload],
        None,
    )


# --- truncated streams


@pytest.mark.parametrize("size", range(1, 8))
def test_end_inside_a_header(size: int) -> None:
    outcome = decoded(OUT + ERR[:size])
    assert outcome.items == BOTH[:1]
    assert outcome.error_type is TruncatedStream
    assert "inside a frame header" in outcome.message


def test_end_after_a_header() -> None:
    outcome = decoded(OUT + ERR[:8])
    assert outcome.items == BOTH[:1]
    assert outcome.error_type is TruncatedStream


@pytest.mark.parametrize("parts", [[OUT + ERR[:10]], list(single_bytes(OUT + ERR[:10]))])
def test_the_received_part_of_a_truncated_frame_is_returned(parts: list[bytes]) -> None:
    outcome = decoded(*parts)
    assert outcome.items == [BOTH[0], Frame("stderr", b"oh")]
    assert outcome.error_type is TruncatedStream


def test_an_incomplete_frame_is_not_returned_twice() -> None:
    decoder = FrameDecoder()
    decoder.feed(OUT[:-1])
    assert decoder.finish() == [Frame("stdout", b"hello")]
    assert decoder.finish() == []


# --- errors of the daemon


def test_stream_3_is_an_error_of_the_daemon() -> None:
    outcome = decoded(OUT + encoded(3, b"Error grabbing logs: EOF\n") + ERR)
    assert outcome == (BOTH[:1], (OperationFailed, "Error grabbing logs: EOF"))


def test_stream_3_byte_by_byte() -> None:
    outcome = decoded(*single_bytes(OUT + encoded(3, "kaputt: ä\n".encode())))
    assert outcome == (BOTH[:1], (OperationFailed, "kaputt: ä"))


def test_an_error_without_a_message() -> None:
    assert decoded(encoded(3, b" \n")).error == (OperationFailed, "the daemon reported an error without a message")


def test_invalid_utf_8_in_an_error_is_replaced() -> None:
    assert decoded(encoded(3, b"bad \xff")).error == (OperationFailed, "bad \ufffd")


def test_end_inside_an_error() -> None:
    outcome = decoded(OUT + encoded(3, b"Error grabbing")[:-3])
    assert outcome.items == BOTH[:1]
    assert outcome.error_type is TruncatedStream


def test_an_error_that_is_too_long_is_malformed() -> None:
    assert decoded(header(3, MIB + 1)).error_type is MalformedStream


# --- malformed streams


@pytest.mark.parametrize("number", [4, 5, 127, 128, 255, ord("H"), ord("{")])
def test_an_unknown_stream_is_an_error(number: int) -> None:
    outcome = decoded(OUT + encoded(number, b"payload") + ERR)
    assert outcome.items == BOTH[:1]
    assert outcome.error_type is MalformedStream
    assert f"{number:02x} 00 00 00 00 00 00 07" in outcome.message


@pytest.mark.parametrize("place", [1, 2, 3])
def test_padding_that_is_not_zero_is_an_error(place: int) -> None:
    broken = bytearray(ERR)
    broken[place] = 1
    outcome = decoded(OUT + broken)
    assert outcome.items == BOTH[:1]
    assert outcome.error_type is MalformedStream


def test_raw_output_of_a_terminal_is_malformed() -> None:
    assert decoded(b"total 0\r\ndrwxr-xr-x\r\n").error_type is MalformedStream


def test_an_invalid_header_is_detected_before_its_payload() -> None:
    decoder = FrameDecoder()
    decoder.feed(header(9, 1000))
    assert isinstance(decoder.error, MalformedStream)


# --- large frames


@pytest.mark.parametrize("size", [MIB - 1, MIB])
def test_a_frame_up_to_a_mebibyte_stays_whole(size: int) -> None:
    assert decoded(*blocks(encoded(2, b"x" * size) + OUT, 65536)) == ([Frame("stderr", b"x" * size), BOTH[0]], None)


def test_one_byte_more_is_a_separate_item() -> None:
    assert [len(data) for _, data in decoded(encoded(1, bytes(MIB + 1))).items] == [MIB, 1]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("block", [4 * MIB, 65536, 65537])
def test_a_larger_frame_is_returned_in_parts(number: int, block: int) -> None:
    payload = bytes(range(256)) * (10 * MIB // 1024)  # two and a half
    items, error = decoded(*blocks(encoded(number, payload) + OUT, block))
    assert error is None
    assert [len(data) for _, data in items] == [MIB, MIB, MIB // 2, 6]
    assert {stream for stream, _ in items[:3]} == {"stderr" if number == 2 else "stdout"}
    assert b"".join(data for _, data in items[:3]) == payload


def test_the_received_part_of_a_larger_frame_is_returned() -> None:
    items, error = decoded(*blocks(header(1, 3 * MIB) + b"x" * (MIB + 5), 65536))
    assert [len(data) for _, data in items] == [MIB, 5]
    assert error is not None
    assert error[0] is TruncatedStream


@pytest.mark.parametrize("size", [0, 5, MIB, 2 * MIB])
def test_end_inside_a_larger_frame(size: int) -> None:
    outcome = decoded(header(1, 3 * MIB) + b"x" * size)
    assert sum(len(data) for _, data in outcome.items) == size
    assert outcome.error_type is TruncatedStream
    assert "inside a frame" in outcome.message


def test_a_frame_of_4_gib_does_not_exhaust_memory() -> None:
    decoder = FrameDecoder()
    decoder.feed(header(1, 0xFFFF_FFFF))
    returned = 0
    for fed in range(65536, 8 * MIB, 65536):
        returned += sum(len(data) for _, data in decoder.feed(bytes(65536)))
        assert fed - returned < MIB


def test_decoding_byte_by_byte_takes_linear_time() -> None:
    assert decoded(*single_bytes(encoded(1, bytes(MIB)))) == ([Frame("stdout", bytes(MIB))], None)


def test_decoding_many_small_frames_takes_linear_time() -> None:
    items, error = decoded(encoded(1, b"x") * 500_000)
    assert (len(items), error) == (500_000, None)


# --- raw streams


def test_raw_output_is_stdout() -> None:
    assert decode(RawDecoder(), [b"one\r\n", b"", OUT]) == ([Frame("stdout", b"one\r\n"), Frame("stdout", OUT)], None)
