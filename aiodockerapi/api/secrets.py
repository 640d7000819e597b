"""Secrets of a swarm."""

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

__all__ = ["Secrets"]

_SECRETS: Final = LazyType(lambda: list[models.Secret])
_SPEC: Final = LazyBodyType(lambda: models.SecretSpec)
_SECRET: Final = LazyType(lambda: models.Secret)


class Secrets(Group):
    """Secrets of a swarm, by one of its managers: ``docker.secrets``. A secret goes by its id or name.

    Every call raises `Unavailable` where the engine is no manager of a swarm.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Secret]:
        """List secrets.

        Engine API: GET /secrets

        :param filters: only those that match: ``id``, ``label``, ``name``, ``names``.
        :raises BadRequest: there is no such filter.
        """
        call = request("GET", "/secrets", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _SECRETS)

    async def create(self, spec: models.SecretSpec | Body) -> models.IDResponse:
        """Create a secret.

        Engine API: POST /secrets/create

        :param spec: its name, and its data in base64 (or a driver that fetches it).
        :returns: its id.
        :raises Conflict: the name is taken.
        :raises BadRequest: the name or the data is not acceptable: the data is no base64 (20.10), or longer than 500 KiB.
        """
        raw = await _SPEC.wire_form(spec)
        named(raw, "secret")
        if not raw.get("Data") and not raw.get("Driver"):
            raise InvalidArgument("a secret needs data, in base64, or a driver that fetches it")
        return await created(self._engine, wire_request("secrets.create", "POST", "/secrets/create", raw, _SPEC))

    async def inspect(self, secret: str) -> models.Secret:
        """Everything about a secret but its data.

        Engine API: GET /secrets/{id}

        :raises NotFound: no such secret.
        """
        return await self._engine.json(request("GET", _path(secret)), _SECRET)

    async def update(self, secret: str, spec: models.SecretSpec | Body, *, version: Version) -> None:
        """Change a secret's labels; nothing else can be changed.

        Engine API: POST /secrets/{id}/update

        :param spec: the secret as it is to be: the ``spec`` of the inspected secret, with other labels.
        :param version: the ``version`` of the inspected secret.
        :raises NotFound: no such secret.
        :raises StaleVersion: somebody has changed it since.
        :raises BadRequest: more than the labels differs.
        """
        raw = await _SPEC.wire_form(spec)
        parameters = {"version": object_version(version, "secret")}
        path = _path(secret, "/update")
        await self._engine.empty(wire_request("secrets.update", "POST", path, raw, _SPEC, parameters))

    async def remove(self, secret: str) -> None:
        """Remove a secret.

        Engine API: DELETE /secrets/{id}

        :raises NotFound: no such secret.
        :raises BadRequest: a service uses it.
        """
        await self._engine.empty(request("DELETE", _path(secret)))


def _path(secret: str, action: str = "") -> str:
    return f"/secrets/{path_segment(secret, 'secret')}{action}"
