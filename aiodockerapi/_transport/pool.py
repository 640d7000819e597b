"""Calls with an answer, over aiohttp's pool of kept connections."""

import asyncio
import errno
import math
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Final, NamedTuple, NoReturn, Protocol, TypeAlias
from weakref import WeakSet

import aiohttp
from yarl import URL

from .._settings import Endpoint
from .._wire.request import NO_CALL, Call
from ..errors import TruncatedStream
from .explaining import explain
from .failures import FOREIGN, closed_client, connect_failure, connect_timeout, discreet, raise_ours
from .pipe import opener
from .sending import Watched, Whole
from .trust import SSLContext, Trust

__all__ = ["Answer", "Download", "Pool"]

Body: TypeAlias = bytes | AsyncIterable[bytes] | None
_TURNED_AWAY: Final = (errno.ENOTCONN, errno.EAGAIN)
_REPEATED: Final = frozenset({"DELETE", "PUT"})  # by aiohttp, like GET and HEAD; of these it makes a difference
_Data: TypeAlias = bytes | Whole | Watched | None

# Bytes of an answer ahead of its reader: with fewer, a large one is stopped and let on all the time.
_BUFFER: Final = 1 << 18
_ONE_WRITE: Final = 1 << 16  # this much a socket takes at once, whatever the daemon does


