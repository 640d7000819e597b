"""Tasks of a swarm's services."""

from __future__ import annotations

import builtins
from functools import partial
from typing import Final

from .. import models
from .._engine import LazyType, request
from .._streams import FrameStream, Output, StreamCall
from .._wire.arguments import When, path_segment
from .._wire.filters import Filters, encode_filters
from ._common import Group
from ._logs import Tail, log_call, log_request

__all__ = ["Tasks"]

_TASKS: Final = LazyType(lambda: list[models.Task])
_TASK: Final = LazyType(lambda: models.Task)


class Tasks(Group):
    """Tasks of a swarm's services, by one of its managers: ``docker.tasks``. A task goes by its id.

    Every call raises `Unavailable` where the engine is no manager of a swarm.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Task]:
        """List tasks, those that have ended among them.

        Engine API: GET /tasks

        :param filters: only those that match: ``desired-state``, ``id``, ``label``, ``name``, ``node``, ``service``.
        :raises BadRequest: there is no such filter, or not such a value for it.
        :raises NotFound: a node or service of the filter does not exist.
        """
        call = request("GET", "/tasks", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _TASKS)

    async def inspect(self, task: str) -> models.Task:
        """Everything about a task.

        Engine API: GET /tasks/{id}

        :raises NotFound: no such task.
        """
        return await self._engine.json(request("GET", _path(task)), _TASK)

    def logs(
        self,
        task: str,
        *,
        details: bool | None = None,
        follow: bool | None = None,
        stdout: bool = True,
        stderr: bool = True,
        since: When | None = None,
        timestamps: bool | None = None,
        tail: Tail | None = None,
    ) -> StreamCall[FrameStream, Output]:
        """What a task has written, and with `follow` what it goes on to write.

        Engine API: GET /tasks/{id}/logs

        Await the call for an `Output`; enter it with ``async with`` for `Frame` objects as they come, or for their
        ``lines()``.

        :param details: put before each line what it comes from: node, service and task; not by default.
        :param follow: go on until the task ends; by default the call ends with what there is.
        :param stdout: what it wrote to stdout.
        :param stderr: what it wrote to stderr.
        :param since: only what is not older: a datetime, a timedelta before now (or ``"10m"``), or seconds since 1970.
        :param timestamps: put the time before each line; not by default.
        :param tail: only so many of the last lines; all by default.
        :raises NotFound: no such task.
        :raises TruncatedStream: the connection ended first.
        """
        call = log_request(
            _path(task, "/logs"),
            details=details,
            follow=follow,
            stdout=stdout,
            stderr=stderr,
            since=since,
            timestamps=timestamps,
            tail=tail,
        )
        return log_call("tasks.logs", self._engine, call, partial(self._has_terminal, task))

    async def _has_terminal(self, task: str) -> bool:
        spec = (await self.inspect(task)).spec
        return bool(spec and spec.container_spec and spec.container_spec.tty)


def _path(task: str, action: str = "") -> str:
    return f"/tasks/{path_segment(task, 'task')}{action}"
