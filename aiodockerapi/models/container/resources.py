"""The resources of the host that a container may use."""

from .._fields import Model, define, wire
from ..common import Ulimit

__all__ = ["DeviceMapping", "DeviceRequest", "Resources", "ThrottleDevice", "WeightDevice"]


@define(kw_only=True)
class DeviceMapping(Model):
    """A device of the host that is available in a container."""

    path_on_host: str | None = wire("PathOnHost")
    """Path of the device on the host, e.g. ``/dev/ttyUSB0``; required."""
    path_in_container: str | None = wire("PathInContainer")
    """Path of the device in the container; required, usually equal to ``path_on_host``."""
    cgroup_permissions: str | None = wire("CgroupPermissions")
    """Permissions: ``r`` (read), ``w`` (write) and ``m`` (create device nodes), combined like ``rwm``."""


@define(kw_only=True)
class DeviceRequest(Model):
    """A request for devices that a device driver provides, e.g. GPUs."""

    driver: str | None = wire("Driver")
    """Name of the device driver, e.g. ``nvidia`` or ``cdi``; None or empty: chosen by ``capabilities``."""
    count: int | None = wire("Count")
    """Number of devices; -1: all. Set either ``count`` or ``device_ids``."""
    device_ids: list[str] = wire("DeviceIDs", empty=list)
    """IDs of the devices, as the driver defines them; empty: ``count`` applies."""
    capabilities: list[list[str]] = wire("Capabilities", empty=list)
    """Required capabilities as a list of alternatives: one of the inner lists must be supported completely, e.g.
    ``[["gpu", "compute"]]``. They select the driver unless ``driver`` is set."""
    options: dict[str, str] = wire("Options", empty=dict)
    """Options of the driver, by name; empty: its defaults."""


@define(kw_only=True)
class ThrottleDevice(Model):
    """A rate limit of a block device."""

    path: str | None = wire("Path")
    """Path of the device on the host, e.g. ``/dev/sda``; required."""
    rate: int | None = wire("Rate")
    """Maximum rate, in bytes or operations per second depending on the field of `Resources`."""


@define(kw_only=True)
class WeightDevice(Model):
    """The I/O weight of a container for one block device."""

    path: str | None = wire("Path")
    """Path of the device on the host, e.g. ``/dev/sda``; required."""
    weight: int | None = wire("Weight")
    """Relative weight, from 10 to 1000."""


