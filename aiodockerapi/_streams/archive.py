"""A file or directory of a container, as a tar archive."""

from __future__ import annotations

import os
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import Literal

from .. import models
from .._concurrency import in_thread
from .._transport import Download
from ..errors import MalformedStream
from .download import DownloadStream

__all__ = ["ArchiveStream"]


class ArchiveStream(DownloadStream):
    """The bytes of a tar archive as they come, and what they are an archive of."""

    def __init__(self, download: Download, stat: models.ContainerPathStat) -> None:
        super().__init__(download)
        self.stat = stat
        """What the path is: its name, size, permissions, time, and where it leads if it is a link."""

    async def extract(
        self, path: str | os.PathLike[str], *, filter: Literal["data", "tar", "fully_trusted"] = "tar"
    ) -> None:
        """Unpack the archive into a directory, which is made if need be.

        The archive is downloaded and unpacked beside its place first, and then moved in: an error or a cancel leaves the
        directory as it was. Files of the same name are replaced, directories merged.

        :param filter: which members to trust, as in `tarfile.TarFile.extractall`. By default nothing is ever written outside
            of the directory, but symbolic links stay what they are, wherever they lead: every container has some that
            are absolute. ``data`` refuses those and device files too.
        :raises tarfile.FilterError: a member that the filter refuses.
        :raises MalformedStream: the bytes are no tar archive.
        """
        target = Path(path)
        await in_thread(partial(target.mkdir, parents=True, exist_ok=True))
        stop = threading.Event()
        with tempfile.TemporaryDirectory(prefix=".unpack-", dir=target) as staging:
            tar, unpacked = Path(staging, "archive.tar"), Path(staging, "content")
            await self.write_to(tar)
            try:
                await in_thread(partial(_unpack, tar, unpacked, filter, stop), stop.set)
            except MalformedStream as error:
                self._download.request.annotate(error)
                raise
            await in_thread(partial(_merge, unpacked, target))


def _unpack(tar: Path, target: Path, filter: Literal["data", "tar", "fully_trusted"], stop: threading.Event) -> None:
    import tarfile

    target.mkdir()
    try:
        with tarfile.open(tar) as archive:
            members = (member for member in archive if not stop.is_set())
            archive.extractall(target, members=members, filter=filter)  # noqa: S202 - filtered
    except tarfile.ReadError as error:
        raise MalformedStream(f"the daemon's answer is no tar archive: {error}") from error


def _merge(source: Path, target: Path) -> None:
    for entry in source.iterdir():
        place = target / entry.name
        if entry.is_dir() and not entry.is_symlink() and place.is_dir() and not place.is_symlink():
            _merge(entry, place)
        else:
            entry.rename(place)
