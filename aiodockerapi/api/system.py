"""The daemon itself: who it is, what happens in it, what it takes up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NoReturn, TypeAlias, get_args

from .. import models
from .._shapes import FAST_JSON, BodyShape, Shape
from .._streams import ByteStream, StreamCall, ValueStream
from .._transport import prepared
from .._wire.arguments import When, flag, header_values, strings, timestamp
from .._wire.features import given
from .._wire.filters import Filters, encode_filters
from .._wire.request import request
from ..errors import InvalidArgument
from ._common import Body, Group, json_request
from ._disk_usage import completed

__all__ = ["System"]

DiskUsageType: TypeAlias = Literal["container", "image", "volume", "build-cache"]

_VERSION: Final = Shape(lambda: models.SystemVersion)
_INFO: Final = Shape(lambda: models.SystemInfo)
_USAGE: Final = Shape(lambda: models.SystemDataUsageResponse)
_AUTHENTICATED: Final = Shape(lambda: models.AuthResponse)
_AUTH: Final = BodyShape(lambda: models.AuthConfig)
_EVENT: Final = Shape(lambda: models.EventMessage)


class System(Group):
    """The daemon: ``docker.system``."""

    async def ping(self) -> models.Ping:
        """Ask for a sign of life.

        Engine API: HEAD /_ping, or GET /_ping where the daemon, or a proxy before it, does not take the first.

        :returns: what the answer's headers tell: the newest API version, the platform.
        :raises ConnectFailed: nobody is there, or we may not ask.
        """
        return await self._engine.ping()

    async def version(self) -> models.SystemVersion:
        """The versions of the daemon and its parts.

        Engine API: GET /version
        """
        return await self._engine.json(request("GET", "/version"), _VERSION)

    async def info(self) -> models.SystemInfo:
        """The daemon's state, configuration and host.

        Engine API: GET /info
        """
        return await self._engine.json(request("GET", "/info"), _INFO)

    def events(
        self, *, since: When | None = None, until: When | None = None, filters: Filters | None = None
    ) -> StreamCall[ValueStream[models.EventMessage], list[models.EventMessage]]:
        """What happens in the daemon, as it happens.

        Engine API: GET /events

        Enter the call with ``async with`` for `EventMessage` objects as they come. Awaited, which needs `until`, it returns
        all of them up to then, the oldest first.

        The daemon keeps the last 256 events only, and drops what a slow reader does not fetch. It answers a moment before it
        listens, so an event within the first milliseconds may be missed: give `since` where that matters.

        :param since: begin with what the daemon still has from then on: a datetime, a timedelta before now (or ``"10m"``), or
            seconds since 1970. By default with the oldest that it has, if there is an `until`, and else with what is to come.
        :param until: end there; a time to come is waited for. By default the stream never ends.
        :param filters: only those that match: ``type``, ``event``, ``container``, ``label``, ``image``, ...
        :raises BadRequest: `since` is later than `until`.
        :raises TruncatedStream: the connection ended first, for example because the daemon stopped.
        """
        parameters = {
            "since": timestamp(since, "since"),
            "until": timestamp(until, "until"),
            "filters": encode_filters(filters),
        }
        call = request("GET", "/events", parameters, headers=_EVENT_TYPES)

        async def enter() -> ValueStream[models.EventMessage]:
            await prepared(_EVENT, FAST_JSON)
            return ValueStream(await self._engine.stream(call), _EVENT.cls)

        async def run() -> list[models.EventMessage]:
            if until is None:
                raise InvalidArgument("events without until= never end: enter the call with 'async with' instead")
            stream = await enter()
            try:
                return [event async for event in stream]
            finally:
                await stream.aclose()

        return StreamCall("system.events", enter, run)

    async def disk_usage(
        self, *, type: DiskUsageType | Iterable[DiskUsageType] | None = None, verbose: bool | None = None
    ) -> models.SystemDataUsageResponse:
        """What takes up the daemon's disk.

        Engine API: GET /system/df

        Measuring takes the daemon a while. Sums and objects read alike on every engine: what the daemon leaves out is counted
        from the rest, as the docker CLI does.

        :param type: only these kinds of object: ``container``, ``image``, ``volume``, ``build-cache``; all by default. Since
            API 1.42.
        :param verbose: each object too, not just the sums. Since API 1.52; before that always.
        :returns: a sum for each kind that was asked for, and lists of the objects where the daemon sent them.
        :raises UnsupportedFeature: an argument is given that the engine is too old for.
        """
        kinds = strings(type, "type")
        parameters = {"type": kinds, "verbose": flag(verbose, "verbose")}
        features = given(system__disk_usage__type=type, system__disk_usage__verbose=verbose)
        call = request("GET", "/system/df", parameters, features=features)
        usage = await self._engine.json(call, _USAGE)
        return completed(usage, kinds or get_args(DiskUsageType))

    async def auth(self, auth: models.AuthConfig | Body) -> models.AuthResponse:
        """Check credentials with a registry.

        Engine API: POST /auth

        :param auth: user, password and the registry's address.
        :returns: the daemon's words, and a token to use from now on where the registry gives one.
        :raises Unauthorized: the registry does not take them (20.10 answers with 500 for one without TLS).
        :raises ServerError: the registry cannot be reached.
        """
        await prepared(_AUTH)
        return await self._engine.json(json_request("system.auth", "POST", "/auth", auth, _AUTH), _AUTHENTICATED)

    def session(self, *, headers: Mapping[str, str] | None = None) -> StreamCall[ByteStream, NoReturn]:
        """Open a connection on which BuildKit calls back: to fetch files and secrets of a build.

        Engine API: POST /session

        Enter the call with ``async with`` for a `ByteStream`; there is nothing to await. On it the daemon is the client, and
        speaks gRPC over HTTP/2 without TLS; serving that is up to the caller.

        Deprecated since API 1.53.

        :param headers: who calls and what is served: ``X-Docker-Expose-Session-Uuid``, ``X-Docker-Expose-Session-Grpc-Method``.
        :raises UpgradeRefused: the daemon does not hand the connection over.
        :raises BadRequest: likewise.
        """
        call = request("POST", "/session", headers={**header_values(headers), "Upgrade": "h2c"})

        async def enter() -> ByteStream:
            return ByteStream(await self._engine.hijack(call))

        async def run() -> NoReturn:
            raise InvalidArgument("a session has no result to await: enter the call with 'async with'")

        return StreamCall("system.session", enter, run)


# From 1.52 on the daemon chooses by this; older ones do not look.
_EVENT_TYPES = {"Accept": "application/jsonl, application/x-ndjson;q=0.9, application/json;q=0.8"}
