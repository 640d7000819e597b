"""Configs of a swarm."""

from __future__ import annotations

import builtins
from typing import Final

from .. import models
from .._engine import LazyBodyType, LazyType, request
from .._wire.arguments import path_segment
from .._wire.filters import Filters, encode_filters
from ..errors import InvalidArgument
from ._common import Body, Group, wire_request
from ._swarm import Version, created, named, object_version

__all__ = ["Configs"]

_CONFIGS: Final = LazyType(lambda: list[models.Config])
_SPEC: Final = LazyBodyType(lambda: models.ConfigSpec)
_CONFIG: Final = LazyType(lambda: models.Config)


class Configs(Group):
    """Configs of a swarm, by one of its managers: ``docker.configs``. A config goes by its id or name.

    Every call raises `Unavailable` where the engine is no manager of a swarm.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Config]:
        """List configs with their data.

        Engine API: GET /configs

        :param filters: only those that match: ``id``, ``label``, ``name``, ``names``.
        :raises BadRequest: there is no such filter.
        """
        call = request("GET", "/configs", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _CONFIGS)

    async def create(self, spec: models.ConfigSpec | Body) -> models.IDResponse:
        """Create a config.

        Engine API: POST /configs/create

        :param spec: its name, and its data in base64.
        :returns: its id.
        :raises Conflict: the name is taken.
        :raises BadRequest: the name or the data is not acceptable: the data is no base64 (20.10), or longer than 1000 KiB.
        """
        raw = await _SPEC.wire_form(spec)
        named(raw, "config")
        if not raw.get("Data"):
            raise InvalidArgument("a config needs data, in base64")
        return await created(self._engine, wire_request("configs.create", "POST", "/configs/create", raw, _SPEC))

    async def inspect(self, config: str) -> models.Config:
        """Everything about a config, its data included.

        Engine API: GET /configs/{id}

        :raises NotFound: no such config.
        """
        return await self._engine.json(request("GET", _path(config)), _CONFIG)

    async def update(self, config: str, spec: models.ConfigSpec | Body, *, version: Version) -> None:
        """Change a config's labels; nothing else can be changed.

        Engine API: POST /configs/{id}/update

        :param spec: the config as it is to be: the ``spec`` of the inspected config, with other labels.
        :param version: the ``version`` of the inspected config.
        :raises NotFound: no such config.
        :raises StaleVersion: somebody has changed it since.
        :raises BadRequest: more than the labels differs.
        """
        raw = await _SPEC.wire_form(spec)
        parameters = {"version": object_version(version, "config")}
        path = _path(config, "/update")
        await self._engine.empty(wire_request("configs.update", "POST", path, raw, _SPEC, parameters))

    async def remove(self, config: str) -> None:
        """Remove a config.

        Engine API: DELETE /configs/{id}

        :raises NotFound: no such config.
        :raises BadRequest: a service uses it.
        """
        await self._engine.empty(request("DELETE", _path(config)))


def _path(config: str, action: str = "") -> str:
    return f"/configs/{path_segment(config, 'config')}{action}"
