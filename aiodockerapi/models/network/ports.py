"""Container ports and the host ports that they are published on."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["PortBinding", "PortMap", "PortProtocol", "PortSummary"]

PortProtocol: TypeAlias = Literal["tcp", "udp", "sctp"]
"""Transport protocol of a port; ``tcp`` is the default."""


@define(kw_only=True)
class PortBinding(Model):
    """A host port that is forwarded to a container port."""

    host_ip: str | None = wire("HostIp")
    """Host IP address to listen on; None or empty: all addresses, unless the daemon or the network sets another
    default."""
    host_port: str | None = wire("HostPort")
    """Host port or range, e.g. ``"8000"`` or ``"8000-8010"``; None or empty: the daemon chooses a free port."""


PortMap: TypeAlias = dict[str, list[PortBinding]]
"""Port bindings by container port with protocol, e.g. ``{"80/tcp": [PortBinding(host_port="8080")]}``; the list is
empty for a port that is exposed but not published."""


@define(kw_only=True)
class PortSummary(Model):
    """A port of a container, as reported by the list of containers."""

    ip: str | None = wire("IP")
    """Host IP address that the port is published on; None if the port is not published."""
    private_port: int = wire("PrivatePort", empty=int)
    """Port number inside the container."""
    public_port: int | None = wire("PublicPort")
    """Port number on the host; None if the port is not published."""
    type: PortProtocol | str = wire("Type", empty=str)
    """Transport protocol: ``tcp``, ``udp`` or ``sctp``."""
