"""A WebSocket to the daemon, for attaching where a hijacked connection cannot pass."""

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar
from http import HTTPStatus
from typing import Final

import aiohttp

from .._concurrency import anyio_shield
from .._settings import Endpoint
from .._wire.request_info import RequestInfo
from ..errors import TransportError, TruncatedStream
from .connection import ReadGuard
from .diagnostics.api_errors import ErrorResponse, read_error
from .diagnostics.probe import raise_if_tls_refused
from .diagnostics.translation import FOREIGN, raise_translated, redacted
from .pool import Pool
from .upload.payloads import holds_data

__all__ = ["WebSocket", "WebSocketRefused", "open_websocket", "refusal_middleware"]

# Seconds that the daemon has to respond to a close frame.
_TIMEOUTS = aiohttp.ClientWSTimeout(ws_close=1.0)  # pyright: ignore[reportCallIssue] - its decorator hides the fields

_upgraded: Final[ContextVar[asyncio.WriteTransport | None]] = ContextVar("_upgraded", default=None)
"""The transport of a WebSocket, which aiohttp exposes only while the WebSocket is opened."""


class WebSocketRefused(Exception):
    """Raised for a response that is not an upgrade."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        super().__init__(status)
        self.response = ErrorResponse(status, headers, body)


async def refusal_middleware(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Raise an error for a response that is not an upgrade: aiohttp would drop its body, and follow redirects.

    This is an aiohttp middleware.

    :raises WebSocketRefused: if the response is not an upgrade.
    """
    response = await send(request)
    if response.status == HTTPStatus.SWITCHING_PROTOCOLS:
        _upgraded.set(None if response.connection is None else response.connection.transport)
        return response
    try:
        # A successful response that is not an upgrade may never end.
        body = b"" if response.status < HTTPStatus.MULTIPLE_CHOICES else await read_error(response.content.readany)
    finally:
        response.close()
    raise WebSocketRefused(response.status, response.headers, body)


class WebSocket:
    """Messages to and from the daemon."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        endpoint: Endpoint,
        transport: asyncio.WriteTransport | None,
        request: RequestInfo,
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._endpoint = endpoint
        self._guard = ReadGuard()
        self._close_received = False
        self.request: RequestInfo = request

    async def receive(self) -> bytes:
        """Return the next message as bytes; ``b""`` at the end.

        :raises TruncatedStream: if the connection broke.
        """
        with self._guard:
            while True:
                message = await self._socket.receive()
                if message.type is aiohttp.WSMsgType.BINARY and message.data:
                    return bytes(message.data)
                if message.type is aiohttp.WSMsgType.TEXT and message.data:
                    return str(message.data).encode()
                if message.type is aiohttp.WSMsgType.CLOSE:
                    self._close_received = True
                if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED):
                    # A daemon that sent a close frame may not wait for ours; aiohttp reports that as abnormal too.
                    if not self._close_received and self._socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE:
                        raise self._cut(f"{self._endpoint} closed the connection without ending the stream")
                    return b""
                if message.type is aiohttp.WSMsgType.ERROR:
                    raise self._cut(f"the WebSocket connection broke: {message.data}")

    def _cut(self, message: str) -> TruncatedStream:
        return self.request.annotate(TruncatedStream(message))

    async def send(self, data: bytes) -> None:
        """Send a binary message."""
        try:
            await self._socket.send_bytes(data)
        except (aiohttp.ClientError, OSError) as error:
            raise TransportError(f"the daemon has closed the stream: {error}") from error

    async def aclose(self) -> None:
        """Send a close frame and close the connection."""
        with anyio_shield():
            await self._socket.close()
        self.abort()

    def abort(self) -> None:
        """Abort the connection if it holds data that the daemon does not read, which would keep it open."""
        if self._transport is not None and holds_data(self._transport):
            self._transport.abort()


async def open_websocket(
    pool: Pool, endpoint: Endpoint, request: RequestInfo, target: str, timeout: float | None
) -> WebSocket:
    """Upgrade a connection to a WebSocket.

    :raises WebSocketRefused: if the response is not an upgrade.
    :raises ConnectFailed: if the daemon expects TLS.
    """
    try:
        socket = await pool.session().ws_connect(
            pool.url(target),
            timeout=_TIMEOUTS,
            max_msg_size=0,
            ssl=await pool.context(),
            server_hostname=pool.server_name,
        )
    except aiohttp.WSServerHandshakeError as refusal:
        raise WebSocketRefused(refusal.status, refusal.headers or {}) from redacted(refusal)
    except WebSocketRefused as refused:
        if refused.response.status == HTTPStatus.BAD_REQUEST and not refused.response.body:
            await raise_if_tls_refused(endpoint, pool.tls, refused)  # aiohttp drops the body of a malformed 400
        raise
    except FOREIGN as error:
        raise_translated(error, endpoint, timeout)
    opened = WebSocket(socket, endpoint, _upgraded.get(), request)
    _upgraded.set(None)
    pool.abort_on_close(opened)
    return opened
