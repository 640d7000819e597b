"""Both roads to one daemon."""

import asyncio
from collections.abc import AsyncIterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakSet

from .._settings import SSH, TLS, Endpoint, Lookup, Settings
from .._version import __version__
from ..errors import ConfigurationError, TransportError
from .connection import Duplex
from .dial import dial
from .failures import closed_client
from .pool import Answer, Download, Pool
from .preparing import ANYIO, Reading, prepared
from .stream import StreamAnswer, open_stream
from .trust import SSLContext, Trust
from .websocket import WebSocket, open_websocket, refusals

if TYPE_CHECKING:
    from .ssh import SSHRoad

__all__ = ["Transport"]

_USER_AGENT: Final = f"aiodockerapi/{__version__}"


class _Roads(NamedTuple):
    """What there is once it is known where the daemon is."""

    endpoint: Endpoint
    headers: Mapping[str, str]
    trust: Trust | None
    pool: Pool
    sockets: Pool
    ssh: "SSHRoad | None"


def _check_ssh(ssh: SSH | None, endpoint: Endpoint | None) -> None:
    """Hold that ssh is asked for where it is used.

    :raises ConfigurationError: it is not.
    """
    if ssh is None:
        return
    if not isinstance(ssh, SSH):
        raise ConfigurationError(f"ssh= must be an SSH, such as SSH(mode='tunnel'), not {type(ssh).__name__}")
    if endpoint is not None and endpoint.scheme != "ssh":
        raise ConfigurationError(
            f"ssh= was given, but {endpoint} ({endpoint.source}) is reached without ssh: "
            "leave ssh= out, or give an address with ssh://"
        )


class Transport:
    """Calls go through a pool of bounded size; streams have a connection each, outside of it.

    So a thousand followers of logs leave a plain call all the room it needs.
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
        self._reading = Reading(self._read)
        self._settings: Settings | None = None
        self._context = context
        self._ssh = ssh
        self.hands_proxies_on = proxies
        self._timeout = connect_timeout
        self._limit = max_connections
        self._roads: _Roads | None = None
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
        """Where the daemon is.

        :raises ConfigurationError: only files can tell, and they have not been read yet.
        """
        found = self._settings.endpoint if self._settings else self._lookup.endpoint
        if found is None:
            raise ConfigurationError(
                "where the daemon is stands in files that have not been read yet: "
                "enter the client (async with), or await its first call"
            )
        return found

    def __str__(self) -> str:
        found = self._settings.endpoint if self._settings else self._lookup.endpoint
        return "a daemon that has not been looked for yet" if found is None else str(found)

    @property
    def opened(self) -> bool:
        """Whether connections may be open."""
        roads = self._roads
        if self._closed or roads is None:
            return False
        ssh = roads.ssh is not None and roads.ssh.opened
        return ssh or roads.pool.opened or roads.sockets.opened or bool(self._streams)

    async def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | AsyncIterable[bytes] | None
    ) -> Answer:
        """A call with a complete answer."""
        roads = await self.prepare()
        if roads.ssh is not None:
            return await roads.ssh.call(roads.pool.request, method, target, headers, body)
        return await roads.pool.request(method, target, headers, body)

    async def download(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | AsyncIterable[bytes] | None
    ) -> Download:
        """A call whose answer is read in chunks; the caller closes it."""
        roads = await self.prepare()
        if roads.ssh is not None:
            download = await roads.ssh.call(roads.pool.open, method, target, headers, body)
            download.why = roads.ssh.asking()
            return download
        return await roads.pool.open(method, target, headers, body)

    async def stream(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> StreamAnswer:
        """A call on a connection of its own; the caller closes it."""
        roads = await self.prepare()
        await prepared(ANYIO)  # dialing uses it, and so does exchanging data over the stream
        headers = {**roads.headers, **headers}
        if roads.ssh is not None:
            answer = await roads.ssh.over(open_stream, roads.ssh.connect, roads.endpoint, method, target, headers, body)
        else:
            answer = await open_stream(self._dial, roads.endpoint, method, target, headers, body)
        if self._closed:
            answer.close()
            raise closed_client()
        self._streams.add(answer)
        return answer

    async def prepare(self) -> _Roads:
        """Bind the client to the event loop of its first call, and find out where the daemon is.

        :raises ConfigurationError: that cannot be found out.
        """
        if self._closed:
            raise closed_client()
        if self._roads is None:
            await prepared(self._reading)
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None:
                raise TransportError("this Docker client was opened in another event loop: each loop needs its own")
            self._loop = loop
        return self._roads or self._built()

    def _built(self) -> _Roads:
        if self._settings is None or self._closed:
            raise closed_client()
        endpoint, custom = self._settings.endpoint, self._settings.headers
        ssh, near = None, endpoint
        if endpoint.scheme == "ssh":
            from .ssh import SSHRoad  # here, since few need it

            ssh = SSHRoad(endpoint, self._ssh or SSH(), self._timeout)
            near = ssh.local
        trust = Trust(self._settings.tls or TLS(), self._context) if endpoint.is_tls else None
        # The daemon would compress archives for TCP clients that ask for it, at more cost than a local network saves.
        headers = {**custom, "User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        pool, sockets = (
            Pool(near, limit=limit, connect_timeout=self._timeout, headers=headers, trust=trust, middlewares=steps)
            for limit, steps in ((self._limit, ()), (0, (refusals,)))
        )
        self._roads = _Roads(near, {"Host": near.authority or "docker", **headers}, trust, pool, sockets, ssh)
        return self._roads

    async def proxies(self) -> Mapping[str, str]:
        """The variables for containers and builds, where they are to be handed on; the way to the daemon has none of them."""
        if not self.hands_proxies_on:
            return {}
        await self.prepare()
        return self._settings.proxies if self._settings else {}

    async def _dial(self) -> Duplex:
        roads = await self.prepare()
        return await dial(roads.endpoint, self._timeout, roads.trust)

    async def websocket(self, target: str) -> WebSocket:
        """A WebSocket; the caller closes it."""
        roads = await self.prepare()
        if roads.ssh is not None:
            return await roads.ssh.over(open_websocket, roads.sockets, roads.endpoint, target, self._timeout)
        return await open_websocket(roads.sockets, roads.endpoint, target, self._timeout)

    async def aclose(self) -> None:
        """Close every connection, streams that are still open among them."""
        self._closed = True
        for answer in list(self._streams):
            answer.close()
        if self._roads is not None:
            await self._roads.pool.aclose()
            await self._roads.sockets.aclose()
            if self._roads.ssh is not None:
                await self._roads.ssh.aclose()
