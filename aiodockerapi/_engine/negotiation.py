"""Negotiation of the API version: once at the first call, and again when the engine is replaced by another one.

The states and what leads from one to the next are drawn in ``docs/architecture.rst``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from typing import Final

from .._transport import Answer, ErrorResponse, Transport
from .._transport.diagnostics import not_a_daemon
from .._wire.json_text import loads
from .._wire.request_info import RequestInfo
from .._wire.versions import NEWEST, OLDEST, ApiVersion
from ..errors import (
    APIError,
    ConfigurationError,
    ConnectFailed,
    DockerError,
    RequestTimeout,
    TransportError,
    UnsupportedVersion,
)

__all__ = ["VersionNegotiator"]

_PING_NOT_ALLOWED: Final = frozenset({403, 404, 405})
"""Statuses of a ping from a proxy that may pass other calls to a daemon."""
_FRESH: Final = 60.0
"""Seconds during which a ping is not repeated to confirm a version, or a version that contradicts the last ping."""
_MAX_UNCONFIRMED: Final = 16


class VersionNegotiator:
    """The API version in use, and everything that can change it.

    :ivar version: the version in use; None before negotiation.
    :ivar prefix: the beginning of request paths; None if the next call has to negotiate first.
    :param pinned_by: what pinned `version`; a pinned version never changes.
    :param on_change: called when cached facts about the engine may be outdated.
    """

    def __init__(
        self, transport: Transport, version: ApiVersion | None, pinned_by: str, on_change: Callable[[], object]
    ) -> None:
        self._transport = transport
        self._pinned_by = (pinned_by or "api_version=") if version else ""
        self._on_change = on_change
        self._lock = asyncio.Lock()
        self._waiting = self._failures = 0
        self._failure: DockerError | None = None
        self._reported = ""  # the engine's newest version, as reported when the version in use was negotiated
        # Other versions in later responses that no ping has confirmed, and when the engine was asked about each.
        self._unconfirmed: dict[str, float] = {}
        # The newest versions of several engines that respond in turn behind one address.
        self._alternating: frozenset[str] = frozenset()
        self._checked_at = 0.0
        self._check_lock = asyncio.Lock()
        self.version: ApiVersion | None = version
        self.prefix: str | None = None

    # -- first negotiation

    async def negotiated(self) -> tuple[ApiVersion, str]:
        """Return the version in use and the path prefix, after negotiating if necessary, once for all waiting callers."""
        version, prefix = self.version, self.prefix
        if version is None or prefix is None:
            return await self._negotiate_once()
        return version, prefix

    async def _negotiate_once(self) -> tuple[ApiVersion, str]:
        failures = self._failures
        self._waiting += 1
        try:
            async with self._lock:
                version, prefix = self.version, self.prefix
                if version is not None and prefix is not None:
                    return version, prefix
                # An attempt that failed while this call waited would fail again, and may take as long each time.
                if self._failure is not None and self._failures > failures:
                    raise copy(self._failure) from self._failure.__cause__
                return await self._negotiate()
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._failure = None

    async def _negotiate(self) -> tuple[ApiVersion, str]:
        try:
            await self._transport.prepare()
            version = self.version if self._pinned_by else None
            return self._use(version or await self._newest_common())
        except DockerError as error:
            self._failures += 1
            self._failure = error
            raise

    def _use(self, version: ApiVersion) -> tuple[ApiVersion, str]:
        self._checked_at = time.monotonic()
        self.version, self.prefix = version, f"{self._transport.endpoint.base_path}/v{version}"
        return version, self.prefix

    async def _newest_common(self) -> ApiVersion:
        """Return the newest version that both sides support."""
        text = await self._newest_of_engine()
        try:
            newest = ApiVersion.parse(text)
        except ConfigurationError:
            raise not_a_daemon.error(self._transport.endpoint, f"it reports API version {text[:40]!r}") from None
        if newest < OLDEST:
            self.version = None
            raise UnsupportedVersion(
                f"{self._transport.endpoint} supports API version {newest} at most; "
                f"{OLDEST} (Docker 20.10) or newer is required: upgrade the Docker daemon",
                supported=str(newest),
            )
        self._reported = text
        self._unconfirmed.pop(text, None)
        return min(newest, NEWEST)

    async def _newest_of_engine(self) -> str:
        """Return the engine's newest version from a ping, or from ``GET /version`` if the ping does not report it."""
        answer = await self._ping()
        reported = answer.headers.get("api-version", "")
        if reported and (answer.status < 300 or answer.status >= 500):
            return reported  # an unhealthy daemon reports its error in the next call
        refusal = self._error("/_ping", answer) if answer.status >= 300 else None
        if refusal is not None and answer.status not in _PING_NOT_ALLOWED:
            raise refusal
        described = await self._request("GET", "/version")
        if described.status >= 500 and refusal is None:
            raise self._error("/version", described)
        try:
            version = loads(described.body)["ApiVersion"] if described.status < 300 else ""
        except (ValueError, LookupError, TypeError):
            version = ""
        if version and isinstance(version, str):
            return version
        reason = "it reports no API version. " + not_a_daemon.check_address()
        if not_a_daemon.is_web_page(described.body):
            reason = not_a_daemon.web_page(described.body)
        raise refusal or not_a_daemon.error(self._transport.endpoint, reason)

    def _error(self, path: str, answer: Answer) -> DockerError:
        response = ErrorResponse(answer.status, answer.headers, answer.body)
        return response.error(RequestInfo("GET", path), self._transport.endpoint)

    async def _request(self, method: str, path: str) -> Answer:
        await self._transport.prepare()
        return await self._transport.request(method, self._transport.endpoint.base_path + path, {}, None)

    async def _ping(self) -> Answer:
        """Return the response to ``HEAD /_ping``, or to GET where HEAD is not supported; it may be an error."""
        try:
            answer = await self._request("HEAD", "/_ping")
        except (ConnectFailed, RequestTimeout):
            raise
        except TransportError:  # some proxies close the connection instead of refusing HEAD
            answer = None
        if answer is None or answer.status >= 300:
            answer = await self._request("GET", "/_ping")
        if answer.status < 300 and not_a_daemon.has_html_type(answer.headers):
            raise not_a_daemon.error(self._transport.endpoint, not_a_daemon.web_page(answer.body))
        return answer

    # -- another engine

    def _forget(self) -> None:
        """Discard what is known about an engine that has been replaced."""
        self.version = self.prefix = None
        self._alternating = frozenset()
        self._on_change()

    async def ping(self) -> Mapping[str, str]:
        """Return the headers of a ping; negotiate again if they report another version than before."""
        answer = await self._ping()
        if answer.status >= 300:
            raise self._error("/_ping", answer)
        reported = answer.headers.get("api-version", "")
        if self.version is not None and not self._pinned_by:
            if reported in ("", self._reported) or reported in self._alternating:
                self._checked_at = time.monotonic()
            else:
                self._forget()
                with suppress(DockerError):  # the next call negotiates, or raises the error
                    await self.negotiated()
        return answer.headers

    def observe(self, reported: str | None) -> None:
        """Take note of the version in a response: if it differs from the negotiated one, the next call negotiates again."""
        if not reported or reported == self._reported or self.prefix is None or self._pinned_by:
            return
        if reported in self._alternating:
            return
        now = time.monotonic()
        # The ping may keep reporting another version: several engines, or a proxy that answers pings itself.
        if now - self._unconfirmed.get(reported, -_FRESH) < _FRESH or len(self._unconfirmed) >= _MAX_UNCONFIRMED:
            return
        self._unconfirmed[reported] = now
        self.prefix, self._alternating = None, frozenset()
        self._on_change()

    async def revalidated(self) -> tuple[ApiVersion, str]:
        """Return the version and prefix like `negotiated`, after a ping if the last one was long ago.

        Called before a feature is refused, and before a body is sent that can be sent only once.
        """
        if self._is_stale() or self._check_lock.locked():
            async with self._check_lock:  # one ping for all waiting callers
                if self._is_stale():
                    await self._revalidate()
        return await self.negotiated()

    def _is_stale(self) -> bool:
        return self.prefix is not None and not self._pinned_by and time.monotonic() - self._checked_at > _FRESH

    async def _revalidate(self) -> None:
        # Set before the ping: if it fails, waiting callers fail with their own requests, concurrently.
        before, self._checked_at = self._checked_at, time.monotonic()
        try:
            with suppress(APIError):
                await self.ping()
        except asyncio.CancelledError:
            self._checked_at = before
            raise

    # -- refusals

    async def renegotiated(self, prefix: str, error: UnsupportedVersion, *, again: bool) -> ApiVersion:
        """Return the version to use in place of one that the engine refused.

        :param prefix: the prefix with the refused version.
        :param again: whether the call has already been repeated once.
        :raises UnsupportedVersion: if there is no version to use instead.
        """
        endpoint, supported = self._transport.endpoint, _parsed(error.supported)
        if self._pinned_by:
            raise UnsupportedVersion(
                f"{error} ({endpoint}). The version is pinned by {self._pinned_by}: remove it to negotiate the version",
                supported=error.supported,
            )
        if supported is not None and supported > NEWEST == _version(prefix):
            raise UnsupportedVersion(
                f"{endpoint} requires API version {supported} or newer; this library supports {NEWEST} at most: "
                "upgrade aiodockerapi",
                supported=error.supported,
            )
        contradiction = UnsupportedVersion(
            f"{error}. But {endpoint} reported {self._reported}: are there several engines behind this address? "
            "Pin a version that all of them support: api_version=",
            supported=error.supported,
        )
        if again:
            raise contradiction
        if self.prefix == prefix:  # otherwise another call has been refused before
            self._forget()
        version, negotiated = await self.negotiated()
        if negotiated != prefix:
            return version
        if supported is None:
            raise UnsupportedVersion(f"{error} ({endpoint})")
        if not OLDEST <= supported <= NEWEST or supported == version:
            raise contradiction
        # Another engine answered the ping. The version that this engine supports suits both.
        self._alternating = frozenset({self._reported, str(supported)})
        return self._use(supported)[0]

    async def explain_refusal(self, prefix: str, error: DockerError, headers: Mapping[str, str]) -> DockerError:
        """Return the reason of a refusal without a body, to HEAD or a WebSocket, judging by the version in its headers."""
        version, newest = _version(prefix), _parsed(headers.get("api-version"))
        if newest is None or newest == version:
            return error
        if newest < version:
            return UnsupportedVersion(
                f"client version {version} is too new; the engine supports {newest} at most", supported=str(newest)
            )
        if not self._pinned_by and min(newest, NEWEST) != version:
            return UnsupportedVersion(
                f"client version {version} is too old; the engine supports {newest}", supported=str(newest)
            )
        # Negotiation would give the same version. If the version is the reason, a ping in that version is refused with a body.
        answer = await self._transport.request("GET", f"{prefix}/_ping", {}, None)
        refusal = self._error("/_ping", answer)
        return refusal if isinstance(refusal, UnsupportedVersion) else error


def _version(prefix: str) -> ApiVersion:
    return ApiVersion.parse(prefix.rpartition("/v")[2])


def _parsed(text: str | None) -> ApiVersion | None:
    try:
        return ApiVersion.parse(text or "")
    except ConfigurationError:
        return None
