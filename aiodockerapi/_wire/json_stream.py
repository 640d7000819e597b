"""Streams of JSON values: events, stats, progress of pulls and builds.

The daemon ends each value with a line feed (``\\r\\n`` in progress), puts a record separator before it where
``application/json-seq`` was agreed on, and calls all of that by several content types. So the type is never asked: values
are cut at line feeds, and whatever stands on a line is parsed, be it one value, several, or part of one.
"""

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from ..errors import MalformedStream, StreamError, TruncatedStream
from .json_text import loads

__all__ = ["JSONStreamDecoder"]

_LARGEST: Final = 1 << 26  # 64 MiB: no value of the API comes near; beyond it the other side is no daemon
_SPACE: Final = " \t\r\n\x1e"
_space = re.compile(f"[{_SPACE}]*").match
_scan = JSONDecoder().raw_decode


class JSONStreamDecoder:
    """Decodes a stream of JSON values; see `Decoder` for the contract."""

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self._tail: list[bytes] = []
        self._size = 0
        self._pending = ""  # lines of a value that goes over several

    def feed(self, data: bytes) -> list[Any]:
        if self.error is not None or not data:
            return []
        end = data.rfind(b"\n") + 1
        # A value that the daemon does not end with a line feed is not held back until the next one comes.
        whole = end == 0 and data.rstrip(b" \t\r")[-1:] == b"}"
        if not end and not whole:
            self._keep(data)
            return []
        block = b"".join([*self._tail, data[:end] if end else data])
        self._tail.clear()
        self._size = len(self._pending)
        values: list[Any] = []
        if end:
            self._block(block, values)
            self._keep(data[end:])
        elif not self._complete(block, values):
            self._keep(block)
        return values

    def _keep(self, data: bytes) -> None:
        if data and self.error is None:
            self._tail.append(data)
            self._size += len(data)
            if self._size > _LARGEST:
                self.error = MalformedStream(f"a JSON value of more than {_LARGEST} bytes")

    def _complete(self, block: bytes, values: list[Any]) -> bool:
        """Parse a block without a line feed if it is whole; else leave everything as it was."""
        try:
            found = _values(self._pending + block.decode())
        except (JSONDecodeError, UnicodeDecodeError):
            return False
        values.extend(found)
        self._pending = ""
        return True

    def _block(self, block: bytes, values: list[Any]) -> None:
        try:
            text = block.decode()
        except UnicodeDecodeError as error:
            self._block(block[: block.rfind(b"\n", 0, error.start) + 1], values)
            self.error = self.error or MalformedStream(f"not UTF-8: {block[error.start : error.end]!r}")
            return
        for line in text.split("\n"):
            stripped = line.strip(_SPACE)
            if not stripped:
                continue
            try:
                if self._pending:
                    self._line(self._pending + "\n" + stripped, values)
                else:
                    values.append(loads(stripped))
            except JSONDecodeError:
                self._line(stripped, values)
            if self.error is not None:
                return

    def _line(self, text: str, values: list[Any]) -> None:
        """A line that is not exactly one value: several, or a part of one, or no JSON."""
        position = _skip(text, 0)
        while position < len(text):
            try:
                value, position = _scan(text, position)
            except JSONDecodeError as error:
                if error.pos < len(text):
                    self.error = MalformedStream(f"the stream is not JSON: {text[position : position + 2048]!r}")
                else:
                    self._pending = text[position:]
                return
            values.append(value)
            position = _skip(text, position)
        self._pending = ""

    def finish(self) -> list[Any]:
        values: list[Any] = []
        if self.error is None and self._tail:
            block = b"".join(self._tail)
            self._tail.clear()
            self._block(block, values)
        if self.error is None and self._pending:
            self.error = TruncatedStream(f"the stream ended inside a JSON value: {self._pending[-200:]!r}")
        return values


def _skip(text: str, position: int) -> int:
    match = _space(text, position)
    return match.end() if match else position


def _values(text: str) -> list[Any]:
    """All values of a text; raises `JSONDecodeError` where one is not whole."""
    values: list[Any] = []
    position = _skip(text, 0)
    while position < len(text):
        value, position = _scan(text, position)
        values.append(value)
        position = _skip(text, position)
    return values
