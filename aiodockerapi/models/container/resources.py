"""What of the host's resources a container may use."""

from .._fields import Model, define, wire
from ..common import Ulimit

__all__ = ["DeviceMapping", "DeviceRequest", "Resources", "ThrottleDevice", "WeightDevice"]


@define(kw_only=True)
class DeviceMapping(Model):
    """A device of the host that a container gets."""

    path_on_host: str | None = wire("PathOnHost")
    path_in_container: str | None = wire("PathInContainer")
    cgroup_permissions: str | None = wire("CgroupPermissions")
    """Any of the letters `rwm`: read, write, make nodes."""


@define(kw_only=True)
class DeviceRequest(Model):
    """Devices that a driver picks, such as GPUs."""

    driver: str | None = wire("Driver")
    """Such as `nvidia` or `cdi`."""
    count: int | None = wire("Count")
    """How many; -1 means all."""
    device_ids: list[str] = wire("DeviceIDs", empty=list)
    """Which ones, in place of a count."""
    capabilities: list[list[str]] = wire("Capabilities", empty=list)
    """Alternatives; all of one of the inner lists: `[["gpu", "compute"]]`."""
    options: dict[str, str] = wire("Options", empty=dict)
    """What the driver understands."""


@define(kw_only=True)
class ThrottleDevice(Model):
    """How fast a block device may be used."""

    path: str | None = wire("Path")
    rate: int | None = wire("Rate")
    """Bytes or operations per second, as the list has it."""


@define(kw_only=True)
class WeightDevice(Model):
    """A share in the use of one block device."""

    path: str | None = wire("Path")
    weight: int | None = wire("Weight")
    """10 to 1000."""


@define(kw_only=True)
class Resources(Model):
    """What of the host's resources a container may use."""

    cpu_shares: int | None = wire("CpuShares")
    """A weight against other containers, 1024 where nobody says otherwise."""
    memory: int | None = wire("Memory")
    """Bytes; 0 is no limit."""
    cgroup_parent: str | None = wire("CgroupParent")
    """The cgroup below which the container's is made."""
    blkio_weight: int | None = wire("BlkioWeight")
    """A weight against other containers: 0, or 10 to 1000."""
    blkio_weight_device: list[WeightDevice] = wire("BlkioWeightDevice", empty=list)
    blkio_device_read_bps: list[ThrottleDevice] = wire("BlkioDeviceReadBps", empty=list)
    """Bytes per second."""
    blkio_device_write_bps: list[ThrottleDevice] = wire("BlkioDeviceWriteBps", empty=list)
    """Bytes per second."""
    blkio_device_read_iops: list[ThrottleDevice] = wire("BlkioDeviceReadIOps", empty=list)
    """Operations per second."""
    blkio_device_write_iops: list[ThrottleDevice] = wire("BlkioDeviceWriteIOps", empty=list)
    """Operations per second."""
    cpu_period: int | None = wire("CpuPeriod")
    """Microseconds of a scheduler period."""
    cpu_quota: int | None = wire("CpuQuota")
    """Microseconds of CPU time in a period."""
    cpu_realtime_period: int | None = wire("CpuRealtimePeriod")
    """Microseconds of a real-time scheduler period."""
    cpu_realtime_runtime: int | None = wire("CpuRealtimeRuntime")
    """Microseconds of CPU time in a real-time period."""
    cpuset_cpus: str | None = wire("CpusetCpus")
    """CPUs to run on: `0-3` or `0,2`."""
    cpuset_mems: str | None = wire("CpusetMems")
    """Memory nodes to use: `0-3` or `0,2`."""
    devices: list[DeviceMapping] = wire("Devices", empty=list)
    device_cgroup_rules: list[str] = wire("DeviceCgroupRules", empty=list)
    """Rules of the devices cgroup, such as `c 13:* rwm`."""
    device_requests: list[DeviceRequest] = wire("DeviceRequests", empty=list)
    memory_reservation: int | None = wire("MemoryReservation")
    """Bytes that the container is pushed back to when memory is short."""
    memory_swap: int | None = wire("MemorySwap")
    """Bytes of memory and swap together; -1 is no limit."""
    memory_swappiness: int | None = wire("MemorySwappiness")
    """0 to 100: how readily the kernel swaps the container out."""
    nano_cpus: int | None = wire("NanoCpus")
    """CPUs in units of a billionth: half a CPU is 500_000_000."""
    oom_kill_disable: bool | None = wire("OomKillDisable")
    init: bool | None = wire("Init")
    """Whether an init process forwards signals and reaps processes; None leaves it to the daemon's setting."""
    pids_limit: int | None = wire("PidsLimit")
    """Processes and threads; 0 or -1 is no limit."""
    ulimits: list[Ulimit] = wire("Ulimits", empty=list)
    cpu_count: int | None = wire("CpuCount")
    """CPUs (Windows)."""
    cpu_percent: int | None = wire("CpuPercent")
    """Percent of all CPUs (Windows)."""
    io_maximum_iops: int | None = wire("IOMaximumIOps")
    """Operations per second on the system drive (Windows)."""
    io_maximum_bandwidth: int | None = wire("IOMaximumBandwidth")
    """Bytes per second on the system drive (Windows)."""
    kernel_memory_tcp: int | None = wire("KernelMemoryTCP", until="1.51")
    """Bytes of TCP buffers in the kernel."""
    kernel_memory: int | None = wire("KernelMemory", until="1.41")
    """Bytes in the kernel."""
