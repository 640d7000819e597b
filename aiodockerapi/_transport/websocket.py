"""A WebSocket to the daemon, for attaching where a hijacked connection cannot pass."""

import aiohttp

from .._settings import Endpoint
from .._wire.failures import failure
from ..errors import APIError, DockerError, TransportError, TruncatedStream
from .connection import OneReader
from .failures import FOREIGN, raise_ours
from .pool import Pool

__all__ = ["WebSocket", "open_websocket"]

_WORDLESS = b"the daemon gave no reason: a WebSocket's handshake leaves no room for it"
# The daemon has a second to answer our close: it may never do.
_TIMEOUTS = aiohttp.ClientWSTimeout(ws_close=1.0)  # pyright: ignore[reportCallIssue] - its decorator hides the fields


class WebSocket:
    """Messages to and from the daemon."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, endpoint: Endpoint) -> None:
        self._socket = socket
        self._endpoint = endpoint
        self._reading = OneReader()

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
                if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED):
                    if self._socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE:
                        raise TruncatedStream(f"{self._endpoint} closed the connection without ending the stream")
                    return b""
                if message.type is aiohttp.WSMsgType.ERROR:
                    raise TruncatedStream(f"the WebSocket broke: {message.data}")

    async def send(self, data: bytes) -> None:
        """Send a binary message."""
        try:
            await self._socket.send_bytes(data)
        except (aiohttp.ClientError, OSError) as error:
            raise TransportError(f"the daemon has closed the stream: {error}") from error

    async def aclose(self) -> None:
        """Say goodbye and close the connection."""
        import anyio

        with anyio.CancelScope(shield=True):
            await self._socket.close()


async def open_websocket(pool: Pool, endpoint: Endpoint, target: str, timeout: float | None) -> WebSocket:
    """Upgrade a connection to a WebSocket.

    :raises APIError: the daemon refused; the handshake leaves no room for its words.
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
        raise _refused(refusal, target) from refusal
    except FOREIGN as error:
        raise_ours(error, endpoint, timeout)
    return WebSocket(socket, endpoint)


def _refused(error: aiohttp.WSServerHandshakeError, target: str) -> DockerError:
    path = target.partition("?")[0]
    if error.status >= 400:
        return failure(error.status, _WORDLESS, method="GET", path=path)
    return APIError(error.status, f"no WebSocket: {error.message}", method="GET", path=path)
