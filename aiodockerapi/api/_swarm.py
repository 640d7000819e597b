"""Helpers for the objects of a swarm: revisions, task specs, and the calls of secrets and configs."""

from __future__ import annotations

import builtins
from typing import Any, ClassVar, Final, Generic, TypeAlias, TypeVar, Union

from .. import models
from .._engine import LazyBodyType, LazyType, request
from .._wire.arguments import integer, path_segment
from .._wire.filters import Filters, encode_filters
from ..errors import InvalidArgument
from ._common import Body, Group, require_name, wire_request

__all__ = ["SwarmData", "Version", "has_terminal", "object_version"]

Version: TypeAlias = Union[int, "models.ObjectVersion", None]
"""The revision that an update is based on: the ``version`` of the inspected object.

None is accepted by the type checker only, since models may lack a version; such an update is refused.
"""

ObjectT = TypeVar("ObjectT")

_RAW: Final = LazyType(lambda: dict[str, Any])
_CREATED: Final = LazyType(lambda: models.IDResponse)


def object_version(value: Version, noun: str) -> int:
    """Return the number of a revision."""
    index = value.index if isinstance(value, models.ObjectVersion) else integer(value, "version", least=0)
    if index is None:
        raise InvalidArgument(f"version is None: an update requires the version of the inspected {noun}")
    return index


def has_terminal(task: models.TaskSpec | None) -> bool:
    """Return whether the containers of a task have a terminal."""
    return bool(task and task.container_spec and task.container_spec.tty)


class SwarmData(Group, Generic[ObjectT]):
    """The calls of secrets and configs, which differ only in their names and models."""

    _noun: ClassVar[str]
    _list_type: ClassVar[LazyType[Any]]
    _object_type: ClassVar[LazyType[Any]]
    _spec_type: ClassVar[LazyBodyType]

    async def _list(self, filters: Filters | None) -> builtins.list[ObjectT]:
        call = request("GET", f"/{self._noun}s", {"filters": encode_filters(filters)})
        found: list[ObjectT] = await self._engine.json(call, self._list_type)
        return found

    async def _create(self, spec: models.SecretSpec | models.ConfigSpec | Body) -> models.IDResponse:
        raw = await self._spec_type.wire_form(spec)
        require_name(raw, self._noun)
        self._check_data(raw)
        path = f"/{self._noun}s/create"
        call = wire_request(f"{self._noun}s.create", "POST", path, raw, self._spec_type)
        created = await self._engine.json(call, _RAW)  # engines send ID where the API definition has Id
        return await _CREATED.structure({"Id" if key == "ID" else key: value for key, value in created.items()})

    def _check_data(self, raw: dict[str, Any]) -> None:
        """Check that the body contains data.

        :raises InvalidArgument: if it does not.
        """
        raise AssertionError("implemented by subclasses")

    async def _inspect(self, name: str) -> ObjectT:
        found: ObjectT = await self._engine.json(request("GET", self._path(name)), self._object_type)
        return found

    async def _update(self, name: str, spec: models.SecretSpec | models.ConfigSpec | Body, version: Version) -> None:
        raw = await self._spec_type.wire_form(spec)
        parameters = {"version": object_version(version, self._noun)}
        path = self._path(name, "/update")
        call = wire_request(f"{self._noun}s.update", "POST", path, raw, self._spec_type, parameters)
        await self._engine.empty(call)

    async def _remove(self, name: str) -> None:
        await self._engine.empty(request("DELETE", self._path(name)))

    def _path(self, name: str, action: str = "") -> str:
        return f"/{self._noun}s/{path_segment(name, self._noun)}{action}"
