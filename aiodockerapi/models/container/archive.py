"""Files in a container."""

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
    """A file, directory or link in a container."""

    name: str = wire("name", empty=str)
    """The last part of its path."""
    size: int = wire("size", empty=int)
    """Bytes."""
    mode: int = wire("mode", empty=int)
    """Type and permissions as Go's `os.FileMode` has them; `permissions`, `is_dir` and `is_symlink` read it."""
    mtime: datetime | None = wire("mtime")
    """When its content last changed."""
    link_target: str = wire("linkTarget", empty=str)
    """Where a symbolic link leads; empty for everything else."""

    @property
    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return bool(self.mode & _DIRECTORY)

    @property
    def is_symlink(self) -> bool:
        """Whether it is a symbolic link."""
        return bool(self.mode & _SYMLINK)

    @property
    def permissions(self) -> int:
        """The permissions as `os.chmod` takes them, with setuid, setgid and sticky."""
        special = sum(bit for go, bit in _SPECIAL.items() if self.mode & go)
        return self.mode & 0o777 | special
