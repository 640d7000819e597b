"""The daemon as we see it: the kinds of call it takes, the version prefix, and the check of every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, TypeVar

from . import models
from ._shapes import Shape
from ._transport import Answer, Download, StreamAnswer, Transport, WebSocket, begin, prepared
from ._wire.failures import failure, refused_version
from ._wire.request import Request
from ._wire.strangers import is_page, page
from ._wire.versions import NEWEST, OLDEST, ApiVersion
from .errors import (
    APIError,
    BadRequest,
    ConfigurationError,
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

_SEVERAL: Final = "are there several engines behind this address? Pin a version that all of them know: api_version="
_LARGEST_ERROR: Final = 1 << 20
_UPGRADE: Final = {"Connection": "Upgrade", "Upgrade": "tcp"}
_PING_HEAD: Final = Request("HEAD", "/_ping", versioned=False)
_PING_GET: Final = Request("GET", "/_ping", versioned=False)
_ASK_VERSION: Final = Request("GET", "/version", versioned=False)
_PING: Final = Shape(lambda: models.Ping)
_VERSION: Final = Shape(lambda: models.SystemVersion)


class Engine:
    """One daemon, spoken to in one API version."""

    def __init__(self, transport: Transport, version: ApiVersion | None = None, pinned_by: str = "") -> None:
        self.transport = transport
        self._negotiating = asyncio.Lock()
        self._version = version
        self._pinned_by = (pinned_by or "api_version=") if version else ""
        self._prefix: str | None = None
        self._told = ""  # the engine's own newest version, as it told it when the one in use was agreed on
        self.terminals: dict[str, bool] = {}
        """Whether a container has a terminal, by its full id, as far as it is known; only where the output does not say it."""

    # -- versions

    @property
    def known_version(self) -> ApiVersion | None:
        """The API version in use; None before the first call of a client that negotiates."""
        return self._version

    async def version(self) -> ApiVersion:
        """The API version in use; negotiated now if need be, once for all callers that wait for it."""
        return (await self._agreed())[0]

    async def _agreed(self) -> tuple[ApiVersion, str]:
        """The API version in use, and what paths begin with then."""
        version, prefix = self._version, self._prefix
        if version is None or prefix is None:
            async with self._negotiating:
                version, prefix = self._version, self._prefix
                if version is None or prefix is None:
                    await self.transport.prepare()
                    version = version or await self._negotiate()
                    prefix = f"{self.transport.endpoint.base_path}/v{version}"
                    self._version, self._prefix = version, prefix
        return version, prefix

    def _forget(self) -> None:
        """Drop what was learnt from an engine that has been replaced."""
        self._version = self._prefix = None
        self.terminals.clear()

    async def _negotiate(self) -> ApiVersion:
        self._told = text = (await self._ping()).get("Api-Version") or await self._ask_version()
        newest = ApiVersion.parse(text, source=f"the API version of {self.transport.endpoint}")
        if newest < OLDEST:
            raise UnsupportedVersion(
                f"{self.transport.endpoint} speaks API version {newest} at most; "
                f"this library needs {OLDEST} (Docker 20.10) or newer: upgrade the Docker daemon"
            )
        return min(newest, NEWEST)

    async def _ask_version(self) -> str:
        """For what answers a ping without saying its version, as some proxies do."""
        problem: DecodingError | None = None
        try:
            version = (await self.json(_ASK_VERSION, _VERSION)).api_version
        except DecodingError as error:
            version, problem = "", error
        if not version:
            raise TransportError(
                f"{self.transport.endpoint} does not answer as a Docker daemon does: it tells no API version. "
                "Check the address, and what listens there"
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
        """Ask for a sign of life; it also tells whether the engine is still the one that the version was agreed on with."""
        begin(_PING)
        headers = await self._ping()
        await self._notice(headers.get("Api-Version", ""))
        await prepared(_PING)
        return _PING.cls(
            api_version=headers.get("Api-Version", ""),
            os_type=headers.get("Ostype", ""),
            server=headers.get("Server", ""),
            experimental=headers.get("Docker-Experimental", "").lower() == "true",
            builder_version=headers.get("Builder-Version", ""),
            swarm=headers.get("Swarm", ""),
        )

    async def _notice(self, told: str) -> None:
        """Agree anew where the engine says another version than it did before."""
        if self._prefix is None or self._pinned_by or told in ("", self._told):
            return
        self._forget()
        with suppress(DockerError):  # the next call agrees, or tells what is wrong
            await self.version()

    async def _target(self, request: Request) -> str:
        if not request.versioned:
            await self.transport.prepare()
            return self.transport.endpoint.base_path + request.target
        prefix = self._prefix
        if prefix is None or request.features:
            version, prefix = await self._agreed()
            for feature in request.features:
                if not feature.known_to(version):
                    raise UnsupportedFeature(feature.name, feature.needs, str(version))
        return f"{prefix}{request.target}"

    async def _renewed(self, request: Request, target: str, error: DockerError, *, again: bool) -> Request:
        """The request for the version that a replaced engine takes, if its refusal is of that kind; raises it otherwise.

        The daemon looks at the version before anything else, so that nothing has been done.

        :param again: it has been sent anew already: once must do.
        """
        refused = refused_version(error)
        if refused is None or not request.versioned:
            raise error
        if self._pinned_by:
            raise UnsupportedVersion(
                f"{error} ({self.transport.endpoint}). The version is pinned by {self._pinned_by}: "
                "without, it is agreed on with the engine"
            )
        used = target.removesuffix(request.target)
        if again:
            raise UnsupportedVersion(f"{error}. But {self.transport.endpoint} said {self._told}: {_SEVERAL}")
        if self._prefix == used:  # else another call has been refused before
            self._forget()
        version, prefix = await self._agreed()
        if prefix == used and refused < version:
            raise UnsupportedVersion(f"{error}. But {self.transport.endpoint} said {self._told}: {_SEVERAL}")
        if prefix == used:
            raise UnsupportedVersion(
                f"{self.transport.endpoint} takes API version {refused} at least; "
                f"this library speaks {NEWEST} at most: upgrade aiodockerapi"
            )
        return self._remade(request, version)

    def _remade(self, request: Request, version: ApiVersion) -> Request:
        if not (request.body is None or isinstance(request.body, bytes)):
            raise UnsupportedVersion(
                f"{self.transport.endpoint} has been replaced by another engine while this client was in use, and API version "
                f"{version} is used from now on. What was sent is used up, and nothing was done: call once more"
            )
        return request if request.remade is None else request.remade(version)

    # -- calls

    async def answer(self, request: Request, *, again: bool = False) -> Answer:
        """A call with a complete answer, whatever it holds."""
        target = await self._target(request)
        answer = await self.transport.request(request.method, target, request.headers, request.body)
        if answer.status >= 300 and answer.status != 304:
            error = _failure(request, answer.status, answer.body, answer.headers)
            if answer.status == 400 and request.method == "HEAD" and request.versioned:
                error = self._unspoken(request, target, error, answer.headers)
            return await self.answer(await self._renewed(request, target, error, again=again), again=True)
        return answer

    async def json(self, request: Request, shape: Shape[T]) -> T:
        """A call that is answered with JSON."""
        if not shape.ready:
            begin(shape)  # while the daemon is busy with its answer
        body = (await self.answer(request)).body
        try:
            while (step := shape.lacks(body)) is not None:
                await prepared(step)
            return shape.decode(body)
        except DecodingError as error:
            if is_page(body):
                raise self._no_daemon(body) from error
            raise

    def _no_daemon(self, body: bytes = b"") -> TransportError:
        return TransportError(f"{self.transport.endpoint} does not answer as a Docker daemon does: {page(body)}")

    async def empty(self, request: Request) -> bool:
        """A call without an answer worth reading: whether anything changed."""
        answer = await self.answer(request)
        if answer.body and is_page(answer.body):
            raise self._no_daemon(answer.body)
        return answer.status != 304

    async def download(self, request: Request, *, again: bool = False) -> Download:
        """A call whose answer is read in chunks; the caller closes it."""
        target = await self._target(request)
        download = await self.transport.download(request.method, target, request.headers, request.body)
        if download.status < 300 or download.status == 304:
            if _is_html(download.headers):
                download.close()
                raise self._no_daemon()
            return download
        try:
            body = await download.read()
        finally:
            download.close()
        error = _failure(request, download.status, body, download.headers)
        return await self.download(await self._renewed(request, target, error, again=again), again=True)

    async def stream(self, request: Request) -> StreamAnswer:
        """A call whose answer lasts, on a connection of its own; the caller closes it."""
        answer = await self._open(request, {})
        if answer.head.status != 200:
            answer.close()
            raise TransportError(f"{answer.head.status} is no answer to {request.method} {request.path}")
        return answer

    async def hijack(self, request: Request) -> StreamAnswer:
        """A call that takes the connection over in both directions; the caller closes it."""
        answer = await self._open(request, _UPGRADE)
        if answer.head.status not in (101, 200):
            answer.close()
            raise UpgradeRefused(f"{answer.head.status} is no upgrade for {request.method} {request.path}")
        return answer

    async def _open(self, request: Request, upgrade: Mapping[str, str], *, again: bool = False) -> StreamAnswer:
        target = await self._target(request)
        version = self._version or OLDEST
        body = request.body if isinstance(request.body, bytes) else b""  # streams have small bodies, encoded before
        answer = await self.transport.stream(request.method, target, {**upgrade, **request.headers}, body)
        if answer.head.status >= 300:
            try:
                text = await _read_error(answer)
            finally:
                answer.close()
            error = _failure(request, answer.head.status, text, answer.head.headers)
            return await self._open(await self._renewed(request, target, error, again=again), upgrade, again=True)
        if _is_html(answer.head.headers):
            answer.close()
            raise self._no_daemon()
        answer.version = version
        return answer

    async def websocket(self, request: Request, *, again: bool = False) -> WebSocket:
        """A call that becomes a WebSocket; the caller closes it."""
        target = await self._target(request)
        try:
            return await self.transport.websocket(target)
        except BadRequest as refused:
            headers: Mapping[str, str] = {}
            with suppress(DockerError):
                headers = await self._ping()
            error = self._unspoken(request, target, refused, headers)
            if error is refused:
                raise
        return await self.websocket(await self._renewed(request, target, error, again=again), again=True)

    def _unspoken(self, request: Request, target: str, refused: DockerError, headers: Mapping[str, str]) -> DockerError:
        """What a refusal without words, to HEAD or to a WebSocket, is about: the engine's version tells."""
        used = ApiVersion.parse(target.removesuffix(request.target).rpartition("/v")[2])
        try:
            newest = ApiVersion.parse(headers.get("Api-Version", ""))
        except ConfigurationError:
            return refused
        if newest < used:
            return UnsupportedVersion(f"client version {used} is too new. Maximum supported API version is {newest}")
        if self._pinned_by or min(newest, NEWEST) == used:  # nothing that a new agreement would change
            return refused
        return UnsupportedVersion(f"client version {used} is too old. Minimum supported API version is {newest}")


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


def _is_html(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").startswith("text/html")


def _failure(request: Request, status: int, body: bytes, headers: Mapping[str, str]) -> DockerError:
    return failure(status, body, method=request.method, path=request.path, headers=headers)
