"""The resource usage of a container, one sample at a time.

Which fields have values depends on the host (Linux or Windows, cgroup v1 or v2); fields that it does not provide are
None or empty.
"""

import datetime

from .._fields import Model, define, wire

__all__ = [
    "ContainerBlkioStatEntry",
    "ContainerBlkioStats",
    "ContainerCPUStats",
    "ContainerCPUUsage",
    "ContainerMemoryStats",
    "ContainerNetworkStats",
    "ContainerPidsStats",
    "ContainerStatsResponse",
    "ContainerStorageStats",
    "ContainerThrottlingData",
]


@define(kw_only=True)
class ContainerCPUUsage(Model):
    """CPU time since the start of the container, in nanoseconds on Linux and in units of 100 ns on Windows."""

    total_usage: int = wire("total_usage", empty=int)
    """CPU time of all processes."""
    percpu_usage: list[int] = wire("percpu_usage", empty=list)
    """CPU time for each CPU; empty except with cgroup v1."""
    usage_in_kernelmode: int = wire("usage_in_kernelmode", empty=int)
    """CPU time spent in the kernel."""
    usage_in_usermode: int = wire("usage_in_usermode", empty=int)
    """CPU time spent in user space."""


@define(kw_only=True)
class ContainerThrottlingData(Model):
    """The effect of the CPU quota on a container (Linux)."""

    periods: int = wire("periods", empty=int)
    """Number of scheduler periods in which a quota applied."""
    throttled_periods: int = wire("throttled_periods", empty=int)
    """Number of scheduler periods in which the container used up its quota."""
    throttled_time: int = wire("throttled_time", empty=int)
    """Time for which the container was throttled, in nanoseconds."""


@define(kw_only=True)
class ContainerCPUStats(Model):
    """The CPU time of a container and of the host."""

    cpu_usage: ContainerCPUUsage | None = wire("cpu_usage")
    """CPU time of the container; None if not reported."""
    system_cpu_usage: int | None = wire("system_cpu_usage")
    """CPU time of the host including idle time, all CPUs together, in nanoseconds (Linux); None if not reported."""
    online_cpus: int | None = wire("online_cpus")
    """Number of CPUs that are online (Linux); None if not reported."""
    throttling_data: ContainerThrottlingData | None = wire("throttling_data")
    """Effect of the CPU quota (Linux); None if not reported."""


@define(kw_only=True)
class ContainerMemoryStats(Model):
    """The memory usage of a container, in bytes."""

    usage: int | None = wire("usage")
    """Memory in use including the page cache (Linux); None if not reported."""
    max_usage: int | None = wire("max_usage")
    """Highest usage so far (cgroup v1); None if not reported."""
    stats: dict[str, int] = wire("stats", empty=dict)
    """Values of the cgroup's ``memory.stat``, by name (Linux); the names differ between cgroup v1 and v2."""
    failcnt: int | None = wire("failcnt")
    """Number of times that memory usage reached the limit, or of out-of-memory events with cgroup v2; None if 0 or not
    reported."""
    limit: int | None = wire("limit")
    """Memory limit, or the memory of the host if there is no limit (Linux); None if not reported."""
    commitbytes: int | None = wire("commitbytes")
    """Committed memory (Windows); None if not reported."""
    commitpeakbytes: int | None = wire("commitpeakbytes")
    """Highest committed memory so far (Windows); None if not reported."""
    privateworkingset: int | None = wire("privateworkingset")
    """Private working set (Windows); None if not reported."""


@define(kw_only=True)
class ContainerBlkioStatEntry(Model):
    """A counter of one block device and operation."""

    major: int = wire("major", empty=int)
    """Major number of the device."""
    minor: int = wire("minor", empty=int)
    """Minor number of the device."""
    op: str = wire("op", empty=str)
    """Operation that is counted, e.g. ``read``, ``write`` or ``total``; the case differs between cgroup v1 and v2."""
    value: int = wire("value", empty=int)
    """Value of the counter; its unit depends on the field of `ContainerBlkioStats`."""


