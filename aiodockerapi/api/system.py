"""The daemon: ping, version, information, events and disk usage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NoReturn, TypeAlias, get_args

from .. import models
from .._engine import LazyBodyType, LazyType, request, required_features
from .._streams import ByteStream, StreamCall, ValueStream
from .._wire.arguments import When, header_values, optional_bool, strings, timestamp
from .._wire.filters import Filters, encode_filters
from ..errors import InvalidArgument
from ._common import Body, Group, json_request
from ._disk_usage import complete_usage

__all__ = ["System"]

DiskUsageType: TypeAlias = Literal["container", "image", "volume", "build-cache"]

_VERSION: Final = LazyType(lambda: models.SystemVersion)
_INFO: Final = LazyType(lambda: models.SystemInfo)
_USAGE: Final = LazyType(lambda: models.SystemDataUsageResponse)
_AUTHENTICATED: Final = LazyType(lambda: models.AuthResponse)
_AUTH: Final = LazyBodyType(lambda: models.AuthConfig)
_EVENT: Final = LazyType(lambda: models.EventMessage)


class System(Group):
    """The daemon: ``docker.system``."""

    async def ping(self) -> models.Ping:
        """Ping the daemon.

        Engine API: HEAD /_ping, or GET /_ping if the daemon, or a proxy in front of it, does not support HEAD.

        :returns: the headers of the response: the newest API version, the platform and more.
        :raises ConnectFailed: if the daemon does not listen, or permission is denied.
        """
        return await self._engine.ping()

    async def version(self) -> models.SystemVersion:
        """Return the versions of the daemon and its components.

        Engine API: GET /version
        """
        return await self._engine.json(request("GET", "/version"), _VERSION)

    async def info(self) -> models.SystemInfo:
        """Return the state and configuration of the daemon, and information on its host.

        Engine API: GET /info
        """
        return await self._engine.json(request("GET", "/info"), _INFO)

    def events(
        self, *, since: When | None = None, until: When | None = None, filters: Filters | None = None
    ) -> StreamCall[ValueStream[models.EventMessage], list[models.EventMessage]]:
        """Stream the events of the daemon.

        Engine API: GET /events

        Enter the call with ``async with`` for `EventMessage` objects as they occur. Awaited, which requires `until`, it
        returns all events up to then, oldest first.

        The daemon stores only the last 256 events, and drops events that a slow reader does not receive in time. It responds
        shortly before it starts to record events for the stream, so an event within the first milliseconds may be missed: pass
        `since` if that matters.

        :param since: start with the stored events from this time on: a datetime, a timedelta before now (or ``"10m"``), or
            seconds since 1970. By default with the oldest stored event if `until` is given, otherwise with new events.
        :param until: end at this time, given in the same ways; a future time is waited for. By default the stream does not
            end.
        :param filters: return only events that match: ``type``, ``event``, ``container``, ``label``, ``image``, ...
        :raises BadRequest: if `since` is later than `until`.
        :raises TruncatedStream: if the connection ends first, for example because the daemon stops.
        """
        parameters = {
            "since": timestamp(since, "since"),
            "until": timestamp(until, "until"),
            "filters": encode_filters(filters),
        }
        call = request("GET", "/events", parameters, headers=_EVENT_TYPES)

        async def enter() -> ValueStream[models.EventMessage]:
            cls = await _EVENT.loaded(stream=True)
            return ValueStream(await self._engine.stream(call), cls)

        async def collect(stream: ValueStream[models.EventMessage]) -> list[models.EventMessage]:
            return [event async for event in stream]

        async def refuse() -> list[models.EventMessage]:
            raise InvalidArgument("events never end without until=: enter the call with 'async with' instead")

        return StreamCall("system.events", enter, collect, run=refuse if until is None else None)

    async def disk_usage(
        self, *, type: DiskUsageType | Iterable[DiskUsageType] | None = None, verbose: bool | None = None
    ) -> models.SystemDataUsageResponse:
        """Return the disk usage of the daemon.

        Engine API: GET /system/df

        The daemon takes a while to measure it. Totals and objects are the same on every engine: values that the daemon omits
        are computed from the others, as by the docker command.

        :param type: measure only these kinds of object: ``container``, ``image``, ``volume``, ``build-cache``; all by default.
            Since API 1.42.
        :param verbose: include the objects, not only the totals. Since API 1.52; older engines always include them.
        :returns: the total of each requested kind, and lists of the objects if the daemon sent them.
        :raises UnsupportedFeature: if the engine is too old for an argument.
        """
        kinds = strings(type, "type")
        parameters = {"type": kinds, "verbose": optional_bool(verbose, "verbose")}
        features = required_features(system__disk_usage__type=type, system__disk_usage__verbose=verbose)
        call = request("GET", "/system/df", parameters, features=features)
        usage = await self._engine.json(call, _USAGE)
        return complete_usage(usage, kinds or get_args(DiskUsageType))

    async def auth(self, auth: models.AuthConfig | Body) -> models.AuthResponse:
        """Check credentials with a registry.

        Engine API: POST /auth

        :param auth: user name, password and the address of the registry.
        :returns: the daemon's status message, and a token to use instead of the password if the registry issued one.
        :raises Unauthorized: if the registry rejects them (20.10 responds with 500 for a registry without TLS).
        :raises ServerError: if the registry cannot be reached.
        """
        return await self._engine.json(await json_request("system.auth", "POST", "/auth", auth, _AUTH), _AUTHENTICATED)

    def session(self, *, headers: Mapping[str, str] | None = None) -> StreamCall[ByteStream, NoReturn]:
        """Open a connection on which BuildKit sends requests to the client, such as for files and secrets of a build.

        Engine API: POST /session

        Enter the call with ``async with`` for a `ByteStream`; it cannot be awaited. The daemon is the client on this
        connection and uses gRPC over HTTP/2 without TLS; serving it is up to the caller.

        Deprecated since API 1.53.

        :param headers: identify the caller and the services: ``X-Docker-Expose-Session-Uuid``,
            ``X-Docker-Expose-Session-Grpc-Method``.
        :raises UpgradeRefused: if the daemon does not upgrade the connection.
        :raises BadRequest: if the daemon rejects the upgrade.
        """
        call = request("POST", "/session", headers={**header_values(headers), "Upgrade": "h2c"})

        async def enter() -> ByteStream:
            return ByteStream(await self._engine.hijack(call))

        async def run() -> NoReturn:
            raise InvalidArgument("a session cannot be awaited: enter the call with 'async with'")

        return StreamCall("system.session", enter, run=run)


# Since API 1.52 the daemon selects the format of events by this header; older engines ignore it.
_EVENT_TYPES = {"Accept": "application/jsonl, application/x-ndjson;q=0.9, application/json;q=0.8"}
