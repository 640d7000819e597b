"""Ports of containers and where the host publishes them."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["PortBinding", "PortMap", "PortProtocol", "PortSummary"]

PortProtocol: TypeAlias = Literal["tcp", "udp", "sctp"]


@define(kw_only=True)
class PortBinding(Model):
    """A port of the host that leads to a port of a container."""

    host_ip: str | None = wire("HostIp")
    """The address to listen on; empty means every one."""
    host_port: str | None = wire("HostPort")
    """A port or a range, `"8000"` or `"8000-8010"`; empty lets the daemon choose."""


PortMap: TypeAlias = dict[str, list[PortBinding]]
"""Container ports, written `80/tcp`, and where each is published; exposed only, a port has an empty list."""


@define(kw_only=True)
class PortSummary(Model):
    """A port of a container as the list of containers shows it."""

    ip: str | None = wire("IP")
    """The host's address; None where the port is not published."""
    private_port: int = wire("PrivatePort", empty=int)
    """The port inside the container."""
    public_port: int | None = wire("PublicPort")
    """The port of the host; None where the port is not published."""
    type: PortProtocol | str = wire("Type", empty=str)
