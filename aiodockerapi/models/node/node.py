"""Nodes as the managers report them, and their settings."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import ObjectVersion
from ..swarm.common import NodeAvailability
from .description import NodeDescription

__all__ = ["ManagerStatus", "Node", "NodeRole", "NodeSpec", "NodeState", "NodeStatus", "Reachability"]

NodeRole: TypeAlias = Literal["worker", "manager"]
"""Roles of a node: it runs tasks (``worker``), or it also manages the swarm (``manager``)."""
NodeState: TypeAlias = Literal["unknown", "down", "ready", "disconnected"]
"""States of a node: not known (``unknown``), not reachable (``down``), ready for tasks (``ready``), or looking for
another manager (``disconnected``)."""
Reachability: TypeAlias = Literal["unknown", "unreachable", "reachable"]
"""Whether the other managers can reach a manager."""


@define(kw_only=True)
class NodeSpec(Model):
    """The settings of a node, for ``nodes.update``, which replaces all of them."""

    name: str | None = wire("Name")
    """Name of the node, in addition to its host name; None: none."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the node, for placement constraints (``node.labels.<name>``); empty: none."""
    role: NodeRole | str | None = wire("Role")
    """Role of the node; required."""
    availability: NodeAvailability | str | None = wire("Availability")
    """Availability of the node for tasks; required. ``pause``: no new tasks, ``drain``: its tasks are moved too."""


@define(kw_only=True)
class NodeStatus(Model):
    """The state of a node as seen by the managers."""

    state: NodeState | str = wire("State", empty=str)
    """State of the node; empty if not reported."""
    message: str = wire("Message", empty=str)
    """Reason for the state, e.g. ``heartbeat failure``; empty: none."""
    addr: str = wire("Addr", empty=str)
    """IP address of the node; empty if not reported."""


@define(kw_only=True)
class ManagerStatus(Model):
    """The status of a manager."""

    leader: bool = wire("Leader", empty=bool)
    """Whether the manager is the leader of the swarm."""
    reachability: Reachability | str = wire("Reachability", empty=str)
    """Whether the other managers can reach it; empty if not reported."""
    addr: str = wire("Addr", empty=str)
    """Address of the manager as ``address:port``."""


@define(kw_only=True)
class Node(Model):
    """A node of a swarm."""

    id: str = wire("ID", empty=str)
    """ID of the node."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the node, which ``nodes.update`` requires; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the node joined the swarm; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the node was last updated; None if not reported."""
    spec: NodeSpec | None = wire("Spec")
    """Settings of the node; None if not reported."""
    description: NodeDescription | None = wire("Description")
    """Host, platform and resources of the node; None if not reported."""
    status: NodeStatus | None = wire("Status")
    """State of the node; None if not reported."""
    manager_status: ManagerStatus | None = wire("ManagerStatus")
    """Status of the node as a manager; None for workers."""
