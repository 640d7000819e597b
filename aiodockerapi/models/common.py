"""Models shared by several domains: errors, ids, progress, mounts, limits and health checks."""

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
"""How a container is isolated; Windows has ``process`` and ``hyperv``, other daemons accept only ``default``."""
MountPropagation: TypeAlias = Literal["private", "rprivate", "shared", "rshared", "slave", "rslave"]
"""Whether later mounts below a bind mount propagate between host and container; ``r`` includes nested mounts.

``shared``: both ways, ``slave``: from the host to the container, ``private``: not at all.
"""
MountType: TypeAlias = Literal["bind", "cluster", "image", "npipe", "tmpfs", "volume"]
"""Kinds of mounts: a path of the host (``bind``), a cluster volume of a swarm (``cluster``), the content of an image
(``image``), a named pipe of a Windows host (``npipe``), memory (``tmpfs``), or a volume (``volume``).
"""


@define(kw_only=True)
class ErrorResponse(Model):
    """The body of a response whose status reports an error."""

    message: str = wire("message", empty=str)
    """What went wrong, as reported by the daemon."""


@define(kw_only=True)
class ErrorDetail(Model):
    """An error that the daemon reports within a stream of progress messages."""

    code: int | None = wire("code")
    """HTTP-like status code, or the exit code of a failed build step; None if the daemon does not report one."""
    message: str = wire("message", empty=str)
    """What went wrong, as reported by the daemon."""


@define(kw_only=True)
class ProgressDetail(Model):
    """The progress of one step of a pull, push or build."""

    current: int | None = wire("current")
    """Amount done so far, in bytes unless ``units`` is set; None if not reported."""
    total: int | None = wire("total")
    """Total amount, in bytes unless ``units`` is set; None if the daemon does not know it."""
    start: int | None = wire("start")
    """When the step began, in seconds since 1970; None if not reported."""
    hidecounts: bool | None = wire("hidecounts")
    """Whether a progress bar should not show the numbers; None means False."""
    units: str | None = wire("units")
    """Unit of ``current`` and ``total``, e.g. ``s`` for seconds; None: bytes."""


@define(kw_only=True)
class IDResponse(Model):
    """The response of a call that creates an object: the id of the object."""

    id: str = wire("Id", empty=str)
    """Id of the created object, e.g. an exec instance, a secret, a config, or the image made by a commit."""


@define(kw_only=True)
class ObjectVersion(Model):
    """The version of a swarm object; an update must name the version that it is based on."""

    index: int = wire("Index", empty=int)
    """Version number, increased by every change of the object; set by the daemon."""


@define(kw_only=True)
class Ulimit(Model):
    """A resource limit (``ulimit``) of a container's processes."""

    name: str | None = wire("Name")
    """Name of the limit in lower case without ``RLIMIT_``, e.g. ``nofile`` or ``nproc``."""
    soft: int | None = wire("Soft")
    """Soft limit, which is enforced and which a process may raise up to ``hard``; -1: unlimited, None is read as 0."""
    hard: int | None = wire("Hard")
    """Hard limit, the maximum of the soft limit; -1: unlimited, None is read as 0."""


@define(kw_only=True)
class HealthConfig(Model):
    """A health check: a command that the daemon runs in a container at intervals."""

    test: list[str] = wire("Test", empty=list)
    """The command: ``["CMD", ...]`` with its arguments, or ``["CMD-SHELL", "..."]`` to run it in the shell.

    ``["NONE"]``: no check, even if the image defines one; empty: the image's health check.
    """
    interval: int | None = wire("Interval")
    """Nanoseconds between two checks, at least 1 ms; 0 or None: the image's value, or else 30 s."""
    timeout: int | None = wire("Timeout")
    """Nanoseconds after which a running check is aborted and has failed, at least 1 ms.

    0 or None: the image's value, or else 30 s.
    """
    retries: int | None = wire("Retries")
    """Consecutive failures that make the container unhealthy; 0 or None: the image's value, or else 3."""
    start_period: int | None = wire("StartPeriod")
    """Nanoseconds after the start in which failures do not count; 0 or None: the image's value, or else 0."""
    start_interval: int | None = wire("StartInterval", since="1.44")
    """Nanoseconds between two checks during the start period; 0 or None: the image's value, or else 5 s."""


