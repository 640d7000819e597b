"""What several domains share: errors and ids, mounts, limits and health checks."""

from typing import Literal, TypeAlias

from ._fields import Model, define, wire

__all__ = [
    "BindOptions",
    "DriverConfig",
    "ErrorDetail",
    "ErrorResponse",
    "HealthConfig",
    "IDResponse",
    "ImageOptions",
    "Isolation",
    "Mount",
    "MountPropagation",
    "MountType",
    "ObjectVersion",
    "ProgressDetail",
    "TmpfsOptions",
    "Ulimit",
    "VolumeOptions",
]

Isolation: TypeAlias = Literal["default", "process", "hyperv"]
MountPropagation: TypeAlias = Literal["private", "rprivate", "shared", "rshared", "slave", "rslave"]
MountType: TypeAlias = Literal["bind", "cluster", "image", "npipe", "tmpfs", "volume"]


@define(kw_only=True)
class ErrorResponse(Model):
    """The body of every answer whose status says that the call failed."""

    message: str = wire("message", empty=str)


@define(kw_only=True)
class ErrorDetail(Model):
    """A failure that the daemon reports inside a stream of progress messages."""

    code: int | None = wire("code")
    """An HTTP-like status or an exit code, where the daemon has one."""
    message: str = wire("message", empty=str)


@define(kw_only=True)
class ProgressDetail(Model):
    """How far one step of a pull, push or build has come."""

    current: int | None = wire("current")
    """Bytes done, unless `units` says otherwise."""
    total: int | None = wire("total")
    """Bytes in all, where the daemon knows."""
    start: int | None = wire("start")
    """When the step began, in unix seconds."""
    hidecounts: bool | None = wire("hidecounts")
    """Whether a progress bar should leave out the numbers."""
    units: str | None = wire("units")
    """What `current` and `total` count, where it is not bytes."""


@define(kw_only=True)
class IDResponse(Model):
    """The answer of a call that made something: its id."""

    id: str = wire("Id", empty=str)


@define(kw_only=True)
class ObjectVersion(Model):
    """The revision of a swarm object; an update must name the one it was made from."""

    index: int = wire("Index", empty=int)


@define(kw_only=True)
class Ulimit(Model):
    """One limit of a container's processes, such as `nofile`."""

    name: str | None = wire("Name")
    soft: int | None = wire("Soft")
    hard: int | None = wire("Hard")


@define(kw_only=True)
class HealthConfig(Model):
    """How the daemon tests whether a container still works."""

    test: list[str] = wire("Test", empty=list)
    """The command: `["NONE"]`, `["CMD", ...]` or `["CMD-SHELL", one string]`; empty inherits the image's."""
    interval: int | None = wire("Interval")
    """Nanoseconds between two tests; 0 inherits."""
    timeout: int | None = wire("Timeout")
    """Nanoseconds after which a test that still runs has failed; 0 inherits."""
    retries: int | None = wire("Retries")
    """Failures in a row that make the container unhealthy; 0 inherits."""
    start_period: int | None = wire("StartPeriod")
    """Nanoseconds after the start in which failures do not count; 0 inherits."""
    start_interval: int | None = wire("StartInterval", since="1.44")
    """Nanoseconds between two tests during the start period; 0 inherits."""


@define(kw_only=True)
class BindOptions(Model):
    """What applies to mounts of type `bind`."""

    propagation: MountPropagation | str | None = wire("Propagation")
    non_recursive: bool | None = wire("NonRecursive")
    """Leave out what is mounted below the source."""
    create_mountpoint: bool | None = wire("CreateMountpoint", since="1.42")
    """Make the source directory where the host has none."""
    read_only_non_recursive: bool | None = wire("ReadOnlyNonRecursive", since="1.44")
    """A read-only mount leaves the mounts below it writable."""
    read_only_force_recursive: bool | None = wire("ReadOnlyForceRecursive", since="1.44")
    """Fail where the mounts below a read-only mount cannot be made read-only too."""


@define(kw_only=True)
class DriverConfig(Model):
    """A volume driver with its options."""

    name: str | None = wire("Name")
    options: dict[str, str] = wire("Options", empty=dict)


@define(kw_only=True)
class VolumeOptions(Model):
    """What applies to mounts of type `volume`."""

    no_copy: bool | None = wire("NoCopy")
    """Do not fill an empty volume with what the image has at the target."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the volume, if the mount makes it."""
    driver_config: DriverConfig | None = wire("DriverConfig")
    """The driver of the volume, if the mount makes it."""
    subpath: str | None = wire("Subpath", since="1.45")
    """Mount this directory of the volume instead of its root."""


@define(kw_only=True)
class ImageOptions(Model):
    """What applies to mounts of type `image`."""

    subpath: str | None = wire("Subpath", since="1.48")
    """Mount this directory of the image instead of its root."""


@define(kw_only=True)
class TmpfsOptions(Model):
    """What applies to mounts of type `tmpfs`."""

    size_bytes: int | None = wire("SizeBytes")
    mode: int | None = wire("Mode")
    """Permission bits of the directory, such as `0o1777`."""
    options: list[list[str]] = wire("Options", empty=list, since="1.46")
    """Mount options: `[["noexec"], ["uid", "1000"]]`."""


@define(kw_only=True)
class Mount(Model):
    """Something to mount into a container."""

    target: str | None = wire("Target")
    """Where, inside the container."""
    source: str | None = wire("Source")
    """What: a volume's name, a path of the host or an image, as the type has it; a `tmpfs` has none."""
    type: MountType | str | None = wire("Type")
    read_only: bool | None = wire("ReadOnly")
    consistency: str | None = wire("Consistency")
    """What Docker Desktop guarantees: `default`, `consistent`, `cached` or `delegated`."""
    bind_options: BindOptions | None = wire("BindOptions")
    volume_options: VolumeOptions | None = wire("VolumeOptions")
    image_options: ImageOptions | None = wire("ImageOptions", since="1.48")
    tmpfs_options: TmpfsOptions | None = wire("TmpfsOptions")
