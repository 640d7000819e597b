"""The settings of a service, for ``services.create`` and ``services.update``."""

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
"""Actions if too many new tasks fail during an update: ignore the failures (``continue``), stop the update
(``pause``) or restore the previous settings (``rollback``)."""
UpdateOrder: TypeAlias = Literal["stop-first", "start-first"]
"""Order in which a task is replaced: stop the old task before the new one starts (``stop-first``), or after the new
one is running (``start-first``)."""


@define(kw_only=True)
class ReplicatedService(Model):
    """The mode of a service with a fixed number of tasks that keep running."""

    replicas: int | None = wire("Replicas")
    """Number of tasks; None: 1."""


@define(kw_only=True)
class GlobalService(Model):
    """The mode of a service with one task on every suitable node, which keeps running."""


@define(kw_only=True)
class ReplicatedJob(Model):
    """The mode of a job with a fixed number of tasks that run until they complete."""

    max_concurrent: int | None = wire("MaxConcurrent")
    """Maximum number of tasks that run at the same time; None: 1."""
    total_completions: int | None = wire("TotalCompletions")
    """Number of tasks that must complete successfully; None: ``max_concurrent``."""


@define(kw_only=True)
class GlobalJob(Model):
    """The mode of a job with one task on every suitable node, which runs until it completes."""


@define(kw_only=True)
class ServiceMode(Model):
    """The mode of a service: how many tasks it has, and whether they keep running or complete.

    At most one of the four fields may be set.
    """

    replicated: ReplicatedService | None = wire("Replicated")
    """Set for a service with a fixed number of tasks."""
    global_: GlobalService | None = wire("Global")
    """Set for a service with one task on every suitable node."""
    replicated_job: ReplicatedJob | None = wire("ReplicatedJob")
    """Set for a job with a fixed number of tasks."""
    global_job: GlobalJob | None = wire("GlobalJob")
    """Set for a job with one task on every suitable node."""


@define(kw_only=True)
class ServiceUpdateConfig(Model):
    """How the tasks of a service are replaced during an update or a rollback."""

    parallelism: int | None = wire("Parallelism")
    """Number of tasks that are replaced at the same time; 0 or None: all at once."""
    delay: int | None = wire("Delay")
    """Nanoseconds to wait before the next tasks are replaced; None: 0."""
    failure_action: UpdateFailureAction | str | None = wire("FailureAction")
    """What to do if too many new tasks fail; None: ``pause``. ``rollback`` is not possible for a rollback."""
    monitor: int | None = wire("Monitor")
    """Nanoseconds for which each new task is monitored for failure; 0 or None: 5 s."""
    max_failure_ratio: float | None = wire("MaxFailureRatio")
    """Fraction of the tasks, 0 to 1, that may fail before ``failure_action`` is taken; None: 0."""
    order: UpdateOrder | str | None = wire("Order")
    """Whether the old task is stopped before or after the new one starts; None: ``stop-first``."""


@define(kw_only=True)
class ServiceSpec(Model):
    """The settings of a service."""

    name: str | None = wire("Name")
    """Name of the service; None: a random name. It cannot be changed."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the service, not of its containers; empty: none."""
    task_template: TaskSpec | None = wire("TaskTemplate")
    """Settings of each task, such as the container; required."""
    mode: ServiceMode | None = wire("Mode")
    """Number of tasks, and whether they keep running; None: a replicated service with 1 task."""
    update_config: ServiceUpdateConfig | None = wire("UpdateConfig")
    """How an update replaces the tasks; None: one task at a time, ``pause`` on failure. Not allowed for jobs."""
    rollback_config: ServiceUpdateConfig | None = wire("RollbackConfig")
    """How a rollback replaces the tasks; None: one task at a time, ``pause`` on failure."""
    networks: list[NetworkAttachmentConfig] = wire("Networks", empty=list)
    """Networks that the tasks join. Deprecated: use ``task_template.networks``."""
    endpoint_spec: EndpointSpec | None = wire("EndpointSpec")
    """Name resolution and published ports; None: a virtual address, no published ports."""
