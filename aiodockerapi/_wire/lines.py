"""Lines of text out of frames."""

import codecs
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter, methodcaller
from typing import Final, NamedTuple, TypeAlias

from .frames import Piece, StreamName

__all__ = ["Line", "LineDecoder", "Text"]

# A line that never ends would fill the memory: it is handed over in pieces of about this size.
_LONGEST: Final = 1 << 20

# Where many lines can become text at once, for it gives what each alone would: a line feed ends whatever is wrong before it.
_ENCODINGS: Final = frozenset({"utf-8", "ascii", "iso8859-1"})
_HANDLERS: Final = frozenset({"strict", "replace", "ignore", "backslashreplace", "surrogateescape"})

_stream: Final[Callable[[Piece], StreamName]] = itemgetter(0)
_data: Final[Callable[[Piece], bytes]] = itemgetter(1)
_ends_line: Final[Callable[[bytes], bool]] = methodcaller("endswith", b"\n")


class Line(NamedTuple):
    """A line of a container's output."""

    stream: StreamName
    """Where the process wrote it; a terminal has only ``stdout``."""
    text: str
    """The line, without its end."""


Text: TypeAlias = tuple[StreamName, str]
"""What a `Line` holds."""


class LineDecoder:
    """Splits frames into lines, each stream for itself.

    Bytes are cut at line feeds before they become text, so no character is torn, whatever the frames cut in two. Many lines
    become text in one go wherever they can.
    """

    def __init__(self, encoding: str = "utf-8", errors: str = "replace") -> None:
        self._encoding = encoding
        self._errors = errors
        self._together = codecs.lookup(encoding).name in _ENCODINGS and errors in _HANDLERS
        # The beginning of a line whose end has not come yet, for each stream.
        self._unfinished: dict[StreamName, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}

    def feed(self, pieces: Sequence[Piece]) -> list[Text]:
        """Take the next frames and return the lines that they complete, in the order of their ends."""
        lines: list[Text] = []
        streams = set(map(_stream, pieces))
        if len(streams) == 1:
            self._add(streams.pop(), b"".join(map(_data, pieces)), lines)
        elif not self._add_whole(pieces, lines):
            for stream, run in groupby(pieces, _stream):
                self._add(stream, b"".join(map(_data, run)), lines)
        return lines

    def _add_whole(self, pieces: Sequence[Piece], lines: list[Text]) -> bool:
        """Take frames of both streams if each is one or more whole lines, as it is where processes write line by line."""
        blocks = list(map(_data, pieces))
        if any(self._unfinished.values()) or not all(map(_ends_line, blocks)):
            return False
        texts = self._texts(b"".join(blocks))
        if texts is None:
            return False
        streams: list[StreamName] = [stream for stream, _ in pieces]
        if len(texts) > len(blocks):
            streams = [stream for stream, data in pieces for _ in range(data.count(b"\n"))]
        lines.extend(zip(streams, texts, strict=True))
        return True

    def _add(self, stream: StreamName, data: bytes, lines: list[Text]) -> None:
        """Take the next bytes of a stream."""
        rest = self._unfinished[stream]
        end = data.rfind(b"\n") + 1
        if end:
            whole = bytes(rest) + data[:end] if rest else data[:end]
            rest.clear()
            texts = self._texts(whole)
            if texts is not None:
                lines.extend([(stream, text) for text in texts])
            else:
                for line in whole[:-1].split(b"\n"):
                    self._end(stream, line, lines)
        if end < len(data):
            rest += memoryview(data)[end:]
            if len(rest) > _LONGEST:
                self._unfinished[stream] = bytearray(self._cut(stream, bytes(rest), lines))

    def _texts(self, block: bytes) -> list[str] | None:
        """The lines of a block that ends with one, if it can become text as a whole."""
        if not self._together or len(block) > _LONGEST:
            return None
        try:
            text = block.decode(self._encoding, self._errors)
        except UnicodeDecodeError:
            return None  # line by line, so that the error tells which
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        texts = text.split("\n")
        texts.pop()
        return texts

    def _end(self, stream: StreamName, data: bytes, lines: list[Text]) -> None:
        """Take a line without its line feed."""
        line = data if len(data) <= _LONGEST else self._cut(stream, data, lines)
        lines.append((stream, line.removesuffix(b"\r").decode(self._encoding, self._errors)))

    def _cut(self, stream: StreamName, data: bytes, lines: list[Text]) -> bytes:
        """Hand over what is too long in pieces, and return what is left.

        A cut never tears a character of UTF-8: it steps back to the character's first byte, at most three bytes away.
        """
        begin = 0
        while len(data) - begin > _LONGEST + 3:
            end = begin + _LONGEST
            while end > begin + _LONGEST - 4 and data[end] & 0xC0 == 0x80:
                end -= 1
            lines.append((stream, data[begin:end].decode(self._encoding, self._errors)))
            begin = end
        return data[begin:]

    def finish(self) -> list[Text]:
        """Take the end of the stream and return the lines that had no end of their own."""
        lines: list[Text] = []
        for stream, rest in self._unfinished.items():
            if rest:
                lines.append((stream, rest.removesuffix(b"\r").decode(self._encoding, self._errors)))
                rest.clear()
        return lines
