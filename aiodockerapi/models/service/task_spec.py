"""What each task of a service is: what it runs, where, and what happens when it ends."""

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
TaskRuntime: TypeAlias = Literal["container", "plugin", "attachment"]


@define(kw_only=True)
class RuntimePrivilege(Model):
    """Something that a service's plugin is allowed."""

    # In lower case on the wire, other than a PluginPrivilege.
    name: str | None = wire("name")
    description: str | None = wire("description")
    value: list[str] = wire("value", empty=list)


@define(kw_only=True)
class PluginSpec(Model):
    """The plugin that a service installs on its nodes."""

    # The API's definitions give capitals, and PluginPrivilege for privileges. Daemons write and read it as here.
    name: str | None = wire("name")
    """What to call the plugin on the nodes."""
    remote: str | None = wire("remote")
    """The plugin's reference in a registry."""
    disabled: bool | None = wire("disabled")
    """Whether to install it without starting it."""
    privileges: list[RuntimePrivilege] = wire("privileges", empty=list)
    env: list[str] = wire("env", empty=list)
    """`NAME=value` each."""


@define(kw_only=True)
class NetworkAttachmentSpec(Model):
    """Stands for a container outside of services that has joined a network of the swarm; only read."""

    container_id: str | None = wire("ContainerID")


@define(kw_only=True)
class ResourceRequirements(Model):
    """What each task may use, and what is set aside for it."""

    limits: Limit | None = wire("Limits")
    reservations: ResourceObject | None = wire("Reservations")
    swap_bytes: int | None = wire("SwapBytes", since="1.52")
    """Swap on top of a memory limit; -1 sets no limit; twice the memory where unset."""
    memory_swappiness: int | None = wire("MemorySwappiness", since="1.52")
    """How readily the kernel swaps: 0 to 100; -1 goes back to the default."""


@define(kw_only=True)
class TaskRestartPolicy(Model):
    """When a task that has ended is replaced."""

    condition: TaskRestartCondition | str | None = wire("Condition")
    delay: int | None = wire("Delay")
    """Nanoseconds before the new task."""
    max_attempts: int | None = wire("MaxAttempts")
    """How often to try within `window`; 0 sets no limit."""
    window: int | None = wire("Window")
    """Nanoseconds in which attempts count; 0 counts all."""


@define(kw_only=True)
class SpreadOver(Model):
    """Spread tasks evenly over the values of a label."""

    spread_descriptor: str | None = wire("SpreadDescriptor")
    """The label, such as `node.labels.zone`."""


@define(kw_only=True)
class PlacementPreference(Model):
    """A wish where tasks should run."""

    spread: SpreadOver | None = wire("Spread")


@define(kw_only=True)
class Placement(Model):
    """Where tasks may run."""

    constraints: list[str] = wire("Constraints", empty=list)
    """Comparisons that a node must meet, all of them: `node.role==worker`, `node.labels.disk!=slow`."""
    preferences: list[PlacementPreference] = wire("Preferences", empty=list)
    """Wishes, the strongest first."""
    max_replicas: int | None = wire("MaxReplicas")
    """How many tasks a node takes at most; 0 sets no limit."""
    platforms: list[Platform] = wire("Platforms", empty=list)
    """What the image can run on; empty allows every node."""


@define(kw_only=True)
class TaskSpec(Model):
    """What each task of a service is.

    One of `container_spec`, `plugin_spec` and `network_attachment_spec` is set, and `runtime` tells which.
    """

    plugin_spec: PluginSpec | None = wire("PluginSpec")
    container_spec: ContainerSpec | None = wire("ContainerSpec")
    network_attachment_spec: NetworkAttachmentSpec | None = wire("NetworkAttachmentSpec")
    resources: ResourceRequirements | None = wire("Resources")
    restart_policy: TaskRestartPolicy | None = wire("RestartPolicy")
    placement: Placement | None = wire("Placement")
    force_update: int | None = wire("ForceUpdate")
    """A counter: another number replaces the tasks even where nothing else has changed."""
    runtime: TaskRuntime | str | None = wire("Runtime")
    """`container` where unset."""
    networks: list[NetworkAttachmentConfig] = wire("Networks", empty=list)
    log_driver: Driver | None = wire("LogDriver")
    """The swarm's default where unset, else the daemon's."""
