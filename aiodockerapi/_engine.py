"""The daemon as we see it: the kinds of call it takes, the version prefix, and the check of every answer."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import Final, TypeVar

from . import models
from ._agreement import Agreement
from ._shapes import Shape
from ._transport import Ahead, Answer, Download, StreamAnswer, Transport, WebSocket, WebSocketRefused, begin, prepared
from ._wire.failures import failure
from ._wire.features import Feature
from ._wire.request import Request
from ._wire.strangers import encoding, is_html, is_page, page, stranger
from ._wire.versions import OLDEST, ApiVersion
from .errors import (
    DecodingError,
    DockerError,
    EngineChanged,
    TransportError,
    UnsupportedFeature,
    UnsupportedVersion,
    UpgradeRefused,
)

__all__ = ["Engine"]

T = TypeVar("T")

_LARGEST_ERROR: Final = 1 << 20
_UPGRADE: Final = {"Connection": "Upgrade", "Upgrade": "tcp"}
_PING: Final = Shape(lambda: models.Ping)


class Engine:
    """One daemon, spoken to in one API version."""

    def __init__(self, transport: Transport, version: ApiVersion | None = None, pinned_by: str = "") -> None:
        self.transport = transport
        self.terminals: dict[str, bool] = {}
        """Whether a container has a terminal, by its full id, as far as it is known; only where the output does not say it."""
        self._agreement = Agreement(transport, version, pinned_by, self.terminals.clear)

    # -- versions

    @property
    def known_version(self) -> ApiVersion | None:
        """The API version in use; None before the first call of a client that negotiates."""
        return self._agreement.version

    async def version(self) -> ApiVersion:
        """The API version in use; negotiated now if need be, once for all callers that wait for it."""
        return (await self._agreement.agreed())[0]

    async def knows(self, feature: Feature) -> bool:
        """Whether the engine has it, as far as its API version tells."""
        if feature.known_to(await self.version()):
            return True
        return feature.known_to((await self._agreement.confirmed())[0])

    async def ping(self) -> models.Ping:
        """Ask for a sign of life; it also tells whether the engine is still the one that the version was agreed on with."""
        begin(_PING)
        headers = await self._agreement.ping()
        await prepared(_PING)
        return _PING.cls(
            api_version=headers.get("Api-Version", ""),
            os_type=headers.get("Ostype", ""),
            server=headers.get("Server", ""),
            experimental=headers.get("Docker-Experimental", "").lower() == "true",
            builder_version=headers.get("Builder-Version", ""),
            swarm=headers.get("Swarm", ""),
        )

    async def _target(self, request: Request) -> tuple[Request, str]:
        """The request as it is sent, and where to."""
        if not request.versioned:
            await self.transport.prepare()
            return request, self.transport.endpoint.base_path + request.target
        if request.body is not None and _used_up(request.body):
            await self._agreement.confirmed()  # better than to be refused
        prefix = self._agreement.prefix
        if prefix is None or request.features:
            request, prefix = await self._fitting(request)
        return request, f"{prefix}{request.target}"

    async def _fitting(self, request: Request) -> tuple[Request, str]:
        """The request, if the engine knows all that it asks for, and the prefix."""
        version, prefix = await self._agreement.agreed()
        if all(feature.known_to(version) for feature in request.features):
            return request, prefix
        newer, prefix = await self._agreement.confirmed()
        for feature in request.features:
            if not feature.known_to(newer):
                raise UnsupportedFeature(feature.name, feature.needs, str(newer))
        return _made(request, newer), prefix

    async def _next(
        self, request: Request, target: str, status: int, body: bytes, headers: Mapping[str, str], *, again: bool
    ) -> Request:
        """The request to send after an answer that is an error: one for the version that a replaced engine takes; or raises.

        The daemon looks at the version before anything else, so that nothing has been done.

        :param again: it has been sent anew already.
        """
        error = failure(
            status, body, peer=self.transport.endpoint, headers=headers,
            method=request.method, path=request.path, reference=request.reference,
        )  # fmt: skip
        used = target.removesuffix(request.target)
        if status == 400 and request.versioned and not body:
            error = await self._agreement.worded(used, error, headers)
        if not isinstance(error, UnsupportedVersion) or not request.versioned:
            self._agreement.noticed(headers.get("api-version"))
            raise error
        return self._remade(request, await self._agreement.renewed(used, error, again=again))

    def _remade(self, request: Request, version: ApiVersion) -> Request:
        if request.body is not None and _used_up(request.body):
            raise EngineChanged(
                f"{self.transport.endpoint} has been replaced by another engine while this client was in use, and API version "
                f"{version} is used from now on. What was sent with {request.method} {request.path} is used up, "
                "and nothing was done: call once more"
            )
        if isinstance(request.body, Ahead):
            request = request._replace(body=request.body.again())
        return _made(request, version)

    # -- calls

    async def answer(self, request: Request, *, again: bool = False) -> Answer:
        """A call with a complete answer, whatever it holds."""
        request, target = await self._target(request)
        answer = await self.transport.request(request.method, target, request.headers, request.body)
        if not 200 <= answer.status < 300 and answer.status != 304:
            self._answered(answer.status, request)
            request = await self._next(request, target, answer.status, answer.body, answer.headers, again=again)
            return await self.answer(request, again=True)
        self._agreement.noticed(answer.headers.get("api-version"))
        return answer

    async def json(self, request: Request, shape: Shape[T]) -> T:
        """A call that is answered with JSON."""
        if not shape.ready:
            begin(shape)  # while the daemon is busy with its answer
        answer = await self.answer(request)
        body = answer.body
        try:
            while (step := shape.lacks(body)) is not None:
                await prepared(step)
            return shape.decode(body)
        except DecodingError as error:
            if is_page(body):
                raise self._no_daemon(body) from error
            if compressed := encoding(answer.headers):
                raise self._compressed(compressed, request) from error
            request.call.named(error)
            raise

    def _no_daemon(self, body: bytes = b"") -> TransportError:
        return stranger(self.transport.endpoint, page(body))

    def _compressed(self, how: str, request: Request) -> TransportError:
        what = f"its answer to {request.method} {request.path} is compressed ({how}), which was not asked for"
        return stranger(
            self.transport.endpoint, f"{what}. Go past what does that, or let it leave the answers as they are"
        )

    def _answered(self, status: int, request: Request) -> None:
        """Hold that the answer is one.

        :raises TransportError: it is neither a success nor an error.
        """
        if status < 300:
            raise stranger(self.transport.endpoint, f"{status} is no answer to {request.method} {request.path}")

    def _checked(self, headers: Mapping[str, str], request: Request) -> None:
        """Hold that what streams is what was asked for.

        :raises TransportError: it is a web page, or compressed.
        """
        if is_html(headers):
            raise self._no_daemon()
        asked = any(name.lower() == "accept-encoding" for name in request.headers)
        if not asked and (compressed := encoding(headers)):
            raise self._compressed(compressed, request)

    async def empty(self, request: Request) -> bool:
        """A call without an answer worth reading: whether anything changed."""
        answer = await self.answer(request)
        if answer.body and is_page(answer.body):
            raise self._no_daemon(answer.body)
        return answer.status != 304

    async def download(self, request: Request, *, again: bool = False) -> Download:
        """A call whose answer is read in chunks; the caller closes it."""
        request, target = await self._target(request)
        download = await self.transport.download(request.method, target, request.headers, request.body)
        try:
            if 200 <= download.status < 300 or download.status == 304:
                self._checked(download.headers, request)
                self._agreement.noticed(download.headers.get("api-version"))
                download.call = request.call
                return download
            self._answered(download.status, request)
            body = await _read_error(download)
        except BaseException:
            download.close()
            raise
        download.close()
        request = await self._next(request, target, download.status, body, download.headers, again=again)
        return await self.download(request, again=True)

    async def stream(self, request: Request) -> StreamAnswer:
        """A call whose answer lasts, on a connection of its own; the caller closes it."""
        answer = await self._open(request, {})
        if answer.head.status != 200:
            answer.close()
            what = f"{answer.head.status} is no answer to {request.method} {request.path}"
            raise stranger(self.transport.endpoint, what)
        return answer

    async def hijack(self, request: Request) -> StreamAnswer:
        """A call that takes the connection over in both directions; the caller closes it."""
        answer = await self._open(request, _UPGRADE)
        if answer.head.status not in (101, 200):
            answer.close()
            raise self._not_upgraded(f"{answer.head.status} is no upgrade for {request.method} {request.path}")
        return answer

    def _not_upgraded(self, what: str) -> UpgradeRefused:
        return UpgradeRefused(f"{what}: does something in front of {self.transport.endpoint} let no upgrades through?")

    async def _open(self, request: Request, upgrade: Mapping[str, str], *, again: bool = False) -> StreamAnswer:
        request, target = await self._target(request)
        version = self._agreement.version or OLDEST
        body = request.body if isinstance(request.body, bytes) else b""  # streams have small bodies, encoded before
        answer = await self.transport.stream(request.method, target, {**upgrade, **request.headers}, body)
        if answer.head.status >= 300:
            try:
                text = await _read_error(answer)
            finally:
                answer.close()
            request = await self._next(request, target, answer.head.status, text, answer.head.headers, again=again)
            return await self._open(request, upgrade, again=True)
        try:
            self._checked(answer.head.headers, request)
        except TransportError:
            answer.close()
            raise
        self._agreement.noticed(answer.head.headers.get("api-version"))
        answer.version, answer.call = version, request.call
        return answer

    async def websocket(self, request: Request, *, again: bool = False) -> WebSocket:
        """A call that becomes a WebSocket; the caller closes it."""
        request, target = await self._target(request)
        try:
            socket = await self.transport.websocket(target)
        except WebSocketRefused as error:
            refused = error
        else:
            socket.call = request.call
            return socket
        if is_html(refused.headers) and refused.status < 300:
            raise self._no_daemon() from refused.__cause__
        if refused.status < 300:
            raise self._not_upgraded(f"{refused.status} is no WebSocket for GET {request.path}") from refused.__cause__
        try:
            request = await self._next(request, target, refused.status, refused.body, refused.headers, again=again)
        except DockerError as error:
            raise error from error.__cause__ or refused.__cause__
        return await self.websocket(request, again=True)


async def _read_error(answer: StreamAnswer | Download) -> bytes:
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


def _used_up(body: bytes | AsyncIterable[bytes]) -> bool:
    """Whether a body can be sent only once."""
    return not (isinstance(body, bytes) or (isinstance(body, Ahead) and body.repeatable))


def _made(request: Request, version: ApiVersion) -> Request:
    """The request as it reads in that version."""
    if request.remade is None:
        return request
    return request.remade(version)._replace(remade=request.remade, reference=request.reference)
