"""Requests that initialize, join and unlock a swarm."""

from .._fields import Model, define, wire
from .common import NodeAvailability
from .spec import SwarmSpec

__all__ = ["SwarmInitRequest", "SwarmJoinRequest", "SwarmUnlockRequest"]


@define(kw_only=True)
class SwarmInitRequest(Model):
    """The settings of a new swarm whose first manager is this node."""

    listen_addr: str | None = wire("ListenAddr")
    """Address or network interface on which the manager listens, as ``address[:port]`` or ``interface[:port]``, e.g.
    ``0.0.0.0:2377``; required. The default port is 2377."""
    advertise_addr: str | None = wire("AdvertiseAddr")
    """Address or network interface at which other nodes reach this one, with an optional port (default: the port of
    ``listen_addr``). None: the daemon's default, or else the address of the host if it has only one."""
    data_path_addr: str | None = wire("DataPathAddr")
    """Address or network interface for the overlay networks' traffic; None: ``advertise_addr``."""
    data_path_port: int | None = wire("DataPathPort")
    """UDP port of the overlay networks' traffic, 1024 to 49151; 0 or None: 4789."""
    default_addr_pool: list[str] = wire("DefaultAddrPool", empty=list)
    """IPv4 address pools, in CIDR notation, from which networks of swarm scope get their subnets;
    empty: ``10.0.0.0/8``."""
    force_new_cluster: bool | None = wire("ForceNewCluster")
    """Whether to make a swarm with a single manager from the state of the swarm that this manager belongs to, e.g.
    after a loss of the quorum; None means False."""
    subnet_size: int | None = wire("SubnetSize")
    """Prefix length, in bits, of the subnets that are allocated from ``default_addr_pool``, at most 29;
    0 or None: 24."""
    spec: SwarmSpec | None = wire("Spec")
    """Settings of the swarm; None: the defaults."""
    auto_lock_managers: bool | None = wire("AutoLockManagers")
    """Whether to create an unlock key from the start, which managers need after each restart; None means False."""
    availability: NodeAvailability | str | None = wire("Availability")
    """Availability of this node for tasks; None: ``active``."""


@define(kw_only=True)
class SwarmJoinRequest(Model):
    """The settings with which this node joins a swarm."""

    listen_addr: str | None = wire("ListenAddr")
    """Address or network interface on which the node listens if it is or becomes a manager, in the formats of
    ``SwarmInitRequest.listen_addr``; required."""
    advertise_addr: str | None = wire("AdvertiseAddr")
    """Address or network interface at which other nodes reach this one, with an optional port (default: the port of
    ``listen_addr``). None: the address from which the managers see it connect."""
    data_path_addr: str | None = wire("DataPathAddr")
    """Address or network interface for the overlay networks' traffic; None: ``advertise_addr``."""
    remote_addrs: list[str] = wire("RemoteAddrs", empty=list)
    """Addresses of managers of the swarm as ``address[:port]``; at least one is required. The default port is 2377."""
    join_token: str | None = wire("JoinToken", secret=True)
    """Join token of the swarm, which also determines whether the node is a worker or a manager; required."""
    availability: NodeAvailability | str | None = wire("Availability")
    """Availability of this node for tasks; None: ``active``."""


@define(kw_only=True)
class SwarmUnlockRequest(Model):
    """The key that unlocks a locked manager."""

    unlock_key: str | None = wire("UnlockKey", secret=True)
    """Unlock key of the swarm; required."""
