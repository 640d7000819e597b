"""How a service is reached: its ports, its virtual addresses and its networks."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..network.ports import PortProtocol

__all__ = [
    "EndpointPortConfig",
    "EndpointSpec",
    "EndpointVirtualIP",
    "NetworkAttachmentConfig",
    "PortPublishMode",
    "ResolutionMode",
    "ServiceEndpoint",
]

PortPublishMode: TypeAlias = Literal["ingress", "host"]
ResolutionMode: TypeAlias = Literal["vip", "dnsrr"]


@define(kw_only=True)
class EndpointPortConfig(Model):
    """A port of a service that is published."""

    name: str | None = wire("Name")
    protocol: PortProtocol | str | None = wire("Protocol")
    target_port: int | None = wire("TargetPort")
    """The port in the container."""
    published_port: int | None = wire("PublishedPort")
    """The port on the nodes; the swarm chooses where unset."""
    publish_mode: PortPublishMode | str | None = wire("PublishMode")
    """`ingress` listens on every node and passes on, `host` only where a task runs."""


@define(kw_only=True)
class EndpointSpec(Model):
    """How a service is to be reached."""

    mode: ResolutionMode | str | None = wire("Mode")
    """What the service's name resolves to: one virtual address (`vip`), or those of its tasks in turn (`dnsrr`)."""
    ports: list[EndpointPortConfig] = wire("Ports", empty=list)
    """With mode `dnsrr`, only ports published in mode `host`."""


@define(kw_only=True)
class EndpointVirtualIP(Model):
    """The virtual address of a service in one network."""

    network_id: str = wire("NetworkID", empty=str)
    addr: str = wire("Addr", empty=str)
    """As CIDR."""


@define(kw_only=True)
class ServiceEndpoint(Model):
    """How a service is reached."""

    spec: EndpointSpec | None = wire("Spec")
    ports: list[EndpointPortConfig] = wire("Ports", empty=list)
    virtual_ips: list[EndpointVirtualIP] = wire("VirtualIPs", empty=list)


@define(kw_only=True)
class NetworkAttachmentConfig(Model):
    """A network that a service's tasks join."""

    target: str | None = wire("Target")
    """The network's name or id."""
    aliases: list[str] = wire("Aliases", empty=list)
    """Further names of the tasks in the network."""
    driver_opts: dict[str, str] = wire("DriverOpts", empty=dict)
