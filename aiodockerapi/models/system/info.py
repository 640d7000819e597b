"""What the daemon is, what it can do and how it is set up."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import Isolation
from ..node.resources import GenericResources
from ..swarm.info import SwarmInfo
from .parts import AddressPool, Commit, ContainerdInfo, DeviceInfo, FirewallInfo, NRIInfo, PluginsInfo, Runtime
from .registry import RegistryServiceConfig

__all__ = ["CgroupDriver", "CgroupVersion", "SystemInfo"]

CgroupDriver: TypeAlias = Literal["cgroupfs", "systemd", "none"]
CgroupVersion: TypeAlias = Literal["1", "2"]


@define(kw_only=True)
class SystemInfo(Model):
    """What the daemon is, what it can do and how it is set up."""

    id: str = wire("ID", empty=str)
    containers: int = wire("Containers", empty=int)
    containers_running: int = wire("ContainersRunning", empty=int)
    containers_paused: int = wire("ContainersPaused", empty=int)
    containers_stopped: int = wire("ContainersStopped", empty=int)
    images: int = wire("Images", empty=int)
    driver: str = wire("Driver", empty=str)
    """The storage driver."""
    driver_status: list[list[str]] = wire("DriverStatus", empty=list)
    """Pairs of a label and a value, for people to read."""
    docker_root_dir: str = wire("DockerRootDir", empty=str)
    """The directory of everything that the daemon keeps."""
    plugins: PluginsInfo | None = wire("Plugins")
    memory_limit: bool = wire("MemoryLimit", empty=bool)
    """Whether the kernel can limit memory; so with the ones below."""
    swap_limit: bool = wire("SwapLimit", empty=bool)
    cpu_cfs_period: bool = wire("CpuCfsPeriod", empty=bool)
    cpu_cfs_quota: bool = wire("CpuCfsQuota", empty=bool)
    cpu_shares: bool = wire("CPUShares", empty=bool)
    cpu_set: bool = wire("CPUSet", empty=bool)
    pids_limit: bool = wire("PidsLimit", empty=bool)
    oom_kill_disable: bool = wire("OomKillDisable", empty=bool)
    ipv4_forwarding: bool = wire("IPv4Forwarding", empty=bool)
    debug: bool = wire("Debug", empty=bool)
    """Whether the daemon runs in debug mode."""
    n_fd: int = wire("NFd", empty=int)
    """Open file descriptors; counted in debug mode only."""
    n_goroutines: int = wire("NGoroutines", empty=int)
    """Goroutines; counted in debug mode only."""
    system_time: datetime.datetime | None = wire("SystemTime")
    """The time on the daemon's machine."""
    logging_driver: str = wire("LoggingDriver", empty=str)
    """Where the output of containers goes that say nothing of it."""
    cgroup_driver: CgroupDriver | str = wire("CgroupDriver", empty=str)
    cgroup_version: CgroupVersion | str = wire("CgroupVersion", empty=str)
    n_events_listener: int = wire("NEventsListener", empty=int)
    """Clients that follow the events."""
    kernel_version: str = wire("KernelVersion", empty=str)
    operating_system: str = wire("OperatingSystem", empty=str)
    """The system in words, such as `Debian GNU/Linux 12 (bookworm)`."""
    os_version: str = wire("OSVersion", empty=str)
    os_type: str = wire("OSType", empty=str)
    """`linux` or `windows`."""
    architecture: str = wire("Architecture", empty=str)
    """The machine in the kernel's words, such as `x86_64`."""
    ncpu: int = wire("NCPU", empty=int)
    mem_total: int = wire("MemTotal", empty=int)
    """Bytes."""
    index_server_address: str = wire("IndexServerAddress", empty=str)
    """The registry of names without a host."""
    registry_config: RegistryServiceConfig | None = wire("RegistryConfig")
    generic_resources: GenericResources = wire("GenericResources", empty=list)
    http_proxy: str = wire("HttpProxy", empty=str)
    """The daemon's own proxy; the daemon hides its password."""
    https_proxy: str = wire("HttpsProxy", empty=str)
    no_proxy: str = wire("NoProxy", empty=str)
    name: str = wire("Name", empty=str)
    """The host's."""
    labels: list[str] = wire("Labels", empty=list)
    """`name=value`."""
    experimental_build: bool = wire("ExperimentalBuild", empty=bool)
    server_version: str = wire("ServerVersion", empty=str)
    runtimes: dict[str, Runtime] = wire("Runtimes", empty=dict)
    """By name."""
    default_runtime: str = wire("DefaultRuntime", empty=str)
    swarm: SwarmInfo | None = wire("Swarm")
    live_restore_enabled: bool = wire("LiveRestoreEnabled", empty=bool)
    """Whether containers go on while the daemon is down."""
    isolation: Isolation | str = wire("Isolation", empty=str)
    """How containers are kept apart (Windows)."""
    init_binary: str = wire("InitBinary", empty=str)
    """The init process of containers that ask for one."""
    containerd_commit: Commit | None = wire("ContainerdCommit")
    runc_commit: Commit | None = wire("RuncCommit")
    init_commit: Commit | None = wire("InitCommit")
    security_options: list[str] = wire("SecurityOptions", empty=list)
    """What protects the host, such as `name=seccomp,profile=builtin` or `name=rootless`."""
    product_license: str = wire("ProductLicense", empty=str)
    default_address_pools: list[AddressPool] = wire("DefaultAddressPools", empty=list)
    firewall_backend: FirewallInfo | None = wire("FirewallBackend", since="1.49")
    discovered_devices: list[DeviceInfo] = wire("DiscoveredDevices", empty=list, since="1.50")
    nri: NRIInfo | None = wire("NRI", since="1.53")
    """Only where it is switched on."""
    warnings: list[str] = wire("Warnings", empty=list)
    cdi_spec_dirs: list[str] = wire("CDISpecDirs", empty=list, since="1.44")
    """Directories with descriptions of devices; empty where CDI is off."""
    containerd: ContainerdInfo | None = wire("Containerd", since="1.46")
    kernel_memory_tcp: bool = wire("KernelMemoryTCP", empty=bool, until="1.51")
    bridge_nf_iptables: bool = wire("BridgeNfIptables", empty=bool, until="1.49")
    bridge_nf_ip6tables: bool = wire("BridgeNfIp6tables", empty=bool, until="1.49")
    kernel_memory: bool = wire("KernelMemory", empty=bool, until="1.41")
    cluster_store: str = wire("ClusterStore", empty=str, until="1.41")
    cluster_advertise: str = wire("ClusterAdvertise", empty=str, until="1.41")
