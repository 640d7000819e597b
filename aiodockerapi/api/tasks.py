"""Tasks of the services of a swarm."""

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
from ._swarm import has_terminal

__all__ = ["Tasks"]

_TASKS: Final = LazyType(lambda: list[models.Task])
_TASK: Final = LazyType(lambda: models.Task)


class Tasks(Group):
    """Tasks of the services of a swarm: ``docker.tasks``. A task is given by its id.

    Every call raises `Unavailable` if the engine is not a swarm manager.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Task]:
        """List tasks, including completed ones.

        Engine API: GET /tasks

        :param filters: return only tasks that match: ``desired-state``, ``id``, ``label``, ``name``, ``node``, ``service``.
        :returns: the tasks; empty if there are none.
        :raises BadRequest: if a filter is unknown or has an invalid value.
        :raises NotFound: if a node or service in the filters does not exist.
        """
        call = request("GET", "/tasks", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _TASKS)

    async def inspect(self, task: str) -> models.Task:
        """Return the details of a task.

        Engine API: GET /tasks/{id}

        :raises NotFound: if the task does not exist.
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
        """Return the logs of a task; with `follow`, also future output.

        Engine API: GET /tasks/{id}/logs

        Await the call for an `Output`; enter it with ``async with`` for `Frame` objects as they arrive, or for their
        ``lines()``.

        :param details: prefix each line with its origin: node, service and task; False by default.
        :param follow: continue until the task ends; by default the call ends with the existing output.
        :param stdout: include the output to stdout; True by default.
        :param stderr: include the output to stderr; True by default.
        :param since: only output from this time on: a datetime, a timedelta before now (or ``"10m"``), or seconds since 1970.
        :param timestamps: prefix each line with its time; False by default.
        :param tail: only this number of lines from the end; ``"all"`` by default.
        :returns: the output, as bytes per stream.
        :raises NotFound: if the task does not exist.
        :raises TruncatedStream: if the connection ends before the log does.
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
        return has_terminal((await self.inspect(task)).spec)


def _path(task: str, action: str = "") -> str:
    return f"/tasks/{path_segment(task, 'task')}{action}"
