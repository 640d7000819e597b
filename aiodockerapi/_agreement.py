"""The API version that a daemon is spoken to in: agreed on once, and anew where another engine has taken its place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from typing import Final

from ._transport import Answer, Transport
from ._wire.failures import failure, refused_version
from ._wire.json_text import loads
from ._wire.strangers import check, is_html, is_page, page, stranger
from ._wire.versions import NEWEST, OLDEST, ApiVersion
from .errors import (
    APIError,
    ConfigurationError,
    ConnectFailed,
    DockerError,
    RequestTimeout,
    TransportError,
    UnsupportedVersion,
)

__all__ = ["Agreement"]

_SEVERAL: Final = "are there several engines behind this address? Pin a version that all of them know: api_version="
_NO_PING: Final = frozenset({403, 404, 405})
"""What a ping may be answered with by something that lets other calls through to a daemon."""
_FRESH: Final = 60.0
"""For how many seconds nobody asks again: before an option is refused, or about what contradicts the last ping."""
_MOST_HEARD: Final = 16


class Agreement:
    """Which version is used, and all that may change it.

    :ivar version: the version in use; None before the first call of a client that negotiates.
    :ivar prefix: what paths begin with then; None where the next call has to agree first.
    :param pinned_by: who said `version`; then it stays.
    :param changed: called when what was learnt from the engine may no longer be true.
    """

    def __init__(
        self, transport: Transport, version: ApiVersion | None, pinned_by: str, changed: Callable[[], object]
    ) -> None:
        self._transport = transport
        self._pinned_by = (pinned_by or "api_version=") if version else ""
        self._changed = changed
        self._lock = asyncio.Lock()
        self._waiting = self._failures = 0
        self._failure: DockerError | None = None
        self._told = ""  # the engine's newest version, as it told it when the one in use was agreed on
        # What answers bore instead, and no ping has confirmed; and when it was asked about.
        self._heard: dict[str, float] = {}
        self._several: frozenset[str] = frozenset()  # the newest versions of engines that are known to answer by turns
        self._since = 0.0  # when the engine was asked last
        self._asking = asyncio.Lock()
        self.version: ApiVersion | None = version
        self.prefix: str | None = None

    # -- agreeing

    async def agreed(self) -> tuple[ApiVersion, str]:
        """The version in use, and what paths begin with; agreed on now if need be, once for all callers that wait for it."""
        version, prefix = self.version, self.prefix
        if version is None or prefix is None:
            return await self._agreed_together()
        return version, prefix

    async def _agreed_together(self) -> tuple[ApiVersion, str]:
        failures = self._failures
        self._waiting += 1
        try:
            async with self._lock:
                version, prefix = self.version, self.prefix
                if version is not None and prefix is not None:
                    return version, prefix
                # An attempt that failed while we waited would fail for us too, and may take as long: a hundred times in a row.
                if self._failure is not None and self._failures > failures:
                    raise copy(self._failure) from self._failure.__cause__
                return await self._agree()
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._failure = None

    async def _agree(self) -> tuple[ApiVersion, str]:
        try:
            await self._transport.prepare()
            version = self.version if self._pinned_by else None
            return self._use(version or await self._negotiate())
        except DockerError as error:
            self._failures += 1
            self._failure = error
            raise

    def _use(self, version: ApiVersion) -> tuple[ApiVersion, str]:
        self._since = time.monotonic()
        self.version, self.prefix = version, f"{self._transport.endpoint.base_path}/v{version}"
        return version, self.prefix

    async def _negotiate(self) -> ApiVersion:
        text = await self._asked()
        try:
            newest = ApiVersion.parse(text)
        except ConfigurationError:
            raise stranger(self._transport.endpoint, f"it gives {text[:40]!r} as its API version") from None
        if newest < OLDEST:
            self.version = None
            raise UnsupportedVersion(
                f"{self._transport.endpoint} speaks API version {newest} at most; "
                f"this library needs {OLDEST} (Docker 20.10) or newer: upgrade the Docker daemon"
            )
        self._told = text
        self._heard.pop(text, None)
        return min(newest, NEWEST)

    async def _asked(self) -> str:
        """The engine's newest version: a ping tells it; where it is forbidden, or says nothing, the engine's description."""
        answer = await self._sign_of_life()
        told = answer.headers.get("api-version", "")
        if told and (answer.status < 300 or answer.status >= 500):
            return told  # a daemon that is not well will say so itself
        refused = self._refusal("/_ping", answer) if answer.status >= 300 else None
        if refused is not None and answer.status not in _NO_PING:
            raise refused
        described = await self._ask("GET", "/version")
        if described.status >= 500 and refused is None:
            raise self._refusal("/version", described)
        try:
            version = loads(described.body)["ApiVersion"] if described.status < 300 else ""
        except (ValueError, LookupError, TypeError):
            version = ""
        if version and isinstance(version, str):
            return version
        silent = page(described.body) if is_page(described.body) else f"it tells no API version. {check()}"
        raise refused or stranger(self._transport.endpoint, f"{silent}, and what listens there")

    def _refusal(self, path: str, answer: Answer) -> DockerError:
        where = self._transport.endpoint
        return failure(answer.status, answer.body, method="GET", path=path, headers=answer.headers, peer=where)

    async def _ask(self, method: str, path: str) -> Answer:
        await self._transport.prepare()
        return await self._transport.request(method, self._transport.endpoint.base_path + path, {}, None)

    async def _sign_of_life(self) -> Answer:
        """The answer to a ping: HEAD, or GET where that is not understood; it may be an error."""
        try:
            answer = await self._ask("HEAD", "/_ping")
        except (ConnectFailed, RequestTimeout):
            raise
        except TransportError:  # some proxies hang up on HEAD instead of refusing it
            answer = None
        if answer is None or answer.status >= 300:
            answer = await self._ask("GET", "/_ping")
        if answer.status < 300 and is_html(answer.headers):
            raise stranger(self._transport.endpoint, page(answer.body))
        return answer

    # -- another engine

    def _forget(self) -> None:
        """Drop what was learnt from an engine that has been replaced."""
        self.version = self.prefix = None
        self._several = frozenset()
        self._changed()

    async def ping(self) -> Mapping[str, str]:
        """What the headers of a sign of life say; agrees anew where it is another version than before."""
        answer = await self._sign_of_life()
        if answer.status >= 300:
            raise self._refusal("/_ping", answer)
        told = answer.headers.get("api-version", "")
        if self.version is not None and not self._pinned_by:
            if told in ("", self._told) or told in self._several:
                self._since = time.monotonic()
            else:
                self._forget()
                with suppress(DockerError):  # the next call agrees, or tells what is wrong
                    await self.agreed()
        return answer.headers

    def noticed(self, told: str | None) -> None:
        """Look at the version that an answer bears: where it is another one than before, the next call agrees anew."""
        if not told or told == self._told or self.prefix is None or self._pinned_by or told in self._several:
            return
        now = time.monotonic()
        # The ping may go on to say something else: by turns, or because it is not the one who answers.
        if now - self._heard.get(told, -_FRESH) < _FRESH or len(self._heard) >= _MOST_HEARD:
            return
        self._heard[told] = now
        self.prefix, self._several = None, frozenset()
        self._changed()

    async def confirmed(self) -> tuple[ApiVersion, str]:
        """As `agreed`, but asks anew where that was long ago: before something is refused, or can be sent only once."""
        if self._stale() or self._asking.locked():
            async with self._asking:  # one for all that wait for it
                if self._stale():
                    await self._confirm()
        return await self.agreed()

    def _stale(self) -> bool:
        return self.prefix is not None and not self._pinned_by and time.monotonic() - self._since > _FRESH

    async def _confirm(self) -> None:
        # Set before: where nobody answers, those who wait find that out with their own calls, all at the same time.
        before, self._since = self._since, time.monotonic()
        try:
            with suppress(APIError):
                await self.ping()
        except asyncio.CancelledError:
            self._since = before
            raise

    async def renewed(self, used: str, error: UnsupportedVersion, *, again: bool) -> ApiVersion:
        """The version to use instead of one that was refused; raises where there is none.

        :param used: the prefix that was refused.
        :param again: whether that was the second attempt already: once must do.
        """
        where, refused = self._transport.endpoint, refused_version(error)
        if self._pinned_by:
            raise UnsupportedVersion(
                f"{error} ({where}). The version is pinned by {self._pinned_by}: without, it is agreed on with the engine"
            )
        if refused is not None and refused > NEWEST == _version(used):
            raise UnsupportedVersion(
                f"{where} takes API version {refused} at least; this library speaks {NEWEST} at most: upgrade aiodockerapi"
            )
        several = UnsupportedVersion(f"{error}. But {where} said {self._told}: {_SEVERAL}")
        if again:
            raise several
        if self.prefix == used:  # else another call has been refused before
            self._forget()
        version, prefix = await self.agreed()
        if prefix != used:
            return version
        if refused is None:
            raise UnsupportedVersion(f"{error} ({where})")
        if not OLDEST <= refused <= NEWEST or refused == version:
            raise several
        # It was another one that answered the ping. What this one takes will do for both.
        self._several = frozenset({self._told, str(refused)})
        return self._use(refused)[0]

    async def worded(self, used: str, refused: DockerError, headers: Mapping[str, str]) -> DockerError:
        """What a refusal without words, to HEAD or to a WebSocket, is about: the engine's newest version tells."""
        version = _version(used)
        try:
            newest = ApiVersion.parse(headers.get("api-version", ""))
        except ConfigurationError:
            return refused
        if newest < version:
            return UnsupportedVersion(f"client version {version} is too new. Maximum supported API version is {newest}")
        if newest == version:
            return refused
        if not self._pinned_by and min(newest, NEWEST) != version:
            return UnsupportedVersion(f"client version {version} is too old. Minimum supported API version is {newest}")
        # An agreement would bring the same again. A ping in that version is refused with words, if that is what it is about.
        answer = await self._transport.request("GET", f"{used}/_ping", {}, None)
        error = self._refusal("/_ping", answer)
        return error if isinstance(error, UnsupportedVersion) else refused


def _version(prefix: str) -> ApiVersion:
    return ApiVersion.parse(prefix.rpartition("/v")[2])
