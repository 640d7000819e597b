"""A node as the managers see it, and the settings that they may change."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import ObjectVersion
from ..swarm.common import NodeAvailability
from .description import NodeDescription

__all__ = ["ManagerStatus", "Node", "NodeRole", "NodeSpec", "NodeState", "NodeStatus", "Reachability"]

NodeRole: TypeAlias = Literal["worker", "manager"]
NodeState: TypeAlias = Literal["unknown", "down", "ready", "disconnected"]
Reachability: TypeAlias = Literal["unknown", "unreachable", "reachable"]


@define(kw_only=True)
class NodeSpec(Model):
    """The settings of a node, as `nodes.update` changes them."""

    name: str | None = wire("Name")
    labels: dict[str, str] = wire("Labels", empty=dict)
    role: NodeRole | str | None = wire("Role")
    availability: NodeAvailability | str | None = wire("Availability")
    """`pause` takes no new tasks, `drain` sends the running ones elsewhere too."""


@define(kw_only=True)
class NodeStatus(Model):
    """Whether a node is there, as the managers see it."""

    state: NodeState | str = wire("State", empty=str)
    message: str = wire("Message", empty=str)
    addr: str = wire("Addr", empty=str)
    """The node's address."""


@define(kw_only=True)
class ManagerStatus(Model):
    """A manager's part in running the swarm."""

    leader: bool = wire("Leader", empty=bool)
    reachability: Reachability | str = wire("Reachability", empty=str)
    addr: str = wire("Addr", empty=str)
    """The manager's address and port."""


@define(kw_only=True)
class Node(Model):
    """A node of the swarm."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    """What `nodes.update` must name."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the node joined."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    spec: NodeSpec | None = wire("Spec")
    description: NodeDescription | None = wire("Description")
    status: NodeStatus | None = wire("Status")
    manager_status: ManagerStatus | None = wire("ManagerStatus")
    """Only managers have one."""
