"""The settings of the tasks of a service: what they run, where, and when they are restarted."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..node.platform import Platform
from ..node.resources import Limit, ResourceObject
from ..swarm.common import Driver
from .container import ContainerSpec
from .endpoint import NetworkAttachmentConfig

__all__ = [
    "NetworkAttachmentSpec",
    "Placement",
    "PlacementPreference",
    "PluginSpec",
    "ResourceRequirements",
    "RuntimePrivilege",
    "SpreadOver",
    "TaskRestartCondition",
    "TaskRestartPolicy",
    "TaskRuntime",
    "TaskSpec",
]

TaskRestartCondition: TypeAlias = Literal["none", "on-failure", "any"]
"""Conditions for replacing a task that has ended: never (``none``), if it failed (``on-failure``), or always
(``any``)."""
TaskRuntime: TypeAlias = Literal["container", "plugin", "attachment"]
"""Kinds of tasks: a container, an installed plugin, or the attachment of a standalone container to a network."""


@define(kw_only=True)
class RuntimePrivilege(Model):
    """A permission that a plugin of a service gets."""

    # The names are lower case in JSON, unlike those of PluginPrivilege.
    name: str | None = wire("name")
    """Name of the permission, e.g. ``network``, ``mount`` or ``capabilities``."""
    description: str | None = wire("description")
    """Description of the permission; None: none."""
    value: list[str] = wire("value", empty=list)
    """Granted values, e.g. ``["CAP_SYS_ADMIN"]``."""


@define(kw_only=True)
class PluginSpec(Model):
    """A plugin that a service installs on the nodes."""

    # The API's definitions capitalize these names, and have PluginPrivilege instead of privileges. Daemons read and
    # write the names below.
    name: str | None = wire("name")
    """Name of the plugin on the nodes; None: the reference in ``remote``."""
    remote: str | None = wire("remote")
    """Reference of the plugin in a registry; required."""
    disabled: bool | None = wire("disabled")
    """Whether to install the plugin without enabling it; None means False."""
    privileges: list[RuntimePrivilege] = wire("privileges", empty=list)
    """Permissions that the plugin gets; empty: none."""
    env: list[str] = wire("env", empty=list)
    """Environment variables of the plugin as ``NAME=value``; empty: the plugin's defaults."""


@define(kw_only=True)
class NetworkAttachmentSpec(Model):
    """The attachment of a standalone container to a network of the swarm; read-only."""

    container_id: str | None = wire("ContainerID")
    """ID of the container to attach to the network; None if not set."""


@define(kw_only=True)
class ResourceRequirements(Model):
    """The resource limits and reservations of each task."""

    limits: Limit | None = wire("Limits")
    """Maximum resources of a task; None: no limit."""
    reservations: ResourceObject | None = wire("Reservations")
    """Resources that a node must have free to run the task; None: none."""
    swap_bytes: int | None = wire("SwapBytes", since="1.52")
    """Swap space in bytes in addition to the memory limit, which must be set; -1: no limit.
    None: as much as the memory limit."""
    memory_swappiness: int | None = wire("MemorySwappiness", since="1.52")
    """Tendency of the kernel to swap, 0 to 100; None: the node's default, -1: reset to it."""


@define(kw_only=True)
class TaskRestartPolicy(Model):
    """When a task that has ended is replaced by a new one."""

    condition: TaskRestartCondition | str | None = wire("Condition")
    """Which tasks are replaced; None: ``any``. For jobs, ``any`` is the same as ``on-failure``."""
    delay: int | None = wire("Delay")
    """Nanoseconds to wait before the new task starts; None: 5 s."""
    max_attempts: int | None = wire("MaxAttempts")
    """Maximum number of restarts within ``window``; 0 or None: no limit."""
    window: int | None = wire("Window")
    """Nanoseconds within which restarts are counted; 0 or None: all restarts are counted."""


@define(kw_only=True)
class SpreadOver(Model):
    """A preference to spread tasks evenly over the values of a label."""

    spread_descriptor: str | None = wire("SpreadDescriptor")
    """Label of the nodes or of their daemons, e.g. ``node.labels.zone`` or ``engine.labels.zone``; required."""


@define(kw_only=True)
class PlacementPreference(Model):
    """A preference for the nodes that run the tasks."""

    spread: SpreadOver | None = wire("Spread")
    """Label over whose values the tasks are spread; required."""


@define(kw_only=True)
class Placement(Model):
    """The nodes that may run the tasks."""

    constraints: list[str] = wire("Constraints", empty=list)
    """Conditions that a node must all meet, e.g. ``node.role==worker`` or ``node.labels.disk!=slow``; empty: none."""
    preferences: list[PlacementPreference] = wire("Preferences", empty=list)
    """Preferences among the suitable nodes, the strongest first; empty: none."""
    max_replicas: int | None = wire("MaxReplicas")
    """Maximum number of tasks per node; 0 or None: no limit."""
    platforms: list[Platform] = wire("Platforms", empty=list)
    """Platforms that the image supports; only nodes with one of them are used. Empty: all nodes."""


@define(kw_only=True)
class TaskSpec(Model):
    """The settings of each task of a service.

    One of ``container_spec``, ``plugin_spec`` and ``network_attachment_spec`` is set, according to ``runtime``.
    """

    plugin_spec: PluginSpec | None = wire("PluginSpec")
    """Plugin to install, with the runtime ``plugin``; else None."""
    container_spec: ContainerSpec | None = wire("ContainerSpec")
    """Container to run, with the runtime ``container``; else None."""
    network_attachment_spec: NetworkAttachmentSpec | None = wire("NetworkAttachmentSpec")
    """Attached container, with the runtime ``attachment``; else None. Read-only."""
    resources: ResourceRequirements | None = wire("Resources")
    """Resource limits and reservations; None: none."""
    restart_policy: TaskRestartPolicy | None = wire("RestartPolicy")
    """When ended tasks are replaced; None: always, after 5 s."""
    placement: Placement | None = wire("Placement")
    """Nodes that may run the tasks; None: all nodes."""
    force_update: int | None = wire("ForceUpdate")
    """A counter: an update that changes it replaces the tasks even if no other setting has changed. None: 0."""
    runtime: TaskRuntime | str | None = wire("Runtime")
    """Kind of the tasks; None: ``container``."""
    networks: list[NetworkAttachmentConfig] = wire("Networks", empty=list)
    """Networks that the tasks join, in addition to the ingress network if ports are published there."""
    log_driver: Driver | None = wire("LogDriver")
    """Log driver of the containers; None: the swarm's default, or else the daemon's."""
