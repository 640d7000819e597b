"""A connection over ssh: at its end it asks whether that was the daemon's doing, or ssh's."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from ...errors import TransportError
from ..connection import Duplex

__all__ = ["HTTP", "FailureCheck", "SSHConnection", "answer"]

FailureCheck: TypeAlias = Callable[[], Awaitable[TransportError | None]]
"""Tells what ssh has to do with a call that got no answer; None if nothing."""

HTTP: Final = b"HTTP/"

_PROBE: Final = b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
_PATIENCE: Final = 5.0  # seconds for the answer; a daemon that takes longer is there all the same


class SSHConnection:
    """A connection whose end may be that of ssh."""

    def __init__(self, connection: Duplex, broke: Callable[[], Awaitable[str | None]]) -> None:
        self._connection = connection
        self._broke = broke

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        return self._connection.closed

    async def receive(self) -> bytes:
        """Bytes that have arrived, all unless they are many; waits for the first. ``b""`` is the end.

        :raises TransportError: the connection broke; what ssh has said of it is config.
        """
        failure: TransportError | None = None
        try:
            if data := await self._connection.receive():
                return data
        except TransportError as error:
            if self._connection.closed:
                raise
            failure = error
        reason = await self._broke()
        if reason is not None:
            raise TransportError(reason) from None
        if failure is not None:
            raise failure
        return b""

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: the connection broke; what ssh has said of it is config.
        """
        try:
            await self._connection.send(data)
        except TransportError:
            if self._connection.closed or (reason := await self._broke()) is None:
                raise
            raise TransportError(reason) from None

    async def send_eof(self) -> None:
        """Half-close: the other side reads the end, and may go on sending."""
        await self._connection.send_eof()

    def abort(self) -> None:
        """Close at once, whatever is under way; whoever waits gets an error."""
        self._connection.abort()


async def answer(connection: Duplex) -> bytes:
    """The beginning of what is said at the other end of a new connection, which is closed then; empty if that is nothing."""
    try:
        await connection.send(_PROBE)
        async with asyncio.timeout(_PATIENCE):
            return await connection.receive()
    except TransportError:
        return b""
    except TimeoutError:
        return HTTP
    finally:
        connection.abort()
