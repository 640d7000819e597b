"""The body of an HTTP/1.1 answer out of the bytes of its connection: chunked, of a known length, or until the end.

These keep the contract of `Decoder`; their items are pieces of the body.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from ..errors import MalformedStream, StreamError, TruncatedStream

__all__ = ["BodyDecoder", "ChunkedDecoder", "LengthDecoder", "UntilEndDecoder", "body_decoder"]

_LONGEST_LINE: Final = 4096  # of a chunk's size with extensions, or of a trailer; dockerd sends neither
_SIZES_KEPT: Final = 4096
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")

# Sizes of chunks repeat, and looking one up is cheaper than reading it.
_sizes: dict[bytes, int] = {}


class BodyDecoder(Protocol):
    """A `Decoder` that knows when the body is complete."""

    error: StreamError | None
    complete: bool

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes and return the pieces of the body in them."""
        ...

    def finish(self) -> list[bytes]:
        """Take the end of the connection."""
        ...


class ChunkedDecoder:
    """A chunked body. Without its last, empty chunk it is truncated."""

    __slots__ = ("_after_chunk", "_left", "_line", "_trailers", "complete", "error")

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self.complete = False
        self._left = 0  # bytes of the current chunk still to come
        self._line = b""  # beginning of a line whose end has not come yet
        self._after_chunk = False  # the line feed behind a chunk is due
        self._trailers = False

    @property
    def behind_chunk(self) -> bool:
        """Whether the bytes so far end with a chunk, whose line feed comes next."""
        return self._after_chunk and not self._line

    def feed(self, data: bytes) -> list[bytes]:
        pieces: list[bytes] = []
        position, end = 0, len(data)
        while position < end and not self.complete and self.error is None:
            if not (self._left or self._after_chunk or self._trailers or self._line):
                position = self._whole_chunks(data, position, pieces)
                if position == end:
                    break
            start, position = self.step(data, position)
            if start < position:
                pieces.append(data[start:position])
        return pieces

    def step(self, data: bytes, position: int) -> tuple[int, int]:
        """Take one thing, a line or what there is of a chunk; return where content begins, if any, and where the thing ends."""
        if self._left:
            stop = min(position + self._left, len(data))
            self._left -= stop - position
            self._after_chunk = not self._left
            return position, stop
        feed = data.find(b"\n", position)
        line = self._line + data[position : feed if feed >= 0 else position + _LONGEST_LINE + 1]
        self._line = b""
        stop = feed + 1 if feed >= 0 else len(data)
        if len(line) > _LONGEST_LINE:
            self.error = MalformedStream("the size of a chunk was expected, and an endless line came")
        elif feed < 0:
            self._line = line
        else:
            self._take_line(line.removesuffix(b"\r"))
        return stop, stop

    def _whole_chunks(self, data: bytes, position: int, pieces: list[bytes]) -> int:
        """Take the chunks that are in `data` from beginning to end; return where the first other thing begins.

        dockerd makes a chunk of each value that it flushes, so this loop is as hot as what becomes of the pieces.
        """
        find, sizes, append, end = data.find, _sizes, pieces.append, len(data)
        while True:
            feed = find(b"\r\n", position, position + 18)
            size = sizes.get(data[position:feed]) if feed >= 0 else None
            if not size:
                return position
            start = feed + 2
            stop = start + size
            if stop + 2 > end or data[stop : stop + 2] != b"\r\n":
                return position
            append(data[start:stop])
            position = stop + 2

    def _take_line(self, line: bytes) -> None:
        if self._after_chunk:
            self._after_chunk = False
            if line:
                self.error = MalformedStream(f"a chunk is longer than its announced size: {line[:80]!r}")
        elif self._trailers:
            self.complete = not line
        else:
            size = line.partition(b";")[0].strip(b" \t")
            if not 0 < len(size) <= 16 or not _HEX.issuperset(size):
                self.error = MalformedStream(f"{line[:80]!r} is not the size of a chunk")
                return
            self._left = int(size, 16)
            if len(_sizes) >= _SIZES_KEPT:
                _sizes.clear()
            _sizes[size] = self._left
            self._trailers = not self._left

    def finish(self) -> list[bytes]:
        if not self.complete and self.error is None:
            self.error = TruncatedStream("the connection ended before the last chunk of the answer")
        return []


class LengthDecoder:
    """A body whose length the head tells."""

    __slots__ = ("_left", "_length", "complete", "error")

    def __init__(self, length: int) -> None:
        self.error: StreamError | None = None
        self.complete = length == 0
        self._length = self._left = length

    def feed(self, data: bytes) -> list[bytes]:
        piece = data[: self._left]
        self._left -= len(piece)
        self.complete = not self._left
        return [piece] if piece else []

    def finish(self) -> list[bytes]:
        if self._left and self.error is None:
            self.error = TruncatedStream(
                f"the connection ended before the answer did: {self._left} of {self._length} bytes are missing"
            )
        return []


class UntilEndDecoder:
    """A body that lasts until the daemon closes: an upgraded connection, or an answer without a length."""

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
    """The decoder for the body that follows this head; `headers` by their lower-case names."""
    if method == "HEAD" or status in (204, 304):
        return LengthDecoder(0)
    if status == 101:
        return UntilEndDecoder()
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return ChunkedDecoder()
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit():
        return LengthDecoder(int(length))
    return UntilEndDecoder()
