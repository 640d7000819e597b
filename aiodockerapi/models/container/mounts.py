"""What is mounted in a container."""

from .._fields import Model, define, wire
from ..common import MountPropagation, MountType

__all__ = ["MountPoint"]


@define(kw_only=True)
class MountPoint(Model):
    """Something that is mounted in a container."""

    type: MountType | str = wire("Type", empty=str)
    name: str | None = wire("Name")
    """The volume's name; other types have none."""
    source: str = wire("Source", empty=str)
    """Where it lies on the host."""
    destination: str = wire("Destination", empty=str)
    """Where it is in the container."""
    driver: str | None = wire("Driver")
    """The volume's driver; other types have none."""
    mode: str = wire("Mode", empty=str)
    """The options that were asked for, joined by commas."""
    rw: bool = wire("RW", empty=bool)
    """Whether the container can write to it."""
    propagation: MountPropagation | str = wire("Propagation", empty=str)
