"""The mounts of a container."""

from .._fields import Model, define, wire
from ..common import MountPropagation, MountType

__all__ = ["MountPoint"]


@define(kw_only=True)
class MountPoint(Model):
    """A mount of a container, as reported by the daemon."""

    type: MountType | str = wire("Type", empty=str)
    """Kind of mount."""
    name: str | None = wire("Name")
    """Name of the volume; None for other mounts."""
    source: str = wire("Source", empty=str)
    """Path on the host, for volumes the directory of the volume; empty for ``tmpfs``."""
    destination: str = wire("Destination", empty=str)
    """Absolute path in the container."""
    driver: str | None = wire("Driver")
    """Driver of the volume; None for other mounts."""
    mode: str = wire("Mode", empty=str)
    """Requested mount options, separated by commas, e.g. ``z``; empty: none."""
    rw: bool = wire("RW", empty=bool)
    """Whether the container can write to the mount."""
    propagation: MountPropagation | str = wire("Propagation", empty=str)
    """Propagation of mounts between host and container; empty if it does not apply."""
