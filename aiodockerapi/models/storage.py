"""The storage of image layers and container filesystems."""

from ._fields import Model, define, wire

__all__ = ["DriverData", "RootFSStorage", "RootFSStorageSnapshot", "Storage"]


@define(kw_only=True)
class DriverData(Model):
    """The storage driver of an image or container in the classic image store, and what it reports."""

    name: str = wire("Name", empty=str)
    """Name of the storage driver, e.g. ``overlay2``."""
    data: dict[str, str] = wire("Data", empty=dict)
    """Information that depends on the driver, e.g. the directories ``UpperDir`` and ``MergedDir``."""


@define(kw_only=True)
class RootFSStorageSnapshot(Model):
    """The snapshot of a container's root filesystem in the containerd image store."""

    name: str = wire("Name", empty=str)
    """Name of the snapshotter, e.g. ``overlayfs``."""


@define(kw_only=True)
class RootFSStorage(Model):
    """The storage of a container's root filesystem."""

    snapshot: RootFSStorageSnapshot | None = wire("Snapshot")
    """The snapshot that contains the filesystem; None if it is not stored as a snapshot."""


@define(kw_only=True)
class Storage(Model):
    """The storage of a container in the containerd image store."""

    root_fs: RootFSStorage | None = wire("RootFS")
    """Storage of the root filesystem; None if the daemon does not report it."""
