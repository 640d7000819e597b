"""A service as the managers have it, and what they say when one is made or changed."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import ObjectVersion
from .endpoint import ServiceEndpoint
from .spec import ServiceSpec

__all__ = [
    "Service",
    "ServiceCreateResponse",
    "ServiceJobStatus",
    "ServiceStatus",
    "ServiceUpdateResponse",
    "ServiceUpdateState",
    "ServiceUpdateStatus",
]

ServiceUpdateState: TypeAlias = Literal[
    "updating", "paused", "completed", "rollback_started", "rollback_paused", "rollback_completed"
]


@define(kw_only=True)
class ServiceUpdateStatus(Model):
    """How far the latest update of a service has come."""

    state: ServiceUpdateState | str = wire("State", empty=str)
    started_at: datetime.datetime | None = wire("StartedAt")
    completed_at: datetime.datetime | None = wire("CompletedAt")
    message: str = wire("Message", empty=str)


@define(kw_only=True)
class ServiceStatus(Model):
    """How many tasks a service has."""

    running_tasks: int = wire("RunningTasks", empty=int)
    desired_tasks: int = wire("DesiredTasks", empty=int)
    """How many should run: the replicas, or the tasks of a global service that are not to shut down."""
    completed_tasks: int = wire("CompletedTasks", empty=int)
    """How many of a job's tasks have ended well; 0 for services that are no job."""


@define(kw_only=True)
class ServiceJobStatus(Model):
    """How often a job has been run."""

    job_iteration: ObjectVersion | None = wire("JobIteration")
    """Grows with every run; a run is started by the job's creation and by its updates."""
    last_execution: datetime.datetime | None = wire("LastExecution")
    """When the job was last started."""


@define(kw_only=True)
class Service(Model):
    """A service of the swarm."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    """What `services.update` must name."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    spec: ServiceSpec | None = wire("Spec")
    previous_spec: ServiceSpec | None = wire("PreviousSpec")
    """What a rollback goes back to; none before the first update."""
    endpoint: ServiceEndpoint | None = wire("Endpoint")
    update_status: ServiceUpdateStatus | None = wire("UpdateStatus")
    """None before the first update."""
    service_status: ServiceStatus | None = wire("ServiceStatus")
    """Only in `services.list(status=True)`."""
    job_status: ServiceJobStatus | None = wire("JobStatus")
    """Only jobs have one."""


@define(kw_only=True)
class ServiceCreateResponse(Model):
    """The id of a new service."""

    id: str = wire("ID", empty=str)
    warning: str = wire("Warning", empty=str, until="1.43")
    warnings: list[str] = wire("Warnings", empty=list, since="1.44")


@define(kw_only=True)
class ServiceUpdateResponse(Model):
    """What the daemon has to say about an update that it took."""

    warnings: list[str] = wire("Warnings", empty=list)
