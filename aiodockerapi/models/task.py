"""Tasks: the running (or ended, or waiting) parts of services."""

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


@define(kw_only=True)
class ContainerStatus(Model):
    """The container of a task."""

    container_id: str = wire("ContainerID", empty=str)
    pid: int = wire("PID", empty=int)
    """Its process on the node; 0 where it does not run."""
    exit_code: int = wire("ExitCode", empty=int)


@define(kw_only=True)
class PortStatus(Model):
    """The ports of its node that a task is reached at."""

    ports: list[EndpointPortConfig] = wire("Ports", empty=list)


@define(kw_only=True)
class TaskStatus(Model):
    """What a task is doing."""

    timestamp: datetime.datetime | None = wire("Timestamp")
    """Since when."""
    state: TaskState | str = wire("State", empty=str)
    message: str = wire("Message", empty=str)
    err: str = wire("Err", empty=str)
    """Why it failed or cannot be placed."""
    container_status: ContainerStatus | None = wire("ContainerStatus")
    port_status: PortStatus | None = wire("PortStatus", since="1.44")


@define(kw_only=True)
class VolumeAttachment(Model):
    """A cluster volume that a task uses."""

    id: str = wire("ID", empty=str)
    source: str = wire("Source", empty=str)
    """The mount's source, as the service has it."""
    target: str = wire("Target", empty=str)
    """Where it is mounted in the container."""


@define(kw_only=True)
class Task(Model):
    """A task: one container, or plugin, of a service on a node."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    created_at: datetime.datetime | None = wire("CreatedAt")
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    name: str = wire("Name", empty=str)
    """Mostly empty: the CLI makes up its names from service and slot."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    spec: TaskSpec | None = wire("Spec")
    service_id: str = wire("ServiceID", empty=str)
    slot: int = wire("Slot", empty=int)
    """Which of the replicas it is, from 1; 0 for tasks of global services."""
    node_id: str = wire("NodeID", empty=str)
    """Empty before it is placed."""
    generic_resources: GenericResources = wire("GenericResources", empty=list)
    """What the node has given it of the resources that the user defines."""
    assigned_generic_resources: GenericResources = wire("AssignedGenericResources", empty=list)
    """The name that the API's definitions have for `generic_resources`; daemons do not send it."""
    status: TaskStatus | None = wire("Status")
    desired_state: TaskState | str = wire("DesiredState", empty=str)
    """Where the managers want it to be."""
    job_iteration: ObjectVersion | None = wire("JobIteration")
    """Which run of its job it belongs to; only tasks of jobs have one."""
    networks_attachments: list[NetworkAttachment] = wire("NetworksAttachments", empty=list)
    volumes: list[VolumeAttachment] = wire("Volumes", empty=list, since="1.42")
