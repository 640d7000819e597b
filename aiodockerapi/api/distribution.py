"""Images in their registries."""

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
        """Return the digest and the platforms of an image in its registry, without pulling it.

        Engine API: GET /distribution/{name}/json

        :param image: its reference; ``latest`` if it has neither a tag nor a digest.
        :param auth: credentials for the registry, for a private image.
        :raises Unauthorized: if the image does not exist or is private.
        :raises NotFound: if the registry does not contain the image.
        :raises ServerError: if the registry cannot be reached.
        """
        path = image_path(image, "/json", group="distribution")
        return await self._engine.json(request("GET", path, headers=auth_headers(auth)), _IMAGE)
