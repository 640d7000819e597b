"""Decoder of streams of JSON values: events, stats, and progress of pulls and builds.

The daemon ends each value with a line feed (``\\r\\n`` in progress messages), precedes it with a record separator in
``application/json-seq``, and uses several content types for the same format, so the content type is not considered. Nearly all
lines are single values; these are parsed directly, in blocks of lines. Everything else (several values on a line, values of
several lines, incomplete values at the end of a block) is first split at the ends of values, by scanning each byte once, and
then parsed. Each byte is parsed only once, however the stream was split.
"""

import re
from codecs import utf_8_decode
from collections.abc import Iterator
from typing import Any, Final

from ..errors import MalformedStream, StreamError, TruncatedStream
from .json_text import loads, loads_lines, raw_decode

__all__ = ["JSONStreamDecoder"]

_MAX_VALUE: Final = 1 << 26  # 64 MiB, far more than any value of the API
_WHITESPACE: Final = " \t\r\n\x1e"
_match_whitespace = re.compile(f"[{_WHITESPACE}]*").match
# Matches complete strings at once; a single quote is the start of an incomplete string.
_find_marks = re.compile(rb'"(?:[^"\\\n]++|\\.)*+"|[][{}"\n]').finditer
_match_string_end = re.compile(rb'(?:[^"\\\n]++|\\.)*+"').match
_LINE_FEED, _QUOTE, _OPENING = b"\n"[0], b'"'[0], b"[{"


class _ValueEndFinder:
    """Finds the ends of values in bytes split at any position.

    A value ends after the bracket that closes the outermost one, or at a line feed outside of brackets. A line feed inside a
    string is an end too, because it is invalid there.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False  # whether the next byte follows a backslash

    @property
    def inside(self) -> bool:
        """Whether the bytes so far end inside brackets or a string."""
        return self._depth > 0 or self._in_string

    def find(self, data: bytes) -> Iterator[int]:
        """Yield the positions after the ends of values in the next bytes."""
        position = 0
        if self._in_string:
            match = _match_string_end(data, self._escaped) if data[0] != _LINE_FEED else None
            if match is None:
                yield from self._unfinished_string(data, 0, escaped=self._escaped)
                return
            self._in_string = False
            position = match.end()
        for match in _find_marks(data, position):
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
        """Take a string from `position` on that is not closed in `data`; yield the position after a line feed in it."""
        line_end = data.find(b"\n", position)
        if line_end >= 0:
            yield line_end + 1  # the caller stops here: this cannot be parsed
        text = data[position + escaped :]
        self._in_string = True
        self._escaped = (len(text) - len(text.rstrip(b"\\"))) % 2 == 1


class JSONStreamDecoder:
    """Decodes a stream of JSON values."""

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self._end_finder = _ValueEndFinder()
        self._parts: list[bytes] = []  # the received bytes of an incomplete value
        self._size = 0

    def feed(self, data: bytes) -> list[Any]:
        if self.error is not None:
            return []
        values: list[Any] = []
        if self._parts:
            head, line_feed, data = data.partition(b"\n")
            self._feed_bytes(head + line_feed, values)
        end = data.rfind(b"\n") + 1
        if end:
            block = data[:end]
            plain = end <= _MAX_VALUE and not self._parts and self.error is None
            if plain and (parsed := loads_lines(block)) is not None:
                values += parsed
            else:
                self._feed_lines(block, values)
        if end < len(data):
            self._feed_bytes(data[end:], values)
        return values

    def finish(self) -> list[Any]:
        values: list[Any] = []
        if self.error is None and self._parts:
            self._parse_parts(values, last=True)
        return values

    def _feed_lines(self, block: bytes, values: list[Any]) -> None:
        """Take complete lines: parse single values directly, and split the other lines first."""
        try:
            text = block.decode() if len(block) <= _MAX_VALUE else None
        except UnicodeDecodeError:
            text = None
        if text is None:
            self._feed_bytes(block, values)
            return
        for line in text.split("\n")[:-1]:
            if self.error is not None:
                return
            if not self._parts:
                stripped = line.strip(_WHITESPACE)
                if not stripped:
                    continue
                try:
                    values.append(loads(stripped))
                    continue
                except ValueError:
                    pass
            self._feed_bytes(line.encode() + b"\n", values)

    def _feed_bytes(self, data: bytes, values: list[Any]) -> None:
        """Take any bytes: parse the complete values, and keep the rest."""
        if self.error is not None or not data:
            return
        begin = 0
        for end in self._end_finder.find(data):
            self._parts.append(data[begin:end])
            begin = end
            self._parse_parts(values)
            if self.error is not None:
                return
        if begin < len(data):
            self._parts.append(data[begin:])
            self._size += len(data) - begin
            if self._size > _MAX_VALUE:
                self._fail_too_large()

    def _fail_too_large(self) -> None:
        self.error = MalformedStream(f"a JSON value is larger than {_MAX_VALUE} bytes")
        self._parts.clear()

    def _parse_parts(self, values: list[Any], *, last: bool = False) -> None:
        """Parse the kept bytes, which end with the end of a value, or `last` with the end of the stream."""
        block = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        if len(block) > _MAX_VALUE:
            self._fail_too_large()
            return
        try:
            text, used = utf_8_decode(block, "strict", not last)
        except UnicodeDecodeError as error:
            _parse_values(block[: error.start].decode(), values)
            self.error = MalformedStream(f"the stream is not UTF-8: {block[error.start : error.end]!r}")
            return
        rest = _parse_values(text, values)
        if last and (self._end_finder.inside or used < len(block)):
            self.error = TruncatedStream(f"the stream ended inside a JSON value: {rest[-200:]!r}")
        elif rest:
            self.error = MalformedStream(f"the stream is not JSON: {rest[:2048]!r}")


def _parse_values(text: str, values: list[Any]) -> str:
    """Append the values of a text; return the text from the first invalid value on."""
    position = _skip_whitespace(text, 0)
    while position < len(text):
        try:
            value, position = raw_decode(text, position)
        except ValueError:
            return text[position:]
        values.append(value)
        position = _skip_whitespace(text, position)
    return ""


def _skip_whitespace(text: str, position: int) -> int:
    match = _match_whitespace(text, position)
    return match.end() if match else position
