"""Streams of JSON values: events, stats, progress of pulls and builds.

The daemon ends each value with a line feed (``\\r\\n`` in progress), puts a record separator before it where
``application/json-seq`` was agreed on, and calls all of that by several content types. So the type is never asked. Lines
that are values, as nearly all are, are parsed as they stand, a block of them at once. Everything else (several values on a
line, one over several lines, the part of one that a block of bytes ends with) is first cut where values end, which takes
one look at each byte, and only then parsed: however the bytes were split, each is parsed once.
"""

from codecs import utf_8_decode
from collections.abc import Iterator
from typing import Any, Final

from ..errors import MalformedStream, StreamError, TruncatedStream
from .json_text import lines, loads, scan
from .patterns import Pattern

__all__ = ["JSONStreamDecoder"]

_LARGEST: Final = 1 << 26  # 64 MiB: no value of the API comes near; beyond it the other side is no daemon
_SPACE: Final = " \t\r\n\x1e"
_SPACES: Final = Pattern(f"[{_SPACE}]*")
# Whole strings at once; a quote alone is of one that does not end here.
_MARKS: Final = Pattern(rb'"(?:[^"\\\n]++|\\.)*+"|[][{}"\n]')
_REST_OF_STRING: Final = Pattern(rb'(?:[^"\\\n]++|\\.)*+"')
_LINE_FEED, _QUOTE, _OPENING = b"\n"[0], b'"'[0], b"[{"


class _Ends:
    """Finds where values end, however their bytes are split.

    That is behind the bracket that closes the outermost one, and at a line feed: outside of brackets it ends what else may
    stand on a line, inside of a string it cannot be.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._quoted = False
        self._escaped = False  # the next byte stands behind a backslash

    @property
    def inside(self) -> bool:
        """Whether the bytes so far end inside brackets or a string."""
        return self._depth > 0 or self._quoted

    def find(self, data: bytes) -> Iterator[int]:
        """The positions behind each end in the next bytes."""
        position = 0
        if self._quoted:
            match = _REST_OF_STRING.match(data, self._escaped) if data[0] != _LINE_FEED else None
            if match is None:
                yield from self._unfinished_string(data, 0, escaped=self._escaped)
                return
            self._quoted = False
            position = match.end()
        for match in _MARKS.finditer(data, position):
            position = match.start()
            mark = data[position]
            if mark == _QUOTE:
                if match.end() - position == 1:
                    yield from self._unfinished_string(data, match.end())
                    return
            elif mark == _LINE_FEED:
                if not self._depth:
                    yield match.end()
            elif mark in _OPENING:
                self._depth += 1
            else:
                self._depth = max(self._depth - 1, 0)
                if not self._depth:
                    yield match.end()

    def _unfinished_string(self, data: bytes, position: int, *, escaped: bool = False) -> Iterator[int]:
        """A string from `position` on that does not end in `data`: it goes on, or is broken by a line feed."""
        feed = data.find(b"\n", position)
        if feed >= 0:
            yield feed + 1  # nobody asks for more: this cannot be parsed
        text = data[position + escaped :]
        self._quoted = True
        self._escaped = (len(text) - len(text.rstrip(b"\\"))) % 2 == 1


class JSONStreamDecoder:
    """Decodes a stream of JSON values; see `Decoder` for the contract."""

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self._ends = _Ends()
        self._parts: list[bytes] = []  # of a value whose end has not come yet
        self._size = 0

    def feed(self, data: bytes) -> list[Any]:
        if self.error is not None:
            return []
        values: list[Any] = []
        if self._parts:
            head, feed, data = data.partition(b"\n")
            self._cut(head + feed, values)
        end = data.rfind(b"\n") + 1
        if end:
            block = data[:end]
            plain = end <= _LARGEST and not self._parts and self.error is None
            if plain and (found := lines(block)) is not None:
                values += found
            else:
                self._lines(block, values)
        if end < len(data):
            self._cut(data[end:], values)
        return values

    def finish(self) -> list[Any]:
        values: list[Any] = []
        if self.error is None and self._parts:
            self._take(values, last=True)
        return values

    def _lines(self, block: bytes, values: list[Any]) -> None:
        """Take whole lines: each that is one value is parsed as it stands, the others go the long way."""
        try:
            text = block.decode() if len(block) <= _LARGEST else None
        except UnicodeDecodeError:
            text = None
        if text is None:
            self._cut(block, values)
            return
        for line in text.split("\n")[:-1]:
            if self.error is not None:
                return
            if not self._parts:
                stripped = line.strip(_SPACE)
                if not stripped:
                    continue
                try:
                    values.append(loads(stripped))
                    continue
                except ValueError:
                    pass
            self._cut(line.encode() + b"\n", values)

    def _cut(self, data: bytes, values: list[Any]) -> None:
        """Take any bytes: parse up to where values end, and keep the rest."""
        if self.error is not None or not data:
            return
        begin = 0
        for end in self._ends.find(data):
            self._parts.append(data[begin:end])
            begin = end
            self._take(values)
            if self.error is not None:
                return
        if begin < len(data):
            self._parts.append(data[begin:])
            self._size += len(data) - begin
            if self._size > _LARGEST:
                self._too_large()

    def _too_large(self) -> None:
        self.error = MalformedStream(f"a JSON value of more than {_LARGEST} bytes")
        self._parts.clear()

    def _take(self, values: list[Any], *, last: bool = False) -> None:
        """Parse what has been kept, now that its end is there, or the end of the stream."""
        block = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        if len(block) > _LARGEST:
            self._too_large()
            return
        try:
            text, used = utf_8_decode(block, "strict", not last)
        except UnicodeDecodeError as error:
            _parse(block[: error.start].decode(), values)
            self.error = MalformedStream(f"not UTF-8: {block[error.start : error.end]!r}")
            return
        rest = _parse(text, values)
        if last and (self._ends.inside or used < len(block)):
            self.error = TruncatedStream(f"the stream ended inside a JSON value: {rest[-200:]!r}")
        elif rest:
            self.error = MalformedStream(f"the stream is not JSON: {rest[:2048]!r}")


def _parse(text: str, values: list[Any]) -> str:
    """Append the values of a text; return what is left from the first on that is none."""
    position = _skip(text, 0)
    while position < len(text):
        try:
            value, position = scan(text, position)
        except ValueError:
            return text[position:]
        values.append(value)
        position = _skip(text, position)
    return ""


def _skip(text: str, position: int) -> int:
    match = _SPACES.match(text, position)
    return match.end() if match else position
