"""A container's place in a network, as asked for and as given."""

from .._fields import Model, define, wire

__all__ = ["EndpointIPAMConfig", "EndpointSettings", "NetworkingConfig"]


@define(kw_only=True)
class EndpointIPAMConfig(Model):
    """The addresses that a container asks for in a network."""

    ipv4_address: str | None = wire("IPv4Address")
    ipv6_address: str | None = wire("IPv6Address")
    link_local_ips: list[str] = wire("LinkLocalIPs", empty=list)


@define(kw_only=True)
class EndpointSettings(Model):
    """A container's place in one network: what was asked for, and what the daemon made of it."""

    ipam_config: EndpointIPAMConfig | None = wire("IPAMConfig")
    links: list[str] = wire("Links", empty=list)
    """Containers to reach by another name: `container:name`."""
    mac_address: str | None = wire("MacAddress", sent_since="1.44")
    """Asking for one at creation takes API 1.44, when connecting 1.54; older engines ignore it."""
    aliases: list[str] = wire("Aliases", empty=list)
    """Further DNS names of the container in this network."""
    driver_opts: dict[str, str] = wire("DriverOpts", empty=dict)
    gw_priority: int | None = wire("GwPriority", since="1.48")
    """The network with the highest number has the container's default gateway."""
    network_id: str | None = wire("NetworkID")
    endpoint_id: str | None = wire("EndpointID")
    gateway: str | None = wire("Gateway")
    """The gateway for IPv4."""
    ip_address: str | None = wire("IPAddress")
    ip_prefix_len: int | None = wire("IPPrefixLen")
    """Bits of the IPv4 address that name the network."""
    ipv6_gateway: str | None = wire("IPv6Gateway")
    global_ipv6_address: str | None = wire("GlobalIPv6Address")
    global_ipv6_prefix_len: int | None = wire("GlobalIPv6PrefixLen")
    """Bits of the IPv6 address that name the network."""
    dns_names: list[str] = wire("DNSNames", empty=list, since="1.44")
    """Every name under which the container is found in this network; given by the daemon."""


@define(kw_only=True)
class NetworkingConfig(Model):
    """The networks that a new container joins."""

    endpoints_config: dict[str, EndpointSettings] = wire("EndpointsConfig", empty=dict)
    """By the network's name or id. More than one takes API 1.44."""
