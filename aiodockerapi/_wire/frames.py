"""Frames of logs, attach and exec: the multiplexed stream, and the raw one of a terminal.

A frame of a multiplexed stream is a header of eight bytes (the stream's number, three zeros, the payload's length in
network order) and its payload. Frames are not lines: the daemon cuts where its buffers end.
"""

from io import BytesIO
from struct import Struct
from typing import Final, Literal, NamedTuple, TypeAlias

from ..errors import MalformedStream, OperationFailed, StreamError, TruncatedStream

__all__ = ["HEADER_SIZE", "Frame", "FrameDecoder", "Piece", "RawDecoder", "StreamName", "plain_header"]

StreamName: TypeAlias = Literal["stdout", "stderr"]

Piece: TypeAlias = tuple[StreamName, bytes]
"""What a `Frame` holds. Decoders make these, since a `Frame` that only becomes text would cost as much as its decoding."""


class Frame(NamedTuple):
    """A piece of a container's output, as the daemon cut it."""

    stream: StreamName
    """Where the process wrote it; a terminal has only ``stdout``."""
    data: bytes
    """What it wrote."""


HEADER_SIZE: Final = 8
_HEADER: Final = Struct(">II")
_SYSTEM_ERROR: Final = 3 << 24
# The first word of a header is the stream's number and three zeros. 0 is stdin, echoed: the daemon's own clients print it.
_NAMES: Final[dict[int, StreamName]] = {0: "stdout", 1 << 24: "stdout", 2 << 24: "stderr"}
# The daemon writes at most 64 KiB at once. A larger payload, which only another server would send, is handed over in
# pieces of this size, so that a length of 4 GiB cannot fill the memory.
_PIECE: Final = 1 << 20

# Headers repeat, and looking one up is cheaper than reading it: stream, length of the payload, length of all of the frame.
# The bound is for streams whose frames have every length.
_headers: dict[bytes, tuple[StreamName, int, int]] = {}
_HEADERS_KEPT: Final = 4096


def plain_header(header: bytes) -> tuple[StreamName, int] | None:
    """Stream and length of an ordinary frame of output; None for an incomplete header, and for all that is unusual."""
    if len(header) < HEADER_SIZE:
        return None
    word, size = _HEADER.unpack(header)
    if word not in _NAMES or not 0 < size <= _PIECE:
        return None
    return _NAMES[word], size


def _learn(header: bytes) -> tuple[StreamName, int, int] | None:
    known = plain_header(header)
    if known is None:
        return None
    if len(_headers) >= _HEADERS_KEPT:
        _headers.clear()
    name, size = known
    _headers[header] = name, size, HEADER_SIZE + size
    return _headers[header]


def _whole_frames(data: bytes, position: int, end: int, pieces: list[Piece]) -> int:
    """Take the frames between `position` and `end` that are whole; return where the first other thing begins.

    Reading from a file in memory, which shares the bytes, takes little more than half the time of slicing them.
    """
    get, append = _headers.get, pieces.append
    file = BytesIO(data)
    file.seek(position)
    read = file.read
    left, whole = end - position, 0
    while left > 0:
        known = get(read(8))
        if known is None:
            known = _learn(data[end - left : end - left + HEADER_SIZE])
            if known is None:
                return end - left
        name, size, whole = known
        left -= whole
        append((name, read(size)))
    if left < 0:  # the last one goes on behind the end
        pieces.pop()
        left += whole
    return end - left


class FrameDecoder:
    """Decodes a multiplexed stream; see `Decoder` for the contract."""

    __slots__ = ("_header", "_left", "_payload", "_size", "_word", "error")

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self._header = b""  # the beginning of one whose rest has not come yet
        self._word = self._size = 0  # of the frame whose payload is being put together
        self._left = 0  # how much of that payload has not been handed over yet
        self._payload: bytearray | None = None  # what there is of it, or of its next piece

    @property
    def between(self) -> bool:
        """Whether the bytes so far end with a whole frame."""
        return self._payload is None and not self._header

    def feed(self, data: bytes) -> list[Piece]:
        pieces: list[Piece] = []
        self.feed_part(data, 0, len(data), pieces)
        return pieces

    def feed_part(self, data: bytes, position: int, end: int, pieces: list[Piece]) -> None:
        """Take a part of `data`, which need not be copied for that, and append what it completes."""
        if self._header:
            missing = HEADER_SIZE - len(self._header)
            self._begin(self._header + data[position : min(position + missing, end)])
            position += missing
        while position < end and self.error is None:
            if self._payload is not None:
                position = self._take(data, position, end, self._payload, pieces)
                continue
            position = _whole_frames(data, position, end, pieces)
            if position < end:
                self._begin(data[position : min(position + HEADER_SIZE, end)])
                position += HEADER_SIZE

    def _begin(self, header: bytes) -> None:
        """Take a header, or the beginning of one."""
        self._header = header
        if len(header) < HEADER_SIZE:
            return
        self._header = b""
        self._word, self._size = _HEADER.unpack(header)
        if self._word not in _NAMES and not (self._word == _SYSTEM_ERROR and self._size <= _PIECE):
            self.error = MalformedStream(
                f"this is no multiplexed stream: {header.hex(' ')} is not the header of a frame"
            )
        elif self._size:
            self._left, self._payload = self._size, bytearray()
        elif self._word == _SYSTEM_ERROR:
            self._hand_over(b"", [])

    def _take(self, data: bytes, position: int, end: int, payload: bytearray, pieces: list[Piece]) -> int:
        """Take the next bytes of the payload that is being put together; return where it ends."""
        missing = min(self._left, _PIECE) - len(payload)
        stop = position + missing
        if not payload and stop <= end:
            whole = data[position:stop]
        else:
            payload += memoryview(data)[position : min(stop, end)]
            if stop > end:
                return end
            whole = bytes(payload)
        self._left -= len(whole)
        self._payload = bytearray() if self._left else None
        self._hand_over(whole, pieces)
        return stop

    def _hand_over(self, payload: bytes, pieces: list[Piece]) -> None:
        if self._word == _SYSTEM_ERROR:
            text = payload.decode("utf-8", "replace").strip()
            self.error = OperationFailed(text or "the daemon reported an error without a word")
        else:
            pieces.append((_NAMES[self._word], payload))

    def finish(self) -> list[Piece]:
        if self.error is not None or self.between:
            return []
        payload = self._payload
        if payload is None:
            self.error = TruncatedStream("the stream ended inside the header of a frame")
            return []
        arrived = self._size - self._left + len(payload)
        self.error = TruncatedStream(
            f"the stream ended inside a frame: {self._size} bytes were announced, {arrived} arrived"
        )
        self._payload = None
        # Nobody gets it otherwise.
        return [(_NAMES[self._word], bytes(payload))] if payload and self._word in _NAMES else []


class RawDecoder:
    """Hands over the raw stream of a terminal, all of it ``stdout``; see `Decoder` for the contract."""

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: StreamError | None = None

    def feed(self, data: bytes) -> list[Piece]:
        return [("stdout", data)] if data else []

    def finish(self) -> list[Piece]:
        return []
