"""Files in containers."""

import stat
from datetime import datetime
from typing import Final

from .._fields import Model, define, wire

__all__ = ["ContainerPathStat"]

# Go's os.FileMode has bits of its own above the permissions.
_DIRECTORY: Final = 1 << 31
_SYMLINK: Final = 1 << 27
_SPECIAL: Final = {1 << 23: stat.S_ISUID, 1 << 22: stat.S_ISGID, 1 << 20: stat.S_ISVTX}


@define(kw_only=True)
class ContainerPathStat(Model):
    """A file, directory or symbolic link in a container."""

    name: str = wire("name", empty=str)
    """Last component of the path."""
    size: int = wire("size", empty=int)
    """Size in bytes; meaningful for regular files only."""
    mode: int = wire("mode", empty=int)
    """File type and permissions as bits of Go's ``os.FileMode``, which differ from ``st_mode``. Use ``is_dir``,
    ``is_symlink`` and ``permissions`` to evaluate it."""
    mtime: datetime | None = wire("mtime")
    """Time of the last modification; None if it is not set."""
    link_target: str = wire("linkTarget", empty=str)
    """Path in the container that a symbolic link refers to; empty for other files."""

    @property
    def is_dir(self) -> bool:
        """Whether the path is a directory."""
        return bool(self.mode & _DIRECTORY)

    @property
    def is_symlink(self) -> bool:
        """Whether the path is a symbolic link."""
        return bool(self.mode & _SYMLINK)

    @property
    def permissions(self) -> int:
        """The permission bits as used by `os.chmod`, including setuid, setgid and sticky."""
        special = sum(bit for go, bit in _SPECIAL.items() if self.mode & go)
        return self.mode & 0o777 | special
