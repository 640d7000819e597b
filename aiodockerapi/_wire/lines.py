"""Lines of text out of frames."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from .frames import Frame, StreamName

__all__ = ["Line", "LineDecoder"]

# A line that never ends would fill the memory: it is handed over in pieces of about this size.
_LONGEST: Final = 1 << 20


class Line(NamedTuple):
    """A line of a container's output."""

    stream: StreamName
    """Where the process wrote it; a terminal has only ``stdout``."""
    text: str
    """The line, without its end."""


class _Unfinished:
    """The beginning of a line whose end has not come yet, for one stream."""

    __slots__ = ("parts", "size")

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, data: bytes) -> None:
        if data:
            self.parts.append(data)
            self.size += len(data)

    def take(self) -> bytes:
        data = b"".join(self.parts)
        self.parts.clear()
        self.size = 0
        return data


class LineDecoder:
    """Splits frames into lines, each stream for itself.

    Bytes are cut at line feeds before they become text, so no character is torn, whatever the frames cut in two.
    """

    def __init__(self, encoding: str = "utf-8", errors: str = "replace") -> None:
        self._encoding = encoding
        self._errors = errors
        self._unfinished: dict[StreamName, _Unfinished] = {"stdout": _Unfinished(), "stderr": _Unfinished()}

    def feed(self, frames: Iterable[Frame]) -> list[Line]:
        """Take the next frames and return the lines that they complete, in the order of their ends."""
        lines: list[Line] = []
        append, new, encoding, errors = lines.append, tuple.__new__, self._encoding, self._errors
        for stream, data in frames:
            rest = self._unfinished[stream]
            pieces = data.split(b"\n")
            last = pieces.pop()
            if pieces and rest.parts:
                rest.add(pieces[0])
                pieces[0] = rest.take()
            for piece in pieces:
                line = piece if len(piece) <= _LONGEST else self._cut(stream, piece, lines)
                text = (line[:-1] if line[-1:] == b"\r" else line).decode(encoding, errors)
                append(new(Line, (stream, text)))
            rest.add(last)
            if rest.size > _LONGEST:
                rest.add(self._cut(stream, rest.take(), lines))
        return lines

    def _cut(self, stream: StreamName, data: bytes, lines: list[Line]) -> bytes:
        """Hand over what is too long in pieces, and return what is left.

        A cut never tears a character of UTF-8: it steps back to the character's first byte, at most three bytes away.
        """
        begin = 0
        while len(data) - begin > _LONGEST + 3:
            end = begin + _LONGEST
            while end > begin + _LONGEST - 4 and data[end] & 0xC0 == 0x80:
                end -= 1
            lines.append(Line(stream, data[begin:end].decode(self._encoding, self._errors)))
            begin = end
        return data[begin:]

    def finish(self) -> list[Line]:
        """Take the end of the stream and return the lines that had no end of their own."""
        return [
            Line(stream, rest.take().removesuffix(b"\r").decode(self._encoding, self._errors))
            for stream, rest in self._unfinished.items()
            if rest.parts
        ]
