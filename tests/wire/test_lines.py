"""Decoding of frames into lines of text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire import lines
from aiodockerapi._wire.frames import Frame, StreamName
from aiodockerapi._wire.lines import Line, LineDecoder
from tests.wire.splits import POSITIONS, blocks, single_bytes, split, with_cpu_limit

MIB = 1 << 20
HALF = MIB // 2
# Line endings, characters of one to four bytes, and invalid bytes.
TEXT = st.lists(
    st.sampled_from([b"\n", b"\r\n", b"\r", b"a", "é".encode(), "€".encode(), "😀".encode(), b"\xff", b"\x80\x80"]),
    max_size=40,
).map(b"".join)


def out(*parts: bytes) -> list[Frame]:
    return [Frame("stdout", part) for part in parts]


def decoded(*frames: Frame, **options: Any) -> list[Line]:
    """Decode frames that are fed one by one."""
    decoder = LineDecoder(**options)
    found = [line for frame in frames for line in decoder.feed([frame])] + decoder.finish()
    return [Line(*line) for line in found]


def texts(*parts: bytes, **options: Any) -> list[str]:
    """Decode frames of stdout."""
    found = decoded(*out(*parts), **options)
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
def test_lines_end_with_a_line_feed(data: bytes, expected: list[str]) -> None:
    assert texts(data) == expected
    assert texts(*single_bytes(data)) == expected


def test_a_line_is_returned_with_its_end() -> None:
    decoder = LineDecoder()
    assert decoder.feed(out(b"one", b" line\r")) == []
    assert decoder.feed(out(b"\nnext")) == [Line("stdout", "one line")]
    assert decoder.finish() == [Line("stdout", "next")]
    assert decoder.finish() == []


def test_streams_are_separate() -> None:
    frames = [Frame("stdout", b"o1 "), Frame("stderr", b"e1\ne2 "), Frame("stdout", b"o2\n"), Frame("stderr", b"e3\n")]
    assert decoded(*frames) == [("stderr", "e1"), ("stdout", "o1 o2"), ("stderr", "e2 e3")]


def test_incomplete_lines_of_both_streams_are_returned_at_the_end() -> None:
    assert decoded(Frame("stderr", b"e"), Frame("stdout", b"o")) == [("stdout", "o"), ("stderr", "e")]


@pytest.mark.parametrize("character", ["é", "€", "日", "😀"])
def test_a_character_split_between_frames(character: str) -> None:
    data = f"{character}a{character}\n{character}".encode()
    for position in range(len(data)):
        assert texts(data[:position], data[position:]) == [f"{character}a{character}", character]


def test_a_character_split_by_a_frame_of_the_other_stream() -> None:
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
def test_invalid_bytes_by_error_handler(options: Any, expected: list[str]) -> None:
    assert texts(b"caf\xe9\n", **options) == expected


def test_invalid_bytes_with_strict_errors() -> None:
    with pytest.raises(UnicodeDecodeError):
        texts(b"caf\xe9\n", errors="strict")


@given(data=TEXT, positions=POSITIONS)
def test_any_split_gives_the_same_lines(data: bytes, positions: list[int]) -> None:
    expected = [line.removesuffix(b"\r").decode(errors="replace") for line in data.split(b"\n")]
    if data.endswith(b"\n") or not data:
        expected.pop()
    assert texts(data) == texts(*split(data, positions)) == texts(*single_bytes(data)) == expected


@given(frames=st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), TEXT), max_size=6))
def test_lines_do_not_depend_on_the_other_stream(frames: list[tuple[StreamName, bytes]]) -> None:
    together = decoded(*(Frame(*frame) for frame in frames))
    for name in ("stdout", "stderr"):
        alone = decoded(*(Frame(stream, data) for stream, data in frames if stream == name))
        assert [line for line in together if line.stream == name] == alone


@given(frames=st.lists(TEXT.map(lambda data: Frame("stdout", data)), max_size=6))
def test_frames_may_be_fed_together_or_separately(frames: list[Frame]) -> None:
    decoder = LineDecoder()
    assert decoder.feed(frames) + decoder.finish() == decoded(*frames)


# --- long lines


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("block", [1 << 30, 65536, 100_001])
def test_a_long_line_is_split_into_parts_of_a_mebibyte(end: bytes, block: int) -> None:
    data = b"0123456789abcdef" * (5 * MIB // 32)  # two and a half
    found = texts(*blocks(data + end, block))
    assert [len(text) for text in found] == [MIB, MIB, MIB // 2]
    assert "".join(found).encode() == data


def test_a_line_without_an_end_does_not_exhaust_memory() -> None:
    decoder = LineDecoder()
    returned = 0
    for fed in range(65536, 8 * MIB, 65536):
        returned += sum(len(text) for _, text in decoder.feed(out(bytes(65536))))
        assert fed - returned <= MIB + 65536


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(lines, "_MAX_LINE", 16)
    return 16


@pytest.mark.parametrize("character", ["é", "€", "😀"])
@pytest.mark.parametrize("before", range(5))
def test_a_long_line_is_split_between_characters(small_limit: int, character: str, before: int) -> None:
    text = "x" * before + character * 50
    for parts in ([text.encode()], single_bytes(text.encode())):
        found = texts(*parts)
        assert "".join(found) == text
        assert all(small_limit - 4 < len(part.encode()) <= small_limit for part in found[:-1])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", range(12, 60))
def test_splitting_a_long_line_adds_no_empty_line(small_limit: int, size: int, end: str) -> None:
    found = texts(("x" * size + end).encode() * 2)
    assert "" not in found
    assert "".join(found) == "x" * size * 2


def test_the_limit_applies_to_each_stream(small_limit: int) -> None:
    assert decoded(Frame("stdout", b"o" * 12), Frame("stderr", b"e" * 12), Frame("stdout", b"o\n")) == [
        ("stdout", "o" * 13),
        ("stderr", "e" * 12),
    ]


@given(data=TEXT, positions=POSITIONS)
def test_long_lines_are_split_independently_of_the_frames(data: bytes, positions: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_MAX_LINE", 7)
        expected = texts(data)
        assert texts(*split(data, positions)) == expected
        assert texts(*single_bytes(data)) == expected


# --- complexity


@pytest.mark.parametrize(
    "data", [b"x" * HALF, b"x\n" * (HALF // 8), b"\x80" * HALF], ids=["a line", "lines", "garbage"]
)
@pytest.mark.parametrize(("block", "limit"), [(1, HALF - 9), (MIB, 16)], ids=["bytes", "whole"])
def test_decoding_takes_linear_time(data: bytes, block: int, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_MAX_LINE", limit)
    decoder = LineDecoder()
    found = [
        line for part in with_cpu_limit(blocks(data, block)) for line in decoder.feed(out(part))
    ] + decoder.finish()
    assert sum(len(text) for _, text in found) == len(data.replace(b"\n", b""))