@define(kw_only=True)
class ContainerBlkioStats(Model):
    """The usage of block devices by a container (Linux)."""

    io_service_bytes_recursive: list[ContainerBlkioStatEntry] = wire("io_service_bytes_recursive", empty=list)
    """Bytes transferred."""
    io_serviced_recursive: list[ContainerBlkioStatEntry] = wire("io_serviced_recursive", empty=list)
    """Number of completed operations; empty with cgroup v2."""
    io_queue_recursive: list[ContainerBlkioStatEntry] = wire("io_queue_recursive", empty=list)
    """Number of queued operations; empty with cgroup v2."""
    io_service_time_recursive: list[ContainerBlkioStatEntry] = wire("io_service_time_recursive", empty=list)
    """Time between dispatch and completion of operations, in nanoseconds; empty with cgroup v2."""
    io_wait_time_recursive: list[ContainerBlkioStatEntry] = wire("io_wait_time_recursive", empty=list)
    """Time that operations waited in the queue, in nanoseconds; empty with cgroup v2."""
    io_merged_recursive: list[ContainerBlkioStatEntry] = wire("io_merged_recursive", empty=list)
    """Number of operations merged into others; empty with cgroup v2."""
    io_time_recursive: list[ContainerBlkioStatEntry] = wire("io_time_recursive", empty=list)
    """Time that the device was busy, in milliseconds; empty with cgroup v2."""
    sectors_recursive: list[ContainerBlkioStatEntry] = wire("sectors_recursive", empty=list)
    """Number of sectors transferred; empty with cgroup v2."""


@define(kw_only=True)
class ContainerPidsStats(Model):
    """The number of processes and threads of a container (Linux)."""

    current: int | None = wire("current")
    """Number of processes and threads; None if not reported."""
    limit: int | None = wire("limit")
    """Maximum number; None, 0 or ``2**64 - 1`` if there is no limit."""


@define(kw_only=True)
class ContainerNetworkStats(Model):
    """The traffic of one network interface since the start of the container."""

    rx_bytes: int = wire("rx_bytes", empty=int)
    """Bytes received."""
    rx_packets: int = wire("rx_packets", empty=int)
    """Packets received."""
    rx_errors: int = wire("rx_errors", empty=int)
    """Errors while receiving; 0 on Windows."""
    rx_dropped: int = wire("rx_dropped", empty=int)
    """Incoming packets that were dropped."""
    tx_bytes: int = wire("tx_bytes", empty=int)
    """Bytes sent."""
    tx_packets: int = wire("tx_packets", empty=int)
    """Packets sent."""
    tx_errors: int = wire("tx_errors", empty=int)
    """Errors while sending; 0 on Windows."""
    tx_dropped: int = wire("tx_dropped", empty=int)
    """Outgoing packets that were dropped."""
    endpoint_id: str | None = wire("endpoint_id")
    """ID of the endpoint (Windows); None on Linux."""
    instance_id: str | None = wire("instance_id")
    """ID of the instance (Windows); None on Linux."""


@define(kw_only=True)
class ContainerStorageStats(Model):
    """The usage of storage by a container (Windows)."""

    read_count_normalized: int | None = wire("read_count_normalized")
    """Number of reads, in units of 8 KiB; None on Linux."""
    read_size_bytes: int | None = wire("read_size_bytes")
    """Bytes read; None on Linux."""
    write_count_normalized: int | None = wire("write_count_normalized")
    """Number of writes, in units of 8 KiB; None on Linux."""
    write_size_bytes: int | None = wire("write_size_bytes")
    """Bytes written; None on Linux."""


@define(kw_only=True)
class ContainerStatsResponse(Model):
    """A sample of a container's resource usage.

    If the container is not running, it contains little more than the name.
    """

    id: str | None = wire("id")
    """ID of the container; None if not reported."""
    name: str | None = wire("name")
    """Name of the container, with a leading slash; None if not reported."""
    os_type: str | None = wire("os_type", since="1.52")
    """Operating system of the container: ``linux`` or ``windows``; None if not reported."""
    read: datetime.datetime | None = wire("read")
    """When the sample was taken; None if the container is not running."""
    cpu_stats: ContainerCPUStats | None = wire("cpu_stats")
    """CPU time; None if not reported."""
    memory_stats: ContainerMemoryStats | None = wire("memory_stats")
    """Memory usage; None if not reported."""
    networks: dict[str, ContainerNetworkStats] = wire("networks", empty=dict)
    """Network traffic by interface, e.g. ``eth0``; empty if the container has no network of its own."""
    pids_stats: ContainerPidsStats | None = wire("pids_stats")
    """Number of processes and threads (Linux); None if not reported."""
    blkio_stats: ContainerBlkioStats | None = wire("blkio_stats")
    """Usage of block devices (Linux); None if not reported."""
    num_procs: int = wire("num_procs", empty=int)
    """Number of CPUs of the host (Windows); 0 on Linux."""
    storage_stats: ContainerStorageStats | None = wire("storage_stats")
    """Usage of storage (Windows); None if not reported."""
    preread: datetime.datetime | None = wire("preread")
    """When the previous sample was taken; None for the first sample."""
    precpu_stats: ContainerCPUStats | None = wire("precpu_stats")
    """CPU time of the previous sample, to compute the usage in between; without values for the first sample."""
