"""The daemon's state, configuration and host."""

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
"""Manager of control groups: ``cgroupfs``, ``systemd`` or ``none`` (rootless without systemd)."""
CgroupVersion: TypeAlias = Literal["1", "2"]
"""Version of the control group hierarchy."""


@define(kw_only=True)
class SystemInfo(Model):
    """The daemon's state, configuration and host."""

    id: str = wire("ID", empty=str)
    """ID of the daemon, in no specified format."""
    containers: int = wire("Containers", empty=int)
    """Number of all containers."""
    containers_running: int = wire("ContainersRunning", empty=int)
    """Number of running containers."""
    containers_paused: int = wire("ContainersPaused", empty=int)
    """Number of paused containers."""
    containers_stopped: int = wire("ContainersStopped", empty=int)
    """Number of stopped containers."""
    images: int = wire("Images", empty=int)
    """Number of images, including untagged ones."""
    driver: str = wire("Driver", empty=str)
    """Storage driver, e.g. ``overlay2``, or the snapshotter, e.g. ``overlayfs``."""
    driver_status: list[list[str]] = wire("DriverStatus", empty=list)
    """Details of the storage driver as ``[label, value]`` pairs, for display only."""
    docker_root_dir: str = wire("DockerRootDir", empty=str)
    """Data directory of the daemon, e.g. ``/var/lib/docker``."""
    plugins: PluginsInfo | None = wire("Plugins")
    """Available drivers and plugins by type; None if not reported."""
    memory_limit: bool = wire("MemoryLimit", empty=bool)
    """Whether the host supports memory limits."""
    swap_limit: bool = wire("SwapLimit", empty=bool)
    """Whether the host supports swap limits."""
    cpu_cfs_period: bool = wire("CpuCfsPeriod", empty=bool)
    """Whether the host supports setting the CFS scheduler period."""
    cpu_cfs_quota: bool = wire("CpuCfsQuota", empty=bool)
    """Whether the host supports CFS scheduler quotas."""
    cpu_shares: bool = wire("CPUShares", empty=bool)
    """Whether the host supports CPU shares."""
    cpu_set: bool = wire("CPUSet", empty=bool)
    """Whether the host supports CPU sets, which pin containers to CPUs and memory nodes."""
    pids_limit: bool = wire("PidsLimit", empty=bool)
    """Whether the host supports limits on the number of processes."""
    oom_kill_disable: bool = wire("OomKillDisable", empty=bool)
    """Whether the host supports disabling the OOM killer; False with cgroup version 2."""
    ipv4_forwarding: bool = wire("IPv4Forwarding", empty=bool)
    """Whether IPv4 forwarding is enabled on the host."""
    debug: bool = wire("Debug", empty=bool)
    """Whether the daemon runs in debug mode."""
    n_fd: int = wire("NFd", empty=int)
    """Number of open file descriptors of the daemon; some engines report it in debug mode only."""
    n_goroutines: int = wire("NGoroutines", empty=int)
    """Number of goroutines of the daemon; some engines report it in debug mode only."""
    system_time: datetime.datetime | None = wire("SystemTime")
    """Current time of the daemon's host; None if not reported."""
    logging_driver: str = wire("LoggingDriver", empty=str)
    """Default logging driver of containers, e.g. ``json-file``."""
    cgroup_driver: CgroupDriver | str = wire("CgroupDriver", empty=str)
    """Manager of control groups: ``cgroupfs``, ``systemd`` or ``none``; empty on Windows."""
    cgroup_version: CgroupVersion | str = wire("CgroupVersion", empty=str)
    """Version of the control group hierarchy, ``1`` or ``2``; empty on Windows."""
    n_events_listener: int = wire("NEventsListener", empty=int)
    """Number of clients that are subscribed to events."""
    kernel_version: str = wire("KernelVersion", empty=str)
    """Kernel version of the host, e.g. ``6.1.0-18-amd64``."""
    operating_system: str = wire("OperatingSystem", empty=str)
    """Name of the operating system, e.g. ``Debian GNU/Linux 12 (bookworm)``."""
    os_version: str = wire("OSVersion", empty=str)
    """Version of the operating system, e.g. ``12``; empty if unknown."""
    os_type: str = wire("OSType", empty=str)
    """Operating system type: ``linux`` or ``windows``."""
    architecture: str = wire("Architecture", empty=str)
    """Machine architecture as reported by the kernel, e.g. ``x86_64``."""
    ncpu: int = wire("NCPU", empty=int)
    """Number of logical CPUs available to the daemon when it started."""
    mem_total: int = wire("MemTotal", empty=int)
    """Physical memory of the host in bytes; 0 if unknown."""
    index_server_address: str = wire("IndexServerAddress", empty=str)
    """Address of the default registry: ``https://index.docker.io/v1/``."""
    registry_config: RegistryServiceConfig | None = wire("RegistryConfig")
    """Registry settings of the daemon; None if not reported."""
    generic_resources: GenericResources = wire("GenericResources", empty=list)
    """Generic resources of this swarm node as configured on the daemon, e.g. GPUs; empty: none."""
    http_proxy: str = wire("HttpProxy", empty=str)
    """The daemon's proxy for HTTP, with credentials masked; empty: none."""
    https_proxy: str = wire("HttpsProxy", empty=str)
    """The daemon's proxy for HTTPS, with credentials masked; empty: none."""
    no_proxy: str = wire("NoProxy", empty=str)
    """Comma-separated hosts and domains that the daemon connects to without a proxy; empty: none."""
    name: str = wire("Name", empty=str)
    """Hostname of the host."""
    labels: list[str] = wire("Labels", empty=list)
    """Labels of the daemon, as ``name=value``; empty: none. Labels of the swarm node are not included."""
    experimental_build: bool = wire("ExperimentalBuild", empty=bool)
    """Whether experimental features are enabled."""
    server_version: str = wire("ServerVersion", empty=str)
    """Version of the daemon, e.g. ``28.5.2``."""
    runtimes: dict[str, Runtime] = wire("Runtimes", empty=dict)
    """Configured OCI runtimes by name."""
    default_runtime: str = wire("DefaultRuntime", empty=str)
    """Name of the runtime for containers that do not specify one, usually ``runc``."""
    swarm: SwarmInfo | None = wire("Swarm")
    """State of the node in the swarm; None if not reported."""
    live_restore_enabled: bool = wire("LiveRestoreEnabled", empty=bool)
    """Whether containers keep running while the daemon is stopped."""
    isolation: Isolation | str = wire("Isolation", empty=str)
    """Default isolation technology of containers on Windows; empty on other systems."""
    init_binary: str = wire("InitBinary", empty=str)
    """Init process for containers that request one, e.g. ``docker-init``."""
    containerd_commit: Commit | None = wire("ContainerdCommit")
    """Commit that containerd was built from; None if not reported."""
    runc_commit: Commit | None = wire("RuncCommit")
    """Commit that runc was built from; None if not reported."""
    init_commit: Commit | None = wire("InitCommit")
    """Commit that the init binary was built from; None if not reported."""
    security_options: list[str] = wire("SecurityOptions", empty=list)
    """Enabled security features, e.g. ``name=seccomp,profile=builtin`` or ``name=rootless``; empty: none."""
    product_license: str = wire("ProductLicense", empty=str)
    """Summary of the product license, e.g. ``Community Engine``."""
    default_address_pools: list[AddressPool] = wire("DefaultAddressPools", empty=list)
    """Configured address pools for new networks; empty: the built-in pools."""
    firewall_backend: FirewallInfo | None = wire("FirewallBackend", since="1.49")
    """Firewall configuration; None on Windows and on older engines."""
    discovered_devices: list[DeviceInfo] = wire("DiscoveredDevices", empty=list, since="1.50")
    """Devices found by device drivers, e.g. CDI devices; empty: none."""
    nri: NRIInfo | None = wire("NRI", since="1.53")
    """Status of containerd's Node Resource Interface; None if it is not enabled."""
    warnings: list[str] = wire("Warnings", empty=list)
    """Warnings about the daemon's configuration and missing kernel features; empty: none."""
    cdi_spec_dirs: list[str] = wire("CDISpecDirs", empty=list, since="1.44")
    """Directories with CDI device specifications; empty if CDI is disabled."""
    containerd: ContainerdInfo | None = wire("Containerd", since="1.46")
    """The containerd instance of the daemon; None if not reported."""
    kernel_memory_tcp: bool = wire("KernelMemoryTCP", empty=bool, until="1.51")
    """Whether the host supports kernel memory limits for TCP buffers; False with cgroup version 2."""
    bridge_nf_iptables: bool = wire("BridgeNfIptables", empty=bool, until="1.49")
    """Whether bridged IPv4 traffic is filtered by iptables; always False on engines that load the module on demand."""
    bridge_nf_ip6tables: bool = wire("BridgeNfIp6tables", empty=bool, until="1.49")
    """Whether bridged IPv6 traffic is filtered by ip6tables; always False on engines that load the module on demand."""
    kernel_memory: bool = wire("KernelMemory", empty=bool, until="1.41")
    """Whether the host supports kernel memory limits."""
    cluster_store: str = wire("ClusterStore", empty=str, until="1.41")
    """URL of the external key-value store of the legacy standalone Swarm; empty: none."""
    cluster_advertise: str = wire("ClusterAdvertise", empty=str, until="1.41")
    """Address that the daemon advertises in the legacy standalone Swarm; empty: none."""
