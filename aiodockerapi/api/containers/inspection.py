"""Listing and inspection of containers."""

from __future__ import annotations

import builtins
from typing import Final

from ... import models
from ..._engine import LazyType, request
from ..._wire.arguments import integer, optional_bool, optional_str
from ..._wire.filters import Filters, encode_filters
from .._common import Group, container_path

__all__ = ["InspectionCalls"]

_SUMMARIES: Final = LazyType(lambda: list[models.ContainerSummary])
_CONTAINER: Final = LazyType(lambda: models.ContainerInspectResponse)
_PROCESSES: Final = LazyType(lambda: models.ContainerTopResponse)
_CHANGES: Final = LazyType(lambda: list[models.FilesystemChange])


class InspectionCalls(Group):
    """List and inspect containers."""

    async def list(
        self,
        *,
        all: bool | None = None,
        limit: int | None = None,
        size: bool | None = None,
        filters: Filters | None = None,
    ) -> builtins.list[models.ContainerSummary]:
        """List containers; by default, only running ones.

        Engine API: GET /containers/json

        :param all: include stopped containers; False by default.
        :param limit: return at most this number of the most recently created containers, including stopped ones; unlimited
            by default.
        :param size: include the disk usage of each container, which takes the daemon longer; False by default.
        :param filters: return only containers that match: ``status``, ``label``, ``name``, ``ancestor``, ``network``, ...
        :returns: one summary per container, newest first; empty if there are none.
        :raises BadRequest: if a filter is unknown or has an invalid value.
        """
        parameters = {
            "all": optional_bool(all, "all"),
            "limit": integer(limit, "limit"),
            "size": optional_bool(size, "size"),
            "filters": encode_filters(filters),
        }
        return await self._engine.json(request("GET", "/containers/json", parameters), _SUMMARIES)

    async def inspect(self, container: str, *, size: bool | None = None) -> models.ContainerInspectResponse:
        """Return the details of a container.

        Engine API: GET /containers/{id}/json

        :param size: include its disk usage: ``size_rw`` and ``size_root_fs``; False by default.
        :raises NotFound: if the container does not exist.
        """
        path = container_path(container, "/json")
        return await self._engine.json(request("GET", path, {"size": optional_bool(size, "size")}), _CONTAINER)

    async def top(self, container: str, *, ps_args: str | None = None) -> models.ContainerTopResponse:
        """List the processes of a running container, as reported by ``ps`` on the host.

        Engine API: GET /containers/{id}/top

        :param ps_args: arguments of ``ps``, whose output must include the process id; ``-ef`` by default.
        :returns: the column titles, and a row of strings per process.
        :raises NotFound: if the container does not exist.
        :raises Conflict: if it is not running.
        :raises ServerError: if ``ps`` rejects the arguments, or its output does not include the process id.
        """
        return await self._engine.json(
            request("GET", container_path(container, "/top"), {"ps_args": optional_str(ps_args, "ps_args")}),
            _PROCESSES,
        )

    async def changes(self, container: str) -> builtins.list[models.FilesystemChange]:
        """List the changes in a container's file system since it was created.

        Engine API: GET /containers/{id}/changes

        :returns: one entry per modified, added or deleted path; empty if there are none.
        :raises NotFound: if the container does not exist.
        """
        return await self._engine.json(request("GET", container_path(container, "/changes")), _CHANGES)
