"""Calls with an answer, over aiohttp's pool of kept connections."""

import asyncio
import errno
import ssl
from collections.abc import AsyncIterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import aiohttp
import attrs
from yarl import URL

from .._settings import Endpoint
from ..errors import TransportError, TruncatedStream
from .failures import closed_client, connect_timeout, translated
from .upload import Watched

__all__ = ["Answer", "Download", "Pool"]

Body = bytes | AsyncIterable[bytes] | None

_ONE_WRITE: Final = 1 << 20  # what is larger is written in parts, so that the loop gets to run in between


@attrs.frozen
class Answer:
    """A complete answer; `headers` are found in any spelling of their names."""

    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)

    @property
    def content_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Download:
    """An answer whose body is read in chunks while it comes."""

    def __init__(self, response: aiohttp.ClientResponse, endpoint: Endpoint) -> None:
        self._response = response
        self._endpoint = endpoint
        self.status: int = response.status
        self.headers: Mapping[str, str] = response.headers

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
            raise TruncatedStream(f"{self._endpoint} closed the connection in the middle of an answer") from error

    def close(self) -> None:
        """Give the connection back if the body has been read to its end, else close it."""
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()


class Pool:
    """At most `limit` connections at a time, made when needed and kept for the next call."""

    def __init__(
        self, endpoint: Endpoint, *, limit: int, connect_timeout: float | None, headers: Mapping[str, str]
    ) -> None:
        self._endpoint = endpoint
        self._limit = limit
        self._timeout = connect_timeout
        self._headers = headers
        self._origin = (
            "http://docker" if endpoint.is_unix else f"{'https' if endpoint.is_tls else 'http'}://{endpoint.authority}"
        )
        self.context: ssl.SSLContext | None = None
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def _connector(self) -> aiohttp.BaseConnector:
        if self._endpoint.is_unix:
            return aiohttp.UnixConnector(self._endpoint.socket, limit=self._limit)
        return aiohttp.TCPConnector(limit=self._limit, ssl=self.context or True)

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
            )
        return self._session

    @property
    def opened(self) -> bool:
        """Whether there is something to close."""
        return self._session is not None and not self._closed

    def url(self, target: str) -> URL:
        """The URL of a target that is percent-encoded already."""
        return URL(self._origin + target, encoded=True)

    async def open(self, method: str, target: str, headers: Mapping[str, str], body: Body) -> Download:
        """Send a request and read the head of its answer; the caller closes what comes back."""
        with self._sending(body) as data:
            response = await self._send(method, target, headers, data)
        return Download(response, self._endpoint)

    async def request(self, method: str, target: str, headers: Mapping[str, str], body: Body) -> Answer:
        """Send a request and read the whole answer."""
        with self._sending(body) as data:
            async with await self._send(method, target, headers, data) as response:
                return Answer(response.status, response.headers, await response.read())

    async def _send(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes | BytesIO | Watched | None
    ) -> aiohttp.ClientResponse:
        """Send a request; again, where the daemon had no room yet for one more connection.

        asyncio takes a Unix socket for connected that was turned away since the backlog is full. Writing to it fails then,
        with an error of its own, before anything is sent.
        """
        url, loop, pause = self.url(target), asyncio.get_running_loop(), 0.005
        patience = None if self._timeout is None else loop.time() + self._timeout
        while True:
            try:
                return await self.session().request(method, url, headers=headers, data=data, allow_redirects=False)
            except aiohttp.ClientOSError as error:
                turned_away = self._endpoint.is_unix and error.errno == errno.ENOTCONN
                if not turned_away or isinstance(data, Watched | BytesIO):
                    raise
                if patience is not None and loop.time() > patience:
                    raise connect_timeout(self._endpoint, self._timeout) from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.2)

    @contextmanager
    def _sending(self, body: Body) -> Iterator[bytes | BytesIO | Watched | None]:
        """The body to send; what goes wrong in its making is raised as it is, and not as a fault of the connection."""
        data: bytes | BytesIO | Watched | None
        if isinstance(body, bytes):
            data = body if len(body) <= _ONE_WRITE else BytesIO(body)
        else:
            data = None if body is None else Watched(body)
        try:
            with translated(self._endpoint, self._timeout):
                yield data
        except TransportError:
            if isinstance(data, Watched) and data.failure is not None:
                raise data.failure from None
            raise

    async def aclose(self) -> None:
        """Close all connections."""
        self._closed = True
        if self._session is not None:
            await self._session.close()
