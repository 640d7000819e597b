"""The tasks of services, each of which runs a container or a plugin on a node."""

import datetime
from typing import Literal, TypeAlias

from ._fields import Model, define, wire
from .common import ObjectVersion
from .node.resources import GenericResources
from .service.endpoint import EndpointPortConfig
from .service.task_spec import TaskSpec
from .swarm.network import NetworkAttachment

__all__ = ["ContainerStatus", "PortStatus", "Task", "TaskState", "TaskStatus", "VolumeAttachment"]

TaskState: TypeAlias = Literal[
    "new",
    "allocated",
    "pending",
    "assigned",
    "accepted",
    "preparing",
    "ready",
    "starting",
    "running",
    "complete",
    "shutdown",
    "failed",
    "rejected",
    "remove",
    "orphaned",
]
"""States of a task, in the order in which it passes through them; a task never returns to an earlier state.

It is waiting for a node up to ``pending`` and being set up from ``assigned`` to ``starting``. It has ended in
``complete`` (exit code 0), ``shutdown`` (stopped by the swarm), ``failed`` (other exit codes, errors) or ``rejected``
(the node could not run it). ``remove``: to be deleted, ``orphaned``: its node has been down for too long.
"""


@define(kw_only=True)
class ContainerStatus(Model):
    """The container of a task."""

    container_id: str = wire("ContainerID", empty=str)
    """ID of the container; empty if not reported."""
    pid: int = wire("PID", empty=int)
    """Process ID of the container's main process on the node; 0 if it is not running."""
    exit_code: int = wire("ExitCode", empty=int)
    """Exit code of the container's main process; 0 if it has not ended."""


@define(kw_only=True)
class PortStatus(Model):
    """The ports of a task that are published on its node (``publish_mode`` ``host``)."""

    ports: list[EndpointPortConfig] = wire("Ports", empty=list)
    """Published ports, including the numbers that the node's daemon has chosen; empty: none."""


@define(kw_only=True)
class TaskStatus(Model):
    """The current state of a task."""

    timestamp: datetime.datetime | None = wire("Timestamp")
    """When the task reached the state; None if not reported."""
    state: TaskState | str = wire("State", empty=str)
    """State of the task; empty if not reported."""
    message: str = wire("Message", empty=str)
    """Description of the state, e.g. ``started``."""
    err: str = wire("Err", empty=str)
    """Error message if the task failed, was rejected or cannot be assigned to a node; empty: no error."""
    container_status: ContainerStatus | None = wire("ContainerStatus")
    """Container of the task; None if it has none (yet)."""
    port_status: PortStatus | None = wire("PortStatus", since="1.44")
    """Ports that are published on the task's node; None if not reported."""


@define(kw_only=True)
class VolumeAttachment(Model):
    """A cluster volume that a task uses."""

    id: str = wire("ID", empty=str)
    """ID of the cluster volume in the swarm."""
    source: str = wire("Source", empty=str)
    """Source of the mount in the service's settings: a volume name or ``group:<name>``."""
    target: str = wire("Target", empty=str)
    """Path of the mount in the container."""


@define(kw_only=True)
class Task(Model):
    """A task: one container or plugin of a service on a node."""

    id: str = wire("ID", empty=str)
    """ID of the task."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the task; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the task was created; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the task was last updated; None if not reported."""
    name: str = wire("Name", empty=str)
    """Name of the task; usually empty. The Docker CLI shows a name made of the service's name and the slot."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the task, not of its service or container; empty: none."""
    spec: TaskSpec | None = wire("Spec")
    """Settings of the task, as of the service when the task was created; None if not reported."""
    service_id: str = wire("ServiceID", empty=str)
    """ID of the service; empty for tasks with the runtime ``attachment``."""
    slot: int = wire("Slot", empty=int)
    """Number of the replica, from 1; 0 for tasks of global services. A task that replaces another has the same slot."""
    node_id: str = wire("NodeID", empty=str)
    """ID of the node that runs the task; empty until it is assigned to one."""
    generic_resources: GenericResources = wire("GenericResources", empty=list)
    """User-defined resources of the node that are assigned to the task; empty: none."""
    assigned_generic_resources: GenericResources = wire("AssignedGenericResources", empty=list)
    """Name of ``generic_resources`` in the API's definitions; daemons do not send it."""
    status: TaskStatus | None = wire("Status")
    """Current state of the task; None if not reported."""
    desired_state: TaskState | str = wire("DesiredState", empty=str)
    """State that the managers want the task to reach, e.g. ``running`` or ``shutdown``; empty if not reported."""
    job_iteration: ObjectVersion | None = wire("JobIteration")
    """Run of the job that the task belongs to; None if the service is not a job."""
    networks_attachments: list[NetworkAttachment] = wire("NetworksAttachments", empty=list)
    """Networks that the task has joined, with its addresses; empty: none."""
    volumes: list[VolumeAttachment] = wire("Volumes", empty=list, since="1.42")
    """Cluster volumes that the task uses; empty: none."""
