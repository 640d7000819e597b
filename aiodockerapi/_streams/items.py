"""Iterating over what a decoder makes of an answer, a block at a time."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from .._wire.decoder import Decoder
from .._wire.frames import Frame
from .._wire.lines import Line, LineDecoder
from ..errors import DockerError

__all__ = ["ItemStream", "LineStream", "Source"]

ItemT = TypeVar("ItemT")


class Source(Protocol):
    """Where the bytes of a stream come from."""

    async def receive(self) -> bytes:
        """The next bytes, ``b""`` at the end."""
        ...


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
        batch = await self.batch()
        if not batch:
            raise StopAsyncIteration
        self._ready = ready = iter(batch)
        return next(ready)

    async def batch(self) -> list[ItemT]:
        """All items that have arrived, at least one; an empty list is the end.

        :raises StreamError: the stream is wrong; what came before the fault has been handed out.
        """
        ready = list(self._ready)
        while not ready and not self._ended:
            if self._failure is not None:
                self._end()
                raise self._failure
            ready = await self._more()
        return ready

    async def _more(self) -> list[ItemT]:
        """The next items, maybe none; sets `_failure` for what is to be raised after them, or calls `_end`."""
        raise AssertionError("each kind of stream has its own")

    def _end(self) -> None:
        self._ended = True


class ItemStream(Batches[ItemT]):
    """What a decoder makes of the bytes of an answer; iterate over it.

    What had arrived before a fault is handed out before the fault is raised.
    """

    def __init__(self, source: Source, decoder: Decoder[ItemT]) -> None:
        super().__init__()
        self._source = source
        self._decoder = decoder

    async def _more(self) -> list[ItemT]:
        decoder = self._decoder
        try:
            data = await self._source.receive()
        except DockerError as error:
            items = decoder.finish()
            self._failure = error
            return items
        if data:
            items = decoder.feed(data)
        else:
            items = decoder.finish()
            if decoder.error is None:
                self._end()
        self._failure = decoder.error
        return items

    def __aiter__(self) -> "ItemStream[ItemT]":
        return self


class LineStream(Batches[Line]):
    """Lines of text, in the order in which they were completed; iterate over it."""

    def __init__(self, frames: Batches[Frame], encoding: str, errors: str) -> None:
        super().__init__()
        self._frames = frames
        self._decoder = LineDecoder(encoding, errors)

    async def _more(self) -> list[Line]:
        try:
            frames = await self._frames.batch()
        except DockerError as error:
            self._failure = error
            return self._decoder.finish()
        if frames:
            return self._decoder.feed(frames)
        self._end()
        return self._decoder.finish()

    def __aiter__(self) -> "LineStream":
        return self
