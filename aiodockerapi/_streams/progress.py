"""Operations that report their progress and have a result: pull, push, build, load and import."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from .._engine import Engine, LazyType, Request
from .._transport import Download
from ..errors import OperationFailed, TruncatedStream
from .call import StreamCall
from .json_values import ValueStream

__all__ = ["ProgressReducer", "ProgressStream", "progress_call"]

MessageT = TypeVar("MessageT")
ResultT = TypeVar("ResultT")


class ProgressReducer(Generic[MessageT, ResultT]):
    """Reduces the messages of an operation to its result."""

    @property
    def log(self) -> str:
        """The output of the operation, for its error; empty for most operations."""
        return ""

    def add(self, message: MessageT) -> None:
        """Process the next message."""
        raise AssertionError("implemented by subclasses")

    def result(self) -> ResultT:
        """Return the result of the operation, after the last message."""
        raise AssertionError("implemented by subclasses")


class ProgressStream(ValueStream[MessageT], Generic[MessageT, ResultT]):
    """The progress messages of an operation, and its result.

    Iterating yields messages, and ends with the operation; `result` then returns its result.

    :raises OperationFailed: if the daemon reports an error inside the stream.
    :raises TruncatedStream: if the connection ended before the operation did.
    :raises MalformedStream: if the stream is not JSON.
    :raises DecodingError: if a message does not fit its model.
    """

    def __init__(self, answer: Download, cls: type[MessageT], reducer: ProgressReducer[MessageT, ResultT]) -> None:
        super().__init__(answer, cls)
        self._reducer = reducer
        self._closed = False

    async def _read_batch(self) -> list[MessageT]:
        messages = await super()._read_batch()
        for message in messages:
            self._reducer.add(message)
        if isinstance(self._pending_error, OperationFailed):
            self._pending_error.log = self._reducer.log
        return messages

    async def result(self) -> ResultT:
        """Wait for the end of the operation, and return its result. Messages not read by then are skipped.

        Can be called again.

        :raises OperationFailed: if the daemon reports an error inside the stream.
        :raises TruncatedStream: if the connection ended, or the stream was closed, before the operation ended.
        :raises MalformedStream: if the stream is not JSON.
        :raises DecodingError: if a message does not fit its model.
        """
        if self._closed and not self._ended and self._pending_error is None:
            closed = TruncatedStream("the stream was closed before the operation ended, so it has no result")
            raise self._request.annotate(closed)
        while await self.batch():
            pass
        if self._pending_error is not None:
            raise self._pending_error
        return self._reducer.result()

    def __aiter__(self) -> "ProgressStream[MessageT, ResultT]":
        return self

    async def aclose(self) -> None:
        """Close the connection; done at the end of the ``async with`` block. The daemon cancels an unfinished operation."""
        self._closed = True
        await super().aclose()


def progress_call(
    name: str,
    engine: Engine,
    call: Request | Callable[[], Awaitable[Request]],
    lazy: LazyType[MessageT],
    reducer: Callable[[], ProgressReducer[MessageT, ResultT]],
) -> StreamCall[ProgressStream[MessageT, ResultT], ResultT]:
    """Return a call whose response is a stream of messages; awaited, it returns the result of the operation.

    :param call: the request, or a function that creates it once the call is awaited or entered.
    :param lazy: the type of the messages.
    :param reducer: creates the reducer of the messages.
    """

    async def enter() -> ProgressStream[MessageT, ResultT]:
        cls = await lazy.loaded(stream=True)
        request = call if isinstance(call, Request) else await call()
        return ProgressStream(await engine.download(request), cls, reducer())

    async def finish(stream: ProgressStream[MessageT, ResultT]) -> ResultT:
        return await stream.result()

    return StreamCall(name, enter, finish)
