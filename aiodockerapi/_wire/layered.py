"""Decoders that combine the decoder of a body with the decoder of its content."""

from io import BytesIO
from typing import Final, Generic, TypeVar, cast

from ..errors import DockerError
from .decoder_protocol import Decoder
from .frames import HEADER_SIZE, FrameDecoder, FrameTuple, StreamName, parse_output_header
from .http_bodies import BodyDecoder, ChunkedDecoder

__all__ = ["ChunkedFrameDecoder", "LayeredDecoder", "layer_decoders"]

ItemT = TypeVar("ItemT")


class LayeredDecoder(Generic[ItemT]):
    """Decodes a body, and the content of the body.

    Items decoded before an error in the body are returned first. An error in the content takes precedence.
    """

    __slots__ = ("_body", "_inner", "error")

    def __init__(self, body: BodyDecoder, inner: Decoder[ItemT]) -> None:
        self._body = body
        self._inner = inner
        self.error: DockerError | None = None

    def feed(self, data: bytes) -> list[ItemT]:
        if self.error is not None:
            return []
        blocks = self._body.feed(data)
        content = blocks[0] if len(blocks) == 1 else b"".join(blocks)
        return self._checked(self._inner.feed(content) if content else [])

    def finish(self) -> list[ItemT]:
        if self.error is not None:
            return []
        self._body.finish()
        return self._checked([])

    def _checked(self, items: list[ItemT]) -> list[ItemT]:
        """Update `error`, and return the items, with the last ones if the body has ended."""
        body, inner = self._body, self._inner
        self.error = inner.error
        if self.error is None and (body.complete or body.error is not None):
            items += inner.finish()
            self.error = body.error or inner.error
        return items


# The bytes between two payloads: the end of a chunk, the size of the next one, and the header of its frame. The values are the
# stream, the size of the payload, and the size of delimiter and payload.
_delimiter_cache: dict[bytes, tuple[StreamName, int, int]] = {}
_MAX_CACHED_DELIMITERS: Final = 4096
_MAX_SIZE_DIGITS: Final = 16


class ChunkedFrameDecoder(LayeredDecoder[FrameTuple]):
    """Decodes a multiplexed stream in a chunked body in one pass.

    dockerd flushes each frame, so nearly every chunk contains exactly one frame. The bytes between two payloads are then one of
    a few delimiters, which a dictionary lookup recognizes. Everything else takes the slow path through the two decoders, which
    also keep incomplete data: the fast path starts where both are at a boundary, and ends before the first unknown delimiter.
    """

    __slots__ = ("_chunks", "_frames")

    def __init__(self, body: ChunkedDecoder, frames: FrameDecoder) -> None:
        super().__init__(body, frames)
        self._chunks = body
        self._frames = frames

    def feed(self, data: bytes) -> list[FrameTuple]:
        items: list[FrameTuple] = []
        if self.error is not None:
            return items
        chunks, frames = self._chunks, self._frames
        position, end = 0, len(data)
        while position < end and not chunks.complete and chunks.error is None:
            if chunks.at_chunk_end and frames.at_frame_end:
                position = _take_complete_chunks(data, position, items)
            start, position = chunks.step(data, position)
            if start < position:
                frames.feed_part(data, start, position, items)
                if frames.error is not None:
                    break
        return self._checked(items)


def _take_complete_chunks(data: bytes, position: int, items: list[FrameTuple]) -> int:
    """Take complete chunks that contain one frame each; return the position after the last one."""
    get, append, end = _delimiter_cache.get, items.append, len(data)
    file = BytesIO(data)
    file.seek(position)
    read = file.read  # faster than slicing, as in the frames module
    left, whole = end - position, 0
    length, other = 14, 15  # the two latest lengths of delimiters: most delimiters have one of them
    while left > 0:
        known = get(read(length))
        if known is None:
            position = end - left
            length, other = other, length
            known = get(data[position : position + length])
            if known is None:
                start = _cache_delimiter(data, position)
                if not start:
                    return position
                length = start - position
                known = _delimiter_cache[data[position:start]]
            file.seek(position + length)
        name, size, whole = known
        left -= whole
        append((name, read(size)))
    if left < 0:  # the last chunk is incomplete
        items.pop()
        left += whole
    return end - left


def _cache_delimiter(data: bytes, position: int) -> int:
    """Parse a delimiter and cache it; return the position after it, or 0 if it is not one."""
    if not data.startswith(b"\r\n", position):
        return 0
    line_end = data.find(b"\r\n", position + 2, position + 4 + _MAX_SIZE_DIGITS)
    start = line_end + 2 + HEADER_SIZE
    known = parse_output_header(data[line_end + 2 : start]) if line_end >= 0 else None
    if known is None or b"%x" % (HEADER_SIZE + known[1]) != data[position + 2 : line_end]:
        return 0
    if len(_delimiter_cache) >= _MAX_CACHED_DELIMITERS:
        _delimiter_cache.clear()
    name, size = known
    _delimiter_cache[data[position:start]] = name, size, start - position + size
    return start


def layer_decoders(body: BodyDecoder, inner: Decoder[ItemT]) -> Decoder[ItemT]:
    """Return a decoder of the bytes of a connection, whose body is decoded by `body` and its content by `inner`."""
    if isinstance(body, ChunkedDecoder) and isinstance(inner, FrameDecoder):
        return cast("Decoder[ItemT]", ChunkedFrameDecoder(body, inner))
    return LayeredDecoder(body, inner)
