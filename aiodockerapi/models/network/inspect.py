"""A network, in the list and on its own."""

import datetime
from typing import Any

from .._fields import Model, define, wire
from .ipam import IPAM, IPAMStatus
from .requests import ConfigReference

__all__ = [
    "EndpointResource",
    "NetworkInspect",
    "NetworkStatus",
    "NetworkSummary",
    "NetworkTaskInfo",
    "PeerInfo",
    "ServiceInfo",
]


@define(kw_only=True)
class PeerInfo(Model):
    """A node that takes part in an overlay network."""

    name: str = wire("Name", empty=str)
    ip: str = wire("IP", empty=str)


@define(kw_only=True)
class EndpointResource(Model):
    """A container's place in a network, as the network sees it."""

    name: str = wire("Name", empty=str)
    """The container's name."""
    endpoint_id: str = wire("EndpointID", empty=str)
    mac_address: str = wire("MacAddress", empty=str)
    ipv4_address: str = wire("IPv4Address", empty=str)
    """In CIDR notation."""
    ipv6_address: str = wire("IPv6Address", empty=str)
    """In CIDR notation."""


@define(kw_only=True)
class NetworkStatus(Model):
    """How a network is doing."""

    ipam: IPAMStatus | None = wire("IPAM")


@define(kw_only=True)
class NetworkTaskInfo(Model):
    """A task of a service in an overlay network."""

    name: str = wire("Name", empty=str)
    endpoint_id: str = wire("EndpointID", empty=str)
    endpoint_ip: str = wire("EndpointIP", empty=str)
    info: dict[str, str] = wire("Info", empty=dict)
    """What the network's driver tells about the endpoint."""


@define(kw_only=True)
class ServiceInfo(Model):
    """A service that uses an overlay network."""

    vip: str = wire("VIP", empty=str)
    """The virtual address of the service."""
    ports: list[str] = wire("Ports", empty=list)
    local_lb_index: int = wire("LocalLBIndex", empty=int)
    """The number that marks the service's traffic in this node's load balancer."""
    tasks: list[NetworkTaskInfo] = wire("Tasks", empty=list)


@define(kw_only=True)
class NetworkSummary(Model):
    """A network, as the list of networks shows it."""

    name: str = wire("Name", empty=str)
    id: str = wire("Id", empty=str)
    created: datetime.datetime | None = wire("Created")
    scope: str = wire("Scope", empty=str)
    """`local` to the host, `swarm` for the whole cluster, or `global`."""
    driver: str = wire("Driver", empty=str)
    enable_ipv4: bool | None = wire("EnableIPv4", since="1.47")
    enable_ipv6: bool = wire("EnableIPv6", empty=bool)
    ipam: IPAM | None = wire("IPAM")
    internal: bool = wire("Internal", empty=bool)
    """Whether the network is cut off from the outside."""
    attachable: bool = wire("Attachable", empty=bool)
    """Whether plain containers may join a network of swarm scope."""
    ingress: bool = wire("Ingress", empty=bool)
    """Whether this is the network that carries the published ports of a swarm."""
    config_from: ConfigReference | None = wire("ConfigFrom")
    config_only: bool = wire("ConfigOnly", empty=bool)
    """Whether the network only holds settings for others."""
    options: dict[str, str] = wire("Options", empty=dict)
    labels: dict[str, str] = wire("Labels", empty=dict)
    peers: list[PeerInfo] = wire("Peers", empty=list)
    """The nodes that take part in an overlay network."""


@define(kw_only=True)
class NetworkInspect(NetworkSummary):
    """A network with the containers and services that use it."""

    containers: dict[str, EndpointResource] = wire("Containers", empty=dict)
    """By the container's id."""
    services: dict[str, Any] = wire("Services", empty=dict, since="1.52")
    """The services of a swarm that use the network, by name."""
    status: NetworkStatus | None = wire("Status", since="1.52")
