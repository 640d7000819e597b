"""The settings of a service, as `services.create` and `services.update` take them."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from .endpoint import EndpointSpec, NetworkAttachmentConfig
from .task_spec import TaskSpec

__all__ = [
    "GlobalJob",
    "GlobalService",
    "ReplicatedJob",
    "ReplicatedService",
    "ServiceMode",
    "ServiceSpec",
    "ServiceUpdateConfig",
    "UpdateFailureAction",
    "UpdateOrder",
]

UpdateFailureAction: TypeAlias = Literal["continue", "pause", "rollback"]
UpdateOrder: TypeAlias = Literal["stop-first", "start-first"]


@define(kw_only=True)
class ReplicatedService(Model):
    """A number of tasks that keep running."""

    replicas: int | None = wire("Replicas")
    """1 where unset."""


@define(kw_only=True)
class GlobalService(Model):
    """A task on every node that fits, which keeps running."""


@define(kw_only=True)
class ReplicatedJob(Model):
    """A number of tasks that run to their end."""

    max_concurrent: int | None = wire("MaxConcurrent")
    """How many run at the same time; 1 where unset."""
    total_completions: int | None = wire("TotalCompletions")
    """How many must have ended well; `max_concurrent` where unset."""


@define(kw_only=True)
class GlobalJob(Model):
    """A task on every node that fits, which runs to its end."""


@define(kw_only=True)
class ServiceMode(Model):
    """How many tasks a service has: one of the four is set."""

    replicated: ReplicatedService | None = wire("Replicated")
    global_: GlobalService | None = wire("Global")
    replicated_job: ReplicatedJob | None = wire("ReplicatedJob")
    global_job: GlobalJob | None = wire("GlobalJob")


@define(kw_only=True)
class ServiceUpdateConfig(Model):
    """How the tasks of a service are replaced when it is updated, or rolled back."""

    parallelism: int | None = wire("Parallelism")
    """How many tasks at a time; 0 takes all at once."""
    delay: int | None = wire("Delay")
    """Nanoseconds between two rounds."""
    failure_action: UpdateFailureAction | str | None = wire("FailureAction")
    """What to do when too many new tasks fail; a rollback cannot itself be rolled back."""
    monitor: int | None = wire("Monitor")
    """Nanoseconds for which a new task is watched for failure."""
    max_failure_ratio: float | None = wire("MaxFailureRatio")
    """The share of tasks that may fail, 0 to 1."""
    order: UpdateOrder | str | None = wire("Order")


@define(kw_only=True)
class ServiceSpec(Model):
    """The settings of a service."""

    name: str | None = wire("Name")
    labels: dict[str, str] = wire("Labels", empty=dict)
    task_template: TaskSpec | None = wire("TaskTemplate")
    mode: ServiceMode | None = wire("Mode")
    """One replica where unset."""
    update_config: ServiceUpdateConfig | None = wire("UpdateConfig")
    rollback_config: ServiceUpdateConfig | None = wire("RollbackConfig")
    networks: list[NetworkAttachmentConfig] = wire("Networks", empty=list)
    """The old place for `task_template.networks`."""
    endpoint_spec: EndpointSpec | None = wire("EndpointSpec")
