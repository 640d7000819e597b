"""A WebSocket to the daemon, for attaching where a hijacked connection cannot pass."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from http import HTTPStatus
from typing import Final

import aiohttp

from .._settings import Endpoint
from .._wire.request import NO_CALL, Call
from ..errors import TransportError, TruncatedStream
from .connection import OneReader
from .explaining import explain
from .failures import FOREIGN, discreet, raise_ours
from .lasting import shielded
from .pool import Pool
from .sending import holds_data

__all__ = ["WebSocket", "WebSocketRefused", "open_websocket", "refusals"]

# The daemon has a second to answer our close: it may never do.
_TIMEOUTS = aiohttp.ClientWSTimeout(ws_close=1.0)  # pyright: ignore[reportCallIssue] - its decorator hides the fields


_LARGEST_REFUSAL: Final = 1 << 20

_upgraded: Final[ContextVar[asyncio.WriteTransport | None]] = ContextVar("_upgraded", default=None)
"""What a WebSocket runs over, which aiohttp shows only while it is opened."""


class WebSocketRefused(Exception):
    """The answer is no upgrade."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers
        self.body = body


async def refusals(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A step between aiohttp and the daemon: left to itself, aiohttp drops the words of a refusal, and follows redirections.

    :raises WebSocketRefused: the answer is no upgrade.
    """
    response = await send(request)
    if response.status == HTTPStatus.SWITCHING_PROTOCOLS:
        _upgraded.set(None if response.connection is None else response.connection.transport)
        return response
    try:
        # A success that is no upgrade may last for ever.
        body = b"" if response.status < HTTPStatus.MULTIPLE_CHOICES else await _words(response)
    finally:
        response.close()
    raise WebSocketRefused(response.status, response.headers, body)


async def _words(response: aiohttp.ClientResponse) -> bytes:
    """The body of a refusal, as far as it is sensible."""
    body = bytearray()
    with suppress(aiohttp.ClientError, OSError):
        while len(body) < _LARGEST_REFUSAL and (part := await response.content.readany()):
            body += part
    return bytes(body)


class WebSocket:
    """Messages to and from the daemon."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, endpoint: Endpoint, transport: asyncio.WriteTransport | None
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._endpoint = endpoint
        self._reading = OneReader()
        self._parted = False
        self.call: Call = NO_CALL
        """What errors say it is the answer to."""

    async def receive(self) -> bytes:
        """The next message as bytes; ``b""`` at the end.

        :raises TruncatedStream: the connection broke.
        """
        with self._reading:
            while True:
                message = await self._socket.receive()
                if message.type is aiohttp.WSMsgType.BINARY and message.data:
                    return bytes(message.data)
                if message.type is aiohttp.WSMsgType.TEXT and message.data:
                    return str(message.data).encode()
                if message.type is aiohttp.WSMsgType.CLOSE:
                    self._parted = True
                if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED):
                    # The daemon has said goodbye even if it did not stay for our answer, which aiohttp calls abnormal.
                    if not self._parted and self._socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE:
                        raise self._cut(f"{self._endpoint} closed the connection without ending the stream")
                    return b""
                if message.type is aiohttp.WSMsgType.ERROR:
                    raise self._cut(f"the WebSocket broke: {message.data}")

    def _cut(self, words: str) -> TruncatedStream:
        return self.call.named(TruncatedStream(words))

    async def send(self, data: bytes) -> None:
        """Send a binary message."""
        try:
            await self._socket.send_bytes(data)
        except (aiohttp.ClientError, OSError) as error:
            raise TransportError(f"the daemon has closed the stream: {error}") from error

    async def aclose(self) -> None:
        """Say goodbye and close the connection."""
        with shielded():
            await self._socket.close()
        self.abort()

    def abort(self) -> None:
        """Lose the connection, if a daemon that takes no more of it would keep it open for what has not been sent."""
        if self._transport is not None and holds_data(self._transport):
            self._transport.abort()


async def open_websocket(pool: Pool, endpoint: Endpoint, target: str, timeout: float | None) -> WebSocket:
    """Upgrade a connection to a WebSocket.

    :raises WebSocketRefused: the daemon refused.
    :raises ConnectFailed: it expects TLS, and aiohttp has dropped the words in which it says so.
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
        raise WebSocketRefused(refusal.status, refusal.headers or {}) from discreet(refusal)
    except WebSocketRefused as refused:
        if refused.status == HTTPStatus.BAD_REQUEST and not refused.body:
            await explain(endpoint, pool.trust, refused)
        raise
    except FOREIGN as error:
        raise_ours(error, endpoint, timeout)
    opened = WebSocket(socket, endpoint, _upgraded.get())
    _upgraded.set(None)
    pool.lose(opened)
    return opened
