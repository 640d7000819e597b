"""The swarm as `system.info` tells of it: what this node is in it, and the cluster it belongs to."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import ObjectVersion
from .common import TLSInfo
from .spec import SwarmSpec

__all__ = ["ClusterInfo", "LocalNodeState", "PeerNode", "SwarmInfo"]

LocalNodeState: TypeAlias = Literal["", "inactive", "pending", "active", "error", "locked"]


@define(kw_only=True)
class PeerNode(Model):
    """A manager that a node knows of."""

    node_id: str = wire("NodeID", empty=str)
    addr: str = wire("Addr", empty=str)
    """Its address and port."""


@define(kw_only=True)
class ClusterInfo(Model):
    """A swarm without the tokens to join it."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    """What `swarm.update` must name."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    spec: SwarmSpec | None = wire("Spec")
    tls_info: TLSInfo | None = wire("TLSInfo")
    root_rotation_in_progress: bool = wire("RootRotationInProgress", empty=bool)
    """Whether the nodes are changing over to a new root certificate."""
    data_path_port: int = wire("DataPathPort", empty=int)
    """The UDP port of the overlay networks' traffic; 0 stands for 4789."""
    default_addr_pool: list[str] = wire("DefaultAddrPool", empty=list)
    """The subnets, as CIDR, that networks of swarm scope are cut from."""
    subnet_size: int = wire("SubnetSize", empty=int)
    """The prefix length of the networks cut from `default_addr_pool`."""


@define(kw_only=True)
class SwarmInfo(Model):
    """What a node knows about the swarm it is in, or that it is in none."""

    node_id: str = wire("NodeID", empty=str)
    """Empty outside a swarm."""
    node_addr: str = wire("NodeAddr", empty=str)
    """The address at which other nodes reach this one."""
    local_node_state: LocalNodeState | str = wire("LocalNodeState", empty=str)
    """`inactive` outside a swarm, `locked` while a manager waits for its unlock key."""
    control_available: bool = wire("ControlAvailable", empty=bool)
    """Whether the node is a manager."""
    error: str = wire("Error", empty=str)
    """Why the node could not join or has lost the swarm."""
    remote_managers: list[PeerNode] = wire("RemoteManagers", empty=list)
    nodes: int = wire("Nodes", empty=int)
    """How many nodes the swarm has; known to managers only."""
    managers: int = wire("Managers", empty=int)
    """How many of the nodes are managers; known to managers only."""
    cluster: ClusterInfo | None = wire("Cluster")
    """Known to managers only."""
    warnings: list[str] = wire("Warnings", empty=list)
