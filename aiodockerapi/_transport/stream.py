"""A response on a connection of its own: the head, and the body while it arrives."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from ssl import SSLEOFError

from .._settings import Endpoint
from .._wire.handshake import BadHead, Handshake, Head
from .._wire.http_bodies import BodyDecoder, body_decoder
from .._wire.request_info import RequestInfo
from ..errors import ConnectFailed, DockerError, TransportError, TruncatedStream
from .connection import Duplex, ReadGuard
from .diagnostics import not_a_daemon
from .diagnostics.translation import closed_without_response, connection_failed

__all__ = ["StreamAnswer", "open_stream"]


class StreamAnswer:
    """A response with a long-lived body: `receive` until ``b""``; after an upgrade `send` and `send_eof` too."""

    __slots__ = ("__weakref__", "_connection", "_guard", "_rest", "_sent", "body", "head", "request")

    def __init__(self, connection: Duplex, head: Head, rest: bytes, request: RequestInfo) -> None:
        self._connection = connection
        self._rest = rest
        self._guard = ReadGuard()
        self._sent = False
        self.head: Head = head
        self.body: BodyDecoder = body_decoder(request.method, head.status, head.headers)
        """The decoder of the body, for a decoder that reads from `receive_block`."""
        self.request: RequestInfo = request

    async def receive(self) -> bytes:
        """Return the next bytes of the body; ``b""`` at its end.

        :raises TruncatedStream: if the connection ended or broke before the body did.
        :raises MalformedStream: if the data is not HTTP.
        """
        body = self.body
        while not body.complete:
            if body.error is not None:
                raise self.request.annotate(body.error)
            data = await self.receive_block()
            pieces = body.feed(data) if data else body.finish()
            if pieces:
                return pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return b""

    async def receive_block(self) -> bytes:
        """Return the next bytes of the connection, to be fed to `body`; ``b""`` after the body and at the end.

        :raises TruncatedStream: if the connection broke.
        """
        with self._guard:
            if self.body.complete:
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
                    return b""  # the daemon's close after a process ended without reading all of its stdin
                raise self.request.annotate(TruncatedStream(str(error))) from error

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes on an upgraded connection."""
        self._sent = self._sent or bool(data)
        await self._connection.send(data)

    async def send_eof(self) -> None:
        """Half-close an upgraded connection."""
        await self._connection.send_eof()

    def close(self) -> None:
        """Close the connection at once."""
        self._connection.abort()


async def open_stream(
    connect: Callable[[], Awaitable[Duplex]],
    endpoint: Endpoint,
    request: RequestInfo,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
) -> StreamAnswer:
    """Connect, send the request and read the head of the response. Nothing else is sent before the head has been read."""
    handshake = Handshake(request.method, target, headers, body)
    opening = handshake.opening()
    connection = await connect()
    try:
        with suppress(TransportError):  # closed by the peer, which may have responded before
            await connection.send(opening)
        head = None
        while head is None:
            head = handshake.feed(await _receive_head(connection, endpoint))
    except BaseException as error:
        connection.abort()
        if isinstance(error, BadHead):
            raise _not_a_daemon(error, endpoint) from None
        raise
    return StreamAnswer(connection, head, handshake.rest, request)


def _not_a_daemon(bad: BadHead, endpoint: Endpoint) -> TransportError:
    if not_a_daemon.is_tls_record(bad.data):
        return not_a_daemon.expects_tls(endpoint)
    return not_a_daemon.error(endpoint, bad.reason or not_a_daemon.not_http(repr(bad.data[:80])))


async def _receive_head(connection: Duplex, endpoint: Endpoint) -> bytes:
    """Return the next bytes of the head.

    :raises TransportError: if there are none, with the same message as for calls over the pool.
    """
    try:
        data = await connection.receive()
    except TransportError as error:
        cause = error.__cause__
        if isinstance(error, ConnectFailed) or not isinstance(cause, OSError) or isinstance(cause, DockerError):
            raise
        if isinstance(cause, SSLEOFError):
            raise closed_without_response(endpoint) from cause
        raise connection_failed(endpoint, cause) from cause
    if not data:
        raise closed_without_response(endpoint)
    return data
