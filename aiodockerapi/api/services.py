"""Services of a swarm."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal

from .. import models
from .._engine import LazyBodyType, LazyType, request
from .._streams import FrameStream, Output, StreamCall
from .._wire.arguments import When, integer, optional_bool, path_segment
from .._wire.filters import Filters, encode_filters
from ..errors import InvalidArgument, InvalidArgumentType
from ._common import Body, Group, wire_request
from ._logs import Tail, log_call, log_request
from ._registry import auth_headers
from ._swarm import Version, has_terminal, object_version

__all__ = ["Services"]

# The numbers of tasks in each mode of a service.
_COUNTS: Final = {"Replicated": ["Replicas"], "ReplicatedJob": ["MaxConcurrent", "TotalCompletions"]}

_SPEC: Final = LazyBodyType(lambda: models.ServiceSpec)
_SERVICES: Final = LazyType(lambda: list[models.Service])
_CREATED: Final = LazyType(lambda: models.ServiceCreateResponse)
_SERVICE: Final = LazyType(lambda: models.Service)
_UPDATED: Final = LazyType(lambda: models.ServiceUpdateResponse)


class Services(Group):
    """Services of a swarm: ``docker.services``. A service is given by its id or name.

    Every call raises `Unavailable` if the engine is not a swarm manager.
    """

    async def list(
        self, *, filters: Filters | None = None, status: bool | None = None
    ) -> builtins.list[models.Service]:
        """List services.

        Engine API: GET /services

        :param filters: return only services that match: ``id``, ``label``, ``mode``, ``name``.
        :param status: include the number of tasks of each service, ``service_status``; excluded by default.
        :returns: the services; empty if there are none.
        :raises BadRequest: if a filter is unknown.
        """
        parameters = {"filters": encode_filters(filters), "status": optional_bool(status, "status")}
        return await self._engine.json(request("GET", "/services", parameters), _SERVICES)

    async def create(
        self, spec: models.ServiceSpec | Body, *, auth: models.AuthConfig | Body | None = None
    ) -> models.ServiceCreateResponse:
        """Create a service.

        Engine API: POST /services/create

        :param spec: the service; only an image in the container spec of its task template is required.
        :param auth: credentials with which nodes pull the image.
        :returns: its id, and the daemon's warnings.
        :raises Conflict: if the name is in use.
        :raises BadRequest: if a setting is invalid.
        :raises UnsupportedFeature: if a setting is newer than the engine.
        """
        raw = await _checked(spec)
        headers = auth_headers(auth)
        call = wire_request("services.create", "POST", "/services/create", raw, _SPEC, headers=headers)
        return await self._engine.json(call, _CREATED)

    async def inspect(self, service: str, *, insert_defaults: bool | None = None) -> models.Service:
        """Return the details of a service.

        Engine API: GET /services/{id}

        :param insert_defaults: include the default values of settings that are not set; excluded by default.
        :raises NotFound: if the service does not exist.
        """
        parameters = {"insertDefaults": optional_bool(insert_defaults, "insert_defaults")}
        return await self._engine.json(request("GET", _path(service), parameters), _SERVICE)

    async def update(
        self,
        service: str,
        spec: models.ServiceSpec | Body,
        *,
        version: Version,
        registry_auth_from: Literal["spec", "previous-spec"] | None = None,
        rollback: Literal["previous"] | None = None,
        auth: models.AuthConfig | Body | None = None,
    ) -> models.ServiceUpdateResponse:
        """Change a service. Its tasks are replaced if the change requires it.

        Engine API: POST /services/{id}/update

        :param spec: the new spec: the ``spec`` of the inspected service with changes. Settings it lacks are reset to their
            defaults. Settings of a newer engine that this library does not know are sent back unchanged.
        :param version: the ``version`` of the inspected service.
        :param registry_auth_from: without `auth`, the spec whose credentials to keep: the current ``spec`` (the default) or
            the ``previous-spec``.
        :param rollback: ``previous`` restores the settings before the last update and ignores `spec`.
        :param auth: credentials with which nodes pull the image.
        :returns: the daemon's warnings.
        :raises NotFound: if the service does not exist.
        :raises StaleVersion: if the service has changed since it was inspected.
        :raises BadRequest: if a setting is invalid or cannot be changed.
        :raises UnsupportedFeature: if a setting is newer than the engine.
        """
        parameters = {
            "version": object_version(version, "service"),
            "registryAuthFrom": _choice(registry_auth_from, "registry_auth_from", "spec", "previous-spec"),
            "rollback": _choice(rollback, "rollback", "previous"),
        }
        raw, path, headers = await _checked(spec), _path(service, "/update"), auth_headers(auth)
        call = wire_request("services.update", "POST", path, raw, _SPEC, parameters, headers=headers)
        return await self._engine.json(call, _UPDATED)

    async def remove(self, service: str) -> None:
        """Remove a service. Its tasks are stopped afterwards.

        Engine API: DELETE /services/{id}

        :raises NotFound: if the service does not exist.
        """
        await self._engine.empty(request("DELETE", _path(service)))

    def logs(
        self,
        service: str,
        *,
        details: bool | None = None,
        follow: bool | None = None,
        stdout: bool = True,
        stderr: bool = True,
        since: When | None = None,
        timestamps: bool | None = None,
        tail: Tail | None = None,
    ) -> StreamCall[FrameStream, Output]:
        """Return the logs of the tasks of a service; with `follow`, also future output.

        Engine API: GET /services/{id}/logs

        Await the call for an `Output`; enter it with ``async with`` for `Frame` objects as they arrive, or for their
        ``lines()``. The output of different tasks is in no particular order.

        :param details: prefix each line with its origin: node, service and task; False by default.
        :param follow: continue until the service is removed; by default the call ends with the existing output.
        :param stdout: include the output to stdout; True by default.
        :param stderr: include the output to stderr; True by default.
        :param since: only output from this time on: a datetime, a timedelta before now (or ``"10m"``), or seconds since 1970.
        :param timestamps: prefix each line with its time; False by default.
        :param tail: only this number of lines from the end; ``"all"`` by default.
        :returns: the output, as bytes per stream.
        :raises NotFound: if the service does not exist.
        :raises TruncatedStream: if the connection ends before the log does.
        """
        call = log_request(
            _path(service, "/logs"),
            details=details,
            follow=follow,
            stdout=stdout,
            stderr=stderr,
            since=since,
            timestamps=timestamps,
            tail=tail,
        )
        return log_call("services.logs", self._engine, call, partial(self._has_terminal, service))

    async def _has_terminal(self, service: str) -> bool:
        spec = (await self.inspect(service)).spec
        return spec is not None and has_terminal(spec.task_template)


def _path(service: str, action: str = "") -> str:
    return f"/services/{path_segment(service, 'service')}{action}"


def _choice(value: str | None, noun: str, *choices: str) -> str | None:
    if value is not None and value not in choices:
        raise InvalidArgument(f"{noun} must be {' or '.join(map(repr, choices))}, not {value!r}")
    return value


async def _checked(spec: models.ServiceSpec | Body) -> dict[str, Any]:
    """Return a spec in wire form, after checking that it has all required parts.

    :raises InvalidArgument: if it does not, or has a negative number of tasks.
    """
    raw = await _SPEC.wire_form(spec)
    template = _part(raw, "TaskTemplate")
    if template is None:
        raise InvalidArgument(
            "a service requires a task template: task_template= of the model, 'TaskTemplate' of the mapping"
        )
    container = _part(template, "ContainerSpec")
    if container is None and not template.get("PluginSpec"):
        raise InvalidArgument(
            "a task template requires a container spec: container_spec= of the model, 'ContainerSpec' of the mapping"
        )
    if container is not None and not container.get("Image"):
        raise InvalidArgument("a container spec requires an image: image= of the model, 'Image' of the mapping")
    mode = _part(raw, "Mode") or {}
    for kind, counts in _COUNTS.items():
        settings = _part(mode, kind) or {}
        for key in counts:
            integer(settings.get(key), key, least=0)
    return raw


def _part(raw: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise InvalidArgumentType(f"{key} must be an object, not {type(value).__name__}: {value!r:.80}")
    return value
