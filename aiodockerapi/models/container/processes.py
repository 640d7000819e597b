"""The processes of a container and the changes of its filesystem."""

from .._fields import Model, define, wire

__all__ = ["ContainerTopResponse", "FilesystemChange"]


@define(kw_only=True)
class ContainerTopResponse(Model):
    """The processes of a container, as reported by ``ps``."""

    titles: list[str] = wire("Titles", empty=list)
    """Column titles, e.g. ``PID`` or ``CMD``."""
    processes: list[list[str]] = wire("Processes", empty=list)
    """The values of each process, in the order of ``titles``."""


@define(kw_only=True)
class FilesystemChange(Model):
    """A difference between the filesystem of a container and its image."""

    path: str = wire("Path", empty=str)
    """Absolute path of the file or directory in the container."""
    kind: int = wire("Kind", empty=int)
    """Kind of change: 0 modified, 1 added, 2 deleted."""
