"""Lines of text out of frames."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire import lines
from aiodockerapi._wire.frames import Frame, StreamName
from aiodockerapi._wire.lines import Line, LineDecoder
from tests.wire.splits import CUTS, blocks, cut, single_bytes, watched

MIB = 1 << 20
HALF = MIB // 2
# What lines are made of, with characters of one to four bytes and bytes that are none.
TEXT = st.lists(
    st.sampled_from([b"\n", b"\r\n", b"\r", b"a", "é".encode(), "€".encode(), "😀".encode(), b"\xff", b"\x80\x80"]),
    max_size=40,
).map(b"".join)


def out(*pieces: bytes) -> list[Frame]:
    return [Frame("stdout", piece) for piece in pieces]


def decoded(*frames: Frame, **options: Any) -> list[Line]:
    """The lines of these frames, fed one by one."""
    decoder = LineDecoder(**options)
    found = [line for frame in frames for line in decoder.feed([frame])] + decoder.finish()
    return [Line(*line) for line in found]


def texts(*pieces: bytes, **options: Any) -> list[str]:
    """The lines of stdout alone."""
    found = decoded(*out(*pieces), **options)
    assert {line.stream for line in found} <= {"stdout"}
    return [line.text for line in found]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\r\ntwo\r\n", ["one", "two"]),
        (b"one\ntwo", ["one", "two"]),
        (b"one\n\n\ntwo\n", ["one", "", "", "two"]),
        (b"\n", [""]),
        (b"\r\n", [""]),
        (b"", []),
        (b"10%\r20%\r\n", ["10%\r20%"]),
        (b"a\r\r\n", ["a\r"]),
        (b"last\r", ["last"]),
        (b"\r", [""]),
        (b"a\x0bb\x0cc\x1cd\xc2\x85e\xe2\x80\xa8f\n", ["a\x0bb\x0cc\x1cd\x85e\u2028f"]),
    ],
)
def test_lines_end_with_a_line_feed_and_nothing_else(data: bytes, expected: list[str]) -> None:
    assert texts(data) == expected
    assert texts(*single_bytes(data)) == expected


def test_a_line_is_handed_over_with_its_end() -> None:
    decoder = LineDecoder()
    assert decoder.feed(out(b"one", b" line\r")) == []
    assert decoder.feed(out(b"\nnext")) == [Line("stdout", "one line")]
    assert decoder.finish() == [Line("stdout", "next")]
    assert decoder.finish() == []


def test_each_stream_is_put_together_for_itself() -> None:
    frames = [Frame("stdout", b"o1 "), Frame("stderr", b"e1\ne2 "), Frame("stdout", b"o2\n"), Frame("stderr", b"e3\n")]
    assert decoded(*frames) == [("stderr", "e1"), ("stdout", "o1 o2"), ("stderr", "e2 e3")]


def test_unfinished_lines_of_both_streams_are_handed_over_at_the_end() -> None:
    assert decoded(Frame("stderr", b"e"), Frame("stdout", b"o")) == [("stdout", "o"), ("stderr", "e")]


@pytest.mark.parametrize("character", ["é", "€", "日", "😀"])
def test_a_character_cut_anywhere_is_not_torn(character: str) -> None:
    data = f"{character}a{character}\n{character}".encode()
    for edge in range(len(data)):
        assert texts(data[:edge], data[edge:]) == [f"{character}a{character}", character]


def test_a_character_cut_by_the_other_stream_is_not_torn() -> None:
    euro = "€".encode()
    frames = [
        Frame("stdout", euro[:1]),
        Frame("stderr", euro[:2]),
        Frame("stdout", euro[1:]),
        Frame("stderr", euro[2:]),
    ]
    assert decoded(*frames) == [("stdout", "€"), ("stderr", "€")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["caf\ufffd"]),
        ({"encoding": "latin-1"}, ["café"]),
        ({"errors": "ignore"}, ["caf"]),
        ({"errors": "surrogateescape"}, ["caf\udce9"]),
    ],
)
def test_bytes_that_are_no_text_are_what_the_caller_wants_them_to_be(options: Any, expected: list[str]) -> None:
    assert texts(b"caf\xe9\n", **options) == expected


def test_a_strict_caller_gets_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        texts(b"caf\xe9\n", errors="strict")


@given(data=TEXT, cuts=CUTS)
def test_any_split_gives_the_same_lines(data: bytes, cuts: list[int]) -> None:
    expected = [line.removesuffix(b"\r").decode(errors="replace") for line in data.split(b"\n")]
    if data.endswith(b"\n") or not data:
        expected.pop()
    assert texts(data) == texts(*cut(data, cuts)) == texts(*single_bytes(data)) == expected


@given(frames=st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), TEXT), max_size=6))
def test_one_stream_does_not_change_the_lines_of_the_other(frames: list[tuple[StreamName, bytes]]) -> None:
    together = decoded(*(Frame(*frame) for frame in frames))
    for name in ("stdout", "stderr"):
        alone = decoded(*(Frame(stream, data) for stream, data in frames if stream == name))
        assert [line for line in together if line.stream == name] == alone


@given(frames=st.lists(TEXT.map(lambda data: Frame("stdout", data)), max_size=6))
def test_frames_may_come_together_or_alone(frames: list[Frame]) -> None:
    decoder = LineDecoder()
    assert decoder.feed(frames) + decoder.finish() == decoded(*frames)


# --- lines without end


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("block", [1 << 30, 65536, 100_001])
def test_an_endless_line_comes_in_pieces_of_a_mebibyte(end: bytes, block: int) -> None:
    data = b"0123456789abcdef" * (5 * MIB // 32)  # two and a half
    found = texts(*blocks(data + end, block))
    assert [len(text) for text in found] == [MIB, MIB, MIB // 2]
    assert "".join(found).encode() == data


def test_an_endless_line_does_not_fill_the_memory() -> None:
    decoder = LineDecoder()
    handed_over = 0
    for fed in range(65536, 8 * MIB, 65536):
        handed_over += sum(len(text) for _, text in decoder.feed(out(bytes(65536))))
        assert fed - handed_over <= MIB + 65536


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(lines, "_LONGEST", 16)
    return 16


@pytest.mark.parametrize("character", ["é", "€", "😀"])
@pytest.mark.parametrize("before", range(5))
def test_no_character_is_torn_where_an_endless_line_is_cut(short: int, character: str, before: int) -> None:
    text = "x" * before + character * 50
    for pieces in ([text.encode()], single_bytes(text.encode())):
        found = texts(*pieces)
        assert "".join(found) == text
        assert all(short - 4 < len(piece.encode()) <= short for piece in found[:-1])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", range(12, 60))
def test_no_empty_line_appears_where_an_endless_line_is_cut(short: int, size: int, end: str) -> None:
    found = texts(("x" * size + end).encode() * 2)
    assert "" not in found
    assert "".join(found) == "x" * size * 2


def test_each_stream_has_a_limit_of_its_own(short: int) -> None:
    assert decoded(Frame("stdout", b"o" * 12), Frame("stderr", b"e" * 12), Frame("stdout", b"o\n")) == [
        ("stdout", "o" * 13),
        ("stderr", "e" * 12),
    ]


@given(data=TEXT, cuts=CUTS)
def test_endless_lines_are_cut_the_same_way_whatever_the_split(data: bytes, cuts: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_LONGEST", 7)
        expected = texts(data)
        assert texts(*cut(data, cuts)) == expected
        assert texts(*single_bytes(data)) == expected


# --- work


@pytest.mark.parametrize(
    "data", [b"x" * HALF, b"x\n" * (HALF // 8), b"\x80" * HALF], ids=["a line", "lines", "garbage"]
)
@pytest.mark.parametrize(("block", "longest"), [(1, HALF - 9), (MIB, 16)], ids=["bytes", "whole"])
def test_work_grows_no_faster_than_the_bytes(
    data: bytes, block: int, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_LONGEST", longest)
    decoder = LineDecoder()
    found = [line for piece in watched(blocks(data, block)) for line in decoder.feed(out(piece))] + decoder.finish()
    assert sum(len(text) for _, text in found) == len(data.replace(b"\n", b""))
