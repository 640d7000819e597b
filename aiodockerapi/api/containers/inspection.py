"""Looking at containers."""

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
    """List containers, and look into one."""

    async def list(
        self,
        *,
        all: bool | None = None,
        limit: int | None = None,
        size: bool | None = None,
        filters: Filters | None = None,
    ) -> builtins.list[models.ContainerSummary]:
        """List containers, the youngest first.

        Engine API: GET /containers/json

        :param all: those too that do not run; only running ones by default.
        :param limit: at most so many of the youngest, running or not.
        :param size: measure what each has written to disk, which takes the daemon a while.
        :param filters: only those that match: ``status``, ``label``, ``name``, ``ancestor``, ``network``, ...
        :returns: one summary per container; an empty list where there is none.
        :raises BadRequest: there is no such filter, or not such a value for it.
        """
        parameters = {
            "all": optional_bool(all, "all"),
            "limit": integer(limit, "limit"),
            "size": optional_bool(size, "size"),
            "filters": encode_filters(filters),
        }
        return await self._engine.json(request("GET", "/containers/json", parameters), _SUMMARIES)

    async def inspect(self, container: str, *, size: bool | None = None) -> models.ContainerInspectResponse:
        """Everything about a container.

        Engine API: GET /containers/{id}/json

        :param size: measure its files too: ``size_rw`` and ``size_root_fs``; not by default.
        :raises NotFound: no such container.
        """
        path = container_path(container, "/json")
        return await self._engine.json(request("GET", path, {"size": optional_bool(size, "size")}), _CONTAINER)

    async def top(self, container: str, *, ps_args: str | None = None) -> models.ContainerTopResponse:
        """The processes of a running container, as the host's ``ps`` shows them.

        Engine API: GET /containers/{id}/top

        :param ps_args: arguments for ``ps``, which must show the process id; ``-ef`` by default.
        :returns: the column titles, and a row of texts per process.
        :raises NotFound: no such container.
        :raises Conflict: it does not run.
        :raises ServerError: ``ps`` does not take the arguments, or does not show the process id.
        """
        return await self._engine.json(
            request("GET", container_path(container, "/top"), {"ps_args": optional_str(ps_args, "ps_args")}),
            _PROCESSES,
        )

    async def changes(self, container: str) -> builtins.list[models.FilesystemChange]:
        """What has changed in a container's file system since it was created.

        Engine API: GET /containers/{id}/changes

        :returns: one entry per changed, added or removed path; an empty list where nothing has changed.
        :raises NotFound: no such container.
        """
        return await self._engine.json(request("GET", container_path(container, "/changes")), _CHANGES)
