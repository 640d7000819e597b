"""The connections to one daemon: the pool for calls, and separate connections for streams."""

import asyncio
from collections.abc import AsyncIterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakSet

from .._concurrency import ANYIO, ReadingStep, prepared
from .._settings import SSH, TLS, Endpoint, Lookup, Settings
from .._version import __version__
from .._wire.request_info import RequestInfo
from ..errors import ConfigurationError, TransportError
from .diagnostics.translation import client_closed
from .dial import dial
from .pool import Answer, Download, Pool
from .stream import StreamAnswer, open_stream
from .tls_contexts import SSLContext, TLSContexts
from .websocket import WebSocket, open_websocket, refusal_middleware

if TYPE_CHECKING:
    from .ssh import SSHConnector

__all__ = ["Transport"]

_USER_AGENT: Final = f"aiodockerapi/{__version__}"


class _Routes(NamedTuple):
    """The ways to the daemon, once its address is known."""

    endpoint: Endpoint
    headers: Mapping[str, str]
    tls: TLSContexts | None
    pool: Pool
    websockets: Pool
    ssh: "SSHConnector | None"


def _check_ssh(ssh: SSH | None, endpoint: Endpoint | None) -> None:
    """Check that ``ssh=`` is given only for an address that uses ssh.

    :raises ConfigurationError: if it is not.
    """
    if ssh is None:
        return
    if not isinstance(ssh, SSH):
        raise ConfigurationError(f"ssh= must be an SSH, such as SSH(mode='tunnel'), not {type(ssh).__name__}")
    if endpoint is not None and endpoint.scheme != "ssh":
        raise ConfigurationError(
            f"ssh= is given, but {endpoint} ({endpoint.source}) does not use ssh: omit it, or use an ssh:// address"
        )


class Transport:
    """The connections to one daemon.

    Calls use a pool of bounded size; each stream has a connection outside the pool, so that a thousand log followers do not
    delay a plain call.
    """

    def __init__(
        self,
        lookup: Lookup,
        *,
        connect_timeout: float | None,
        max_connections: int,
        context: SSLContext | None = None,
        ssh: SSH | None = None,
        proxies: bool = False,
    ) -> None:
        self._lookup = lookup
        self._reading = ReadingStep(self._read)
        self._settings: Settings | None = None
        self._context = context
        self._ssh = ssh
        self.passes_proxies = proxies
        self._timeout = connect_timeout
        self._limit = max_connections
        self._routes: _Routes | None = None
        self._streams: WeakSet[StreamAnswer] = WeakSet()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        _check_ssh(ssh, lookup.endpoint)

    def _read(self) -> None:
        settings = self._lookup.settings()
        _check_ssh(self._ssh, settings.endpoint)
        self._settings = settings

    @property
    def endpoint(self) -> Endpoint:
        """The address of the daemon.

        :raises ConfigurationError: if it is set in files that have not been read yet.
        """
        found = self._settings.endpoint if self._settings else self._lookup.endpoint
        if found is None:
            raise ConfigurationError(
                "the address of the daemon is set in files that have not been read yet: "
                "enter the client (async with), or await its first call"
            )
        return found

    def __str__(self) -> str:
        found = self._settings.endpoint if self._settings else self._lookup.endpoint
        return "address not resolved yet" if found is None else str(found)

    @property
    def opened(self) -> bool:
        """Whether connections may be open."""
        routes = self._routes
        if self._closed or routes is None:
            return False
        ssh = routes.ssh is not None and routes.ssh.opened
        return ssh or routes.pool.opened or routes.websockets.opened or bool(self._streams)

    async def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | AsyncIterable[bytes] | None
    ) -> Answer:
        """Send a request and return the complete response."""
        routes = await self.prepare()
        if routes.ssh is not None:
            return await routes.ssh.call(routes.pool.request, method, target, headers, body)
        return await routes.pool.request(method, target, headers, body)

    async def download(
        self, request: RequestInfo, target: str, headers: Mapping[str, str], body: bytes | AsyncIterable[bytes] | None
    ) -> Download:
        """Send a request whose response is read in chunks; the caller closes it."""
        routes = await self.prepare()
        if routes.ssh is not None:
            return await routes.ssh.call(routes.pool.open, request, target, headers, body, routes.ssh.explainer)
        return await routes.pool.open(request, target, headers, body)

    async def stream(self, request: RequestInfo, target: str, headers: Mapping[str, str], body: bytes) -> StreamAnswer:
        """Send a request on a connection of its own; the caller closes it."""
        routes = await self.prepare()
        if not ANYIO.ready:
            await prepared(ANYIO)  # used for dialing and by the stream
        headers = {**routes.headers, **headers}
        if routes.ssh is not None:
            answer = await routes.ssh.run(
                open_stream, routes.ssh.connect, routes.endpoint, request, target, headers, body
            )
        else:
            connect = partial(dial, routes.endpoint, self._timeout, routes.tls)
            answer = await open_stream(connect, routes.endpoint, request, target, headers, body)
        if self._closed:
            answer.close()
            raise client_closed()
        self._streams.add(answer)
        return answer

    async def prepare(self) -> _Routes:
        """Bind the client to the event loop of its first call, and resolve the address of the daemon.

        :raises ConfigurationError: if it cannot be resolved.
        """
        if self._closed:
            raise client_closed()
        if self._routes is None:
            await prepared(self._reading)
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None:
                raise TransportError("this Docker client is in use in another event loop: create one client per loop")
            self._loop = loop
        return self._routes or self._make_routes()

    def _make_routes(self) -> _Routes:
        if self._settings is None or self._closed:
            raise client_closed()
        endpoint, custom = self._settings.endpoint, self._settings.headers
        ssh, local = None, endpoint
        if endpoint.scheme == "ssh":
            from .ssh import SSHConnector  # rarely needed

            ssh = SSHConnector(endpoint, self._ssh or SSH(), self._timeout)
            local = ssh.local
        tls = TLSContexts(self._settings.tls or TLS(), self._context) if endpoint.is_tls else None
        # Without "identity", the daemon compresses archives for TCP clients, which costs more than it saves on a local network.
        headers = {**custom, "User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        pool, websockets = (
            Pool(local, limit=limit, connect_timeout=self._timeout, headers=headers, tls=tls, middlewares=steps)
            for limit, steps in ((self._limit, ()), (0, (refusal_middleware,)))
        )
        self._routes = _Routes(local, {"Host": local.authority or "docker", **headers}, tls, pool, websockets, ssh)
        return self._routes

    async def proxies(self) -> Mapping[str, str]:
        """Return the proxy variables for containers and builds; empty unless ``proxies=True``."""
        if not self.passes_proxies:
            return {}
        await self.prepare()
        return self._settings.proxies if self._settings else {}

    async def websocket(self, request: RequestInfo, target: str) -> WebSocket:
        """Open a WebSocket; the caller closes it."""
        routes = await self.prepare()
        arguments = (routes.websockets, routes.endpoint, request, target, self._timeout)
        if routes.ssh is not None:
            return await routes.ssh.run(open_websocket, *arguments)
        return await open_websocket(*arguments)

    async def aclose(self) -> None:
        """Close all connections, including those of open streams."""
        self._closed = True
        for answer in list(self._streams):
            answer.close()
        if self._routes is not None:
            await self._routes.pool.aclose()
            await self._routes.websockets.aclose()
            if self._routes.ssh is not None:
                await self._routes.ssh.aclose()
