"""The addresses of a network: which it may give, which it has given."""

from .._fields import Model, define, wire

__all__ = ["IPAM", "IPAMConfig", "IPAMStatus", "SubnetStatus"]


@define(kw_only=True)
class IPAMConfig(Model):
    """One subnet of a network."""

    subnet: str | None = wire("Subnet")
    """In CIDR notation, such as `172.20.0.0/16`."""
    ip_range: str | None = wire("IPRange")
    """The part of the subnet from which containers get their addresses, in CIDR notation."""
    gateway: str | None = wire("Gateway")
    auxiliary_addresses: dict[str, str] = wire("AuxiliaryAddresses", empty=dict)
    """Addresses that others use and no container gets, by the host's name."""


@define(kw_only=True)
class IPAM(Model):
    """Who manages the addresses of a network, and which ones."""

    driver: str | None = wire("Driver")
    config: list[IPAMConfig] = wire("Config", empty=list)
    options: dict[str, str] = wire("Options", empty=dict)


@define(kw_only=True)
class SubnetStatus(Model):
    """How much of a subnet is taken."""

    ips_in_use: int = wire("IPsInUse", empty=int)
    """Addresses given away or reserved."""
    dynamic_ips_available: int = wire("DynamicIPsAvailable", empty=int)
    """Addresses of the range that containers can still get."""


@define(kw_only=True)
class IPAMStatus(Model):
    """How much of each subnet of a network is taken."""

    subnets: dict[str, SubnetStatus] = wire("Subnets", empty=dict)
    """By the subnet in CIDR notation."""
