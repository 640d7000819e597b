"""Iterating over what a decoder makes of an answer, a block at a time."""

from collections.abc import Awaitable, Callable, Iterator
from itertools import repeat
from typing import Any, Generic, TypeVar

from .._wire.decoder import Decoder
from .._wire.frames import Piece
from .._wire.lines import Line, LineDecoder
from .._wire.request_info import RequestInfo
from ..errors import DockerError

__all__ = ["Batches", "ItemStream", "LineStream"]

ItemT = TypeVar("ItemT")


class Batches(Generic[ItemT]):
    """Items, handed out one by one from the batches they arrive in."""

    def __init__(self) -> None:
        self._ready: Iterator[ItemT] = iter(())
        self._failure: DockerError | None = None
        self._ended = False

    def __aiter__(self) -> "Batches[ItemT]":
        return self

    async def __anext__(self) -> ItemT:
        for item in self._ready:
            return item
        values = await self._arrived()
        if not values:
            raise StopAsyncIteration
        self._ready = ready = self._items(values)
        return next(ready)

    async def batch(self) -> list[ItemT]:
        """All items that have arrived, at least one; an empty list is the end.

        :raises StreamError: the stream is wrong; what came before the fault has been handed out.
        """
        return list(self._ready) or list(self._items(await self._arrived()))

    async def _arrived(self) -> list[Any]:
        """What has arrived, before items are made of it."""
        values: list[Any] = list(self._ready)
        while not values and not self._ended:
            if self._failure is not None:
                self._end()
                raise self._failure
            values = await self._more()
        return values

    def _items(self, values: list[Any]) -> Iterator[ItemT]:
        """Items made of what has arrived, each when its turn comes: thousands at once would keep the garbage collector busy."""
        return iter(values)

    async def _more(self) -> list[Any]:
        """What comes next, maybe nothing; sets `_failure` for what is to be raised after it, or calls `_end`."""
        raise AssertionError("each kind of stream has its own")

    def _end(self) -> None:
        self._ended = True


class ItemStream(Batches[ItemT]):
    """What a decoder makes of the bytes of an answer; iterate over it.

    What had arrived before a fault is handed out before the fault is raised.
    """

    def __init__(self, receive: Callable[[], Awaitable[bytes]], decoder: Decoder[Any], request: RequestInfo) -> None:
        super().__init__()
        self._receive = receive
        self._decoder = decoder
        self._request = request

    async def _more(self) -> list[Any]:
        decoder = self._decoder
        try:
            data = await self._receive()
        except DockerError as error:
            values = decoder.finish()
            self._failure = error
            return values
        if data:
            values = decoder.feed(data)
        else:
            values = decoder.finish()
            if decoder.error is None:
                self._end()
        if decoder.error is not None:
            self._failure = self._request.annotate(decoder.error)
        return values

    def __aiter__(self) -> "ItemStream[ItemT]":
        return self


class LineStream(Batches[Line]):
    """Lines of text, in the order in which they were completed; iterate over it."""

    def __init__(self, pieces: Callable[[], Awaitable[list[Piece]]], encoding: str, errors: str) -> None:
        super().__init__()
        self._pieces = pieces
        self._decoder = LineDecoder(encoding, errors)

    def _items(self, values: list[Any]) -> Iterator[Line]:
        return map(tuple.__new__, repeat(Line), values)  # half the time of Line(...)

    async def _more(self) -> list[Any]:
        try:
            pieces = await self._pieces()
        except DockerError as error:
            self._failure = error
            return self._decoder.finish()
        if pieces:
            return self._decoder.feed(pieces)
        self._end()
        return self._decoder.finish()

    def __aiter__(self) -> "LineStream":
        return self
