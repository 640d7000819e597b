"""The engine: the kinds of call it answers, the version prefix, and the check of every response."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from typing import Final, TypeVar

from .. import models
from .._concurrency import begin
from .._transport import (
    Answer,
    Download,
    ErrorResponse,
    StreamAnswer,
    ThreadedBlocks,
    Transport,
    WebSocket,
    WebSocketRefused,
    read_error,
)
from .._transport.diagnostics import not_a_daemon
from .._wire.versions import OLDEST, ApiVersion
from ..errors import (
    DecodingError,
    DockerError,
    EngineChanged,
    TransportError,
    UnsupportedFeature,
    UnsupportedVersion,
    UpgradeRefused,
)
from .features import Feature
from .lazy_types import LazyType
from .negotiation import VersionNegotiator
from .request import Request

__all__ = ["Engine"]

T = TypeVar("T")

_UPGRADE: Final = {"Connection": "Upgrade", "Upgrade": "tcp"}
_PING: Final = LazyType(lambda: models.Ping)


class Engine:
    """One daemon, used in one API version."""

    def __init__(self, transport: Transport, version: ApiVersion | None = None, pinned_by: str = "") -> None:
        self.transport = transport
        self.terminals: dict[str, bool] = {}
        """Whether a container has a terminal, by its full id; a cache for engines whose responses do not report it."""
        self._negotiator = VersionNegotiator(transport, version, pinned_by, self.terminals.clear)

    # -- versions

    @property
    def known_version(self) -> ApiVersion | None:
        """The API version in use; None before negotiation."""
        return self._negotiator.version

    async def version(self) -> ApiVersion:
        """Return the API version in use, after negotiating it if necessary."""
        return (await self._negotiator.negotiated())[0]

    async def supports(self, feature: Feature) -> bool:
        """Return whether the engine supports the feature, judging by its API version."""
        if feature.supported_by(await self.version()):
            return True
        return feature.supported_by((await self._negotiator.revalidated())[0])

    async def ping(self) -> models.Ping:
        """Ping the daemon; the response also shows whether the engine is still the one negotiated with."""
        begin(_PING)
        headers = await self._negotiator.ping()
        cls = await _PING.loaded()
        return cls(
            api_version=headers.get("Api-Version", ""),
            os_type=headers.get("Ostype", ""),
            server=headers.get("Server", ""),
            experimental=headers.get("Docker-Experimental", "").lower() == "true",
            builder_version=headers.get("Builder-Version", ""),
            swarm=headers.get("Swarm", ""),
        )

    async def _resolve(self, request: Request) -> tuple[Request, str]:
        """Return the request as it is sent, and its target with the version prefix."""
        if not request.versioned:
            await self.transport.prepare()
            return request, self.transport.endpoint.base_path + request.target
        if request.body is not None and _is_single_use(request.body):
            await self._negotiator.revalidated()  # a refusal would consume the body
        prefix = self._negotiator.prefix
        if prefix is None or request.features:
            request, prefix = await self._check_features(request)
        return request, f"{prefix}{request.target}"

    async def _check_features(self, request: Request) -> tuple[Request, str]:
        """Return the request and the prefix if the engine supports all features that the request requires."""
        version, prefix = await self._negotiator.negotiated()
        if all(feature.supported_by(version) for feature in request.features):
            return request, prefix
        current, prefix = await self._negotiator.revalidated()
        for feature in request.features:
            if not feature.supported_by(current):
                raise UnsupportedFeature(feature.name, feature.needs, str(current))
        return _for_version(request, current), prefix

    # -- error responses

    async def _send(self, request: Request, send: Callable[[Request, str], Awaitable[T | ErrorResponse]]) -> T:
        """Send a request; send it once more in another API version if a replaced engine refuses the one in use."""
        again = False
        while True:
            request, target = await self._resolve(request)
            result = await send(request, target)
            if not isinstance(result, ErrorResponse):
                return result
            error = await self._error(request, target, result)
            if not isinstance(error, UnsupportedVersion) or not request.versioned:
                self._negotiator.observe(result.headers.get("api-version"))
                raise error
            prefix = target.removesuffix(request.target)
            version = await self._negotiator.renegotiated(prefix, error, again=again)
            request, again = self._repeatable(request, version), True

    async def _error(self, request: Request, target: str, response: ErrorResponse) -> DockerError:
        """Return the exception for an error response."""
        error = response.error(request.info(self._negotiator.version or OLDEST), self.transport.endpoint)
        if response.status == 400 and request.versioned and not response.body:
            prefix = target.removesuffix(request.target)
            return await self._negotiator.explain_refusal(prefix, error, response.headers)
        return error

    def _repeatable(self, request: Request, version: ApiVersion) -> Request:
        """Return the request for a second attempt in another API version.

        The daemon checks the version before anything else, so the first attempt has had no effect.

        :raises EngineChanged: if the body can be sent only once.
        """
        if request.body is not None and _is_single_use(request.body):
            raise EngineChanged(
                f"{self.transport.endpoint} has been replaced by another engine; API version {version} is used from now on. "
                f"{request.method} {request.path} had no effect, but its body has been consumed: repeat the call"
            )
        if isinstance(request.body, ThreadedBlocks):
            request = request._replace(body=request.body.restarted())
        return _for_version(request, version)

    def _unexpected_status(self, request: Request, status: int) -> TransportError:
        return not_a_daemon.error(
            self.transport.endpoint, f"unexpected status {status} for {request.method} {request.path}"
        )

    def _check_headers(self, request: Request, headers: Mapping[str, str]) -> None:
        """Check that a body to be streamed can be what was requested.

        :raises TransportError: if it is a web page, or compressed although that was not requested.
        """
        if not_a_daemon.has_html_type(headers):
            raise self._web_page()
        requested = any(name.lower() == "accept-encoding" for name in request.headers)
        if not requested and (encoding := not_a_daemon.content_encoding(headers)):
            raise self._compressed(request, encoding)

    def _web_page(self, body: bytes = b"") -> TransportError:
        return not_a_daemon.error(self.transport.endpoint, not_a_daemon.web_page(body))

    def _compressed(self, request: Request, encoding: str) -> TransportError:
        return not_a_daemon.error(
            self.transport.endpoint,
            f"its response to {request.method} {request.path} is compressed ({encoding}), which was not requested. "
            "Bypass the proxy that compresses it, or turn off its compression",
        )

    def _no_upgrade(self, request: Request, status: int) -> UpgradeRefused:
        return UpgradeRefused(
            f"status {status} does not upgrade the connection of {request.method} {request.path}: "
            f"does a proxy in front of {self.transport.endpoint} block upgrades?"
        )

    # -- calls

    async def answer(self, request: Request) -> Answer:
        """Send a request and return the complete response."""
        return await self._send(request, self._answer)

    async def _answer(self, request: Request, target: str) -> Answer | ErrorResponse:
        answer = await self.transport.request(request.method, target, request.headers, request.body)
        if not 200 <= answer.status < 300 and answer.status != 304:
            if answer.status < 300:
                raise self._unexpected_status(request, answer.status)
            return ErrorResponse(answer.status, answer.headers, answer.body)
        self._negotiator.observe(answer.headers.get("api-version"))
        return answer

    async def json(self, request: Request, lazy: LazyType[T]) -> T:
        """Send a request and decode its JSON response."""
        if not lazy.ready:
            begin(lazy)  # while the daemon works on its response
        answer = await self._send(request, self._answer)
        try:
            return await lazy.decode(answer.body)
        except DecodingError as error:
            if not_a_daemon.is_web_page(answer.body):
                raise self._web_page(answer.body) from error
            if encoding := not_a_daemon.content_encoding(answer.headers):
                raise self._compressed(request, encoding) from error
            request.info(self._negotiator.version or OLDEST).annotate(error)
            raise

    async def empty(self, request: Request) -> bool:
        """Send a request whose response has no content; return whether it changed anything (False for status 304)."""
        answer = await self._send(request, self._answer)
        if answer.body and not_a_daemon.is_web_page(answer.body):
            raise self._web_page(answer.body)
        return answer.status != 304

    async def download(self, request: Request) -> Download:
        """Send a request whose response is read in chunks; the caller closes it."""
        return await self._send(request, self._download)

    async def _download(self, request: Request, target: str) -> Download | ErrorResponse:
        info = request.info(self._negotiator.version or OLDEST)
        download = await self.transport.download(info, target, request.headers, request.body)
        try:
            if 200 <= download.status < 300 or download.status == 304:
                self._check_headers(request, download.headers)
                self._negotiator.observe(download.headers.get("api-version"))
                return download
            if download.status < 300:
                raise self._unexpected_status(request, download.status)
            body = await read_error(download.receive)
        except BaseException:
            download.close()
            raise
        download.close()
        return ErrorResponse(download.status, download.headers, body)

    async def stream(self, request: Request) -> StreamAnswer:
        """Send a request whose response is long-lived, on a connection of its own; the caller closes it."""
        answer = await self._send(request, self._stream)
        if answer.head.status != 200:
            answer.close()
            raise self._unexpected_status(request, answer.head.status)
        return answer

    async def hijack(self, request: Request) -> StreamAnswer:
        """Send a request that takes over its connection in both directions; the caller closes it."""
        answer = await self._send(request, self._hijack)
        if answer.head.status not in (101, 200):
            answer.close()
            raise self._no_upgrade(request, answer.head.status)
        return answer

    async def _hijack(self, request: Request, target: str) -> StreamAnswer | ErrorResponse:
        return await self._stream(request._replace(headers={**_UPGRADE, **request.headers}), target)

    async def _stream(self, request: Request, target: str) -> StreamAnswer | ErrorResponse:
        body = request.body if isinstance(request.body, bytes) else b""  # streams have small bodies, encoded before
        answer = await self.transport.stream(
            request.info(self._negotiator.version or OLDEST), target, request.headers, body
        )
        status, headers = answer.head.status, answer.head.headers
        if status >= 300:
            try:
                return ErrorResponse(status, headers, await read_error(answer.receive))
            finally:
                answer.close()
        try:
            self._check_headers(request, headers)
        except TransportError:
            answer.close()
            raise
        self._negotiator.observe(headers.get("api-version"))
        return answer

    async def websocket(self, request: Request) -> WebSocket:
        """Send a request that becomes a WebSocket; the caller closes it."""
        return await self._send(request, self._websocket)

    async def _websocket(self, request: Request, target: str) -> WebSocket | ErrorResponse:
        try:
            return await self.transport.websocket(request.info(self._negotiator.version or OLDEST), target)
        except WebSocketRefused as refused:
            response, cause = refused.response, refused.__cause__
        if response.status >= 300:
            return response
        error = (
            self._web_page()
            if not_a_daemon.has_html_type(response.headers)
            else self._no_upgrade(request, response.status)
        )
        raise error from cause


def _is_single_use(body: bytes | AsyncIterable[bytes]) -> bool:
    """Return whether a body can be sent only once."""
    return not (isinstance(body, bytes) or (isinstance(body, ThreadedBlocks) and body.repeatable))


def _for_version(request: Request, version: ApiVersion) -> Request:
    """Return the request as it is sent in the given API version."""
    if request.for_version is None:
        return request
    return request.for_version(version)._replace(for_version=request.for_version, reference=request.reference)
