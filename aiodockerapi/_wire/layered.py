"""A decoder behind the one of the body that it reads from, as one decoder for the bytes of the connection."""

from io import BytesIO
from typing import Final, Generic, TypeVar, cast

from ..errors import DockerError
from .bodies import BodyDecoder, ChunkedDecoder
from .decoder import Decoder
from .frames import HEADER_SIZE, FrameDecoder, Piece, StreamName, plain_header

__all__ = ["ChunkedFrames", "Layered", "layered"]

ItemT = TypeVar("ItemT")


class Layered(Generic[ItemT]):
    """A body, and what is in it; see `Decoder` for the contract.

    What the body holds is taken as far as it goes before an error of the body shows.
    """

    __slots__ = ("_body", "_inner", "error")

    def __init__(self, body: BodyDecoder, inner: Decoder[ItemT]) -> None:
        self._body = body
        self._inner = inner
        self.error: DockerError | None = None

    def feed(self, data: bytes) -> list[ItemT]:
        if self.error is not None:
            return []
        pieces = self._body.feed(data)
        content = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return self._checked(self._inner.feed(content) if content else [])

    def finish(self) -> list[ItemT]:
        if self.error is not None:
            return []
        self._body.finish()
        return self._checked([])

    def _checked(self, items: list[ItemT]) -> list[ItemT]:
        body, inner = self._body, self._inner
        self.error = inner.error
        if self.error is None and (body.complete or body.error is not None):
            items += inner.finish()
            self.error = body.error or inner.error
        return items


# Keys are what stands between two payloads: the end of one chunk, the size of the next, and the header of its frame.
# Values are the stream, the payload's length, and that of both together.
_gaps: dict[bytes, tuple[StreamName, int, int]] = {}
_GAPS_KEPT: Final = 4096
_LONGEST_SIZE: Final = 16


class ChunkedFrames(Layered[Piece]):
    """A multiplexed stream in a chunked body, both read in one pass.

    dockerd flushes each frame, so a chunk nearly always holds one frame and no more. What stands between two payloads is then
    one of few strings, and one look at it does. All else goes the long way through the two decoders, which hold whatever is
    incomplete: the short way begins where both are between two things, and ends before the first that it does not know.
    """

    __slots__ = ("_chunks", "_frames")

    def __init__(self, body: ChunkedDecoder, frames: FrameDecoder) -> None:
        super().__init__(body, frames)
        self._chunks = body
        self._frames = frames

    def feed(self, data: bytes) -> list[Piece]:
        pieces: list[Piece] = []
        if self.error is not None:
            return pieces
        chunks, frames = self._chunks, self._frames
        position, end = 0, len(data)
        while position < end and not chunks.complete and chunks.error is None:
            if chunks.behind_chunk and frames.between:
                position = _whole_frames(data, position, pieces)
            start, position = chunks.step(data, position)
            if start < position:
                frames.feed_part(data, start, position, pieces)
                if frames.error is not None:
                    break
        return self._checked(pieces)


def _whole_frames(data: bytes, position: int, pieces: list[Piece]) -> int:
    """Take the chunks of one frame each that `data` holds to their ends; return where the first other thing begins."""
    get, append, end = _gaps.get, pieces.append, len(data)
    file = BytesIO(data)
    file.seek(position)
    read = file.read  # see frames._whole_frames
    left, whole = end - position, 0
    length, other = 14, 15  # of a gap; most are as long as the last one, or as the last one that was not
    while left > 0:
        known = get(read(length))
        if known is None:
            position = end - left
            length, other = other, length
            known = get(data[position : position + length])
            if known is None:
                start = _learn(data, position)
                if not start:
                    return position
                length = start - position
                known = _gaps[data[position:start]]
            file.seek(position + length)
        name, size, whole = known
        left -= whole
        append((name, read(size)))
    if left < 0:  # the last one is not here to its end
        pieces.pop()
        left += whole
    return end - left


def _learn(data: bytes, position: int) -> int:
    """Read a gap, and remember it; return where it ends, or 0 where it is none."""
    if not data.startswith(b"\r\n", position):
        return 0
    feed = data.find(b"\r\n", position + 2, position + 4 + _LONGEST_SIZE)
    start = feed + 2 + HEADER_SIZE
    known = plain_header(data[feed + 2 : start]) if feed >= 0 else None
    if known is None or b"%x" % (HEADER_SIZE + known[1]) != data[position + 2 : feed]:
        return 0
    if len(_gaps) >= _GAPS_KEPT:
        _gaps.clear()
    name, size = known
    _gaps[data[position:start]] = name, size, start - position + size
    return start


def layered(body: BodyDecoder, inner: Decoder[ItemT]) -> Decoder[ItemT]:
    """`inner` for the bytes of a connection, of which `body` makes what it reads."""
    if isinstance(body, ChunkedDecoder) and isinstance(inner, FrameDecoder):
        return cast("Decoder[ItemT]", ChunkedFrames(body, inner))
    return Layered(body, inner)
