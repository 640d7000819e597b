"""What a container uses, one sample at a time.

Linux and Windows, cgroup v1 and v2 fill different parts; what the host does not count is None or empty.
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
    """CPU time since the container's start: nanoseconds on Linux, units of 100 ns on Windows."""

    total_usage: int = wire("total_usage", empty=int)
    percpu_usage: list[int] = wire("percpu_usage", empty=list)
    """For each CPU (cgroup v1 only)."""
    usage_in_kernelmode: int = wire("usage_in_kernelmode", empty=int)
    usage_in_usermode: int = wire("usage_in_usermode", empty=int)


@define(kw_only=True)
class ContainerThrottlingData(Model):
    """How often the CPU quota has held the container back (Linux)."""

    periods: int = wire("periods", empty=int)
    """Periods with a quota in force."""
    throttled_periods: int = wire("throttled_periods", empty=int)
    """Periods in which the quota was used up."""
    throttled_time: int = wire("throttled_time", empty=int)
    """Nanoseconds held back."""


@define(kw_only=True)
class ContainerCPUStats(Model):
    """The container's and the host's CPU time."""

    cpu_usage: ContainerCPUUsage | None = wire("cpu_usage")
    system_cpu_usage: int | None = wire("system_cpu_usage")
    """Nanoseconds that all CPUs of the host have counted (Linux)."""
    online_cpus: int | None = wire("online_cpus")
    """CPUs in use (Linux)."""
    throttling_data: ContainerThrottlingData | None = wire("throttling_data")


@define(kw_only=True)
class ContainerMemoryStats(Model):
    """The container's memory, in bytes."""

    usage: int | None = wire("usage")
    """In use, page cache included (Linux)."""
    max_usage: int | None = wire("max_usage")
    """The most ever in use (cgroup v1)."""
    stats: dict[str, int] = wire("stats", empty=dict)
    """What `memory.stat` of the cgroup says."""
    failcnt: int | None = wire("failcnt")
    """How often the limit was hit (cgroup v1)."""
    limit: int | None = wire("limit")
    """The limit, or the host's memory where there is none (Linux)."""
    commitbytes: int | None = wire("commitbytes")
    """Committed (Windows)."""
    commitpeakbytes: int | None = wire("commitpeakbytes")
    """The most ever committed (Windows)."""
    privateworkingset: int | None = wire("privateworkingset")
    """Private working set (Windows)."""


@define(kw_only=True)
class ContainerBlkioStatEntry(Model):
    """One number of one block device."""

    major: int = wire("major", empty=int)
    minor: int = wire("minor", empty=int)
    op: str = wire("op", empty=str)
    """Such as `read`, `write` or `total`."""
    value: int = wire("value", empty=int)


@define(kw_only=True)
class ContainerBlkioStats(Model):
    """The use of block devices (Linux); with cgroup v2 only the first list is filled."""

    io_service_bytes_recursive: list[ContainerBlkioStatEntry] = wire("io_service_bytes_recursive", empty=list)
    """Bytes moved."""
    io_serviced_recursive: list[ContainerBlkioStatEntry] = wire("io_serviced_recursive", empty=list)
    """Operations done."""
    io_queue_recursive: list[ContainerBlkioStatEntry] = wire("io_queue_recursive", empty=list)
    """Operations waiting."""
    io_service_time_recursive: list[ContainerBlkioStatEntry] = wire("io_service_time_recursive", empty=list)
    """Nanoseconds from dispatch to completion."""
    io_wait_time_recursive: list[ContainerBlkioStatEntry] = wire("io_wait_time_recursive", empty=list)
    """Nanoseconds in the queue."""
    io_merged_recursive: list[ContainerBlkioStatEntry] = wire("io_merged_recursive", empty=list)
    """Operations merged into others."""
    io_time_recursive: list[ContainerBlkioStatEntry] = wire("io_time_recursive", empty=list)
    """Milliseconds that the device was busy."""
    sectors_recursive: list[ContainerBlkioStatEntry] = wire("sectors_recursive", empty=list)
    """Sectors moved."""


@define(kw_only=True)
class ContainerPidsStats(Model):
    """How many processes and threads there are (Linux)."""

    current: int | None = wire("current")
    limit: int | None = wire("limit")
    """The most there may be; without a limit, the largest 64-bit number."""


@define(kw_only=True)
class ContainerNetworkStats(Model):
    """What went through one network interface, since the container's start."""

    rx_bytes: int = wire("rx_bytes", empty=int)
    rx_packets: int = wire("rx_packets", empty=int)
    rx_errors: int = wire("rx_errors", empty=int)
    rx_dropped: int = wire("rx_dropped", empty=int)
    tx_bytes: int = wire("tx_bytes", empty=int)
    tx_packets: int = wire("tx_packets", empty=int)
    tx_errors: int = wire("tx_errors", empty=int)
    tx_dropped: int = wire("tx_dropped", empty=int)
    endpoint_id: str | None = wire("endpoint_id")
    """The endpoint (Windows)."""
    instance_id: str | None = wire("instance_id")
    """The instance (Windows)."""


@define(kw_only=True)
class ContainerStorageStats(Model):
    """The use of storage (Windows)."""

    read_count_normalized: int | None = wire("read_count_normalized")
    """Reads, in units of 8 KiB."""
    read_size_bytes: int | None = wire("read_size_bytes")
    write_count_normalized: int | None = wire("write_count_normalized")
    """Writes, in units of 8 KiB."""
    write_size_bytes: int | None = wire("write_size_bytes")


@define(kw_only=True)
class ContainerStatsResponse(Model):
    """One sample of what a container uses; of one that does not run, hardly more than its name."""

    id: str | None = wire("id")
    name: str | None = wire("name")
    """Begins with a slash."""
    os_type: str | None = wire("os_type", since="1.52")
    """`linux` or `windows`."""
    read: datetime.datetime | None = wire("read")
    """When the sample was taken."""
    cpu_stats: ContainerCPUStats | None = wire("cpu_stats")
    memory_stats: ContainerMemoryStats | None = wire("memory_stats")
    networks: dict[str, ContainerNetworkStats] = wire("networks", empty=dict)
    """By the interface's name."""
    pids_stats: ContainerPidsStats | None = wire("pids_stats")
    blkio_stats: ContainerBlkioStats | None = wire("blkio_stats")
    num_procs: int = wire("num_procs", empty=int)
    """CPUs of the host (Windows)."""
    storage_stats: ContainerStorageStats | None = wire("storage_stats")
    preread: datetime.datetime | None = wire("preread")
    """When the sample before was taken; None for the first."""
    precpu_stats: ContainerCPUStats | None = wire("precpu_stats")
    """The CPU's part of the sample before."""
