"""Calls with a complete or chunked response, over aiohttp's pool of kept connections."""

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
from .._wire.request_info import RequestInfo
from ..errors import TransportError, TruncatedStream
from .diagnostics.probe import raise_if_tls_refused
from .diagnostics.translation import (
    FOREIGN,
    client_closed,
    connect_failed,
    connect_timed_out,
    raise_translated,
    redacted,
)
from .dial import tcp_socket
from .pipe import pipe_connector
from .tls_contexts import SSLContext, TLSContexts
from .upload.payloads import BytesPayload, StreamPayload

__all__ = ["Answer", "Download", "Explain", "Pool"]

Body: TypeAlias = bytes | AsyncIterable[bytes] | None
_BACKLOG_FULL: Final = (errno.ENOTCONN, errno.EAGAIN)
_REPEATED: Final = frozenset({"DELETE", "PUT"})  # repeated by aiohttp like GET and HEAD, but not without consequences
_Data: TypeAlias = bytes | BytesPayload | StreamPayload | None

# Bytes of a response buffered ahead of its reader: with fewer, reading a large one pauses and resumes all the time.
_BUFFER: Final = 1 << 18
_ONE_WRITE: Final = 1 << 16  # a socket accepts this much at once, whatever the daemon does


class Answer(NamedTuple):
    """A complete response; header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"  # the headers and the body may hold a token


Explain: TypeAlias = Callable[[], Awaitable[str]]
"""Returns why a connection was closed early, to be appended to an error message; empty if unknown."""


class Sender(Protocol):
    """An upload or WebSocket that may hold data that the daemon does not read."""

    def abort(self) -> None:
        """Abort the connection if it does."""
        ...


class _RetryGuard:
    """An aiohttp middleware for a request that aiohttp sends again when its connection breaks before the response.

    The first attempt may have reached the daemon. If the second one fails to connect, or its response is an error (such as
    404 after a DELETE that took effect), the error of the first attempt is raised.
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


class _Attempt:
    """One attempt to send a request.

    :ivar context: the TLS context chosen for a new connection, if it is to be compared; see `_certificate_check`.
    :ivar fresh: whether a new connection was made.
    """

    def __init__(self) -> None:
        self.context: SSLContext | None = None
        self.fresh = False


class _CertificatesChanged(Exception):
    """Raised before a connection is made with a TLS context that is no longer current: the request has to be repeated."""


def _certificate_check(tls: TLSContexts | None) -> aiohttp.TraceConfig:
    """Return a trace config that stops aiohttp before it makes a connection with outdated certificates."""

    async def compare(_session: object, request: SimpleNamespace, _params: object) -> None:
        attempt: _Attempt | None = request.trace_request_ctx
        if attempt is None:  # a WebSocket
            return
        if tls is not None and attempt.context is not None and attempt.context is not await tls.context():
            raise _CertificatesChanged
        attempt.fresh = True

    config = aiohttp.TraceConfig()
    config.on_connection_create_start.append(compare)
    return config


class Download:
    """A response whose body is read in chunks while it arrives."""

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        endpoint: Endpoint,
        request: RequestInfo,
        payload: StreamPayload | None = None,
        explain: Explain | None = None,
    ) -> None:
        self._response = response
        self._endpoint = endpoint
        self._payload = payload
        self._explain = explain
        self._closed = False
        if payload is not None:
            payload.on_failure = response.close
            if payload.failure is not None:
                response.close()
        self.status: int = response.status
        self.headers: Mapping[str, str] = response.headers
        self.request: RequestInfo = request

    async def read(self) -> bytes:
        """Return the rest of the body."""
        chunks: list[bytes] = []
        while chunk := await self.receive():
            chunks.append(chunk)
        return b"".join(chunks)

    async def receive(self) -> bytes:
        """Return all data that has arrived, waiting for the first byte; ``b""`` is the end.

        :raises TruncatedStream: if the connection ended before the body did.
        """
        try:
            return await self._response.content.readany()
        except (aiohttp.ClientError, OSError) as error:
            if self._payload is not None and self._payload.failure is not None:
                raise self._payload.failure from None
            if self._closed:
                raise TransportError("the connection was closed by the client") from error
            reason = "" if self._explain is None else await self._explain()
            cut = TruncatedStream(f"{self._endpoint} closed the connection in the middle of a response{reason}")
            raise self.request.annotate(cut) from error

    def close(self) -> None:
        """Release the connection if the body has been read completely, else close it."""
        self._closed = True
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()


