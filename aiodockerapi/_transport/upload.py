"""Bodies that are too large for the memory: bytes, open files, files by their path, or whatever an async iterator makes."""

import os
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import IO, Final, TypeAlias

import anyio.to_thread

from ..errors import InvalidArgumentType

__all__ = ["Upload", "Watched", "upload"]

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
        return _path(Path(source))
    if hasattr(source, "read") and not isinstance(source, str):
        return _file(source)
    raise InvalidArgumentType(
        f"{noun} must be bytes, a binary file, a path (pathlib.Path) or an async iterator of bytes, "
        f"not {type(source).__name__}: {source!r:.80}"
    )


class Watched:
    """A body that is made while it is sent, and what went wrong in its making."""

    def __init__(self, source: AsyncIterable[bytes]) -> None:
        self._blocks = aiter(source)
        self.failure: Exception | None = None

    def __aiter__(self) -> "Watched":
        return self

    async def __anext__(self) -> bytes:
        try:
            block = await anext(self._blocks)
            if not isinstance(block, bytes | bytearray | memoryview):
                raise InvalidArgumentType(f"a body is made of bytes, not of {type(block).__name__}: {block!r:.80}")
        except StopAsyncIteration:
            raise
        except Exception as error:
            self.failure = error
            raise
        else:
            return block


async def _path(path: Path) -> AsyncIterator[bytes]:
    file = await anyio.to_thread.run_sync(path.open, "rb")
    try:
        async for block in _file(file):
            yield block
    finally:
        file.close()


async def _file(file: IO[bytes]) -> AsyncIterator[bytes]:
    while block := await anyio.to_thread.run_sync(file.read, _BLOCK):
        if not isinstance(block, bytes):
            raise InvalidArgumentType("the file was opened for text: open it with mode 'rb'")
        yield block
