"""The parts that a daemon is made of: plugins, runtimes, devices, firewall, containerd."""

from .._fields import Model, define, wire

__all__ = [
    "AddressPool",
    "Commit",
    "ContainerdInfo",
    "ContainerdNamespaces",
    "DeviceInfo",
    "FirewallInfo",
    "NRIInfo",
    "PluginsInfo",
    "Runtime",
]


@define(kw_only=True)
class PluginsInfo(Model):
    """The drivers that are there, by what they drive."""

    volume: list[str] = wire("Volume", empty=list)
    network: list[str] = wire("Network", empty=list)
    authorization: list[str] = wire("Authorization", empty=list)
    log: list[str] = wire("Log", empty=list)


@define(kw_only=True)
class Runtime(Model):
    """An OCI runtime that the daemon can start containers with."""

    path: str | None = wire("path")
    """The program; a name without a directory is searched in the daemon's PATH."""
    runtime_args: list[str] = wire("runtimeArgs", empty=list)
    status: dict[str, str] = wire("status", empty=dict, since="1.44")
    """What the runtime tells of itself."""


@define(kw_only=True)
class Commit(Model):
    """The commit that a program was built from."""

    id: str = wire("ID", empty=str)
    expected: str = wire("Expected", empty=str, until="1.48")
    """The commit that the daemon was made for."""


@define(kw_only=True)
class AddressPool(Model):
    """A range from which new networks get their subnets."""

    base: str = wire("Base", empty=str)
    """In CIDR notation."""
    size: int = wire("Size", empty=int)
    """The prefix length of the subnets."""


@define(kw_only=True)
class FirewallInfo(Model):
    """How the daemon filters packets."""

    driver: str = wire("Driver", empty=str)
    """Such as `iptables`, `nftables` or `iptables+firewalld`."""
    info: list[list[str]] = wire("Info", empty=list)
    """Pairs of a label and a value, for people to read."""


@define(kw_only=True)
class DeviceInfo(Model):
    """A device that containers may ask for."""

    source: str = wire("Source", empty=str)
    """The driver that found it, such as `cdi`."""
    id: str = wire("ID", empty=str)
    """Such as `vendor.com/gpu=0`."""


@define(kw_only=True)
class NRIInfo(Model):
    """The plugins of containerd's Node Resource Interface."""

    info: list[list[str]] = wire("Info", empty=list)
    """Pairs of a label and a value, for people to read."""


@define(kw_only=True)
class ContainerdNamespaces(Model):
    """Where in containerd the daemon keeps its things."""

    containers: str = wire("Containers", empty=str)
    plugins: str = wire("Plugins", empty=str)


@define(kw_only=True)
class ContainerdInfo(Model):
    """The containerd that the daemon uses."""

    address: str = wire("Address", empty=str)
    """The path of its socket."""
    namespaces: ContainerdNamespaces | None = wire("Namespaces")
