"""Where the daemon keeps the layers of an image or a container."""

from ._fields import Model, define, wire

__all__ = ["DriverData", "RootFSStorage", "RootFSStorageSnapshot", "Storage"]


@define(kw_only=True)
class DriverData(Model):
    """What a storage driver of the classic image store knows about a layer."""

    name: str = wire("Name", empty=str)
    """The driver's, such as `overlay2`."""
    data: dict[str, str] = wire("Data", empty=dict)
    """What the driver tells, such as its directories."""


@define(kw_only=True)
class RootFSStorageSnapshot(Model):
    """The snapshotter of the containerd image store."""

    name: str = wire("Name", empty=str)


@define(kw_only=True)
class RootFSStorage(Model):
    """How a root filesystem is stored."""

    snapshot: RootFSStorageSnapshot | None = wire("Snapshot")


@define(kw_only=True)
class Storage(Model):
    """How the containerd image store keeps a container."""

    root_fs: RootFSStorage | None = wire("RootFS")
