"""The answer on a connection of its own: its head, and its body as it comes."""

from collections.abc import Awaitable, Callable, Mapping

from .._wire.bodies import body_decoder
from .._wire.handshake import Handshake, Head
from ..errors import TransportError, TruncatedStream
from .connection import Duplex, OneReader

__all__ = ["StreamAnswer", "open_stream"]


class StreamAnswer:
    """An answer whose body lasts: `receive` until ``b""``; after an upgrade `send` and `send_eof` too."""

    def __init__(self, connection: Duplex, head: Head, rest: bytes, method: str) -> None:
        self._connection = connection
        self._body = body_decoder(method, head.status, head.headers)
        self._rest = rest
        self._reading = OneReader()
        self._sent = False
        self.head = head

    async def receive(self) -> bytes:
        """The next bytes of the body, all that have arrived; ``b""`` at its end.

        :raises TruncatedStream: the connection ended or broke before the body did.
        :raises MalformedStream: the bytes are no HTTP.
        """
        with self._reading:
            body = self._body
            while not body.complete:
                if body.error is not None:
                    raise body.error
                data, self._rest = self._rest, b""
                if not data:
                    data = await self._next()
                pieces = body.feed(data) if data else body.finish()
                if pieces:
                    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
            return b""

    async def _next(self) -> bytes:
        try:
            return await self._connection.receive()
        except TransportError as error:
            if self._connection.closed:
                raise
            if self._sent and isinstance(error.__cause__, ConnectionResetError):
                return (
                    b""  # the process ended without reading all of its stdin: that is how the daemon's close looks then
                )
            raise TruncatedStream(str(error)) from error

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes to the other end of an upgraded connection."""
        self._sent = self._sent or bool(data)
        await self._connection.send(data)

    async def send_eof(self) -> None:
        """Half-close an upgraded connection."""
        await self._connection.send_eof()

    def close(self) -> None:
        """Close the connection at once."""
        self._connection.abort()


async def open_stream(
    dialling: Callable[[], Awaitable[Duplex]], method: str, target: str, headers: Mapping[str, str], body: bytes
) -> StreamAnswer:
    """Connect, send the request and read the head of the answer. Nothing else is sent before that."""
    handshake = Handshake(method, target, headers, body)
    opening = handshake.opening()
    connection = await dialling()
    try:
        await connection.send(opening)
        head = None
        while head is None:
            head = handshake.feed(await connection.receive())
    except BaseException:
        connection.abort()
        raise
    return StreamAnswer(connection, head, handshake.rest, method)
