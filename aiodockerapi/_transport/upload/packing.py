"""A build context: a directory as a tar archive, packed while it is sent, like that of the docker command.

Entries are sorted by name, each directory before its content. They are owned by root, because local users do not exist on the
daemon's host. Links are kept as links. A file that is removed before it is opened is omitted; a file that grows is sent with
the size it had when it was opened; a file that shrinks is an error.
"""

import math
import os
import stat
import sys
import tarfile
import time
from collections.abc import Generator, Iterator, Mapping
from io import FileIO
from operator import attrgetter
from typing import Final, TypeAlias

import attrs

from ..._wire.ignore_patterns import IgnorePatterns, Matched
from ...errors import BuildContextError

__all__ = ["BuildContext", "packed"]

_BLOCK: Final = 1 << 17
_END_OF_ARCHIVE: Final = bytes(2 * tarfile.BLOCKSIZE)
_TYPES: Final = {
    stat.S_IFDIR: tarfile.DIRTYPE,
    stat.S_IFLNK: tarfile.SYMTYPE,
    stat.S_IFIFO: tarfile.FIFOTYPE,
    stat.S_IFCHR: tarfile.CHRTYPE,
    stat.S_IFBLK: tarfile.BLKTYPE,
}
# A file that has been replaced by a link or a pipe must neither be followed nor block. Windows requires O_BINARY.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_Blocks: TypeAlias = Generator[bytes, None, None]
_Found: TypeAlias = "tuple[str, os.DirEntry[str], Matched | None]"


@attrs.frozen
class BuildContext:
    """The selection of files to send.

    :ivar root: the directory.
    :ivar ignored: patterns of files to omit.
    :ivar kept: paths to send even if a pattern matches; a file among them that disappears is an error.
    :ivar added: contents of files to send in addition, or instead of those in the directory, by path.
    """

    root: str
    ignored: IgnorePatterns
    kept: frozenset[str] = frozenset()
    added: Mapping[str, bytes] = attrs.field(factory=dict[str, bytes], repr=False)


def packed(context: BuildContext) -> _Blocks:
    """Yield the archive in large blocks; an empty block for each step of the walk that finds nothing to send.

    :raises BuildContextError: if a file or directory cannot be read.
    """
    return _Packer(context).blocks()


