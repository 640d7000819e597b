"""How a container is doing."""

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
HealthStatus: TypeAlias = Literal["none", "starting", "healthy", "unhealthy"]


@define(kw_only=True)
class HealthcheckResult(Model):
    """How one health check went."""

    start: datetime.datetime | None = wire("Start")
    end: datetime.datetime | None = wire("End")
    exit_code: int = wire("ExitCode", empty=int)
    """0 is healthy, 1 unhealthy, 2 reserved; anything else is an error of the check."""
    output: str = wire("Output", empty=str)


@define(kw_only=True)
class HealthSummary(Model):
    """What the health checks say, as the list of containers shows it."""

    status: HealthStatus | str = wire("Status", empty=str)
    """`none` where there is no health check."""
    failing_streak: int = wire("FailingStreak", empty=int)
    """Failures in a row."""


@define(kw_only=True)
class Health(HealthSummary):
    """What the health checks say, with the last of them."""

    log: list[HealthcheckResult] = wire("Log", empty=list)
    """The latest checks, oldest first."""


@define(kw_only=True)
class ContainerState(Model):
    """How a container is doing: whether it runs, since when, and how it ended."""

    status: ContainerStateStatus | str = wire("Status", empty=str)
    running: bool = wire("Running", empty=bool)
    """True for a paused container too."""
    paused: bool = wire("Paused", empty=bool)
    restarting: bool = wire("Restarting", empty=bool)
    oom_killed: bool = wire("OOMKilled", empty=bool)
    """Whether the kernel killed a process because memory was short."""
    dead: bool = wire("Dead", empty=bool)
    pid: int = wire("Pid", empty=int)
    """0 where the container does not run."""
    exit_code: int = wire("ExitCode", empty=int)
    """Of the last run; 0 while there was none."""
    error: str = wire("Error", empty=str)
    """Why the container could not be started."""
    started_at: datetime.datetime | None = wire("StartedAt")
    finished_at: datetime.datetime | None = wire("FinishedAt")
    health: Health | None = wire("Health")


@define(kw_only=True)
class ContainerWaitExitError(Model):
    """Why waiting for a container failed."""

    message: str = wire("Message", empty=str)


@define(kw_only=True)
class ContainerWaitResponse(Model):
    """How a container ended."""

    status_code: int = wire("StatusCode", empty=int)
    """The exit code."""
    error: ContainerWaitExitError | None = wire("Error")
