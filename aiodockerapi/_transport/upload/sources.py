"""Bodies that are too large for the memory: bytes, open files, files by their path, or whatever an async iterator makes."""

import os
import threading
from collections.abc import AsyncIterable, Generator
from functools import partial
from pathlib import Path
from typing import IO, Final, TypeAlias

from ...errors import InvalidArgumentType
from .threaded_blocks import ThreadedBlocks

__all__ = ["Upload", "upload"]

Upload: TypeAlias = bytes | bytearray | memoryview | IO[bytes] | os.PathLike[str] | AsyncIterable[bytes]
"""What can be sent as a large body; a file is read while it is sent, from where it stands."""

_BLOCK: Final = 1 << 18


def upload(source: Upload, noun: str) -> bytes | AsyncIterable[bytes]:
    """The body that `source` makes.

    :raises InvalidArgumentType: it makes none; nothing has been read.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, bytearray | memoryview):
        return bytes(source)
    if isinstance(source, AsyncIterable):
        return source
    if isinstance(source, os.PathLike):
        return ThreadedBlocks(partial(_path, Path(source)), f"reading {noun}")
    if hasattr(source, "read") and not isinstance(source, str):
        file = _OpenFile(source)
        return ThreadedBlocks(file.blocks, f"reading {noun}", repeatable=file.seekable)
    raise InvalidArgumentType(
        f"{noun} must be bytes, a binary file, a path (pathlib.Path) or an async iterator of bytes, "
        f"not {type(source).__name__}: {source!r:.80}"
    )


def _path(path: Path) -> Generator[bytes, None, None]:
    with path.open("rb", buffering=0) as file:
        yield from _read(file)


class _OpenFile:
    """A file that somebody else has opened; each reading of it begins where it stood at first."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._start: int | None = None
        self._reading = threading.Lock()  # a reading that was called off may take a moment to end
        self.seekable: bool = bool(getattr(file, "seekable", bool)())

    def blocks(self) -> Generator[bytes, None, None]:
        with self._reading:
            if self._start is not None:
                self._file.seek(self._start)
            elif self.seekable:
                self._start = self._file.tell()
            yield from _read(self._file)


def _read(file: IO[bytes]) -> Generator[bytes, None, None]:
    while block := file.read(_BLOCK):
        if not isinstance(block, bytes):
            raise InvalidArgumentType("the file was opened for text: open it with mode 'rb'")
        yield block
