"""A connection of its own over a Windows named pipe, which only asyncio's proactor event loop supports."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ..errors import TransportError
from .connection import ReceiveBuffer

__all__ = ["PipeConnection", "open_pipe", "pipe_connector"]


class PipeConnection(ReceiveBuffer, asyncio.Protocol):
    """`receive`, `send` and `abort` over an asyncio transport, which cannot half-close a pipe."""

    def __init__(self) -> None:
        super().__init__()
        self._transport: Any = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio when the pipe is open."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Called by asyncio when data has arrived."""
        if self._received(data):
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """Called by asyncio when its write buffer is full."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Called by asyncio when its write buffer has drained."""
        self._writable.set()

    def eof_received(self) -> bool:
        """Called by asyncio when the peer has half-closed."""
        self._end(None)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio when the pipe is closed."""
        self._end(exc)

    def _end(self, error: Exception | None) -> None:
        self._end_received(error)
        self._writable.set()

    def _resume(self) -> None:
        if not self._ended:
            self._transport.resume_reading()

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: if the peer has closed the connection.
        """
        if self._closed:
            raise TransportError("the connection was closed by the client")
        if not self._ended:
            self._transport.write(bytes(data))
            await self._writable.wait()
        if self._ended:
            raise TransportError("the daemon has closed the stream and reads no more input") from self._error

    async def send_eof(self) -> None:
        """Half-close, if the transport supports it: asyncio does not for named pipes.

        :raises TransportError: if it does not. Closing the pipe instead would discard data that is still to come.
        """
        if not self._transport.can_write_eof():
            raise TransportError(
                "a named pipe cannot send the end of the input; connect to the daemon over TCP instead"
            )
        self._transport.write_eof()

    def abort(self) -> None:
        """Close at once; tasks that wait for this connection get an error."""
        self._transport.abort()
        self._discard()
        self._writable.set()


def pipe_connector() -> Callable[..., Awaitable[Any]]:
    """Return the function of the event loop that opens named pipes.

    :raises OSError: if the event loop has none: on Windows only asyncio's proactor event loop has.
    """
    loop = asyncio.get_running_loop()
    create: Callable[..., Awaitable[Any]] | None = getattr(loop, "create_pipe_connection", None)
    if create is None:
        raise OSError(f"{type(loop).__name__} does not support named pipes; use asyncio.ProactorEventLoop on Windows")
    return create


async def open_pipe(path: str) -> PipeConnection:
    """Connect to a named pipe.

    :raises OSError: if the pipe does not exist, or the event loop does not support pipes.
    """
    _, connection = await pipe_connector()(PipeConnection, path)
    return connection  # type: ignore[no-any-return]