class _Packer:
    def __init__(self, context: BuildContext) -> None:
        self._context = context
        self._parts: list[bytes] = []
        self._size = 0
        self._seen: dict[tuple[int, int], str] = {}

    def blocks(self) -> _Blocks:
        path, added = self._context.root, dict(self._context.added)
        try:
            for name, entry in self._walk():
                if entry is None:
                    yield b""
                    continue
                path = entry.path
                try:
                    if name in added:
                        status = entry.stat()
                        yield from self._data(name, added.pop(name), status.st_mode, status.st_mtime)
                    else:
                        yield from self._entry(name, entry)
                except FileNotFoundError:
                    if name in self._context.kept:
                        raise
        except OSError as error:
            raise BuildContextError(error.filename or path, error.strerror or str(error)) from error
        for name, data in added.items():
            yield from self._data(name, data, 0o600, time.time())
        yield from self._add(_END_OF_ARCHIVE)
        yield b"".join(self._parts)

    # -- walking the directory

    def _walk(self) -> Iterator[tuple[str, "os.DirEntry[str] | None"]]:
        """Yield the entries to send, with their paths in the archive; None for each step that finds nothing to send."""
        ignored, kept = self._context.ignored, self._context.kept
        levels = [self._list("", self._context.root, None)]
        while levels:
            found = next(levels[-1], None)
            if found is None:
                levels.pop()
                yield "", None
                continue
            name, entry, parent_match = found
            is_ignored, matched = ignored.match(name, parent_match) if ignored else (False, None)
            is_directory = entry.is_dir(follow_symlinks=False)
            if not is_ignored or name in kept:
                yield name, entry
            elif not is_directory or not self._may_contain_sent(name):
                yield "", None
                continue
            if is_directory:
                levels.append(self._list(f"{name}/", entry.path, matched))

    def _may_contain_sent(self, directory: str) -> bool:
        """Return whether an entry in an ignored directory may have to be sent."""
        return self._context.ignored.has_exception_below(directory) or any(
            path.startswith(f"{directory}/") for path in self._context.kept
        )

    @staticmethod
    def _list(prefix: str, directory: str, parent_match: Matched | None) -> "Iterator[_Found]":
        try:
            with os.scandir(directory) as found:
                entries = sorted(found, key=attrgetter("name"))
        except FileNotFoundError:
            if not prefix:
                raise
            return
        for entry in entries:
            yield prefix + entry.name, entry, parent_match

    # -- writing entries

    def _entry(self, name: str, entry: "os.DirEntry[str]") -> _Blocks:
        if entry.is_file(follow_symlinks=False):
            with FileIO(entry.path, opener=_opened) as file:
                yield from self._file(name, entry.path, file)
            return
        status = entry.stat(follow_symlinks=False)
        kind = stat.S_IFMT(status.st_mode)
        if kind not in _TYPES:  # a socket, which is useless on another host
            return
        if kind != stat.S_IFDIR and (first := self._first_name(name, status)) != name:
            header = _header(name, tarfile.LNKTYPE, status, link=first)
        elif kind == stat.S_IFLNK:
            link = os.readlink(entry.path)  # noqa: PTH115 - a Path would normalize it
            header = _header(name, tarfile.SYMTYPE, status, link=link)
        else:
            header = _header(name, _TYPES[kind], status)
        yield from self._add(header)

    def _file(self, name: str, path: str, file: FileIO) -> _Blocks:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise BuildContextError(path, "it was replaced while it was packed")
        if (first := self._first_name(name, status)) != name:
            yield from self._add(_header(name, tarfile.LNKTYPE, status, link=first))
            return
        yield from self._add(_header(name, tarfile.REGTYPE, status, _capability(file, status)))
        remaining = status.st_size
        while remaining:
            data = file.read(min(remaining, _BLOCK - self._size))
            if not data:
                raise BuildContextError(path, "it became shorter while it was packed")
            remaining -= len(data)
            yield from self._add(data)
        if status.st_size % tarfile.BLOCKSIZE:
            yield from self._add(bytes(-status.st_size % tarfile.BLOCKSIZE))

    def _first_name(self, name: str, status: os.stat_result) -> str:
        """Return the name under which a file with several hard links was sent first."""
        return name if status.st_nlink < 2 else self._seen.setdefault((status.st_dev, status.st_ino), name)

    def _data(self, name: str, data: bytes, mode: int, modified: float) -> _Blocks:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(data), stat.S_IMODE(mode), math.floor(modified)
        yield from self._add(info.tobuf(tarfile.PAX_FORMAT))
        yield from self._add(data + bytes(-len(data) % tarfile.BLOCKSIZE))

    def _add(self, data: bytes) -> _Blocks:
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _BLOCK:
            yield b"".join(self._parts)
            self._parts, self._size = [], 0


def _header(name: str, kind: bytes, status: os.stat_result, capability: bytes = b"", link: str = "") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    info.mode, info.mtime = stat.S_IMODE(status.st_mode), math.floor(status.st_mtime)
    if kind == tarfile.REGTYPE:
        info.size = status.st_size
    elif kind in (tarfile.CHRTYPE, tarfile.BLKTYPE):
        info.devmajor, info.devminor = os.major(status.st_rdev), os.minor(status.st_rdev)
    if capability:
        info.pax_headers = {"SCHILY.xattr.security.capability": capability.decode("utf-8", "surrogateescape")}
    elif len(name) < tarfile.LENGTH_NAME:  # a longer one would be split, which not every daemon supports
        try:
            return info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")  # faster, and sufficient for most files
        except ValueError:
            pass
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _capability(file: FileIO, status: os.stat_result) -> bytes:
    """Return the file capabilities of a program (see ``setcap``); empty if it has none."""
    if sys.platform != "linux" or not status.st_mode & 0o111:
        return b""
    try:
        value = os.getxattr(file.fileno(), "security.capability")
    except OSError:
        return b""
    # Revision 3 contains the user namespace, which does not apply to the image: convert it to revision 2.
    return value if value[3] != 3 else value[:3] + b"\x02" + value[4:20]


def _opened(path: str, _: int) -> int:
    return os.open(path, _FLAGS)
