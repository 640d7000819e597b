"""A network of swarm scope as the swarm itself keeps it, which is not the shape that `networks.inspect` gives."""

import datetime

from .._fields import Model, define, wire
from ..common import ObjectVersion
from ..network.requests import ConfigReference
from .common import Driver

__all__ = ["NetworkAttachment", "SwarmIPAMConfig", "SwarmIPAMOptions", "SwarmNetwork", "SwarmNetworkSpec"]


@define(kw_only=True)
class SwarmIPAMConfig(Model):
    """One subnet of a network."""

    subnet: str = wire("Subnet", empty=str)
    """As CIDR."""
    range: str = wire("Range", empty=str)
    """The part of the subnet to hand out, as CIDR."""
    gateway: str = wire("Gateway", empty=str)


@define(kw_only=True)
class SwarmIPAMOptions(Model):
    """How a network hands out its addresses."""

    driver: Driver | None = wire("Driver")
    configs: list[SwarmIPAMConfig] = wire("Configs", empty=list)


@define(kw_only=True)
class SwarmNetworkSpec(Model):
    """What a network was asked to be."""

    name: str = wire("Name", empty=str)
    labels: dict[str, str] = wire("Labels", empty=dict)
    driver_configuration: Driver | None = wire("DriverConfiguration")
    ipv6_enabled: bool = wire("IPv6Enabled", empty=bool)
    internal: bool = wire("Internal", empty=bool)
    """Whether it has no way out."""
    attachable: bool = wire("Attachable", empty=bool)
    """Whether containers outside of services may join it."""
    ingress: bool = wire("Ingress", empty=bool)
    """Whether it is the one that carries published ports between nodes."""
    ipam_options: SwarmIPAMOptions | None = wire("IPAMOptions")
    config_from: ConfigReference | None = wire("ConfigFrom")
    scope: str = wire("Scope", empty=str)


@define(kw_only=True)
class SwarmNetwork(Model):
    """A network, as asked for and as it came to be."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    created_at: datetime.datetime | None = wire("CreatedAt")
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    spec: SwarmNetworkSpec | None = wire("Spec")
    driver_state: Driver | None = wire("DriverState")
    """The driver with the options it settled on."""
    ipam_options: SwarmIPAMOptions | None = wire("IPAMOptions")
    """The subnets it was given."""


@define(kw_only=True)
class NetworkAttachment(Model):
    """A network that a task is on, with the task's addresses there."""

    network: SwarmNetwork | None = wire("Network")
    addresses: list[str] = wire("Addresses", empty=list)
    """As CIDR."""
