"""A connection of its own through a named pipe: that is no socket, and only the event loop of Windows can use it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from ..errors import TransportError

__all__ = ["PipeConnection", "open_pipe", "opener"]

_ENOUGH: Final = 1 << 18  # bytes received ahead of a slow reader, before the pipe is left alone


class PipeConnection(asyncio.Protocol):
    """`receive`, `send` and `abort` over a transport of asyncio's, which cannot half-close a pipe."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._blocks: list[bytes] = []
        self._size = 0
        self._ended = False
        self._closed = False
        self._error: Exception | None = None
        self._arrival = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio: the pipe is open."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Asyncio: bytes have arrived."""
        self._blocks.append(data)
        self._size += len(data)
        if self._size >= _ENOUGH:
            self._transport.pause_reading()
        self._arrival.set()

    def pause_writing(self) -> None:
        """Asyncio: the other side is slow."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Asyncio: the other side has caught up."""
        self._room.set()

    def eof_received(self) -> bool:
        """Asyncio: the other side has ended, but may still read."""
        self._end(None)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio: the pipe is closed."""
        self._end(exc)

    def _end(self, error: Exception | None) -> None:
        self._ended, self._error = True, self._error or error
        self._arrival.set()
        self._room.set()

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        return self._closed

    async def receive(self) -> bytes:
        """All bytes that have arrived; waits for the first. ``b""`` is the end.

        :raises TransportError: the connection broke.
        """
        while not self._blocks:
            if self._closed:
                raise TransportError("the connection has been closed on this side")
            if self._ended:
                if self._error is not None:
                    raise TransportError(f"the connection broke: {self._error}") from self._error
                return b""
            self._arrival.clear()
            await self._arrival.wait()
        data, self._size = b"".join(self._blocks), 0
        self._blocks.clear()
        if not self._ended:
            self._transport.resume_reading()
        return data

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: the other side has closed the connection.
        """
        if self._closed:
            raise TransportError("the connection has been closed on this side")
        if not self._ended:
            self._transport.write(bytes(data))
            await self._room.wait()
        if self._ended:
            raise TransportError("the daemon has closed the stream: nobody reads what is sent") from self._error

    async def send_eof(self) -> None:
        """Half-close, where the transport can: asyncio has no such thing for named pipes.

        :raises TransportError: it cannot. Closing the pipe instead would cut off what is still to come.
        """
        if not self._transport.can_write_eof():
            raise TransportError(
                "the end of the input cannot be sent through a named pipe; reach the daemon over TCP for that"
            )
        self._transport.write_eof()

    def abort(self) -> None:
        """Close at once, whatever is under way; whoever waits gets an error."""
        self._closed = True
        self._blocks.clear()
        self._transport.abort()
        self._arrival.set()
        self._room.set()


def opener() -> Callable[..., Awaitable[Any]]:
    """What the event loop opens named pipes with.

    :raises OSError: it has none. Of those on Windows, only asyncio's proactor loop does.
    """
    loop = asyncio.get_running_loop()
    create: Callable[..., Awaitable[Any]] | None = getattr(loop, "create_pipe_connection", None)
    if create is None:
        raise OSError(f"{type(loop).__name__} has no named pipes; asyncio.ProactorEventLoop has, on Windows")
    return create


async def open_pipe(path: str) -> PipeConnection:
    """Connect to a named pipe.

    :raises OSError: nobody is there, or the event loop has no pipes.
    """
    _, connection = await opener()(PipeConnection, path)
    return connection  # type: ignore[no-any-return]
