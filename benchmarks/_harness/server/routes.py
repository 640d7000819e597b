"""The response to each request. The name of a container determines its logs."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
import tarfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

from benchmarks._harness.server import data
from benchmarks._harness.server.http import Answer, Request, Stream, chunk, head, whole

__all__ = ["Routes"]

_BLOCK: Final = 1 << 18
_OK: Final = head("Content-Type: text/plain; charset=utf-8", "Content-Length: 2") + b"OK"
_NOT_FOUND: Final = whole(data.compact({"message": "page not found"}), status="404 Not Found")
_FRAMES: Final = head("Content-Type: application/vnd.docker.multiplexed-stream", "Transfer-Encoding: chunked")
_PROGRESS: Final = head("Content-Type: application/json", "Transfer-Encoding: chunked")
_BUILT: Final = {"stream": "Successfully built 0123456789ab\n"}, {"aux": {"ID": "sha256:" + "0123456789abcdef" * 4}}


class Routes:
    """The responses of one daemon.

    :param size: size of the case: the number of ``containers`` in the list (default 20); the number of ``events``; the
        number of ``frames`` in the logs of the container ``logs``, each of ``frame`` bytes. Each frame is sent in a separate
        chunk, unless ``chunk`` sets the minimum size of a chunk in bytes. Only ``frames / repeat`` frames are created and kept
        in memory; they are sent ``repeat`` times.
    """

    def __init__(self, size: dict[str, Any]) -> None:
        self._size = size
        self._context = b""  # body of the last build request
        self._logs = list(self._log_blocks()) * size["repeat"] if "frames" in size else []
        self._events = list(blocks(map(chunk, data.events(size["events"])))) if "events" in size else []

    def _log_blocks(self) -> Iterator[bytes]:
        frames = data.frames(self._size["frames"] // self._size["repeat"], self._size["frame"])
        if "chunk" in self._size:
            return blocks(map(chunk, blocks(frames, self._size["chunk"])))
        return blocks(map(chunk, frames))

    def answer(self, request: Request) -> Answer:
        """Return the response to a request."""
        if request.path == "/_ping":
            return _OK if request.method == "GET" else _OK[:-2]
        if request.path == "/build":
            self._context = request.body
            return self._send([chunk(data.compact(message)) for message in _BUILT], _PROGRESS)
        if request.path == "/events":
            return self._send(self._events, _PROGRESS)
        if request.path == "/benchmark/context":
            return whole(data.compact(unpacked(self._context)))
        if match := re.fullmatch(r"/containers/(\w+)/logs", request.path):
            return self._log(match[1], request.query)
        return self._plain(request.path)

    def _plain(self, path: str) -> bytes:
        if path in ("/version", "/info"):
            return whole(data.compact(data.recorded(path[1:])))
        if path == "/containers/json":
            return whole(data.compact(data.summaries(self._size.get("containers", 20))))
        for pattern, name in ((r"/containers/[\w-]+/json", "container"), (r"/volumes/[\w-]+", "volume")):
            if re.fullmatch(pattern, path):
                return whole(data.compact(data.recorded(name)))
        return _NOT_FOUND

    def _log(self, name: str, query: dict[str, str]) -> Answer:
        tail = query.get("tail", "all")
        if name == "idle":
            return _idle()
        if name == "endless":
            return _endless()
        if tail != "all":
            return self._send([chunk(b"".join(data.frames(int(tail), self._size["frame"])))])
        return self._send(self._logs)

    async def _send(self, pieces: Iterable[bytes], head: bytes = _FRAMES) -> Stream:
        yield head
        for piece in pieces:
            yield piece
        yield b"0\r\n\r\n"


async def _idle() -> Stream:
    """Send one line, then keep the connection open without sending more."""
    yield _FRAMES + chunk(next(data.frames(1, 100)))
    await asyncio.Event().wait()


async def _endless() -> Stream:
    """Send lines until the client closes the connection."""
    yield _FRAMES
    lines = b"".join(map(chunk, data.frames(100, 100)))
    while True:
        yield lines
        await asyncio.sleep(0)


def blocks(pieces: Iterable[bytes], size: int = _BLOCK) -> Iterator[bytes]:
    """Join pieces to blocks of at least `size` bytes; the last block may be smaller."""
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(held)
            held, length = [], 0
    if held:
        yield b"".join(held)


def unpacked(context: bytes) -> dict[str, object]:
    """Return the number of files in a build context and a digest of their names and contents."""
    digest, files = hashlib.sha256(), {}
    with tarfile.open(fileobj=io.BytesIO(context)) as archive:
        for member in archive:
            if member.isfile() and (file := archive.extractfile(member)):
                files[member.name.removeprefix("./")] = hashlib.sha256(file.read()).hexdigest()
    for name in sorted(files):
        digest.update(f"{name} {files[name]}\n".encode())
    return {"files": len(files), "sha256": digest.hexdigest()}