@define(kw_only=True)
class BindOptions(Model):
    """Options of a mount of type ``bind``."""

    propagation: MountPropagation | str | None = wire("Propagation")
    """Propagation of mounts between host and container; None: ``rprivate``."""
    non_recursive: bool | None = wire("NonRecursive")
    """Whether to leave out what is mounted below the source; None means False."""
    create_mountpoint: bool | None = wire("CreateMountpoint", since="1.42")
    """Whether to create a missing source directory on the host; None means False: it is an error."""
    read_only_non_recursive: bool | None = wire("ReadOnlyNonRecursive", since="1.44")
    """Whether the mounts below a read-only mount stay writable; None means False."""
    read_only_force_recursive: bool | None = wire("ReadOnlyForceRecursive", since="1.44")
    """Whether to fail if the mounts below a read-only mount cannot be made read-only too; None means False."""


@define(kw_only=True)
class DriverConfig(Model):
    """A volume driver and its options."""

    name: str | None = wire("Name")
    """Name of the volume driver; None: ``local``."""
    options: dict[str, str] = wire("Options", empty=dict)
    """Options of the driver, by name, e.g. ``{"type": "tmpfs", "device": "tmpfs"}`` for ``local``."""


@define(kw_only=True)
class VolumeOptions(Model):
    """Options of a mount of type ``volume``."""

    no_copy: bool | None = wire("NoCopy")
    """Whether an empty volume stays empty; None means False: it gets the image's content at the target."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the volume; only used if the mount creates it."""
    driver_config: DriverConfig | None = wire("DriverConfig")
    """Driver of the volume, only used if the mount creates it; None: ``local``."""
    subpath: str | None = wire("Subpath", since="1.45")
    """Directory of the volume to mount, relative to its root; it must exist. None: the root."""


@define(kw_only=True)
class ImageOptions(Model):
    """Options of a mount of type ``image``."""

    subpath: str | None = wire("Subpath", since="1.48")
    """Path in the image to mount, relative to its root; None: the root."""


@define(kw_only=True)
class TmpfsOptions(Model):
    """Options of a mount of type ``tmpfs``."""

    size_bytes: int | None = wire("SizeBytes")
    """Maximum size in bytes; 0 or None: the kernel's default, half of the host's memory."""
    mode: int | None = wire("Mode")
    """Permission bits of the directory, e.g. ``0o700``; 0 or None: ``0o1777``."""
    options: list[list[str]] = wire("Options", empty=list, since="1.46")
    """Further mount options, each a list of a flag or of a name and a value, e.g. ``[["exec"]]``.

    Daemons accept ``exec`` and ``noexec``; empty: ``noexec``.
    """


@define(kw_only=True)
class Mount(Model):
    """A mount of a container: a directory, volume, image or other source at a path in the container."""

    target: str | None = wire("Target")
    """Absolute path in the container; required."""
    source: str | None = wire("Source")
    """Volume name, path on the host, named pipe or image reference, depending on ``type``.

    A ``tmpfs`` mount has no source; a ``volume`` mount without one gets a new anonymous volume.
    """
    type: MountType | str | None = wire("Type")
    """Kind of mount; required. It decides which of the options below applies."""
    read_only: bool | None = wire("ReadOnly")
    """Whether the container cannot write to the mount; None means False."""
    consistency: str | None = wire("Consistency")
    """Consistency between host and container: ``default``, ``consistent``, ``cached`` or ``delegated``.

    Only for Docker Desktop; None: ``default``.
    """
    bind_options: BindOptions | None = wire("BindOptions")
    """Options of a ``bind`` mount; None: the defaults."""
    volume_options: VolumeOptions | None = wire("VolumeOptions")
    """Options of a ``volume`` mount; None: the defaults."""
    image_options: ImageOptions | None = wire("ImageOptions", since="1.48")
    """Options of an ``image`` mount; None: the defaults."""
    tmpfs_options: TmpfsOptions | None = wire("TmpfsOptions")
    """Options of a ``tmpfs`` mount; None: the defaults."""
