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
from ._swarm import Version, object_version

__all__ = ["Services"]

# What each mode of a service counts.
_COUNTS: Final = {"Replicated": ["Replicas"], "ReplicatedJob": ["MaxConcurrent", "TotalCompletions"]}

_SPEC: Final = LazyBodyType(lambda: models.ServiceSpec)
_SERVICES: Final = LazyType(lambda: list[models.Service])
_CREATED: Final = LazyType(lambda: models.ServiceCreateResponse)
_SERVICE: Final = LazyType(lambda: models.Service)
_UPDATED: Final = LazyType(lambda: models.ServiceUpdateResponse)


class Services(Group):
    """Services of a swarm, by one of its managers: ``docker.services``. A service goes by its id or name.

    Every call raises `Unavailable` where the engine is no manager of a swarm.
    """

    async def list(
        self, *, filters: Filters | None = None, status: bool | None = None
    ) -> builtins.list[models.Service]:
        """List services.

        Engine API: GET /services

        :param filters: only those that match: ``id``, ``label``, ``mode``, ``name``.
        :param status: count the tasks of each: ``service_status``; not by default.
        :raises BadRequest: there is no such filter.
        """
        parameters = {"filters": encode_filters(filters), "status": optional_bool(status, "status")}
        return await self._engine.json(request("GET", "/services", parameters), _SERVICES)

    async def create(
        self, spec: models.ServiceSpec | Body, *, auth: models.AuthConfig | Body | None = None
    ) -> models.ServiceCreateResponse:
        """Create a service.

        Engine API: POST /services/create

        :param spec: what it is; an image in the container spec of its task template is all that is needed.
        :param auth: credentials with which nodes pull the image.
        :returns: its id, and the daemon's warnings.
        :raises Conflict: the name is taken.
        :raises BadRequest: a setting is wrong.
        :raises UnsupportedFeature: a setting is newer than the engine.
        """
        raw = await _checked(spec)
        headers = auth_headers(auth)
        call = wire_request("services.create", "POST", "/services/create", raw, _SPEC, headers=headers)
        return await self._engine.json(call, _CREATED)

    async def inspect(self, service: str, *, insert_defaults: bool | None = None) -> models.Service:
        """Everything about a service.

        Engine API: GET /services/{id}

        :param insert_defaults: fill in what was not set; not by default.
        :raises NotFound: no such service.
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
        """Change a service; its tasks are replaced where that takes new ones.

        Engine API: POST /services/{id}/update

        :param spec: the service as it is to be: the ``spec`` of the inspected service, changed. What it lacks goes back to its
            default. What a newer engine has put there, and this library does not know, is sent back as it came.
        :param version: the ``version`` of the inspected service.
        :param registry_auth_from: without `auth`, whose credentials to keep: those of the present ``spec`` (the default), or of
            the one before.
        :param rollback: go back to the settings before the last update, whatever `spec` says.
        :param auth: credentials with which nodes pull the image.
        :returns: the daemon's warnings.
        :raises NotFound: no such service.
        :raises StaleVersion: somebody has changed it since.
        :raises BadRequest: a setting is wrong, or may not be changed.
        :raises UnsupportedFeature: a setting is newer than the engine.
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
        """Remove a service. Its tasks end after that.

        Engine API: DELETE /services/{id}

        :raises NotFound: no such service.
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
        """What the tasks of a service have written, and with `follow` what they go on to write.

        Engine API: GET /services/{id}/logs

        Await the call for an `Output`; enter it with ``async with`` for `Frame` objects as they come, or for their
        ``lines()``. What several tasks write comes in no order.

        :param details: put before each line what it comes from: node, service and task; not by default.
        :param follow: go on until the service is removed; by default the call ends with what there is.
        :param stdout: what they wrote to stdout.
        :param stderr: what they wrote to stderr.
        :param since: only what is not older: a datetime, a timedelta before now (or ``"10m"``), or seconds since 1970.
        :param timestamps: put the time before each line; not by default.
        :param tail: only so many of the last lines; all by default.
        :raises NotFound: no such service.
        :raises TruncatedStream: the connection ended first.
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
        container = spec and spec.task_template and spec.task_template.container_spec
        return bool(container and container.tty)


def _path(service: str, action: str = "") -> str:
    return f"/services/{path_segment(service, 'service')}{action}"


def _choice(value: str | None, noun: str, *choices: str) -> str | None:
    if value is not None and value not in choices:
        raise InvalidArgument(f"{noun} must be {' or '.join(map(repr, choices))}, not {value!r}")
    return value


async def _checked(spec: models.ServiceSpec | Body) -> dict[str, Any]:
    """A spec in wire form that has what every service needs."""
    raw = await _SPEC.wire_form(spec)
    template = _part(raw, "TaskTemplate")
    if template is None:
        raise InvalidArgument("a service needs a task template: task_template= of the model, 'TaskTemplate'")
    container = _part(template, "ContainerSpec")
    if container is None and not template.get("PluginSpec"):
        raise InvalidArgument("a task template needs a container spec: container_spec= of the model, 'ContainerSpec'")
    if container is not None and not container.get("Image"):
        raise InvalidArgument("a container spec needs an image: image= of the model, 'Image' of the mapping")
    mode = _part(raw, "Mode") or {}
    for kind, counts in _COUNTS.items():
        counted = _part(mode, kind) or {}
        for key in counts:
            integer(counted.get(key), key, least=0)
    return raw


def _part(raw: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise InvalidArgumentType(f"{key} must be an object, not {type(value).__name__}: {value!r:.80}")
    return value
