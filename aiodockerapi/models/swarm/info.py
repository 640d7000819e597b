"""The swarm as reported by ``system.info``: the state of the node and, on managers, the cluster."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import ObjectVersion
from .common import TLSInfo
from .spec import SwarmSpec

__all__ = ["ClusterInfo", "LocalNodeState", "PeerNode", "SwarmInfo"]

LocalNodeState: TypeAlias = Literal["", "inactive", "pending", "active", "error", "locked"]
"""States of a daemon as a node: not in a swarm (``inactive``), starting or joining (``pending``), in a swarm
(``active``), failed (``error``), or a manager that waits for the unlock key (``locked``). Empty: not reported."""


@define(kw_only=True)
class PeerNode(Model):
    """A manager known to a node."""

    node_id: str = wire("NodeID", empty=str)
    """ID of the manager's node."""
    addr: str = wire("Addr", empty=str)
    """Address of the manager as ``address:port``."""


@define(kw_only=True)
class ClusterInfo(Model):
    """A swarm, without its join tokens."""

    id: str = wire("ID", empty=str)
    """ID of the swarm."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the swarm, which ``swarm.update`` requires; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the swarm was initialized; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the swarm was last updated; None if not reported."""
    spec: SwarmSpec | None = wire("Spec")
    """Settings of the swarm; None if not reported."""
    tls_info: TLSInfo | None = wire("TLSInfo")
    """Root certificate and certificate issuer of the swarm; None if not reported."""
    root_rotation_in_progress: bool = wire("RootRotationInProgress", empty=bool)
    """Whether the nodes are being switched to a new root certificate."""
    data_path_port: int = wire("DataPathPort", empty=int)
    """UDP port of the overlay networks' traffic; 0 means the default, 4789."""
    default_addr_pool: list[str] = wire("DefaultAddrPool", empty=list)
    """Address pools, in CIDR notation, from which networks of swarm scope get their subnets."""
    subnet_size: int = wire("SubnetSize", empty=int)
    """Prefix length, in bits, of the subnets that are allocated from ``default_addr_pool``."""


@define(kw_only=True)
class SwarmInfo(Model):
    """The state of a daemon with regard to swarms, and the swarm that it belongs to."""

    node_id: str = wire("NodeID", empty=str)
    """ID of the node; empty if the daemon is not in a swarm."""
    node_addr: str = wire("NodeAddr", empty=str)
    """Address at which other nodes reach this one; empty if the daemon is not in a swarm."""
    local_node_state: LocalNodeState | str = wire("LocalNodeState", empty=str)
    """State of the daemon as a node; ``inactive`` if it is not in a swarm."""
    control_available: bool = wire("ControlAvailable", empty=bool)
    """Whether the node is a manager that accepts swarm requests."""
    error: str = wire("Error", empty=str)
    """Why the node could not join the swarm or has lost its connection to it; empty: no error."""
    remote_managers: list[PeerNode] = wire("RemoteManagers", empty=list)
    """Managers known to the node; empty if the daemon is not in a swarm."""
    nodes: int = wire("Nodes", empty=int)
    """Number of nodes in the swarm; 0 unless reported by a manager."""
    managers: int = wire("Managers", empty=int)
    """Number of managers in the swarm; 0 unless reported by a manager."""
    cluster: ClusterInfo | None = wire("Cluster")
    """The swarm; None unless reported by a manager."""
    warnings: list[str] = wire("Warnings", empty=list)
    """Warnings about the swarm, e.g. that two managers are not fault-tolerant; empty: none."""
