"""Services as the managers report them, and the responses to creating and updating one."""

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
"""States of the update of a service, or of its rollback. ``paused`` and ``rollback_paused``: stopped because too many
new tasks have failed."""


@define(kw_only=True)
class ServiceUpdateStatus(Model):
    """The progress of the latest update of a service."""

    state: ServiceUpdateState | str = wire("State", empty=str)
    """State of the update; empty if not reported."""
    started_at: datetime.datetime | None = wire("StartedAt")
    """When the update was started; None if not reported."""
    completed_at: datetime.datetime | None = wire("CompletedAt")
    """When the update was completed; None if it has not been completed."""
    message: str = wire("Message", empty=str)
    """The swarm's description of the state, e.g. ``update completed`` or the reason of a pause."""


@define(kw_only=True)
class ServiceStatus(Model):
    """The number of tasks of a service, by state."""

    running_tasks: int = wire("RunningTasks", empty=int)
    """Number of tasks in the state ``running``."""
    desired_tasks: int = wire("DesiredTasks", empty=int)
    """Number of tasks that should run: the number of replicas; for a global service, the number of tasks whose
    desired state is not ``shutdown``."""
    completed_tasks: int = wire("CompletedTasks", empty=int)
    """Number of tasks of a job in the state ``complete``; 0 for services that are not jobs."""


@define(kw_only=True)
class ServiceJobStatus(Model):
    """The latest run of a job."""

    job_iteration: ObjectVersion | None = wire("JobIteration")
    """Number of the run, which increases with every run, by 1 or more. Creating and updating a job starts a run.
    None if not reported."""
    last_execution: datetime.datetime | None = wire("LastExecution")
    """When the latest run was started; None if not reported."""


@define(kw_only=True)
class Service(Model):
    """A service of a swarm."""

    id: str = wire("ID", empty=str)
    """ID of the service."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the service, which ``services.update`` requires; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the service was created; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the service was last updated; None if not reported."""
    spec: ServiceSpec | None = wire("Spec")
    """Settings of the service; None if not reported."""
    previous_spec: ServiceSpec | None = wire("PreviousSpec")
    """Settings before the latest update, which a rollback restores; None before the first update."""
    endpoint: ServiceEndpoint | None = wire("Endpoint")
    """Assigned ports and virtual addresses; None if not reported."""
    update_status: ServiceUpdateStatus | None = wire("UpdateStatus")
    """Progress of the latest update; None before the first update."""
    service_status: ServiceStatus | None = wire("ServiceStatus")
    """Number of tasks; None unless returned by ``services.list(status=True)``."""
    job_status: ServiceJobStatus | None = wire("JobStatus")
    """Latest run of a job; None if the service is not a job."""


@define(kw_only=True)
class ServiceCreateResponse(Model):
    """The ID of a created service, and warnings."""

    id: str = wire("ID", empty=str)
    """ID of the service."""
    warning: str = wire("Warning", empty=str, until="1.43")
    """Warning of the daemon; empty: none. Replaced by ``warnings`` in API 1.44."""
    warnings: list[str] = wire("Warnings", empty=list, since="1.44")
    """Warnings of the daemon, e.g. that the digest of the image could not be determined; empty: none."""


@define(kw_only=True)
class ServiceUpdateResponse(Model):
    """The warnings about an accepted update of a service."""

    warnings: list[str] = wire("Warnings", empty=list)
    """Warnings of the daemon, e.g. that the digest of the image could not be determined; empty: none."""
