"""IP address management (IPAM) of a network: configured subnets and their usage."""

from .._fields import Model, define, wire

__all__ = ["IPAM", "IPAMConfig", "IPAMStatus", "SubnetStatus"]


@define(kw_only=True)
class IPAMConfig(Model):
    """The configuration of one subnet of a network."""

    subnet: str | None = wire("Subnet")
    """Subnet in CIDR notation, e.g. ``172.20.0.0/16``; to use a subnet of the daemon's address pools, leave
    ``IPAM.config`` empty instead."""
    ip_range: str | None = wire("IPRange")
    """Part of the subnet that dynamic container addresses are allocated from, in CIDR notation; None: the whole
    subnet."""
    gateway: str | None = wire("Gateway")
    """Gateway address of the subnet; None in a request: the IPAM driver chooses one, usually the first address."""
    auxiliary_addresses: dict[str, str] = wire("AuxiliaryAddresses", empty=dict)
    """Addresses reserved for other uses and never allocated to containers, by host name; empty: none."""


@define(kw_only=True)
class IPAM(Model):
    """The IPAM driver of a network and its subnets."""

    driver: str | None = wire("Driver")
    """IPAM driver; None in a request: ``default``, the built-in driver."""
    config: list[IPAMConfig] = wire("Config", empty=list)
    """Subnets of the network; empty in a request: one is chosen from the daemon's address pools."""
    options: dict[str, str] = wire("Options", empty=dict)
    """Options of the IPAM driver; empty: none."""


@define(kw_only=True)
class SubnetStatus(Model):
    """The address usage of one subnet."""

    ips_in_use: int = wire("IPsInUse", empty=int)
    """Number of addresses that are allocated or reserved; at most 2**64 - 1."""
    dynamic_ips_available: int = wire("DynamicIPsAvailable", empty=int)
    """Number of addresses in the subnet's IP range that can still be allocated; at most 2**64 - 1."""


@define(kw_only=True)
class IPAMStatus(Model):
    """The address usage of the subnets of a network."""

    subnets: dict[str, SubnetStatus] = wire("Subnets", empty=dict)
    """Address usage by subnet in CIDR notation."""
