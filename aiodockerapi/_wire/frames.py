"""Frames of logs, attach and exec: the multiplexed stream, and the raw one of a terminal.

A frame of a multiplexed stream is a header of eight bytes (the stream's number, three zeros, the payload's length in
network order) and its payload. Frames are not lines: the daemon cuts where its buffers end.
"""

from struct import Struct
from typing import Final, Literal, NamedTuple, TypeAlias

from ..errors import MalformedStream, OperationFailed, StreamError, TruncatedStream

__all__ = ["Frame", "FrameDecoder", "RawDecoder", "StreamName"]

StreamName: TypeAlias = Literal["stdout", "stderr"]


class Frame(NamedTuple):
    """A piece of a container's output, as the daemon cut it."""

    stream: StreamName
    """Where the process wrote it; a terminal has only ``stdout``."""
    data: bytes
    """What it wrote."""


_HEADER: Final = Struct(">II")
_HEADER_SIZE: Final = 8
_SYSTEM_ERROR: Final = 3 << 24
# The first word of a header is the stream's number and three zeros. 0 is stdin, echoed: the daemon's own clients print it.
_NAMES: Final[dict[int, StreamName]] = {0: "stdout", 1 << 24: "stdout", 2 << 24: "stderr"}
# The daemon writes at most 64 KiB at once. A larger payload, which only another server would send, is handed over in
# pieces of this size, so that a length of 4 GiB cannot fill the memory.
_PIECE: Final = 1 << 20


class FrameDecoder:
    """Decodes a multiplexed stream; see `Decoder` for the contract."""

    def __init__(self) -> None:
        self.error: StreamError | None = None
        self._tail = bytearray()
        self._needed = _HEADER_SIZE
        self._continued: tuple[int, int] | None = None  # first word and bytes left of a payload above _PIECE

    def feed(self, data: bytes) -> list[Frame]:
        if self.error is not None:
            return []
        tail = self._tail
        if tail:
            tail += data
            if len(tail) < self._needed:
                return []
            data = bytes(tail)
            tail.clear()
        frames: list[Frame] = []
        position = self._frames(data, frames)
        if self.error is None and position < len(data):
            tail += data[position:] if position else data
        return frames

    def _frames(self, data: bytes, frames: list[Frame]) -> int:
        """Append the complete frames of `data`; return where the first incomplete one begins."""
        unpack, names, new, append = _HEADER.unpack_from, _NAMES, tuple.__new__, frames.append
        position, end = 0, len(data)
        while True:
            if self._continued is not None:
                position = self._pieces(data, position, frames, *self._continued)
                if self._continued is not None:
                    return position
            start = position + _HEADER_SIZE
            if start > end:
                self._needed = _HEADER_SIZE
                return position
            word, size = unpack(data, position)
            stop = start + size
            if word not in names or size > _PIECE:
                if not self._unusual(word, size):
                    return self._special(data, position, word, size)
                position = start
                continue
            if stop > end:
                self._needed = stop - position
                return position
            if size:
                append(new(Frame, (names[word], data[start:stop])))  # half the time of Frame(...)
            position = stop

    def _unusual(self, word: int, size: int) -> bool:
        """Begin a payload that comes in pieces; False where the header is not one of output."""
        if word not in _NAMES:
            return False
        self._continued = (word, size)
        return True

    def _pieces(self, data: bytes, position: int, frames: list[Frame], word: int, left: int) -> int:
        while left:
            size = min(left, _PIECE)
            if len(data) - position < size:
                self._continued, self._needed = (word, left), size
                return position
            frames.append(Frame(_NAMES[word], data[position : position + size]))
            position += size
            left -= size
        self._continued = None
        return position

    def _special(self, data: bytes, position: int, word: int, size: int) -> int:
        """An error of the daemon's, or no frame at all."""
        start = position + _HEADER_SIZE
        if word != _SYSTEM_ERROR or size > _PIECE:
            self.error = MalformedStream(
                f"this is no multiplexed stream: {data[position:start].hex(' ')} is not the header of a frame"
            )
            return len(data)
        if len(data) - start < size:
            self._needed = _HEADER_SIZE + size
            return position
        text = data[start : start + size].decode("utf-8", "replace").strip()
        self.error = OperationFailed(text or "the daemon reported an error without a word")
        return len(data)

    def finish(self) -> list[Frame]:
        if self.error is not None or not (self._tail or self._continued):
            return []
        partial = self._partial()
        got = len(self._tail)
        self.error = TruncatedStream(
            f"the stream ended inside a frame: {self._needed} bytes were announced, {got} arrived"
            if got >= _HEADER_SIZE or self._continued
            else "the stream ended inside the header of a frame"
        )
        self._tail.clear()
        return partial

    def _partial(self) -> list[Frame]:
        """What there is of the last frame: nobody gets it otherwise."""
        if self._continued is not None:
            payload, word = bytes(self._tail), self._continued[0]
        elif len(self._tail) > _HEADER_SIZE:
            payload, word = bytes(self._tail[_HEADER_SIZE:]), _HEADER.unpack_from(self._tail)[0]
        else:
            return []
        return [Frame(_NAMES[word], payload)] if payload and word in _NAMES else []


class RawDecoder:
    """Hands over the raw stream of a terminal, all of it ``stdout``; see `Decoder` for the contract."""

    def __init__(self) -> None:
        self.error: StreamError | None = None

    def feed(self, data: bytes) -> list[Frame]:
        return [Frame("stdout", data)] if data else []

    def finish(self) -> list[Frame]:
        return []
