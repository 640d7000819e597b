"""Components and settings of a daemon: plugins, runtimes, devices, firewall, containerd."""

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
    """The available drivers and legacy plugins, by type.

    Managed plugins (``docker.plugins``) are not included.
    """

    volume: list[str] = wire("Volume", empty=list)
    """Names of volume drivers."""
    network: list[str] = wire("Network", empty=list)
    """Names of network drivers."""
    authorization: list[str] = wire("Authorization", empty=list)
    """Names of authorization plugins, in the order in which they are called; empty: none."""
    log: list[str] = wire("Log", empty=list)
    """Names of logging drivers."""


@define(kw_only=True)
class Runtime(Model):
    """An OCI runtime that the daemon can start containers with."""

    path: str | None = wire("path")
    """Path of the executable; a name without a directory is searched in the daemon's PATH. None if the runtime is
    a containerd shim."""
    runtime_args: list[str] = wire("runtimeArgs", empty=list)
    """Additional arguments for the executable; empty: none."""
    status: dict[str, str] = wire("status", empty=dict, since="1.44")
    """Information from the runtime, e.g. its features as JSON under ``org.opencontainers.runtime-spec.features``."""


@define(kw_only=True)
class Commit(Model):
    """The source commit of an external program."""

    id: str = wire("ID", empty=str)
    """Commit ID, or ``N/A`` if unknown."""
    expected: str = wire("Expected", empty=str, until="1.48")
    """Commit ID that the daemon expects; not checked."""


@define(kw_only=True)
class AddressPool(Model):
    """An address range that subnets of new networks are allocated from."""

    base: str = wire("Base", empty=str)
    """Address range in CIDR notation, e.g. ``10.10.0.0/16``."""
    size: int = wire("Size", empty=int)
    """Prefix length of each subnet in bits, e.g. 24."""


@define(kw_only=True)
class FirewallInfo(Model):
    """The firewall configuration of the daemon."""

    driver: str = wire("Driver", empty=str)
    """Firewall backend, e.g. ``iptables``, ``nftables`` or ``iptables+firewalld``."""
    info: list[list[str]] = wire("Info", empty=list)
    """Details as ``[label, value]`` pairs, for display only."""


@define(kw_only=True)
class DeviceInfo(Model):
    """A device that containers can request."""

    source: str = wire("Source", empty=str)
    """Device driver that found it, e.g. ``cdi``."""
    id: str = wire("ID", empty=str)
    """ID of the device within its driver, e.g. ``vendor.com/gpu=0``."""


@define(kw_only=True)
class NRIInfo(Model):
    """The status of containerd's Node Resource Interface (NRI)."""

    info: list[list[str]] = wire("Info", empty=list)
    """Details as ``[label, value]`` pairs, for display only."""


@define(kw_only=True)
class ContainerdNamespaces(Model):
    """The containerd namespaces that the daemon uses."""

    containers: str = wire("Containers", empty=str)
    """Namespace of containers, by default ``moby``."""
    plugins: str = wire("Plugins", empty=str)
    """Namespace of managed plugins, by default ``plugins.moby``."""


@define(kw_only=True)
class ContainerdInfo(Model):
    """The containerd instance that the daemon uses."""

    address: str = wire("Address", empty=str)
    """Path of the containerd socket."""
    namespaces: ContainerdNamespaces | None = wire("Namespaces")
    """Namespaces in containerd; None if not reported."""
