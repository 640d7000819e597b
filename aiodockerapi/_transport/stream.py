"""The answer on a connection of its own: its head, and its body as it comes."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from ssl import SSLEOFError
from typing import TypeVar

from .._settings import Endpoint
from .._wire.bodies import body_decoder
from .._wire.decoder import Decoder
from .._wire.handshake import Handshake, Head
from .._wire.layered import layered
from .._wire.request import NO_CALL, Call
from .._wire.versions import OLDEST, ApiVersion
from ..errors import ConnectFailed, DockerError, TransportError, TruncatedStream
from .connection import Duplex, OneReader
from .failures import broken, hung_up

__all__ = ["StreamAnswer", "open_stream"]

ItemT = TypeVar("ItemT")


class StreamAnswer:
    """An answer whose body lasts: `receive` until ``b""``; after an upgrade `send` and `send_eof` too."""

    __slots__ = ("__weakref__", "_body", "_connection", "_reading", "_rest", "_sent", "call", "head", "version")

    def __init__(self, connection: Duplex, head: Head, rest: bytes, method: str) -> None:
        self._connection = connection
        self._body = body_decoder(method, head.status, head.headers)
        self._rest = rest
        self._reading = OneReader()
        self._sent = False
        self.head: Head = head
        self.version: ApiVersion = OLDEST
        """The API version that this is an answer in."""
        self.call: Call = NO_CALL
        """What errors say it is the answer to."""

    async def receive(self) -> bytes:
        """The next bytes of the body, as they came; ``b""`` at its end.

        :raises TruncatedStream: the connection ended or broke before the body did.
        :raises MalformedStream: the bytes are no HTTP.
        """
        body = self._body
        while not body.complete:
            if body.error is not None:
                raise self.call.named(body.error)
            data = await self.block()
            pieces = body.feed(data) if data else body.finish()
            if pieces:
                return pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return b""

    def behind_body(self, decoder: Decoder[ItemT]) -> Decoder[ItemT]:
        """`decoder`, made for the bytes that `block` gives instead of those that `receive` does."""
        return layered(self._body, decoder)

    async def block(self) -> bytes:
        """The next bytes of the connection as they come, for a decoder of ours; ``b""`` behind the body and at the end.

        :raises TruncatedStream: the connection broke.
        """
        with self._reading:
            if self._body.complete:
                return b""
            if self._rest:
                data, self._rest = self._rest, b""
                return data
            try:
                return await self._connection.receive()
            except TransportError as error:
                if self._connection.closed:
                    raise
                if self._sent and isinstance(error.__cause__, ConnectionResetError):
                    return b""  # a process ended without reading all of its stdin: the daemon's close looks so then
                raise self.call.named(TruncatedStream(str(error))) from error

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
    dialling: Callable[[], Awaitable[Duplex]],
    endpoint: Endpoint,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
) -> StreamAnswer:
    """Connect, send the request and read the head of the answer. Nothing else is sent before that."""
    handshake = Handshake(method, target, headers, body, peer=endpoint)
    opening = handshake.opening()
    connection = await dialling()
    try:
        with suppress(TransportError):  # closed on the other side, which may have said before why
            await connection.send(opening)
        head = None
        while head is None:
            head = handshake.feed(await _received(connection, endpoint))
    except BaseException:
        connection.abort()
        raise
    return StreamAnswer(connection, head, handshake.rest, method)


async def _received(connection: Duplex, endpoint: Endpoint) -> bytes:
    """The next bytes of the answer's head.

    :raises TransportError: there are none, in the same words as on the other road.
    """
    try:
        data = await connection.receive()
    except TransportError as error:
        cause = error.__cause__
        if isinstance(error, ConnectFailed) or not isinstance(cause, OSError) or isinstance(cause, DockerError):
            raise
        if isinstance(cause, SSLEOFError):
            raise hung_up(endpoint) from cause
        raise broken(endpoint, cause) from cause
    if not data:
        raise hung_up(endpoint)
    return data
