"""Files of a container as a tar archive."""

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
    """A file or directory of a container as a tar archive.

    Iterating yields chunks of bytes, and ends with the archive.

    :raises TruncatedStream: if the connection ended before the archive did.
    """

    def __init__(self, download: Download, stat: models.ContainerPathStat) -> None:
        super().__init__(download)
        self.stat = stat
        """The name, size, mode, modification time and link target of the file or directory."""

    async def extract(
        self, path: str | os.PathLike[str], *, filter: Literal["data", "tar", "fully_trusted"] = "tar"
    ) -> None:
        """Extract the archive into a directory, which is created if it does not exist.

        The archive is first downloaded and extracted into a temporary directory, and then moved: an error or cancellation
        before that leaves the directory unchanged. Existing files are replaced, directories are merged.

        :param filter: the extraction filter, as in `tarfile.TarFile.extractall`. The default writes nothing outside of the
            directory, but keeps symbolic links unchanged wherever they point to, because every container has absolute ones.
            ``data`` rejects those, and device files.
        :raises tarfile.FilterError: if the filter rejects a member.
        :raises MalformedStream: if the download is not a tar archive.
        :raises TruncatedStream: if the connection ended before the archive did.
        :raises OSError: if the files cannot be written.
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
        raise MalformedStream(f"the response is not a tar archive: {error}") from error


def _merge(source: Path, target: Path) -> None:
    for entry in source.iterdir():
        destination = target / entry.name
        if entry.is_dir() and not entry.is_symlink() and destination.is_dir() and not destination.is_symlink():
            _merge(entry, destination)
        else:
            entry.rename(destination)
