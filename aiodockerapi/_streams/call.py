"""A call that can be awaited for its result, or entered for its stream."""

import warnings
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, TypeVar

from .._concurrency import anyio_shield

__all__ = ["Closable", "StreamCall"]


class Closable(Protocol):
    """A stream that is closed at the end of its block."""

    async def aclose(self) -> None:
        """Close the connection."""
        ...


StreamT = TypeVar("StreamT", bound=Closable)
ResultT_co = TypeVar("ResultT_co", covariant=True)


class StreamCall(Coroutine[Any, Any, ResultT_co], Generic[StreamT, ResultT_co]):
    """A call that streams: ``await`` it for its result, or enter it with ``async with`` for its stream.

    Nothing is sent before that. Leaving the ``async with`` block closes the connection, whatever happened inside. A call is a
    coroutine: it can be passed to ``asyncio.create_task``, ``TaskGroup.create_task`` or ``asyncio.run``. It can be used once;
    one that is never used emits a RuntimeWarning when it is garbage-collected, as every coroutine does.
    """

    def __init__(
        self,
        name: str,
        enter: Callable[[], Awaitable[StreamT]],
        finish: Callable[[StreamT], Coroutine[Any, Any, ResultT_co]] | None = None,
        *,
        run: Callable[[], Coroutine[Any, Any, ResultT_co]] | None = None,
    ) -> None:
        """Create a call; `finish` reads an entered stream to its end and returns the result.

        :param run: awaited in place of `enter` and `finish`, if the awaited call sends another request.
        """
        self.__name__ = self.__qualname__ = name
        self._enter = enter
        self._finish = finish
        self._run = run
        self._used = False
        self._started = False  # by an event loop, through `send` or `throw`
        self._coroutine: Coroutine[Any, Any, ResultT_co] | None = None
        self._stream: StreamT | None = None

    # -- as a coroutine

    def __await__(self) -> Generator[Any, Any, ResultT_co]:
        self._use()
        return self._inner().__await__()

    def send(self, value: Any) -> Any:
        """Resume the call; the protocol of coroutines, for event loops."""
        if value is not None and not self._started:
            raise TypeError(f"{self.__name__}() has not been entered: {self._usage}")
        self._start()
        return self._inner().send(value)

    def throw(self, *arguments: Any) -> Any:
        """Raise an exception in the call; the protocol of coroutines, for event loops."""
        self._start()
        return self._inner().throw(*arguments)

    def close(self) -> None:
        """Discard the call, or end it if it has been awaited; the protocol of coroutines."""
        self._used = True
        if self._coroutine is not None:
            self._coroutine.close()

    def _use(self) -> None:
        if self._used:
            raise RuntimeError(f"this call of {self.__name__}() has already been used: call it again")
        self._used = True

    def _start(self) -> None:
        if not self._started:
            self._use()
            self._started = True

    @property
    def _usage(self) -> str:
        return f"async with {self.__name__}(...) as stream: ..."

    def _inner(self) -> Coroutine[Any, Any, ResultT_co]:
        if self._coroutine is None:
            self._coroutine = self._complete() if self._run is None else self._run()
        return self._coroutine

    async def _complete(self) -> ResultT_co:
        assert self._finish is not None  # noqa: S101 - either `finish` or `run` is given
        stream = await self._enter()
        try:
            return await self._finish(stream)
        finally:
            await stream.aclose()

    # -- as a context manager

    async def __aenter__(self) -> StreamT:
        self._use()
        self._stream = await self._enter()
        return self._stream

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            stream, self._stream = self._stream, None
            with anyio_shield():
                await stream.aclose()

    if not TYPE_CHECKING:  # type checkers report these mistakes themselves

        def __aiter__(self) -> NoReturn:
            self._used = True
            raise TypeError(f"{self.__name__}() has not been entered: {self._usage}")

        def __getattr__(self, name: str) -> Any:
            if name.startswith("cr_"):  # what `inspect` reads of coroutines
                return getattr(self._inner(), name)
            if "__name__" not in self.__dict__:
                raise AttributeError(name)
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}. To use the stream, enter the call: {self._usage}"
            )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__name__}>"

    def __del__(self) -> None:
        if self.__dict__.get("_used", True):
            return
        if self._coroutine is not None:
            self._coroutine.close()
        warnings.warn(
            f"{self.__name__}() was never awaited nor entered with 'async with'",
            RuntimeWarning,
            stacklevel=2,
            source=self,
        )
