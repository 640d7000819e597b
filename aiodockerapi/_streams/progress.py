"""Operations that tell how they go on, and have a result in the end: pull, push, build, load, import."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from .._engine import Engine
from .._shapes import FAST_JSON, Shape
from .._transport import Download, prepared
from .._wire.request import Request
from ..errors import OperationFailed, TruncatedStream
from .call import StreamCall
from .values import ValueStream

__all__ = ["Folder", "ProgressStream", "progress_call"]

MessageT = TypeVar("MessageT")
ResultT = TypeVar("ResultT")


class Folder(Generic[MessageT, ResultT]):
    """Makes one result of many messages."""

    @property
    def log(self) -> str:
        """What the operation has printed, for the error that ends it; most print nothing."""
        return ""

    def add(self, message: MessageT) -> None:
        """Take the next message."""
        raise AssertionError("each operation has its own")

    def result(self) -> ResultT:
        """What all of them say."""
        raise AssertionError("each operation has its own")


class ProgressStream(ValueStream[MessageT], Generic[MessageT, ResultT]):
    """Messages about an operation as they come: iterate over it; the `result` afterwards."""

    def __init__(self, answer: Download, cls: type[MessageT], folder: Folder[MessageT, ResultT]) -> None:
        super().__init__(answer, cls)
        self._folder = folder
        self._closed = False

    async def _more(self) -> list[MessageT]:
        messages = await super()._more()
        for message in messages:
            self._folder.add(message)
        if isinstance(self._failure, OperationFailed):
            self._failure.log = self._folder.log
        return messages

    async def result(self) -> ResultT:
        """Wait for the end of the operation, and return what came of it. May be called again.

        Messages that have not been iterated over by then are passed over.

        :raises OperationFailed: the daemon reported an error inside the stream.
        :raises TruncatedStream: the connection ended before the operation did, or the block was left before that.
        """
        if self._closed and not self._ended and self._failure is None:
            left = TruncatedStream("the stream was closed before the operation had ended: there is no result")
            raise self._call.named(left)
        while await self.batch():
            pass
        if self._failure is not None:
            raise self._failure
        return self._folder.result()

    def __aiter__(self) -> "ProgressStream[MessageT, ResultT]":
        return self

    async def aclose(self) -> None:
        """Close the connection; leaving the ``async with`` block does it. What is still under way is called off."""
        self._closed = True
        await super().aclose()


def progress_call(
    name: str,
    engine: Engine,
    call: Request | Callable[[], Awaitable[Request]],
    shape: Shape[MessageT],
    folder: Callable[[], Folder[MessageT, ResultT]],
) -> StreamCall[ProgressStream[MessageT, ResultT], ResultT]:
    """A call whose answer is a stream of messages: awaited it gives what the folder makes of them.

    :param call: the request, or what makes it once the call is awaited or entered.
    """

    async def enter() -> ProgressStream[MessageT, ResultT]:
        await prepared(shape, FAST_JSON)
        request = call if isinstance(call, Request) else await call()
        return ProgressStream(await engine.download(request), shape.cls, folder())

    async def run() -> ResultT:
        stream = await enter()
        try:
            return await stream.result()
        finally:
            await stream.aclose()

    return StreamCall(name, enter, run)
