"""How a container is connected."""

from .._fields import Model, define, wire
from .endpoint import EndpointSettings
from .ports import PortMap

__all__ = ["Address", "NetworkSettings", "NetworkSettingsSummary"]


@define(kw_only=True)
class Address(Model):
    """An IP address with the length of its network's prefix."""

    addr: str = wire("Addr", empty=str)
    prefix_len: int = wire("PrefixLen", empty=int)


@define(kw_only=True)
class NetworkSettings(Model):
    """How a container is connected: its sandbox, its ports and its place in each network.

    What ends with API 1.51 repeats the place in the default bridge network; `networks` has the same for every network.
    """

    sandbox_id: str = wire("SandboxID", empty=str)
    sandbox_key: str = wire("SandboxKey", empty=str)
    """The path of the container's network namespace."""
    ports: PortMap = wire("Ports", empty=dict)
    networks: dict[str, EndpointSettings] = wire("Networks", empty=dict)
    """By the network's name."""
    bridge: str = wire("Bridge", empty=str, until="1.51")
    hairpin_mode: bool | None = wire("HairpinMode", until="1.51")
    link_local_ipv6_address: str = wire("LinkLocalIPv6Address", empty=str, until="1.51")
    link_local_ipv6_prefix_len: int = wire("LinkLocalIPv6PrefixLen", empty=int, until="1.51")
    secondary_ip_addresses: list[Address] = wire("SecondaryIPAddresses", empty=list, until="1.51")
    secondary_ipv6_addresses: list[Address] = wire("SecondaryIPv6Addresses", empty=list, until="1.51")
    endpoint_id: str = wire("EndpointID", empty=str, until="1.51")
    gateway: str = wire("Gateway", empty=str, until="1.51")
    global_ipv6_address: str = wire("GlobalIPv6Address", empty=str, until="1.51")
    global_ipv6_prefix_len: int = wire("GlobalIPv6PrefixLen", empty=int, until="1.51")
    ip_address: str = wire("IPAddress", empty=str, until="1.51")
    ip_prefix_len: int = wire("IPPrefixLen", empty=int, until="1.51")
    ipv6_gateway: str = wire("IPv6Gateway", empty=str, until="1.51")
    mac_address: str = wire("MacAddress", empty=str, until="1.51")


@define(kw_only=True)
class NetworkSettingsSummary(Model):
    """A container's networks as the list of containers shows them."""

    networks: dict[str, EndpointSettings] = wire("Networks", empty=dict)
    """By the network's name."""
