"""Decoder of frames into lines of text."""

import codecs
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter, methodcaller
from typing import Final, NamedTuple, TypeAlias

from .frames import FrameTuple, StreamName

__all__ = ["Line", "LineDecoder", "LineTuple"]

# Longer lines are split into parts of about this size, so that a line without an end cannot exhaust memory.
_MAX_LINE: Final = 1 << 20

# Encodings and error handlers for which decoding several lines at once gives the same text as decoding them one by one: an
# incomplete sequence ends at the line feed.
_ENCODINGS: Final = frozenset({"utf-8", "ascii", "iso8859-1"})
_HANDLERS: Final = frozenset({"strict", "replace", "ignore", "backslashreplace", "surrogateescape"})

_stream: Final[Callable[[FrameTuple], StreamName]] = itemgetter(0)
_data: Final[Callable[[FrameTuple], bytes]] = itemgetter(1)
_ends_line: Final[Callable[[bytes], bool]] = methodcaller("endswith", b"\n")


class Line(NamedTuple):
    """A line of a container's output."""

    stream: StreamName
    """The stream that the process wrote to; always ``stdout`` with a terminal."""
    text: str
    """The line, without its line ending."""


LineTuple: TypeAlias = tuple[StreamName, str]
"""The fields of a `Line`."""


class LineDecoder:
    """Splits frames into lines, separately for each stream.

    Bytes are split at line feeds before they are decoded, so characters split between frames are decoded correctly. Several
    lines are decoded at once where possible.

    :param encoding: an encoding in which a line feed is the byte ``\\n``.
    :param errors: the handling of invalid bytes, as in `bytes.decode`.
    """

    def __init__(self, encoding: str = "utf-8", errors: str = "replace") -> None:
        self._encoding = encoding
        self._errors = errors
        self._can_decode_blocks = codecs.lookup(encoding).name in _ENCODINGS and errors in _HANDLERS
        # The beginning of an incomplete line of each stream.
        self._incomplete: dict[StreamName, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}

    def feed(self, frames: Sequence[FrameTuple]) -> list[LineTuple]:
        """Take the next frames; return the lines that are now complete, in the order of their ends."""
        lines: list[LineTuple] = []
        streams = set(map(_stream, frames))
        if len(streams) == 1:
            self._feed_stream(streams.pop(), b"".join(map(_data, frames)), lines)
        elif not self._feed_complete_lines(frames, lines):
            for stream, run in groupby(frames, _stream):
                self._feed_stream(stream, b"".join(map(_data, run)), lines)
        return lines

    def _feed_complete_lines(self, frames: Sequence[FrameTuple], lines: list[LineTuple]) -> bool:
        """Decode frames of both streams at once if each consists of complete lines; return whether that was possible.

        This is typical of processes that write line by line.
        """
        blocks = list(map(_data, frames))
        if any(self._incomplete.values()) or not all(map(_ends_line, blocks)):
            return False
        texts = self._decode_lines(b"".join(blocks))
        if texts is None:
            return False
        streams: list[StreamName] = [stream for stream, _ in frames]
        if len(texts) > len(blocks):
            streams = [stream for stream, data in frames for _ in range(data.count(b"\n"))]
        lines.extend(zip(streams, texts, strict=True))
        return True

    def _feed_stream(self, stream: StreamName, data: bytes, lines: list[LineTuple]) -> None:
        """Take the next bytes of one stream."""
        rest = self._incomplete[stream]
        end = data.rfind(b"\n") + 1
        if end:
            whole = bytes(rest) + data[:end] if rest else data[:end]
            rest.clear()
            texts = self._decode_lines(whole)
            if texts is not None:
                lines.extend([(stream, text) for text in texts])
            else:
                for line in whole[:-1].split(b"\n"):
                    self._append_line(stream, line, lines)
        if end < len(data):
            rest += memoryview(data)[end:]
            if len(rest) > _MAX_LINE:
                self._incomplete[stream] = bytearray(self._split_long_line(stream, bytes(rest), lines))

    def _decode_lines(self, block: bytes) -> list[str] | None:
        """Return the lines of a block that ends with a line feed; None if it cannot be decoded at once."""
        if not self._can_decode_blocks or len(block) > _MAX_LINE:
            return None
        try:
            text = block.decode(self._encoding, self._errors)
        except UnicodeDecodeError:
            return None  # decoded line by line, for an error about that line alone
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        texts = text.split("\n")
        texts.pop()
        return texts

    def _append_line(self, stream: StreamName, data: bytes, lines: list[LineTuple]) -> None:
        """Append a line, given without its line feed."""
        line = data if len(data) <= _MAX_LINE else self._split_long_line(stream, data, lines)
        lines.append((stream, line.removesuffix(b"\r").decode(self._encoding, self._errors)))

    def _split_long_line(self, stream: StreamName, data: bytes, lines: list[LineTuple]) -> bytes:
        """Append the parts of a line that is too long; return the rest.

        UTF-8 characters are not split: each part ends before the first byte of a character, at most three bytes earlier.
        """
        begin = 0
        while len(data) - begin > _MAX_LINE + 3:
            end = begin + _MAX_LINE
            while end > begin + _MAX_LINE - 4 and data[end] & 0xC0 == 0x80:
                end -= 1
            lines.append((stream, data[begin:end].decode(self._encoding, self._errors)))
            begin = end
        return data[begin:]

    def finish(self) -> list[LineTuple]:
        """Take the end of the stream; return the last line of each stream, if it is without a line feed."""
        lines: list[LineTuple] = []
        for stream, rest in self._incomplete.items():
            if rest:
                lines.append((stream, rest.removesuffix(b"\r").decode(self._encoding, self._errors)))
                rest.clear()
        return lines