class Pool:
    """At most `limit` connections at a time, made when needed and kept for the next call; 0 means no limit."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        limit: int,
        connect_timeout: float | None,
        headers: Mapping[str, str],
        tls: TLSContexts | None,
        middlewares: Sequence[aiohttp.ClientMiddlewareType] = (),
    ) -> None:
        self._endpoint = endpoint
        self._middlewares = middlewares
        self._limit = limit
        self._timeout = connect_timeout
        self._headers = headers
        self._scheme = "http" if tls is None else "https"
        self._authority = endpoint.authority or "docker"
        self.tls = tls
        self.server_name = None if tls is None else tls.server_name
        self._session: aiohttp.ClientSession | None = None
        self._senders: WeakSet[Sender] = WeakSet()
        self._closed = False

    def _connector(self) -> aiohttp.BaseConnector:
        if self._endpoint.is_unix:
            return aiohttp.UnixConnector(self._endpoint.socket, limit=self._limit)
        if self._endpoint.scheme == "npipe":
            try:
                pipe_connector()
            except OSError as error:
                raise connect_failed(self._endpoint, error) from error
            return aiohttp.NamedPipeConnector(self._endpoint.socket, limit=self._limit)
        return aiohttp.TCPConnector(limit=self._limit, socket_factory=lambda address: tcp_socket(address[0]))

    def session(self) -> aiohttp.ClientSession:
        """Return the session, opened by the first call."""
        if self._closed:
            raise client_closed()
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
                trace_configs=None if self._endpoint.is_unix else [_certificate_check(self.tls)],
            )
        return self._session

    @property
    def opened(self) -> bool:
        """Whether connections may be open."""
        return self._session is not None and not self._closed

    async def context(self) -> SSLContext | bool:
        """Return the `ssl` argument of aiohttp for a new connection."""
        return True if self.tls is None else await self.tls.context()

    def url(self, target: str) -> URL:
        """Return the URL of a percent-encoded target."""
        path, _, query = target.partition("?")
        return URL.build(scheme=self._scheme, authority=self._authority, path=path, query_string=query, encoded=True)

    async def open(
        self,
        request: RequestInfo,
        target: str,
        headers: Mapping[str, str],
        body: Body,
        explain: Callable[[], Explain] | None = None,
    ) -> Download:
        """Send a request and read the head of the response; the caller closes it.

        :param explain: called when the head has been read; returns what explains an early end of the body.
        """
        data, attempt = self._payload(body), _Attempt()
        try:
            response = await self._send(request.method, target, headers, data, attempt)
            payload = data if isinstance(data, StreamPayload) else None
            return Download(response, self._endpoint, request, payload, None if explain is None else explain())
        except FOREIGN as error:
            await self._fail(error, data, attempt)

    async def request(self, method: str, target: str, headers: Mapping[str, str], body: Body) -> Answer:
        """Send a request and return the complete response."""
        data, attempt = self._payload(body), _Attempt()
        try:
            response = await self._send(method, target, headers, data, attempt)
            # Reading the whole body releases the connection; an exception closes it.
            return Answer(response.status, response.headers, await response.read())
        except FOREIGN as error:
            await self._fail(error, data, attempt)

    def abort_on_close(self, sender: Sender) -> None:
        """Abort its connection, rather than close it, when the pool is closed."""
        self._senders.add(sender)

    def _payload(self, body: Body) -> _Data:
        """Return the body in the form that aiohttp sends best."""
        if body is None or (isinstance(body, bytes) and len(body) <= _ONE_WRITE):
            return body
        upload = BytesPayload(body) if isinstance(body, bytes) else StreamPayload(body)
        self.abort_on_close(upload)
        return upload

    async def _send(
        self, method: str, target: str, headers: Mapping[str, str], data: _Data, attempt: _Attempt
    ) -> aiohttp.ClientResponse:
        """Send a request; repeat it while the backlog of the daemon's Unix socket is full.

        asyncio treats a Unix socket as connected although the full backlog refused it. The first write then fails, before
        anything is sent. uvloop fails to connect.
        """
        url, pause, deadline = self.url(target), 0.005, -1.0
        once, context = isinstance(data, StreamPayload), None
        while True:
            if self.tls is not None:
                context = (None if once else self.tls.known) or await self.tls.context()
                attempt.context = None if once else context
            attempt.fresh = False
            try:
                return await (self._session or self.session()).request(
                    method,
                    url,
                    headers=headers,
                    data=data,
                    allow_redirects=False,
                    ssl=context or True,
                    server_hostname=self.server_name,
                    trace_request_ctx=attempt,
                    middlewares=(_RetryGuard(),) if method in _REPEATED else None,
                )
            except _CertificatesChanged:
                continue
            except aiohttp.ClientOSError as error:
                begun = once and error.errno == errno.ENOTCONN
                if begun or error.errno not in _BACKLOG_FULL or not self._endpoint.is_unix:
                    raise
                now = asyncio.get_running_loop().time()
                if deadline < 0:
                    deadline = now + (math.inf if self._timeout is None else self._timeout)
                if now > deadline:
                    raise connect_timed_out(self._endpoint, self._timeout) from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.2)

    async def _fail(self, error: Exception, data: _Data, attempt: _Attempt) -> NoReturn:
        """Raise the error of the body's source as it is, or a failure of the connection as an error of this library."""
        if isinstance(error, aiohttp.ClientError):
            redacted(error)
            if isinstance(data, StreamPayload) and data.failure is not None:
                raise data.failure from None
        if self._closed:
            raise client_closed() from error
        if (
            attempt.fresh
            and data is not None
            and isinstance(error, aiohttp.ClientOSError | aiohttp.ServerDisconnectedError)
        ):
            await raise_if_tls_refused(self._endpoint, self.tls, error)
        raise_translated(error, self._endpoint, self._timeout)

    async def aclose(self) -> None:
        """Close all connections, without waiting for data that the daemon does not read."""
        self._closed = True
        for sender in self._senders:
            sender.abort()
        session, self._session = self._session, None
        if session is not None:
            await session.close()
