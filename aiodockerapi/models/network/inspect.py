"""Networks as reported by the list and inspect calls."""

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
    """A swarm node that participates in an overlay network."""

    name: str = wire("Name", empty=str)
    """Name of the node in the overlay network's cluster: its hostname with a random suffix."""
    ip: str = wire("IP", empty=str)
    """IP address of the node."""


@define(kw_only=True)
class EndpointResource(Model):
    """The endpoint of a connected container, as reported by its network."""

    name: str = wire("Name", empty=str)
    """Name of the container."""
    endpoint_id: str = wire("EndpointID", empty=str)
    """ID of the endpoint, assigned by the daemon when the container connects."""
    mac_address: str = wire("MacAddress", empty=str)
    """MAC address of the container in the network."""
    ipv4_address: str = wire("IPv4Address", empty=str)
    """IPv4 address in CIDR notation, e.g. ``172.20.0.2/16``; empty without IPv4."""
    ipv6_address: str = wire("IPv6Address", empty=str)
    """IPv6 address in CIDR notation; empty without IPv6."""


@define(kw_only=True)
class NetworkStatus(Model):
    """Runtime information about a network."""

    ipam: IPAMStatus | None = wire("IPAM")
    """Address usage by subnet; None if not reported."""


@define(kw_only=True)
class NetworkTaskInfo(Model):
    """A task of a service in an overlay network."""

    name: str = wire("Name", empty=str)
    """Name of the task, e.g. ``web.1.n1rdkpdxgsnx3dmvrpz8kxx4l``."""
    endpoint_id: str = wire("EndpointID", empty=str)
    """ID of the task's endpoint in the network."""
    endpoint_ip: str = wire("EndpointIP", empty=str)
    """IP address of the task in the network."""
    info: dict[str, str] = wire("Info", empty=dict)
    """Information from the network driver; overlay networks report the node's address as ``Host IP``."""


@define(kw_only=True)
class ServiceInfo(Model):
    """A service that uses an overlay network."""

    vip: str = wire("VIP", empty=str)
    """Virtual IP address of the service; empty for DNS round-robin."""
    ports: list[str] = wire("Ports", empty=list)
    """Published ports, as ``Target: 80, Publish: 8080``; empty: none."""
    local_lb_index: int = wire("LocalLBIndex", empty=int)
    """Firewall mark of the service's traffic in the load balancer of this node."""
    tasks: list[NetworkTaskInfo] = wire("Tasks", empty=list)
    """The tasks of the service in this network."""


@define(kw_only=True)
class NetworkSummary(Model):
    """A network, as reported by the list of networks."""

    name: str = wire("Name", empty=str)
    """Name of the network."""
    id: str = wire("Id", empty=str)
    """ID of the network."""
    created: datetime.datetime | None = wire("Created")
    """When the network was created; None if not reported."""
    scope: str = wire("Scope", empty=str)
    """Scope of the network: ``local`` (this host), ``swarm`` (the whole cluster) or ``global``."""
    driver: str = wire("Driver", empty=str)
    """Network driver, e.g. ``bridge``, ``overlay`` or ``macvlan``."""
    enable_ipv4: bool | None = wire("EnableIPv4", since="1.47")
    """Whether IPv4 is enabled; None if the engine does not report it."""
    enable_ipv6: bool = wire("EnableIPv6", empty=bool)
    """Whether IPv6 is enabled."""
    ipam: IPAM | None = wire("IPAM")
    """Address management: the IPAM driver and the subnets; None if not reported."""
    internal: bool = wire("Internal", empty=bool)
    """Whether the network has no access to external networks."""
    attachable: bool = wire("Attachable", empty=bool)
    """Whether standalone containers can be connected to a network of swarm scope."""
    ingress: bool = wire("Ingress", empty=bool)
    """Whether this is the routing-mesh network, which carries the published ports of a swarm."""
    config_from: ConfigReference | None = wire("ConfigFrom")
    """The config-only network that the settings were taken from; its name is empty if there is none."""
    config_only: bool = wire("ConfigOnly", empty=bool)
    """Whether the network only provides settings for other networks and cannot be used itself."""
    options: dict[str, str] = wire("Options", empty=dict)
    """Options of the network driver; empty: none."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the network; empty: none."""
    peers: list[PeerInfo] = wire("Peers", empty=list)
    """Nodes that participate in an overlay network; empty for other drivers."""


@define(kw_only=True)
class NetworkInspect(NetworkSummary):
    """A network with the containers and services that use it."""

    containers: dict[str, EndpointResource] = wire("Containers", empty=dict)
    """Endpoints of the running containers of this host, by container ID; empty: none."""
    services: dict[str, Any] = wire("Services", empty=dict, since="1.52")
    """Services of the swarm that use the network, by service name, as plain dicts in the wire form of
    `ServiceInfo`; reported for networks of swarm scope if the call sets ``verbose``."""
    status: NetworkStatus | None = wire("Status", since="1.52")
    """Runtime information, such as address usage; None if the engine does not report it."""
