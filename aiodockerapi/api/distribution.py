"""What registries have."""

from __future__ import annotations

from typing import Final

from .. import models
from .._engine import LazyType, request
from ._common import Body, Group
from ._registry import auth_headers, image_path

__all__ = ["Distribution"]

_IMAGE: Final = LazyType(lambda: models.DistributionInspect)


class Distribution(Group):
    """Images in their registries: ``docker.distribution``."""

    async def inspect(self, image: str, *, auth: models.AuthConfig | Body | None = None) -> models.DistributionInspect:
        """Digest and platforms of an image as its registry has it, without fetching it.

        Engine API: GET /distribution/{name}/json

        :param image: its reference; without a tag or digest ``latest``.
        :param auth: credentials for the registry, for an image that is not public.
        :raises Unauthorized: there is no such image, or it is not for everybody.
        :raises NotFound: the registry does not have it.
        :raises ServerError: the registry cannot be reached.
        """
        path = image_path(image, "/json", group="distribution")
        return await self._engine.json(request("GET", path, headers=auth_headers(auth)), _IMAGE)
