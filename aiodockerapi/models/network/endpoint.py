"""The endpoint of a container in a network: requested settings and the resulting addresses."""

from .._fields import Model, define, wire

__all__ = ["EndpointIPAMConfig", "EndpointSettings", "NetworkingConfig"]


@define(kw_only=True)
class EndpointIPAMConfig(Model):
    """The addresses requested for a container in one network."""

    ipv4_address: str | None = wire("IPv4Address")
    """Static IPv4 address, within a configured subnet of the network; None: the daemon chooses one."""
    ipv6_address: str | None = wire("IPv6Address")
    """Static IPv6 address, within a configured subnet of the network; None: the daemon chooses one."""
    link_local_ips: list[str] = wire("LinkLocalIPs", empty=list)
    """Additional link-local addresses (IPv4 or IPv6); empty: none."""


@define(kw_only=True)
class EndpointSettings(Model):
    """A container's endpoint in one network: the requested settings and, in responses, the resulting addresses."""

    ipam_config: EndpointIPAMConfig | None = wire("IPAMConfig")
    """The requested static addresses; None: the daemon chooses the addresses."""
    links: list[str] = wire("Links", empty=list)
    """Legacy links to other containers, as ``container:alias``; empty: none."""
    mac_address: str | None = wire("MacAddress", sent_since="1.44")
    """MAC address; None in a request: the daemon generates one. Empty in responses while the container is not
    running. Setting it requires API 1.44 when creating a container and 1.54 when connecting one; older engines
    ignore it."""
    aliases: list[str] = wire("Aliases", empty=list)
    """Additional DNS names of the container in this network; empty: none."""
    driver_opts: dict[str, str] = wire("DriverOpts", empty=dict)
    """Options of the network driver for this endpoint, e.g. ``{"com.docker.network.endpoint.ifname": "eth5"}``;
    empty: the driver's defaults."""
    gw_priority: int | None = wire("GwPriority", since="1.48")
    """Priority of this network for the container's default gateway: the highest one provides it, ties are resolved
    by network name. None: 0."""
    network_id: str | None = wire("NetworkID")
    """ID of the network; reported by the daemon."""
    endpoint_id: str | None = wire("EndpointID")
    """ID of the endpoint; reported by the daemon, empty while the container is not running."""
    gateway: str | None = wire("Gateway")
    """IPv4 gateway of the network; reported by the daemon, empty while the container is not running."""
    ip_address: str | None = wire("IPAddress")
    """IPv4 address of the container, without prefix length; reported by the daemon, empty while the container is
    not running."""
    ip_prefix_len: int | None = wire("IPPrefixLen")
    """Prefix length of the IPv4 subnet in bits, e.g. 16; reported by the daemon, 0 while the container is not
    running."""
    ipv6_gateway: str | None = wire("IPv6Gateway")
    """IPv6 gateway of the network; reported by the daemon, empty without IPv6."""
    global_ipv6_address: str | None = wire("GlobalIPv6Address")
    """Global IPv6 address of the container, without prefix length; reported by the daemon, empty without IPv6."""
    global_ipv6_prefix_len: int | None = wire("GlobalIPv6PrefixLen")
    """Prefix length of the IPv6 subnet in bits, e.g. 64; reported by the daemon, 0 without IPv6."""
    dns_names: list[str] = wire("DNSNames", empty=list, since="1.44")
    """All DNS names of the container in this network (name, aliases, short ID, hostname); reported by the daemon."""


@define(kw_only=True)
class NetworkingConfig(Model):
    """The networks that a new container is connected to."""

    endpoints_config: dict[str, EndpointSettings] = wire("EndpointsConfig", empty=dict)
    """Endpoint settings by network name or ID; more than one network requires API 1.44. Empty: the network of the
    host configuration's network mode."""
