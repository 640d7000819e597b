"""Configs of a swarm."""

from __future__ import annotations

import builtins
from typing import Any, ClassVar

from .. import models
from .._engine import LazyBodyType, LazyType
from .._wire.filters import Filters
from ..errors import InvalidArgument
from ._common import Body
from ._swarm import SwarmData, Version

__all__ = ["Configs"]


class Configs(SwarmData["models.Config"]):
    """Configs of a swarm: ``docker.configs``. A config is given by its id or name.

    Every call raises `Unavailable` if the engine is not a swarm manager.
    """

    _noun: ClassVar[str] = "config"
    _list_type: ClassVar[LazyType[Any]] = LazyType(lambda: list[models.Config])
    _object_type: ClassVar[LazyType[Any]] = LazyType(lambda: models.Config)
    _spec_type: ClassVar[LazyBodyType] = LazyBodyType(lambda: models.ConfigSpec)

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Config]:
        """List configs with their data.

        Engine API: GET /configs

        :param filters: return only configs that match: ``id``, ``label``, ``name``, ``names``.
        :returns: the configs; empty if there are none.
        :raises BadRequest: if a filter is unknown.
        """
        return await self._list(filters)

    async def create(self, spec: models.ConfigSpec | Body) -> models.IDResponse:
        """Create a config.

        Engine API: POST /configs/create

        :param spec: its name, and its data in base64.
        :returns: the id of the config.
        :raises Conflict: if the name is in use.
        :raises BadRequest: if the name or the data is invalid: not base64 (20.10), or longer than 1000 KiB.
        """
        return await self._create(spec)

    def _check_data(self, raw: dict[str, Any]) -> None:
        if not raw.get("Data"):
            raise InvalidArgument("a config requires data in base64")

    async def inspect(self, config: str) -> models.Config:
        """Return a config with its data.

        Engine API: GET /configs/{id}

        :raises NotFound: if the config does not exist.
        """
        return await self._inspect(config)

    async def update(self, config: str, spec: models.ConfigSpec | Body, *, version: Version) -> None:
        """Change the labels of a config; nothing else can be changed.

        Engine API: POST /configs/{id}/update

        :param spec: the new spec: the ``spec`` of the inspected config with other labels.
        :param version: the ``version`` of the inspected config.
        :raises NotFound: if the config does not exist.
        :raises StaleVersion: if the config has changed since it was inspected.
        :raises BadRequest: if anything other than the labels differs.
        """
        await self._update(config, spec, version)

    async def remove(self, config: str) -> None:
        """Remove a config.

        Engine API: DELETE /configs/{id}

        :raises NotFound: if the config does not exist.
        :raises BadRequest: if a service uses it.
        """
        await self._remove(config)
