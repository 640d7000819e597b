"""What runs in a container and which of its files differ from the image's."""

from .._fields import Model, define, wire

__all__ = ["ContainerTopResponse", "FilesystemChange"]


@define(kw_only=True)
class ContainerTopResponse(Model):
    """The processes of a container, as `ps` shows them."""

    titles: list[str] = wire("Titles", empty=list)
    """The names of the columns."""
    processes: list[list[str]] = wire("Processes", empty=list)
    """The columns of each process."""


@define(kw_only=True)
class FilesystemChange(Model):
    """A path in a container that is not as in its image."""

    path: str = wire("Path", empty=str)
    kind: int = wire("Kind", empty=int)
    """0: changed, 1: added, 2: deleted."""
