"""Networks of swarm scope as tasks report them, in a format that differs from that of ``networks.inspect``."""

import datetime

from .._fields import Model, define, wire
from ..common import ObjectVersion
from ..network.requests import ConfigReference
from .common import Driver

__all__ = ["NetworkAttachment", "SwarmIPAMConfig", "SwarmIPAMOptions", "SwarmNetwork", "SwarmNetworkSpec"]


@define(kw_only=True)
class SwarmIPAMConfig(Model):
    """A subnet of a network."""

    subnet: str = wire("Subnet", empty=str)
    """Subnet in CIDR notation, e.g. ``10.0.1.0/24``."""
    range: str = wire("Range", empty=str)
    """Part of the subnet from which addresses are allocated, in CIDR notation; empty: the whole subnet."""
    gateway: str = wire("Gateway", empty=str)
    """Address of the gateway; empty if not set."""


@define(kw_only=True)
class SwarmIPAMOptions(Model):
    """The address management of a network."""

    driver: Driver | None = wire("Driver")
    """IPAM driver; None if not reported."""
    configs: list[SwarmIPAMConfig] = wire("Configs", empty=list)
    """Subnets of the network; empty: none set."""


@define(kw_only=True)
class SwarmNetworkSpec(Model):
    """The requested settings of a network."""

    name: str = wire("Name", empty=str)
    """Name of the network."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the network; empty: none."""
    driver_configuration: Driver | None = wire("DriverConfiguration")
    """Network driver and its options; None if not set."""
    ipv6_enabled: bool = wire("IPv6Enabled", empty=bool)
    """Whether the network uses IPv6."""
    internal: bool = wire("Internal", empty=bool)
    """Whether the network has no access to external networks."""
    attachable: bool = wire("Attachable", empty=bool)
    """Whether standalone containers can join the network."""
    ingress: bool = wire("Ingress", empty=bool)
    """Whether the network is the ingress network, which carries the traffic of published ports between nodes."""
    ipam_options: SwarmIPAMOptions | None = wire("IPAMOptions")
    """Requested subnets and IPAM driver; None: the swarm's defaults."""
    config_from: ConfigReference | None = wire("ConfigFrom")
    """Config-only network that provides the settings; None: none."""
    scope: str = wire("Scope", empty=str)
    """Scope of the network, e.g. ``swarm``; empty if not reported."""


@define(kw_only=True)
class SwarmNetwork(Model):
    """A network of swarm scope: its requested settings and what the swarm has allocated."""

    id: str = wire("ID", empty=str)
    """ID of the network."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the network; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the network was created; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the network was last updated; None if not reported."""
    spec: SwarmNetworkSpec | None = wire("Spec")
    """Requested settings; None if not reported."""
    driver_state: Driver | None = wire("DriverState")
    """Network driver with the options in effect, such as the VXLAN IDs of an overlay network; None if not reported."""
    ipam_options: SwarmIPAMOptions | None = wire("IPAMOptions")
    """Allocated subnets and the IPAM driver; None if not reported."""


@define(kw_only=True)
class NetworkAttachment(Model):
    """A network that a task has joined, and the task's addresses in it."""

    network: SwarmNetwork | None = wire("Network")
    """The network; None if not reported."""
    addresses: list[str] = wire("Addresses", empty=list)
    """Addresses of the task with the prefix length of the subnet, e.g. ``10.0.1.7/24``."""
