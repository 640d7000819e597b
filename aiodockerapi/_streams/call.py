"""One call, two uses."""

import warnings
from collections.abc import Awaitable, Callable, Generator
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from .._transport import shielded

__all__ = ["Closable", "StreamCall"]


class Closable(Protocol):
    """What leaving the block closes."""

    async def aclose(self) -> None:
        """Close the connection."""
        ...


StreamT = TypeVar("StreamT", bound=Closable)
ResultT_co = TypeVar("ResultT_co", covariant=True)


class StreamCall(Generic[StreamT, ResultT_co]):
    """A call that streams: ``await`` it for its result, or ``async with`` it to watch it happen.

    Nothing is sent before that. Leaving the ``async with`` block closes the connection, whatever happened inside. Each call
    is used once; one that never is warns when it goes, as a coroutine does.
    """

    def __init__(
        self, name: str, enter: Callable[[], Awaitable[StreamT]], run: Callable[[], Awaitable[ResultT_co]]
    ) -> None:
        self._name = name
        self._enter = enter
        self._run = run
        self._used = False
        self._stream: StreamT | None = None

    def _use(self) -> None:
        if self._used:
            raise RuntimeError(f"this call of {self._name}() has been used already: call it again")
        self._used = True

    def __await__(self) -> Generator[Any, Any, ResultT_co]:
        self._use()
        return self._run().__await__()

    async def __aenter__(self) -> StreamT:
        self._use()
        self._stream = await self._enter()
        return self._stream

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            stream, self._stream = self._stream, None
            with shielded():
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