@define(kw_only=True)
class Resources(Model):
    """The resources of the host that a container may use."""

    cpu_shares: int | None = wire("CpuShares")
    """CPU time relative to other containers, from 2 to 262144; 0 or None: the kernel's default, 1024."""
    memory: int | None = wire("Memory")
    """Memory limit in bytes, at least 6 MiB; 0 or None: no limit."""
    cgroup_parent: str | None = wire("CgroupParent")
    """Parent of the cgroup, a slice (``*.slice``) if the daemon uses systemd; None: the daemon's default."""
    blkio_weight: int | None = wire("BlkioWeight")
    """I/O weight relative to other containers, from 10 to 1000; 0 or None: the kernel's default."""
    blkio_weight_device: list[WeightDevice] = wire("BlkioWeightDevice", empty=list)
    """I/O weights for single block devices, instead of ``blkio_weight``; empty: none."""
    blkio_device_read_bps: list[ThrottleDevice] = wire("BlkioDeviceReadBps", empty=list)
    """Limits of reading from block devices, in bytes per second; empty: no limits."""
    blkio_device_write_bps: list[ThrottleDevice] = wire("BlkioDeviceWriteBps", empty=list)
    """Limits of writing to block devices, in bytes per second; empty: no limits."""
    blkio_device_read_iops: list[ThrottleDevice] = wire("BlkioDeviceReadIOps", empty=list)
    """Limits of reading from block devices, in operations per second; empty: no limits."""
    blkio_device_write_iops: list[ThrottleDevice] = wire("BlkioDeviceWriteIOps", empty=list)
    """Limits of writing to block devices, in operations per second; empty: no limits."""
    cpu_period: int | None = wire("CpuPeriod")
    """Length of a scheduler period in microseconds, from 1000 to 1000000; 0 or None: the kernel's default, 100000."""
    cpu_quota: int | None = wire("CpuQuota")
    """CPU time per scheduler period in microseconds, at least 1000; 0 or None: no limit."""
    cpu_realtime_period: int | None = wire("CpuRealtimePeriod")
    """Length of a real-time scheduler period in microseconds (cgroup v1); 0 or None: not set."""
    cpu_realtime_runtime: int | None = wire("CpuRealtimeRuntime")
    """CPU time for real-time tasks per real-time period in microseconds (cgroup v1); 0 or None: not set."""
    cpuset_cpus: str | None = wire("CpusetCpus")
    """CPUs that the container may use, e.g. ``0-3`` or ``0,2``; None or empty: all."""
    cpuset_mems: str | None = wire("CpusetMems")
    """Memory nodes that the container may use on NUMA systems, e.g. ``0-3`` or ``0,2``; None or empty: all."""
    devices: list[DeviceMapping] = wire("Devices", empty=list)
    """Devices of the host that are available in the container; empty: none."""
    device_cgroup_rules: list[str] = wire("DeviceCgroupRules", empty=list)
    """Rules of the device cgroup, e.g. ``c 13:* rwm``; empty: the defaults."""
    device_requests: list[DeviceRequest] = wire("DeviceRequests", empty=list)
    """Devices that device drivers provide, e.g. GPUs; empty: none."""
    memory_reservation: int | None = wire("MemoryReservation")
    """Soft memory limit in bytes, which applies if the host is short of memory; 0 or None: none. It must not be greater
    than ``memory``."""
    memory_swap: int | None = wire("MemorySwap")
    """Limit of memory and swap together in bytes, requires ``memory``; -1: no limit. 0 or None: twice ``memory``."""
    memory_swappiness: int | None = wire("MemorySwappiness")
    """How readily the kernel swaps out memory of the container, from 0 to 100 (cgroup v1); -1 or None: the kernel's
    default."""
    nano_cpus: int | None = wire("NanoCpus")
    """CPU limit in billionths of a CPU, e.g. 500000000 for half a CPU; 0 or None: no limit. It cannot be combined with
    ``cpu_period`` and ``cpu_quota``."""
    oom_kill_disable: bool | None = wire("OomKillDisable")
    """Whether the kernel does not kill processes of the container that exceed the memory limit (cgroup v1); None means
    False."""
    init: bool | None = wire("Init")
    """Whether an init process in the container forwards signals and reaps processes; None: the daemon's setting, False
    unless configured otherwise."""
    pids_limit: int | None = wire("PidsLimit")
    """Maximum number of processes and threads; 0 or -1: no limit. None: no limit, or unchanged in an update."""
    ulimits: list[Ulimit] = wire("Ulimits", empty=list)
    """Resource limits of the processes; empty: the daemon's defaults."""
    cpu_count: int | None = wire("CpuCount")
    """Number of CPUs (Windows); 0 or None: no limit. Takes precedence over ``cpu_shares`` and ``cpu_percent``."""
    cpu_percent: int | None = wire("CpuPercent")
    """Percentage of all CPUs (Windows), from 1 to 100; 0 or None: no limit. ``cpu_shares`` takes precedence."""
    io_maximum_iops: int | None = wire("IOMaximumIOps")
    """Limit of operations per second on the system drive (Windows); 0 or None: no limit."""
    io_maximum_bandwidth: int | None = wire("IOMaximumBandwidth")
    """Limit of bytes per second on the system drive (Windows); 0 or None: no limit."""
    kernel_memory_tcp: int | None = wire("KernelMemoryTCP", until="1.51")
    """Limit of TCP buffers in the kernel in bytes (cgroup v1); 0 or None: no limit."""
    kernel_memory: int | None = wire("KernelMemory", until="1.41")
    """Limit of kernel memory in bytes (cgroup v1); 0 or None: no limit."""
