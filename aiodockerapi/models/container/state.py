"""The state of a container: status, health and exit code."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = [
    "ContainerState",
    "ContainerStateStatus",
    "ContainerWaitExitError",
    "ContainerWaitResponse",
    "Health",
    "HealthStatus",
    "HealthSummary",
    "HealthcheckResult",
]

ContainerStateStatus: TypeAlias = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
"""States of a container; ``removing`` is a removal in progress, ``dead`` is one that has failed."""
HealthStatus: TypeAlias = Literal["none", "starting", "healthy", "unhealthy"]
"""Results of health checks: no check (``none``), no result yet (``starting``), ``healthy``, or ``unhealthy``."""


@define(kw_only=True)
class HealthcheckResult(Model):
    """The result of a single health check."""

    start: datetime.datetime | None = wire("Start")
    """When the check started; None if not reported."""
    end: datetime.datetime | None = wire("End")
    """When the check ended; None if not reported."""
    exit_code: int = wire("ExitCode", empty=int)
    """Exit code of the check: 0 healthy, 1 unhealthy, 2 reserved, -1 timed out; others: it could not be run."""
    output: str = wire("Output", empty=str)
    """Output of the check, truncated to 4096 bytes, or the error that prevented it."""


@define(kw_only=True)
class HealthSummary(Model):
    """The health of a container, as reported by the list of containers."""

    status: HealthStatus | str = wire("Status", empty=str)
    """Result of the health checks; ``none`` if there is no health check."""
    failing_streak: int = wire("FailingStreak", empty=int)
    """Number of consecutive failures."""


@define(kw_only=True)
class Health(HealthSummary):
    """The health of a container, with the latest results."""

    log: list[HealthcheckResult] = wire("Log", empty=list)
    """Results of the last checks, oldest first; at most 5."""


@define(kw_only=True)
class ContainerState(Model):
    """The state of a container: whether it is running, since when, and how it ended."""

    status: ContainerStateStatus | str = wire("Status", empty=str)
    """State as a single value."""
    running: bool = wire("Running", empty=bool)
    """Whether the container is running; also True if it is paused or restarting."""
    paused: bool = wire("Paused", empty=bool)
    """Whether the container is paused."""
    restarting: bool = wire("Restarting", empty=bool)
    """Whether the restart policy is restarting the container."""
    oom_killed: bool = wire("OOMKilled", empty=bool)
    """Whether a process was killed because memory ran out, since the last start."""
    dead: bool = wire("Dead", empty=bool)
    """Whether the container is partially removed: its removal is in progress or has failed."""
    pid: int = wire("Pid", empty=int)
    """Process ID of the main process on the host; 0 if the container is not running."""
    exit_code: int = wire("ExitCode", empty=int)
    """Exit code of the last run; 0 while the container is running or if it has never been started."""
    error: str = wire("Error", empty=str)
    """Why the last start failed; empty if it did not fail."""
    started_at: datetime.datetime | None = wire("StartedAt")
    """When the container last started; None if it has never been started."""
    finished_at: datetime.datetime | None = wire("FinishedAt")
    """When the container last ended; None if it has never ended. After a restart, it is earlier than ``started_at``."""
    health: Health | None = wire("Health")
    """Result of the health checks; None if there is no health check or the container has never been started."""


@define(kw_only=True)
class ContainerWaitExitError(Model):
    """The error of a wait for a container."""

    message: str = wire("Message", empty=str)
    """What went wrong, as reported by the daemon."""


@define(kw_only=True)
class ContainerWaitResponse(Model):
    """The response of a call that waits for a container."""

    status_code: int = wire("StatusCode", empty=int)
    """Exit code of the container."""
    error: ContainerWaitExitError | None = wire("Error")
    """Error of the wait, e.g. if the removal of the container failed; None if there is none."""
