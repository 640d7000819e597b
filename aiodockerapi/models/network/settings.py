"""The network settings of a container."""

from .._fields import Model, define, wire
from .endpoint import EndpointSettings
from .ports import PortMap

__all__ = ["Address", "NetworkSettings", "NetworkSettingsSummary"]


@define(kw_only=True)
class Address(Model):
    """An IP address with the prefix length of its subnet."""

    addr: str = wire("Addr", empty=str)
    """IP address."""
    prefix_len: int = wire("PrefixLen", empty=int)
    """Prefix length in bits."""


@define(kw_only=True)
class NetworkSettings(Model):
    """The network settings of a container: its network namespace, ports and endpoints.

    Fields that end with API 1.51 either repeat the endpoint in the default bridge network, which ``networks``
    contains too, or are unused.
    """

    sandbox_id: str = wire("SandboxID", empty=str)
    """ID of the container's network sandbox; empty while the container is not running."""
    sandbox_key: str = wire("SandboxKey", empty=str)
    """Path of the container's network namespace; empty while the container is not running."""
    ports: PortMap = wire("Ports", empty=dict)
    """Exposed ports and their host bindings; empty while the container is not running."""
    networks: dict[str, EndpointSettings] = wire("Networks", empty=dict)
    """Endpoints by network name."""
    bridge: str = wire("Bridge", empty=str, until="1.51")
    """Default bridge interface, reported if the daemon runs with its ``--bridge`` option; otherwise empty."""
    hairpin_mode: bool | None = wire("HairpinMode", until="1.51")
    """Whether hairpin NAT is enabled; unused, always False. None if not reported."""
    link_local_ipv6_address: str = wire("LinkLocalIPv6Address", empty=str, until="1.51")
    """Link-local IPv6 address; unused, always empty."""
    link_local_ipv6_prefix_len: int = wire("LinkLocalIPv6PrefixLen", empty=int, until="1.51")
    """Prefix length of the link-local IPv6 address; unused, always 0."""
    secondary_ip_addresses: list[Address] = wire("SecondaryIPAddresses", empty=list, until="1.51")
    """Secondary IPv4 addresses; unused, always empty."""
    secondary_ipv6_addresses: list[Address] = wire("SecondaryIPv6Addresses", empty=list, until="1.51")
    """Secondary IPv6 addresses; unused, always empty."""
    endpoint_id: str = wire("EndpointID", empty=str, until="1.51")
    """ID of the endpoint in the default bridge network; empty if not connected to it."""
    gateway: str = wire("Gateway", empty=str, until="1.51")
    """IPv4 gateway of the default bridge network; empty if not connected to it."""
    global_ipv6_address: str = wire("GlobalIPv6Address", empty=str, until="1.51")
    """Global IPv6 address in the default bridge network; empty if not connected to it or without IPv6."""
    global_ipv6_prefix_len: int = wire("GlobalIPv6PrefixLen", empty=int, until="1.51")
    """Prefix length of the IPv6 subnet in bits; 0 if not connected to the default bridge network or without IPv6."""
    ip_address: str = wire("IPAddress", empty=str, until="1.51")
    """IPv4 address in the default bridge network; empty if not connected to it."""
    ip_prefix_len: int = wire("IPPrefixLen", empty=int, until="1.51")
    """Prefix length of the IPv4 subnet in bits; 0 if not connected to the default bridge network."""
    ipv6_gateway: str = wire("IPv6Gateway", empty=str, until="1.51")
    """IPv6 gateway of the default bridge network; empty if not connected to it or without IPv6."""
    mac_address: str = wire("MacAddress", empty=str, until="1.51")
    """MAC address in the default bridge network; empty if not connected to it."""


@define(kw_only=True)
class NetworkSettingsSummary(Model):
    """The networks of a container, as reported by the list of containers."""

    networks: dict[str, EndpointSettings] = wire("Networks", empty=dict)
    """Endpoints by network name."""
