"""Secrets of a swarm."""

from __future__ import annotations

import builtins
from typing import Any, ClassVar

from .. import models
from .._engine import LazyBodyType, LazyType
from .._wire.filters import Filters
from ..errors import InvalidArgument
from ._common import Body
from ._swarm import SwarmData, Version

__all__ = ["Secrets"]


class Secrets(SwarmData["models.Secret"]):
    """Secrets of a swarm: ``docker.secrets``. A secret is given by its id or name.

    Every call raises `Unavailable` if the engine is not a swarm manager.
    """

    _noun: ClassVar[str] = "secret"
    _list_type: ClassVar[LazyType[Any]] = LazyType(lambda: list[models.Secret])
    _object_type: ClassVar[LazyType[Any]] = LazyType(lambda: models.Secret)
    _spec_type: ClassVar[LazyBodyType] = LazyBodyType(lambda: models.SecretSpec)

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Secret]:
        """List secrets, without their data.

        Engine API: GET /secrets

        :param filters: return only secrets that match: ``id``, ``label``, ``name``, ``names``.
        :returns: the secrets; empty if there are none.
        :raises BadRequest: if a filter is unknown.
        """
        return await self._list(filters)

    async def create(self, spec: models.SecretSpec | Body) -> models.IDResponse:
        """Create a secret.

        Engine API: POST /secrets/create

        :param spec: its name, and its data in base64 (or a driver that provides the data).
        :returns: the id of the secret.
        :raises Conflict: if the name is in use.
        :raises BadRequest: if the name or the data is invalid: not base64 (20.10), or longer than 500 KiB.
        """
        return await self._create(spec)

    def _check_data(self, raw: dict[str, Any]) -> None:
        if not raw.get("Data") and not raw.get("Driver"):
            raise InvalidArgument("a secret requires data in base64, or a driver that provides it")

    async def inspect(self, secret: str) -> models.Secret:
        """Return a secret; its data is never included.

        Engine API: GET /secrets/{id}

        :raises NotFound: if the secret does not exist.
        """
        return await self._inspect(secret)

    async def update(self, secret: str, spec: models.SecretSpec | Body, *, version: Version) -> None:
        """Change the labels of a secret; nothing else can be changed.

        Engine API: POST /secrets/{id}/update

        :param spec: the new spec: the ``spec`` of the inspected secret with other labels.
        :param version: the ``version`` of the inspected secret.
        :raises NotFound: if the secret does not exist.
        :raises StaleVersion: if the secret has changed since it was inspected.
        :raises BadRequest: if anything other than the labels differs.
        """
        await self._update(secret, spec, version)

    async def remove(self, secret: str) -> None:
        """Remove a secret.

        Engine API: DELETE /secrets/{id}

        :raises NotFound: if the secret does not exist.
        :raises BadRequest: if a service uses it.
        """
        await self._remove(secret)
