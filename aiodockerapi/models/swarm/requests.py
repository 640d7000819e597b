"""The requests that found, join and unlock a swarm."""

from .._fields import Model, define, wire
from .common import NodeAvailability
from .spec import SwarmSpec

__all__ = ["SwarmInitRequest", "SwarmJoinRequest", "SwarmUnlockRequest"]


@define(kw_only=True)
class SwarmInitRequest(Model):
    """How to found a swarm with this node as its first manager."""

    listen_addr: str | None = wire("ListenAddr")
    """Where the manager listens for others: `address:port`, `interface:port` or without port, which is then 2377."""
    advertise_addr: str | None = wire("AdvertiseAddr")
    """The address, or interface, that other nodes are told; the daemon chooses where there is only one."""
    data_path_addr: str | None = wire("DataPathAddr")
    """The address, or interface, of the overlay networks' traffic; `advertise_addr` where unset."""
    data_path_port: int | None = wire("DataPathPort")
    """The UDP port of the overlay networks' traffic, 1024 to 49151; 4789 where unset."""
    default_addr_pool: list[str] = wire("DefaultAddrPool", empty=list)
    """The subnets, as CIDR, to cut networks of swarm scope from."""
    force_new_cluster: bool | None = wire("ForceNewCluster")
    """Make a swarm of one manager from the state that this node still has."""
    subnet_size: int | None = wire("SubnetSize")
    """The prefix length of the networks cut from `default_addr_pool`."""
    spec: SwarmSpec | None = wire("Spec")
    auto_lock_managers: bool | None = wire("AutoLockManagers")
    """Make an unlock key at once: the managers need it after every start."""
    availability: NodeAvailability | str | None = wire("Availability")
    """Whether this node takes tasks; `active` where unset."""


@define(kw_only=True)
class SwarmJoinRequest(Model):
    """How this node joins a swarm."""

    listen_addr: str | None = wire("ListenAddr")
    """Where the node listens once it is a manager, in the forms of `SwarmInitRequest.listen_addr`."""
    advertise_addr: str | None = wire("AdvertiseAddr")
    """The address, or interface, that other nodes are told; the daemon chooses where there is only one."""
    data_path_addr: str | None = wire("DataPathAddr")
    """The address, or interface, of the overlay networks' traffic; `advertise_addr` where unset."""
    remote_addrs: list[str] = wire("RemoteAddrs", empty=list)
    """`address:port` of managers."""
    join_token: str | None = wire("JoinToken", secret=True)
    """The token decides whether the node becomes a worker or a manager."""
    availability: NodeAvailability | str | None = wire("Availability")
    """Whether this node takes tasks; `active` where unset."""


@define(kw_only=True)
class SwarmUnlockRequest(Model):
    """The key that a locked manager waits for."""

    unlock_key: str | None = wire("UnlockKey", secret=True)
