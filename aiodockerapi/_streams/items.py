"""Streams of items that a decoder returns in batches."""

from collections.abc import Awaitable, Callable, Iterator
from itertools import repeat
from typing import Any, Generic, TypeVar

from .._wire.decoder_protocol import Decoder
from .._wire.frames import FrameTuple
from .._wire.lines import Line, LineDecoder
from .._wire.request_info import RequestInfo
from ..errors import DockerError

__all__ = ["BatchedStream", "ItemStream", "LineStream"]

ItemT = TypeVar("ItemT")


class BatchedStream(Generic[ItemT]):
    """An asynchronous iterator over items that arrive in batches.

    A subclass implements `_read_batch`.
    """

    _read_elsewhere: str | None = None
    """Why items cannot be read here, if another iterator reads this stream."""

    def __init__(self) -> None:
        self._buffered: Iterator[ItemT] = iter(())
        self._pending_error: DockerError | None = None
        self._ended = False

    def __aiter__(self) -> "BatchedStream[ItemT]":
        return self

    async def __anext__(self) -> ItemT:
        for item in self._buffered:
            return item
        values = await self._next_batch()
        if not values:
            raise StopAsyncIteration
        self._buffered = buffered = self._make_items(values)
        return next(buffered)

    async def batch(self) -> list[ItemT]:
        """Return all items that have arrived, waiting for the first one; an empty list at the end of the stream.

        :raises StreamError: if the stream is invalid or truncated, after the items before the error have been returned.
        :raises DecodingError: if an item does not fit its model, after the items before it have been returned.
        :raises TransportError: if the stream has been closed by the client, or another task is reading from it.
        """
        return list(self._buffered) or list(self._make_items(await self._next_batch()))

    async def _next_batch(self, *, elsewhere: bool = False) -> list[Any]:
        """Return the next values that have arrived; an empty list at the end of the stream.

        :param elsewhere: whether the iterator that reads this stream instead is the caller.
        """
        if self._read_elsewhere is not None and not elsewhere:
            raise RuntimeError(self._read_elsewhere)
        values: list[Any] = list(self._buffered)
        while not values and not self._ended:
            if self._pending_error is not None:
                raise self._pending_error
            values = await self._read_batch()
        return values

    def _make_items(self, values: list[Any]) -> Iterator[ItemT]:
        """Return an iterator that makes items of values one by one: thousands at once would burden the garbage collector."""
        return iter(values)

    async def _read_batch(self) -> list[Any]:
        """Read the next values, possibly none; set `_pending_error` to raise an error after them, or call `_end`."""
        raise AssertionError("implemented by subclasses")

    def _end(self) -> None:
        self._ended = True


class ItemStream(BatchedStream[ItemT]):
    """An asynchronous iterator over the items decoded from a response.

    Items that arrived before an error are returned before the error is raised.
    """

    def __init__(self, receive: Callable[[], Awaitable[bytes]], decoder: Decoder[Any], request: RequestInfo) -> None:
        super().__init__()
        self._receive = receive
        self._decoder = decoder
        self._request = request

    async def _read_batch(self) -> list[Any]:
        decoder = self._decoder
        try:
            data = await self._receive()
        except DockerError as error:
            values = decoder.finish()
            self._pending_error = error
            return values
        if data:
            values = decoder.feed(data)
        else:
            values = decoder.finish()
            if decoder.error is None:
                self._end()
        if decoder.error is not None:
            self._pending_error = self._request.annotate(decoder.error)
        return values

    def __aiter__(self) -> "ItemStream[ItemT]":
        return self


class LineStream(BatchedStream[Line]):
    """An asynchronous iterator over the lines of a stream of output; returned by ``lines()``.

    Iterating yields `Line` objects, in the order in which the lines were completed, and ends with the stream. A last line
    without a line feed is included. Lines longer than 1 MiB are split.

    :raises OperationFailed: if the daemon reports an error inside the stream.
    :raises TruncatedStream: if the connection ended before the stream did.
    :raises MalformedStream: if the stream is not in the expected format.
    :raises UnicodeDecodeError: if bytes cannot be decoded and ``errors`` is ``"strict"``.
    """

    def __init__(self, next_frames: Callable[[], Awaitable[list[FrameTuple]]], encoding: str, errors: str) -> None:
        super().__init__()
        self._next_frames = next_frames
        self._decoder = LineDecoder(encoding, errors)

    def _make_items(self, values: list[Any]) -> Iterator[Line]:
        return map(tuple.__new__, repeat(Line), values)  # takes half the time of Line(...)

    async def _read_batch(self) -> list[Any]:
        try:
            frames = await self._next_frames()
        except DockerError as error:
            self._pending_error = error
            return self._decoder.finish()
        if frames:
            return self._decoder.feed(frames)
        self._end()
        return self._decoder.finish()

    def __aiter__(self) -> "LineStream":
        return self
