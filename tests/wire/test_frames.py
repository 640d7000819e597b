"""The multiplexed stream of logs, attach and exec, and the raw one of a terminal."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.frames import Frame, FrameDecoder, RawDecoder
from aiodockerapi.errors import MalformedStream, OperationFailed, TruncatedStream
from tests.wire.splits import CUTS, Outcome, blocks, cut, decode, single_bytes

MIB = 1 << 20


def encoded(stream: int, payload: bytes) -> bytes:
    return header(stream, len(payload)) + payload


def header(stream: int, size: int) -> bytes:
    return pack(">BxxxI", stream, size)


def decoded(*pieces: bytes) -> Outcome:
    return decode(FrameDecoder(), pieces)


OUT = encoded(1, b"hello\n")
ERR = encoded(2, b"oh\n")
BOTH = [Frame("stdout", b"hello\n"), Frame("stderr", b"oh\n")]


@pytest.mark.parametrize(("number", "name"), [(0, "stdout"), (1, "stdout"), (2, "stderr")])
def test_the_number_of_a_stream_is_its_name(number: int, name: str) -> None:
    assert decoded(encoded(number, b"x")) == ([Frame(name, b"x")], None)  # type: ignore[arg-type]


def test_frames_come_in_order() -> None:
    assert decoded(OUT + ERR) == (BOTH, None)


def test_a_frame_is_handed_over_with_its_last_byte() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(OUT[:-1]) == []
    assert decoder.feed(OUT[-1:] + ERR[:3]) == BOTH[:1]
    assert decoder.feed(ERR[3:]) == BOTH[1:]


def test_an_empty_frame_is_no_item() -> None:
    assert decoded(encoded(1, b"") + ERR + encoded(2, b"")) == (BOTH[1:], None)


def test_payload_may_look_like_a_header() -> None:
    payload = encoded(2, b"not me") + b"\x01\x00\x00"
    assert decoded(encoded(1, payload)) == ([Frame("stdout", payload)], None)


def test_byte_by_byte() -> None:
    assert decoded(*single_bytes(OUT + ERR)) == (BOTH, None)


@pytest.mark.parametrize("edge", range(len(OUT + ERR) + 1))
def test_two_pieces_cut_anywhere(edge: int) -> None:
    assert decoded((OUT + ERR)[:edge], (OUT + ERR)[edge:]) == (BOTH, None)


@given(
    frames=st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.binary(max_size=40)), max_size=8),
    cuts=CUTS,
)
def test_what_was_encoded_is_decoded(frames: list[tuple[int, bytes]], cuts: list[int]) -> None:
    data = b"".join(encoded(number, payload) for number, payload in frames)
    names = ("stdout", "stdout", "stderr")
    assert decoded(*cut(data, cuts)) == ([(names[number], payload) for number, payload in frames if payload], None)


# --- a stream cut short


@pytest.mark.parametrize("got", range(1, 8))
def test_a_stream_cut_in_a_header_is_truncated(got: int) -> None:
    outcome = decoded(OUT + ERR[:got])
    assert outcome.items == BOTH[:1]
    assert outcome.fault is TruncatedStream
    assert "inside the header" in outcome.message


def test_a_stream_cut_behind_a_header_is_truncated() -> None:
    outcome = decoded(OUT + ERR[:8])
    assert outcome.items == BOTH[:1]
    assert outcome.fault is TruncatedStream


@pytest.mark.parametrize("pieces", [[OUT + ERR[:10]], list(single_bytes(OUT + ERR[:10]))])
def test_what_there_is_of_a_cut_frame_is_handed_over(pieces: list[bytes]) -> None:
    outcome = decoded(*pieces)
    assert outcome.items == [BOTH[0], Frame("stderr", b"oh")]
    assert outcome.fault is TruncatedStream


def test_an_incomplete_frame_is_not_handed_over_twice() -> None:
    decoder = FrameDecoder()
    decoder.feed(OUT[:-1])
    assert decoder.finish() == [Frame("stdout", b"hello")]
    assert decoder.finish() == []


# --- what the daemon reports


def test_stream_3_is_an_error_of_the_daemon() -> None:
    outcome = decoded(OUT + encoded(3, b"Error grabbing logs: EOF\n") + ERR)
    assert outcome == (BOTH[:1], (OperationFailed, "Error grabbing logs: EOF"))


def test_stream_3_in_pieces() -> None:
    outcome = decoded(*single_bytes(OUT + encoded(3, "kaputt: ä\n".encode())))
    assert outcome == (BOTH[:1], (OperationFailed, "kaputt: ä"))


def test_an_error_without_text_still_says_something() -> None:
    assert decoded(encoded(3, b" \n")).error == (OperationFailed, "the daemon reported an error without a word")


def test_an_error_that_is_no_text_is_replaced() -> None:
    assert decoded(encoded(3, b"bad \xff")).error == (OperationFailed, "bad \ufffd")


def test_an_error_cut_short_is_a_truncated_stream() -> None:
    outcome = decoded(OUT + encoded(3, b"Error grabbing")[:-3])
    assert outcome.items == BOTH[:1]
    assert outcome.fault is TruncatedStream


def test_an_error_too_long_for_words_is_no_frame() -> None:
    assert decoded(header(3, MIB + 1)).fault is MalformedStream


# --- bytes that are no frames


@pytest.mark.parametrize("number", [4, 5, 127, 128, 255, ord("H"), ord("{")])
def test_an_unknown_stream_is_an_error(number: int) -> None:
    outcome = decoded(OUT + encoded(number, b"payload") + ERR)
    assert outcome.items == BOTH[:1]
    assert outcome.fault is MalformedStream
    assert f"{number:02x} 00 00 00 00 00 00 07" in outcome.message


@pytest.mark.parametrize("place", [1, 2, 3])
def test_padding_that_is_not_zero_is_an_error(place: int) -> None:
    broken = bytearray(ERR)
    broken[place] = 1
    outcome = decoded(OUT + broken)
    assert outcome.items == BOTH[:1]
    assert outcome.fault is MalformedStream


def test_text_of_a_terminal_is_not_taken_for_frames() -> None:
    assert decoded(b"total 0\r\ndrwxr-xr-x\r\n").fault is MalformedStream


def test_an_unknown_header_shows_before_its_payload_is_there() -> None:
    decoder = FrameDecoder()
    decoder.feed(header(9, 1000))
    assert isinstance(decoder.error, MalformedStream)


# --- large frames


@pytest.mark.parametrize("size", [MIB - 1, MIB])
def test_a_frame_up_to_a_mebibyte_stays_whole(size: int) -> None:
    assert decoded(*blocks(encoded(2, b"x" * size) + OUT, 65536)) == ([Frame("stderr", b"x" * size), BOTH[0]], None)


def test_one_byte_more_is_a_piece_of_its_own() -> None:
    assert [len(data) for _, data in decoded(encoded(1, bytes(MIB + 1))).items] == [MIB, 1]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("block", [4 * MIB, 65536, 65537])
def test_a_larger_frame_comes_in_pieces(number: int, block: int) -> None:
    payload = bytes(range(256)) * (10 * MIB // 1024)  # two and a half
    items, error = decoded(*blocks(encoded(number, payload) + OUT, block))
    assert error is None
    assert [len(data) for _, data in items] == [MIB, MIB, MIB // 2, 6]
    assert {stream for stream, _ in items[:3]} == {"stderr" if number == 2 else "stdout"}
    assert b"".join(data for _, data in items[:3]) == payload


def test_a_larger_frame_cut_short_is_handed_over_as_far_as_it_came() -> None:
    items, error = decoded(*blocks(header(1, 3 * MIB) + b"x" * (MIB + 5), 65536))
    assert [len(data) for _, data in items] == [MIB, 5]
    assert error is not None
    assert error[0] is TruncatedStream


@pytest.mark.parametrize("got", [0, 5, MIB, 2 * MIB])
def test_a_larger_frame_cut_short_anywhere_is_truncated(got: int) -> None:
    outcome = decoded(header(1, 3 * MIB) + b"x" * got)
    assert sum(len(data) for _, data in outcome.items) == got
    assert outcome.fault is TruncatedStream
    assert "inside a frame" in outcome.message


def test_a_length_of_4_gib_does_not_fill_the_memory() -> None:
    decoder = FrameDecoder()
    decoder.feed(header(1, 0xFFFF_FFFF))
    handed_over = 0
    for fed in range(65536, 8 * MIB, 65536):
        handed_over += sum(len(data) for _, data in decoder.feed(bytes(65536)))
        assert fed - handed_over < MIB


def test_a_mebibyte_byte_by_byte_is_no_more_work_than_its_bytes() -> None:
    assert decoded(*single_bytes(encoded(1, bytes(MIB)))) == ([Frame("stdout", bytes(MIB))], None)


def test_many_small_frames_at_once_are_no_more_work_than_their_bytes() -> None:
    items, error = decoded(encoded(1, b"x") * 500_000)
    assert (len(items), error) == (500_000, None)


# --- the raw stream of a terminal


def test_a_terminal_writes_to_stdout_alone() -> None:
    assert decode(RawDecoder(), [b"one\r\n", b"", OUT]) == ([Frame("stdout", b"one\r\n"), Frame("stdout", OUT)], None)
