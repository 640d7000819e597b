"""Both roads to one daemon."""

import asyncio
import ssl
from collections.abc import AsyncIterable, Mapping
from typing import Final
from weakref import WeakSet

from .._settings import Endpoint
from .._version import __version__
from ..errors import TransportError
from .connection import Duplex
from .dial import dial
from .failures import closed_client
from .lasting import in_thread
from .pool import Answer, Download, Pool
from .stream import StreamAnswer, open_stream
from .tls import default_context
from .websocket import WebSocket, open_websocket

__all__ = ["Transport"]

_USER_AGENT: Final = f"aiodockerapi/{__version__}"


class Transport:
    """Calls go through a pool of bounded size; streams have a connection each, outside of it.

    So a thousand followers of logs leave a plain call all the room it needs.
    """

    def __init__(self, endpoint: Endpoint, *, connect_timeout: float | None, max_connections: int) -> None:
        self.endpoint = endpoint
        self._timeout = connect_timeout
        # The daemon would compress archives for TCP clients that ask for it, at more cost than a local network saves.
        headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        self._headers = {"Host": "docker" if endpoint.is_unix else endpoint.authority, **headers}
        self._pool = Pool(endpoint, limit=max_connections, connect_timeout=connect_timeout, headers=headers)
        self._sockets = Pool(endpoint, limit=0, connect_timeout=connect_timeout, headers=headers)
        self._streams: WeakSet[StreamAnswer] = WeakSet()
        self._context: ssl.SSLContext | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    @property
    def opened(self) -> bool:
        """Whether connections may be open."""
        return not self._closed and (self._pool.opened or self._sockets.opened or bool(self._streams))

    async def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | AsyncIterable[bytes] | None
    ) -> Answer:
        """A call with a complete answer."""
        await self._prepare()
        return await self._pool.request(method, target, headers, body)

    async def download(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | AsyncIterable[bytes] | None
    ) -> Download:
        """A call whose answer is read in chunks; the caller closes it."""
        await self._prepare()
        return await self._pool.open(method, target, headers, body)

    async def stream(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> StreamAnswer:
        """A call on a connection of its own; the caller closes it."""
        answer = await open_stream(self._dial, method, target, {**self._headers, **headers}, body)
        if self._closed:
            answer.close()
            raise closed_client()
        self._streams.add(answer)
        return answer

    async def _prepare(self) -> None:
        """Bind the client to the event loop of its first call; read the certificates, once, before TLS needs them."""
        if self._closed:
            raise closed_client()
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            raise TransportError("this Docker client was opened in another event loop: each loop needs its own")
        if self.endpoint.is_tls and self._context is None:
            self._context = self._pool.context = self._sockets.context = await in_thread(default_context)

    async def _dial(self) -> Duplex:
        await self._prepare()
        return await dial(self.endpoint, self._timeout, self._context)

    async def websocket(self, target: str) -> WebSocket:
        """A WebSocket; the caller closes it."""
        await self._prepare()
        return await open_websocket(self._sockets, self.endpoint, target, self._timeout)

    async def aclose(self) -> None:
        """Close every connection, streams that are still open among them."""
        self._closed = True
        for answer in list(self._streams):
            answer.close()
        await self._pool.aclose()
        await self._sockets.aclose()
