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
"""Ways to publish a port: on every node, with load balancing over the tasks (``ingress``), or only on the nodes that
run a task, without load balancing (``host``)."""
ResolutionMode: TypeAlias = Literal["vip", "dnsrr"]
"""Ways to resolve the name of a service: to one virtual address with load balancing (``vip``), or to the addresses
of its tasks (``dnsrr``, DNS round robin)."""


@define(kw_only=True)
class EndpointPortConfig(Model):
    """A published port of a service."""

    name: str | None = wire("Name")
    """Name of the port; None: unnamed."""
    protocol: PortProtocol | str | None = wire("Protocol")
    """Protocol of the port; None: ``tcp``."""
    target_port: int | None = wire("TargetPort")
    """Port in the containers; required."""
    published_port: int | None = wire("PublishedPort")
    """Port on the nodes. 0 or None: the swarm chooses one from 30000 to 32767 with ``publish_mode`` ``ingress``;
    the daemon of each node chooses a free one with ``host``."""
    publish_mode: PortPublishMode | str | None = wire("PublishMode")
    """Where the port is published: on every node (``ingress``) or on the nodes of the tasks (``host``);
    None: ``ingress``."""


@define(kw_only=True)
class EndpointSpec(Model):
    """The requested name resolution and published ports of a service."""

    mode: ResolutionMode | str | None = wire("Mode")
    """What the service's name resolves to: one virtual address (``vip``) or the addresses of its tasks (``dnsrr``);
    None: ``vip``."""
    ports: list[EndpointPortConfig] = wire("Ports", empty=list)
    """Ports to publish; empty: none. With mode ``dnsrr``, their ``publish_mode`` must be ``host``."""


@define(kw_only=True)
class EndpointVirtualIP(Model):
    """The virtual address of a service in one network."""

    network_id: str = wire("NetworkID", empty=str)
    """ID of the network in which the address is valid."""
    addr: str = wire("Addr", empty=str)
    """Virtual address with the prefix length of the subnet, e.g. ``10.0.1.5/24``."""


@define(kw_only=True)
class ServiceEndpoint(Model):
    """The ports and virtual addresses that the swarm has assigned to a service."""

    spec: EndpointSpec | None = wire("Spec")
    """Settings from which the ports and addresses were assigned; None if not reported."""
    ports: list[EndpointPortConfig] = wire("Ports", empty=list)
    """Published ports, including the numbers that the swarm has chosen; empty: no port is published."""
    virtual_ips: list[EndpointVirtualIP] = wire("VirtualIPs", empty=list)
    """Virtual addresses, one per network; empty with mode ``dnsrr`` or without networks."""


@define(kw_only=True)
class NetworkAttachmentConfig(Model):
    """A network that the tasks of a service join."""

    target: str | None = wire("Target")
    """Name or ID of the network; required."""
    aliases: list[str] = wire("Aliases", empty=list)
    """Additional DNS names of the service in the network; empty: none."""
    driver_opts: dict[str, str] = wire("DriverOpts", empty=dict)
    """Options of the network driver for this attachment; empty: the driver's defaults."""
