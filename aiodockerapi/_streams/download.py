"""Answers that are files."""

import os
import tempfile
from functools import partial
from pathlib import Path
from typing import BinaryIO

from .._concurrency import in_thread
from .._transport import Download

__all__ = ["DownloadStream"]

_BLOCK = 1 << 20


class DownloadStream:
    """The bytes of a download as they come: iterate for chunks, or write them to a file."""

    def __init__(self, download: Download) -> None:
        self._download = download

    def __aiter__(self) -> "DownloadStream":
        return self

    async def __anext__(self) -> bytes:
        chunk = await self._receive()
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def _receive(self) -> bytes:
        """The next bytes, ``b""`` at the end."""
        return await self._download.receive()

    async def read(self) -> bytes:
        """All that is left, in memory.

        :raises TruncatedStream: the connection ended before the download did.
        """
        chunks: list[bytes] = []
        while chunk := await self._receive():
            chunks.append(chunk)
        return b"".join(chunks)

    async def write_to(self, path: str | os.PathLike[str]) -> int:
        """Write all that is left to a file, and return how many bytes that was.

        The file appears under its name only when it is complete; an error or a cancel leaves nothing, and an older file of
        that name as it was.

        :raises TruncatedStream: the connection ended before the download did.
        :raises OSError: the file cannot be written.
        """
        target = Path(path)
        file, temporary = _temporary(target.parent, target.name)
        try:
            try:
                written = await self._spool(file)
            finally:
                file.close()
            await in_thread(partial(os.replace, temporary, target))
        except BaseException:
            Path(temporary).unlink(missing_ok=True)  # noqa: ASYNC240 - must happen, and at once
            raise
        return written

    async def _spool(self, file: BinaryIO) -> int:
        """Write everything, a larger block at a time, without keeping the loop waiting for the disk."""
        written, held, size = 0, list[bytes](), 0
        while chunk := await self._receive():
            held.append(chunk)
            size += len(chunk)
            if size >= _BLOCK:
                written += await in_thread(partial(file.write, b"".join(held)))
                held, size = [], 0
        return written + await in_thread(partial(file.write, b"".join(held)))

    async def aclose(self) -> None:
        """Close the connection, or give it back if all was read; leaving the ``async with`` block does it."""
        self._download.close()


def _temporary(folder: Path, name: str) -> tuple[BinaryIO, str]:
    descriptor, path = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    umask = os.umask(0)
    os.umask(umask)
    Path(path).chmod(0o666 & ~umask)
    return os.fdopen(descriptor, "wb"), path
