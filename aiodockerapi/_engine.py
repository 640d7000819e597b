"""The daemon as we see it: the kinds of call it takes, the version prefix, and the check of every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, TypeVar

from . import models
from ._shapes import Shape
from ._transport import Answer, Download, StreamAnswer, Transport, WebSocket, begin, prepared
from ._wire.failures import failure
from ._wire.request import Request
from ._wire.versions import NEWEST, OLDEST, ApiVersion
from .errors import (
    APIError,
    ConnectFailed,
    DecodingError,
    DockerError,
    TransportError,
    UnsupportedFeature,
    UnsupportedVersion,
    UpgradeRefused,
)

__all__ = ["Engine"]

T = TypeVar("T")

_LARGEST_ERROR: Final = 1 << 20
_UPGRADE: Final = {"Connection": "Upgrade", "Upgrade": "tcp"}
_PING_HEAD: Final = Request("HEAD", "/_ping", versioned=False)
_PING_GET: Final = Request("GET", "/_ping", versioned=False)
_PING: Final = Shape(lambda: models.Ping)
_VERSION: Final = Shape(lambda: models.SystemVersion)


class Engine:
    """One daemon, spoken to in one API version."""

    def __init__(self, transport: Transport, version: ApiVersion | None = None) -> None:
        self.transport = transport
        self._negotiating = asyncio.Lock()
        self._version = version
        self._prefix: str | None = None
        self.terminals: dict[str, bool] = {}
        """Whether a container has a terminal, by its full id, as far as it is known; only where the output does not say it."""

    # -- versions

    @property
    def known_version(self) -> ApiVersion | None:
        """The API version in use; None before the first call of a client that negotiates."""
        return self._version

    async def version(self) -> ApiVersion:
        """The API version in use; negotiated now if need be, once for all callers that wait for it."""
        if self._version is None or self._prefix is None:
            async with self._negotiating:
                await self.transport.prepare()
                self._version = self._version or await self._negotiate()
                self._prefix = f"{self.transport.endpoint.base_path}/v{self._version}"
        return self._version

    async def _negotiate(self) -> ApiVersion:
        text = (await self._ping()).get("Api-Version") or await self._ask_version()
        newest = ApiVersion.parse(text, source=f"the API version of {self.transport.endpoint}")
        if newest < OLDEST:
            raise UnsupportedVersion(
                f"{self.transport.endpoint} speaks API version {newest} at most; "
                f"this library needs {OLDEST} (Docker 20.10) or newer"
            )
        return min(newest, NEWEST)

    async def _ask_version(self) -> str:
        """For what answers a ping without saying its version, as some proxies do."""
        problem: DecodingError | None = None
        try:
            version = (await self.json(Request("GET", "/version", versioned=False), _VERSION)).api_version
        except DecodingError as error:
            version, problem = "", error
        if not version:
            raise TransportError(
                f"{self.transport.endpoint} does not answer as a Docker daemon does: it tells no API version"
            ) from problem
        return version

    async def _ping(self) -> Mapping[str, str]:
        """What the headers say of the answer to a sign of life: HEAD, or GET where that is not understood."""
        try:
            answer = await self.answer(_PING_HEAD)
        except ConnectFailed:
            raise
        except (APIError, TransportError):  # some proxies hang up on HEAD instead of refusing it
            answer = await self.answer(_PING_GET)
        return answer.headers

    async def ping(self) -> models.Ping:
        """Ask for a sign of life."""
        begin(_PING)
        headers = await self._ping()
        await prepared(_PING)
        return _PING.cls(
            api_version=headers.get("Api-Version", ""),
            os_type=headers.get("Ostype", ""),
            server=headers.get("Server", ""),
            experimental=headers.get("Docker-Experimental", "").lower() == "true",
            builder_version=headers.get("Builder-Version", ""),
            swarm=headers.get("Swarm", ""),
        )

    async def _target(self, request: Request) -> str:
        if not request.versioned:
            await self.transport.prepare()
            return self.transport.endpoint.base_path + request.target
        if self._prefix is None or request.features:
            version = await self.version()
            for feature in request.features:
                if not feature.known_to(version):
                    raise UnsupportedFeature(feature.name, feature.needs, str(version))
        return f"{self._prefix}{request.target}"

    # -- calls

    async def answer(self, request: Request) -> Answer:
        """A call with a complete answer, whatever it holds."""
        target = await self._target(request)
        answer = await self.transport.request(request.method, target, request.headers, request.body)
        if answer.status >= 300 and answer.status != 304:
            raise _failure(request, answer.status, answer.body, answer.content_type)
        return answer

    async def json(self, request: Request, shape: Shape[T]) -> T:
        """A call that is answered with JSON."""
        if not shape.ready:
            begin(shape)  # while the daemon is busy with its answer
        body = (await self.answer(request)).body
        while (step := shape.lacks(body)) is not None:
            await prepared(step)
        return shape.decode(body)

    async def empty(self, request: Request) -> bool:
        """A call without an answer worth reading: whether anything changed."""
        return (await self.answer(request)).status != 304

    async def download(self, request: Request) -> Download:
        """A call whose answer is read in chunks; the caller closes it."""
        target = await self._target(request)
        download = await self.transport.download(request.method, target, request.headers, request.body)
        if download.status < 300 or download.status == 304:
            return download
        try:
            body = await download.read()
        finally:
            download.close()
        raise _failure(request, download.status, body, download.headers.get("Content-Type", ""))

    async def stream(self, request: Request) -> StreamAnswer:
        """A call whose answer lasts, on a connection of its own; the caller closes it."""
        answer = await self._open(request, request.headers)
        if answer.head.status != 200:
            answer.close()
            raise TransportError(f"{answer.head.status} is no answer to {request.method} {request.path}")
        return answer

    async def hijack(self, request: Request) -> StreamAnswer:
        """A call that takes the connection over in both directions; the caller closes it."""
        answer = await self._open(request, {**_UPGRADE, **request.headers})
        if answer.head.status not in (101, 200):
            answer.close()
            raise UpgradeRefused(f"{answer.head.status} is no upgrade for {request.method} {request.path}")
        return answer

    async def _open(self, request: Request, headers: Mapping[str, str]) -> StreamAnswer:
        target = await self._target(request)
        body = request.body if isinstance(request.body, bytes) else b""  # streams have small bodies, encoded before
        answer = await self.transport.stream(request.method, target, headers, body)
        if answer.head.status >= 300:
            try:
                text = await _read_error(answer)
            finally:
                answer.close()
            raise _failure(request, answer.head.status, text, answer.head.content_type)
        return answer

    async def websocket(self, request: Request) -> WebSocket:
        """A call that becomes a WebSocket; the caller closes it."""
        return await self.transport.websocket(await self._target(request))


async def _read_error(answer: StreamAnswer) -> bytes:
    """The body of an error, as far as it is sensible."""
    text = bytearray()
    while len(text) < _LARGEST_ERROR:
        try:
            data = await answer.receive()
        except DockerError:
            break
        if not data:
            break
        text += data
    return bytes(text)


def _failure(request: Request, status: int, body: bytes, content_type: str) -> DockerError:
    media_type = content_type.partition(";")[0].strip().lower()
    return failure(status, body, method=request.method, path=request.path, content_type=media_type)
