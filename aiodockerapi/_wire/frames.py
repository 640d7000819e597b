"""Decoders of the output of containers: multiplexed streams, and raw streams of terminals.

A frame of a multiplexed stream consists of a header of eight bytes (stream number, three zeros, payload length in network byte
order) and the payload. Frames are not lines: their boundaries depend on the buffers of the daemon.
"""

from io import BytesIO
from struct import Struct
from typing import Final, Literal, NamedTuple, TypeAlias

from ..errors import MalformedStream, OperationFailed, StreamError, TruncatedStream

__all__ = ["HEADER_SIZE", "Frame", "FrameDecoder", "FrameTuple", "RawDecoder", "StreamName", "parse_output_header"]

StreamName: TypeAlias = Literal["stdout", "stderr"]

FrameTuple: TypeAlias = tuple[StreamName, bytes]
"""The fields of a `Frame`. Decoders return plain tuples because creating a `Frame` costs as much as decoding it."""


class Frame(NamedTuple):
    """A frame of a container's output, as sent by the daemon."""

    stream: StreamName
    """The stream that the process wrote to; always ``stdout`` with a terminal."""
    data: bytes
    """The bytes that the process wrote; they need not end with a line, or with a whole character."""


HEADER_SIZE: Final = 8
_HEADER: Final = Struct(">II")
_SYSTEM_ERROR: Final = 3 << 24
# By the first four bytes of a header. Stream 0 is echoed stdin, which Docker's own clients write to stdout.
_STREAM_NAMES: Final[dict[int, StreamName]] = {0: "stdout", 1 << 24: "stdout", 2 << 24: "stderr"}
# The daemon sends at most 64 KiB per frame. Larger payloads, which only another server would send, are returned in parts of
# this size, so that a frame of 4 GiB cannot exhaust memory.
_MAX_PAYLOAD: Final = 1 << 20

# Headers repeat, and a dictionary lookup is faster than parsing. The values are the stream, the size of the payload and that of
# the frame. The limit is for streams with frames of many different sizes.
_header_cache: dict[bytes, tuple[StreamName, int, int]] = {}
_MAX_CACHED_HEADERS: Final = 4096


def parse_output_header(header: bytes) -> tuple[StreamName, int] | None:
    """Return the stream and payload size of a frame of output; None if the header is incomplete, or needs special handling."""
    if len(header) < HEADER_SIZE:
        return None
    word, size = _HEADER.unpack(header)
    if word not in _STREAM_NAMES or not 0 < size <= _MAX_PAYLOAD:
        return None
    return _STREAM_NAMES[word], size


def _cache_header(header: bytes) -> tuple[StreamName, int, int] | None:
    known = parse_output_header(header)
    if known is None:
        return None
    if len(_header_cache) >= _MAX_CACHED_HEADERS:
        _header_cache.clear()
    name, size = known
    _header_cache[header] = name, size, HEADER_SIZE + size
    return _header_cache[header]


def _take_complete_frames(data: bytes, position: int, end: int, frames: list[FrameTuple]) -> int:
    """Take complete frames between `position` and `end`; return the position after the last one.

    Reading from a BytesIO, which shares the memory of `data`, takes little more than half the time of slicing.
    """
    get, append = _header_cache.get, frames.append
    file = BytesIO(data)
    file.seek(position)
    read = file.read
    left, whole = end - position, 0
    while left > 0:
        known = get(read(8))
        if known is None:
            known = _cache_header(data[end - left : end - left + HEADER_SIZE])
            if known is None:
                return end - left
        name, size, whole = known
        left -= whole
        append((name, read(size)))
    if left < 0:  # the last frame is incomplete
        frames.pop()
        left += whole
    return end - left


class FrameDecoder:
    """Decodes a multiplexed stream."""

    __slots__ = ("_header", "_payload", "_remaining", "_size", "_stream_word", "error")

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self._header = b""  # the beginning of an incomplete header
        self._stream_word = self._size = 0  # of the current frame
        self._remaining = 0  # bytes of the payload that have not been returned yet
        self._payload: bytearray | None = None  # received bytes of the payload, or of its next part

    @property
    def at_frame_end(self) -> bool:
        """Whether the bytes so far end with a complete frame."""
        return self._payload is None and not self._header

    def feed(self, data: bytes) -> list[FrameTuple]:
        frames: list[FrameTuple] = []
        self.feed_part(data, 0, len(data), frames)
        return frames

    def feed_part(self, data: bytes, position: int, end: int, frames: list[FrameTuple]) -> None:
        """Take ``data[position:end]`` without copying it; append the frames that are now complete."""
        if self._header:
            missing = HEADER_SIZE - len(self._header)
            self._take_header(self._header + data[position : min(position + missing, end)])
            position += missing
        while position < end and self.error is None:
            if self._payload is not None:
                position = self._take_payload(data, position, end, self._payload, frames)
                continue
            position = _take_complete_frames(data, position, end, frames)
            if position < end:
                self._take_header(data[position : min(position + HEADER_SIZE, end)])
                position += HEADER_SIZE

    def _take_header(self, header: bytes) -> None:
        """Take a header, which may be incomplete."""
        self._header = header
        if len(header) < HEADER_SIZE:
            return
        self._header = b""
        self._stream_word, self._size = _HEADER.unpack(header)
        if self._stream_word not in _STREAM_NAMES and not (
            self._stream_word == _SYSTEM_ERROR and self._size <= _MAX_PAYLOAD
        ):
            self.error = MalformedStream(f"not a multiplexed stream: {header.hex(' ')} is not a frame header")
        elif self._size:
            self._remaining, self._payload = self._size, bytearray()
        elif self._stream_word == _SYSTEM_ERROR:
            self._end_payload(b"", [])

    def _take_payload(self, data: bytes, position: int, end: int, payload: bytearray, frames: list[FrameTuple]) -> int:
        """Take the next bytes of the current payload; return the position after them."""
        missing = min(self._remaining, _MAX_PAYLOAD) - len(payload)
        stop = position + missing
        if not payload and stop <= end:
            whole = data[position:stop]
        else:
            payload += memoryview(data)[position : min(stop, end)]
            if stop > end:
                return end
            whole = bytes(payload)
        self._remaining -= len(whole)
        self._payload = bytearray() if self._remaining else None
        self._end_payload(whole, frames)
        return stop

    def _end_payload(self, payload: bytes, frames: list[FrameTuple]) -> None:
        if self._stream_word == _SYSTEM_ERROR:
            text = payload.decode("utf-8", "replace").strip()
            self.error = OperationFailed(text or "the daemon reported an error without a message")
        else:
            frames.append((_STREAM_NAMES[self._stream_word], payload))

    def finish(self) -> list[FrameTuple]:
        if self.error is not None or self.at_frame_end:
            return []
        payload = self._payload
        if payload is None:
            self.error = TruncatedStream("the stream ended inside a frame header")
            return []
        arrived = self._size - self._remaining + len(payload)
        self.error = TruncatedStream(f"the stream ended inside a frame: {arrived} of {self._size} bytes arrived")
        self._payload = None
        # The received part of the payload is returned, so that no output is lost.
        return (
            [(_STREAM_NAMES[self._stream_word], bytes(payload))]
            if payload and self._stream_word in _STREAM_NAMES
            else []
        )


class RawDecoder:
    """Decodes the raw stream of a terminal, which is all ``stdout``."""

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: StreamError | None = None

    def feed(self, data: bytes) -> list[FrameTuple]:
        return [("stdout", data)] if data else []

    def finish(self) -> list[FrameTuple]:
        return []
