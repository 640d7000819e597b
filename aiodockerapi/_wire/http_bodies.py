"""Decoders of HTTP/1.1 response bodies: chunked, with a Content-Length, or until the connection closes.

They implement `Decoder`; their items are blocks of the body.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from ..errors import MalformedStream, StreamError, TruncatedStream

__all__ = ["BodyDecoder", "ChunkedDecoder", "LengthDecoder", "UntilCloseDecoder", "body_decoder"]

_MAX_LINE: Final = 4096  # a chunk size with extensions, or a trailer; dockerd sends neither
_MAX_CACHED_SIZES: Final = 4096
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")

# Chunk sizes repeat, and a dictionary lookup is faster than parsing.
_size_cache: dict[bytes, int] = {}


class BodyDecoder(Protocol):
    """A `Decoder` of a body.

    :ivar complete: whether the whole body has been decoded.
    """

    error: StreamError | None
    complete: bool

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes; return the blocks of the body that they contain."""
        ...

    def finish(self) -> list[bytes]:
        """Take the end of the connection; return an empty list."""
        ...


class ChunkedDecoder:
    """Decodes a chunked body; without the final, empty chunk it is truncated."""

    __slots__ = ("_after_chunk", "_line", "_remaining", "_trailers", "complete", "error")

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self.complete = False
        self._remaining = 0  # bytes of the current chunk that have not arrived
        self._line = b""  # the beginning of an incomplete line
        self._after_chunk = False  # whether the CRLF after a chunk comes next
        self._trailers = False

    @property
    def at_chunk_end(self) -> bool:
        """Whether the bytes so far end with the data of a chunk, so that its CRLF comes next."""
        return self._after_chunk and not self._line

    def feed(self, data: bytes) -> list[bytes]:
        blocks: list[bytes] = []
        position, end = 0, len(data)
        while position < end and not self.complete and self.error is None:
            if not (self._remaining or self._after_chunk or self._trailers or self._line):
                position = self._take_complete_chunks(data, position, blocks)
                if position == end:
                    break
            start, position = self.step(data, position)
            if start < position:
                blocks.append(data[start:position])
        return blocks

    def step(self, data: bytes, position: int) -> tuple[int, int]:
        """Take one line, or the available data of one chunk; return the start of the data, if any, and the end of both."""
        if self._remaining:
            stop = min(position + self._remaining, len(data))
            self._remaining -= stop - position
            self._after_chunk = not self._remaining
            return position, stop
        line_end = data.find(b"\n", position)
        line = self._line + data[position : line_end if line_end >= 0 else position + _MAX_LINE + 1]
        self._line = b""
        stop = line_end + 1 if line_end >= 0 else len(data)
        if len(line) > _MAX_LINE:
            self.error = MalformedStream(
                f"invalid chunked body: a chunk size or trailer is longer than {_MAX_LINE} bytes"
            )
        elif line_end < 0:
            self._line = line
        else:
            self._take_line(line.removesuffix(b"\r"))
        return stop, stop

    def _take_complete_chunks(self, data: bytes, position: int, blocks: list[bytes]) -> int:
        """Take complete chunks; return the position after the last one.

        dockerd sends each value that it flushes as a chunk, so this loop is performance-critical.
        """
        find, sizes, append, end = data.find, _size_cache, blocks.append, len(data)
        while True:
            line_end = find(b"\r\n", position, position + 18)
            size = sizes.get(data[position:line_end]) if line_end >= 0 else None
            if not size:
                return position
            start = line_end + 2
            stop = start + size
            if stop + 2 > end or data[stop : stop + 2] != b"\r\n":
                return position
            append(data[start:stop])
            position = stop + 2

    def _take_line(self, line: bytes) -> None:
        if self._after_chunk:
            self._after_chunk = False
            if line:
                self.error = MalformedStream(f"invalid chunked body: chunk data is longer than its size: {line[:80]!r}")
        elif self._trailers:
            self.complete = not line
        else:
            size = line.partition(b";")[0].strip(b" \t")
            if not 0 < len(size) <= 16 or not _HEX.issuperset(size):
                self.error = MalformedStream(f"invalid chunked body: {line[:80]!r} is not a chunk size")
                return
            self._remaining = int(size, 16)
            if len(_size_cache) >= _MAX_CACHED_SIZES:
                _size_cache.clear()
            _size_cache[size] = self._remaining
            self._trailers = not self._remaining

    def finish(self) -> list[bytes]:
        if not self.complete and self.error is None:
            self.error = TruncatedStream("the connection closed before the final chunk of the response")
        return []


class LengthDecoder:
    """Decodes a body with a Content-Length."""

    __slots__ = ("_length", "_remaining", "complete", "error")

    def __init__(self, length: int) -> None:
        self.error: StreamError | None = None
        self.complete = length == 0
        self._length = self._remaining = length

    def feed(self, data: bytes) -> list[bytes]:
        block = data[: self._remaining]
        self._remaining -= len(block)
        self.complete = not self._remaining
        return [block] if block else []

    def finish(self) -> list[bytes]:
        if self._remaining and self.error is None:
            self.error = TruncatedStream(
                f"the connection closed before the end of the response: {self._remaining} of {self._length} bytes are missing"
            )
        return []


class UntilCloseDecoder:
    """Decodes a body that ends when the daemon closes: an upgraded connection, or a response without Content-Length."""

    __slots__ = ("complete", "error")

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self.complete = False

    def feed(self, data: bytes) -> list[bytes]:
        return [data] if data else []

    def finish(self) -> list[bytes]:
        self.complete = True
        return []


def body_decoder(method: str, status: int, headers: Mapping[str, str]) -> BodyDecoder:
    """Return the decoder of the body that follows a head.

    :param headers: the headers of the response, with names in lower case.
    """
    if method == "HEAD" or status in (204, 304):
        return LengthDecoder(0)
    if status == 101:
        return UntilCloseDecoder()
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return ChunkedDecoder()
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit():
        return LengthDecoder(int(length))
    return UntilCloseDecoder()
