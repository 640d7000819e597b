"""Sources of large request bodies: bytes, open files, paths of files, and async iterators."""

import os
import threading
from collections.abc import AsyncIterable, Generator
from functools import partial
from pathlib import Path
from typing import IO, Final, TypeAlias

from ...errors import InvalidArgumentType
from .threaded_blocks import ThreadedBlocks

__all__ = ["Upload", "upload_body"]

Upload: TypeAlias = bytes | bytearray | memoryview | IO[bytes] | os.PathLike[str] | AsyncIterable[bytes]
"""A source of a large body. An open file is read while it is sent, from its current position."""

_BLOCK: Final = 1 << 18


def upload_body(source: Upload, noun: str) -> bytes | AsyncIterable[bytes]:
    """Return the body for a source, without reading it yet.

    :param noun: what the body is, such as "archive", for error messages.
    :raises InvalidArgumentType: if the type of the source is not supported.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, bytearray | memoryview):
        return bytes(source)
    if isinstance(source, AsyncIterable):
        return source
    if isinstance(source, os.PathLike):
        return ThreadedBlocks(partial(_read_path, Path(source)), f"reading {noun}")
    if hasattr(source, "read") and not isinstance(source, str):
        reader = _FileReader(source)
        return ThreadedBlocks(reader.blocks, f"reading {noun}", repeatable=reader.seekable)
    raise InvalidArgumentType(
        f"{noun} must be bytes, a binary file, a path (pathlib.Path) or an async iterator of bytes, "
        f"not {type(source).__name__}: {source!r:.80}"
    )


def _read_path(path: Path) -> Generator[bytes, None, None]:
    with path.open("rb", buffering=0) as file:
        yield from _read(file)


class _FileReader:
    """Reads a file opened by the caller, from its initial position each time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._start: int | None = None
        self._lock = threading.Lock()  # an earlier, cancelled read may still be running
        self.seekable: bool = bool(getattr(file, "seekable", bool)())

    def blocks(self) -> Generator[bytes, None, None]:
        with self._lock:
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