class Answer(NamedTuple):
    """A complete answer; `headers` are found in any spelling of their names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"  # a token may be in all the rest


class Sender(Protocol):
    """What may have sent more than a daemon takes."""

    def abort(self) -> None:
        """Lose its connection if that is so."""
        ...


class _Attempts:
    """The attempts at one request that aiohttp sends again when its connection breaks before the answer.

    The first may have reached the daemon. So it is not for the second to say that there is nothing (left) to do, nor, where
    it finds nobody there any more, that nothing was sent.
    """

    def __init__(self) -> None:
        self._broken: aiohttp.ClientError | None = None

    async def __call__(self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        try:
            response = await send(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            if self._broken is None:
                raise
            raise self._broken from None
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            self._broken = error
            raise
        if self._broken is not None and response.status >= 400:
            response.close()
            raise self._broken
        return response


class _Way:
    """What one attempt at a request is sent over.

    :ivar context: what a connection made for it is encrypted with, where that is to be compared; see `_following`.
    :ivar fresh: whether a connection was made for it.
    """

    def __init__(self) -> None:
        self.context: SSLContext | None = None
        self.fresh = False


class _Renewed(Exception):
    """Certificates have changed since the request was made: it has to be made again, before a connection is."""


def _following(trust: Trust | None) -> aiohttp.TraceConfig:
    """Has aiohttp stop before it makes a connection with certificates that are not those of now."""

    async def compare(_session: object, request: SimpleNamespace, _params: object) -> None:
        way: _Way | None = request.trace_request_ctx
        if way is None:  # a WebSocket
            return
        if trust is not None and way.context is not None and way.context is not await trust.context():
            raise _Renewed
        way.fresh = True

    following = aiohttp.TraceConfig()
    following.on_connection_create_start.append(compare)
    return following


class Download:
    """An answer whose body is read in chunks while it comes."""

    def __init__(self, response: aiohttp.ClientResponse, endpoint: Endpoint, sending: Watched | None = None) -> None:
        self._response = response
        self._endpoint = endpoint
        self._sending = sending
        if sending is not None:
            sending.call_off = response.close
            if sending.failure is not None:
                response.close()
        self.status: int = response.status
        self.headers: Mapping[str, str] = response.headers
        self.call: Call = NO_CALL
        """What errors say it is the answer to."""
        self.why: Callable[[], Awaitable[str]] | None = None
        """Tells more of why the connection was closed early, where there is more to tell."""

    async def read(self) -> bytes:
        """The whole rest of the body."""
        chunks: list[bytes] = []
        while chunk := await self.receive():
            chunks.append(chunk)
        return b"".join(chunks)

    async def receive(self) -> bytes:
        """All bytes that have arrived; waits for the first. ``b""`` is the end.

        :raises TruncatedStream: the connection ended before the body did.
        """
        try:
            return await self._response.content.readany()
        except (aiohttp.ClientError, OSError) as error:
            if self._sending is not None and self._sending.failure is not None:
                raise self._sending.failure from None
            why = "" if self.why is None else await self.why()
            cut = TruncatedStream(f"{self._endpoint} closed the connection in the middle of an answer{why}")
            raise self.call.named(cut) from error

    def close(self) -> None:
        """Give the connection back if the body has been read to its end, else close it."""
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()


class Pool:
    """At most `limit` connections at a time, made when needed and kept for the next call."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        limit: int,
        connect_timeout: float | None,
        headers: Mapping[str, str],
        trust: Trust | None,
        middlewares: Sequence[aiohttp.ClientMiddlewareType] = (),
    ) -> None:
        self._endpoint = endpoint
        self._middlewares = middlewares
        self._limit = limit
        self._timeout = connect_timeout
        self._headers = headers
        self._scheme = "http" if trust is None else "https"
        self._authority = endpoint.authority or "docker"
        self.trust = trust
        self.server_name = None if trust is None else trust.server_name
        self._session: aiohttp.ClientSession | None = None
        self._senders: WeakSet[Sender] = WeakSet()
        self._closed = False

    def _connector(self) -> aiohttp.BaseConnector:
        if self._endpoint.is_unix:
            return aiohttp.UnixConnector(self._endpoint.socket, limit=self._limit)
        if self._endpoint.scheme == "npipe":
            try:
                opener()
            except OSError as error:
                raise connect_failure(self._endpoint, error) from error
            return aiohttp.NamedPipeConnector(self._endpoint.socket, limit=self._limit)
        return aiohttp.TCPConnector(limit=self._limit)

    def session(self) -> aiohttp.ClientSession:
        """The session, opened by the first call."""
        if self._closed:
            raise closed_client()
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._timeout),
                headers=self._headers,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                middlewares=self._middlewares,
                read_bufsize=_BUFFER,
                trace_configs=None if self._endpoint.is_unix else [_following(self.trust)],
            )
        return self._session

    @property
    def opened(self) -> bool:
        """Whether there is something to close."""
        return self._session is not None and not self._closed

    async def context(self) -> SSLContext | bool:
        """What a connection made now is to be encrypted with, as aiohttp takes it."""
        return True if self.trust is None else await self.trust.context()

    def url(self, target: str) -> URL:
        """The URL of a target that is percent-encoded already."""
        path, _, query = target.partition("?")
        return URL.build(scheme=self._scheme, authority=self._authority, path=path, query_string=query, encoded=True)

    async def open(self, method: str, target: str, headers: Mapping[str, str], body: Body) -> Download:
        """Send a request and read the head of its answer; the caller closes what comes back."""
        data, way = self._sendable(body), _Way()
        try:
            response = await self._send(method, target, headers, data, way)
            return Download(response, self._endpoint, data if isinstance(data, Watched) else None)
        except FOREIGN as error:
            await self._fail(error, data, way)

    async def request(self, method: str, target: str, headers: Mapping[str, str], body: Body) -> Answer:
        """Send a request and read the whole answer."""
        data, way = self._sendable(body), _Way()
        try:
            response = await self._send(method, target, headers, data, way)
            # Read to its end, the response gives its connection back; what keeps it from that closes it.
            return Answer(response.status, response.headers, await response.read())
        except FOREIGN as error:
            await self._fail(error, data, way)

    def lose(self, sender: Sender) -> None:
        """Have its connection lost, not merely closed, when all are closed."""
        self._senders.add(sender)

    def _sendable(self, body: Body) -> _Data:
        """The body in the form in which aiohttp sends it best."""
        if body is None or (isinstance(body, bytes) and len(body) <= _ONE_WRITE):
            return body
        upload = Whole(body) if isinstance(body, bytes) else Watched(body)
        self.lose(upload)
        return upload

    async def _send(
        self, method: str, target: str, headers: Mapping[str, str], data: _Data, way: _Way
    ) -> aiohttp.ClientResponse:
        """Send a request; again, where the daemon had no room yet for one more connection.

        asyncio takes a Unix socket for connected that was turned away since the backlog is full. Writing to it fails then,
        with an error of its own, before anything is sent. uvloop fails to connect.
        """
        url, pause, patience = self.url(target), 0.005, -1.0
        once, context = isinstance(data, Watched), None
        while True:
            if self.trust is not None:
                context = (None if once else self.trust.known) or await self.trust.context()
                way.context = None if once else context
            way.fresh = False
            try:
                return await self.session().request(
                    method,
                    url,
                    headers=headers,
                    data=data,
                    allow_redirects=False,
                    ssl=context or True,
                    server_hostname=self.server_name,
                    trace_request_ctx=way,
                    middlewares=(_Attempts(),) if method in _REPEATED else None,
                )
            except _Renewed:
                continue
            except aiohttp.ClientOSError as error:
                begun = once and error.errno == errno.ENOTCONN
                if begun or error.errno not in _TURNED_AWAY or not self._endpoint.is_unix:
                    raise
                now = asyncio.get_running_loop().time()
                if patience < 0:
                    patience = now + (math.inf if self._timeout is None else self._timeout)
                if now > patience:
                    raise connect_timeout(self._endpoint, self._timeout) from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.2)

    async def _fail(self, error: Exception, data: _Data, way: _Way) -> NoReturn:
        """Raise what went wrong: in the making of the body as it is, else a fault of the connection in our words."""
        if isinstance(error, aiohttp.ClientError):
            discreet(error)
            if isinstance(data, Watched) and data.failure is not None:
                raise data.failure from None
        if self._closed:
            raise closed_client() from error
        if (
            way.fresh
            and data is not None
            and isinstance(error, aiohttp.ClientOSError | aiohttp.ServerDisconnectedError)
        ):
            await explain(self._endpoint, self.trust, error)
        raise_ours(error, self._endpoint, self._timeout)

    async def aclose(self) -> None:
        """Close all connections."""
        self._closed = True
        for sender in self._senders:
            sender.abort()
        if self._session is not None:
            await self._session.close()
