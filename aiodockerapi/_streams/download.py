"""Responses that are files."""

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
    """A file or archive that is being downloaded.

    Iterating yields chunks of bytes until the download is complete.

    :raises TruncatedStream: if the connection ended before the download did.
    """

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
        """Return the next bytes; ``b""`` at the end."""
        return await self._download.receive()

    async def read(self) -> bytes:
        """Return the rest of the download.

        :raises TruncatedStream: if the connection ended before the download did.
        """
        chunks: list[bytes] = []
        while chunk := await self._receive():
            chunks.append(chunk)
        return b"".join(chunks)

    async def write_to(self, path: str | os.PathLike[str]) -> int:
        """Write the rest of the download to a file, and return the number of bytes.

        The file is created or replaced only when the download is complete. After an error or cancellation, an existing file is
        unchanged.

        :raises TruncatedStream: if the connection ended before the download did.
        :raises OSError: if the file cannot be written.
        """
        target = Path(path)
        file, temporary = _create_temporary(target.parent, target.name)
        try:
            try:
                written = await self._write_rest(file)
            finally:
                file.close()
            await in_thread(partial(os.replace, temporary, target))
        except BaseException:
            Path(temporary).unlink(missing_ok=True)  # noqa: ASYNC240 - must not be interrupted
            raise
        return written

    async def _write_rest(self, file: BinaryIO) -> int:
        """Write the rest of the download in large blocks, in a thread."""
        written, pending, size = 0, list[bytes](), 0
        while chunk := await self._receive():
            pending.append(chunk)
            size += len(chunk)
            if size >= _BLOCK:
                written += await in_thread(partial(file.write, b"".join(pending)))
                pending, size = [], 0
        return written + await in_thread(partial(file.write, b"".join(pending)))

    async def aclose(self) -> None:
        """Close the connection, or release it if the download is complete; called at the end of the ``async with`` block."""
        self._download.close()


def _create_temporary(folder: Path, name: str) -> tuple[BinaryIO, str]:
    descriptor, path = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    umask = os.umask(0)
    os.umask(umask)
    Path(path).chmod(0o666 & ~umask)
    return os.fdopen(descriptor, "wb"), path
