"""A connection over ssh, which may end because ssh ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from ...errors import TransportError
from ..connection import Duplex

__all__ = ["HTTP_PREFIX", "FailureCheck", "SSHConnection", "probe"]

FailureCheck: TypeAlias = Callable[[], Awaitable[TransportError | None]]
"""Returns the error of ssh that explains why a call got no response; None if ssh did not cause it."""

HTTP_PREFIX: Final = b"HTTP/"

_PROBE: Final = b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
_PROBE_TIMEOUT: Final = 5.0  # seconds; a daemon that takes longer to respond counts as present


class SSHConnection:
    """A connection that reports the end of ssh as the reason for its own end.

    :param end_reason: returns the error message if ssh ended by itself; None otherwise.
    """

    def __init__(self, connection: Duplex, end_reason: Callable[[], Awaitable[str | None]]) -> None:
        self._connection = connection
        self._end_reason = end_reason

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        return self._connection.closed

    async def receive(self) -> bytes:
        """Return data that has arrived, all of it unless it is large, waiting for the first byte; ``b""`` is the end.

        :raises TransportError: if the connection broke, or ended because ssh did; the message includes ssh's own.
        """
        failure: TransportError | None = None
        try:
            if data := await self._connection.receive():
                return data
        except TransportError as error:
            if self._connection.closed:
                raise
            failure = error
        reason = await self._end_reason()
        if reason is not None:
            raise TransportError(reason) from None
        if failure is not None:
            raise failure
        return b""

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: if the connection broke; the message includes ssh's own.
        """
        try:
            await self._connection.send(data)
        except TransportError:
            if self._connection.closed or (reason := await self._end_reason()) is None:
                raise
            raise TransportError(reason) from None

    async def send_eof(self) -> None:
        """Half-close: the peer reads the end and can still send."""
        await self._connection.send_eof()

    def abort(self) -> None:
        """Close at once; tasks that wait for this connection get an error."""
        self._connection.abort()


async def probe(connection: Duplex) -> bytes:
    """Ping the daemon over a new connection, close it, and return the beginning of the response; empty if there is none.

    A daemon that does not respond within a few seconds counts as present: the result is `HTTP_PREFIX` then.
    """
    try:
        await connection.send(_PROBE)
        async with asyncio.timeout(_PROBE_TIMEOUT):
            return await connection.receive()
    except TransportError:
        return b""
    except TimeoutError:
        return HTTP_PREFIX
    finally:
        connection.abort()
