"""A call that can be awaited for its result, or entered for its stream."""

import warnings
from collections.abc import Awaitable, Callable, Generator
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["Closable", "StreamCall"]


class Closable(Protocol):
    """A stream that is closed at the end of its block."""

    async def aclose(self) -> None:
        """Close the connection."""
        ...


StreamT = TypeVar("StreamT", bound=Closable)
ResultT_co = TypeVar("ResultT_co", covariant=True)


class StreamCall(Generic[StreamT, ResultT_co]):
    """A call that streams: ``await`` it for its result, or enter it with ``async with`` for its stream.

    Nothing is sent before that. Leaving the ``async with`` block closes the connection, whatever happened inside. A call can be
    used once; one that is never used emits a RuntimeWarning when it is garbage-collected, as a coroutine does.
    """

    def __init__(
        self,
        name: str,
        enter: Callable[[], Awaitable[StreamT]],
        finish: Callable[[StreamT], Awaitable[ResultT_co]] | None = None,
        *,
        run: Callable[[], Awaitable[ResultT_co]] | None = None,
    ) -> None:
        """Create a call; `finish` reads an entered stream to its end and returns the result.

        :param run: awaited in place of `enter` and `finish`, if the awaited call sends another request.
        """
        self._name = name
        self._enter = enter
        self._finish = finish
        self._run = run
        self._used = False
        self._stream: StreamT | None = None

    def _use(self) -> None:
        if self._used:
            raise RuntimeError(f"this call of {self._name}() has already been used: call it again")
        self._used = True

    def __await__(self) -> Generator[Any, Any, ResultT_co]:
        self._use()
        return (self._complete() if self._run is None else self._run()).__await__()

    async def _complete(self) -> ResultT_co:
        assert self._finish is not None  # noqa: S101 - either `finish` or `run` is given
        stream = await self._enter()
        try:
            return await self._finish(stream)
        finally:
            await stream.aclose()

    async def __aenter__(self) -> StreamT:
        self._use()
        self._stream = await self._enter()
        return self._stream

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        import anyio

        if self._stream is not None:
            stream, self._stream = self._stream, None
            with anyio.CancelScope(shield=True):
                await stream.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name}>"

    def __del__(self) -> None:
        if not getattr(self, "_used", True):
            warnings.warn(
                f"{self._name}() was never awaited nor entered with 'async with'",
                RuntimeWarning,
                stacklevel=2,
                source=self,
            )
