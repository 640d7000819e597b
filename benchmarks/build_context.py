"""A build context of 2,000 files, 50 MB, packed and sent while the event loop runs another task.

The other task is scheduled every half millisecond. The longest gap is its longest delay, excluding the time that it waited
for a processor because of other processes; "wall clock" includes that time. The floor writes a tar file in a thread, with
``tarfile``, and sends it with aiohttp. aiodockerapi and docker-py take the path of the directory; for docker-py the delay of
another thread is measured. aiodocker requires a tar archive. Its own helper, for a single Dockerfile, writes the archive in
the event loop, and so does this case; "in a thread" avoids blocking the loop. The contexts that the daemon received are
unpacked and compared.
"""

from __future__ import annotations

import asyncio
import json
import random
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from benchmarks._bare import BASE, session
from benchmarks._containers import call
from benchmarks._harness import Case, Gaps, Goal, Meter, Size, run
from benchmarks._harness.gaps import ThreadGaps


@contextmanager
def _directory(size: Size) -> Iterator[str]:
    """Create the files, the same for all clients: a Dockerfile, and directories of a hundred files; yield the path."""
    numbers = random.Random(0)
    with tempfile.TemporaryDirectory(prefix="bench-context-") as path:
        folder = Path(path)
        (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        for place in range(size["files"] - 1):
            file = folder / f"part{place // 100}" / f"file{place}.bin"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(numbers.randbytes(size["bytes"] // size["files"]))
        yield path


def _received(host: str) -> object:
    """Return the summary of the last build context that the daemon received."""
    return call(host, "GET", "/benchmark/context")


def _packed(path: str) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.add(path, arcname=".")
    file.seek(0)
    return file


def _note(meter: Meter, gaps: Gaps | ThreadGaps) -> None:
    meter.extra |= {"gap_ms": gaps.longest, "clock_ms": gaps.by_clock}


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:
        await docker.negotiate()
        with _directory(size) as path, meter:
            async with Gaps() as gaps:
                await docker.images.build(path, tags="bench")
    _note(meter, gaps)
    return _received(host)


async def floor(host: str, size: Size, meter: Meter) -> object:
    async with session(host) as bare:
        with _directory(size) as path, meter:
            async with Gaps() as gaps:
                with await asyncio.to_thread(_packed, path) as file:
                    async with bare.post(f"{BASE}/build?t=bench", data=file) as response:
                        assert [json.loads(line) async for line in response.content]
    _note(meter, gaps)
    return _received(host)


async def aiodocker(host: str, size: Size, meter: Meter, *, in_thread: bool = False) -> object:
    from aiodocker import Docker

    async with Docker(host) as docker:
        await docker.version()
        images: Any = docker.images
        with _directory(size) as path, meter:
            async with Gaps() as gaps:
                with await asyncio.to_thread(_packed, path) if in_thread else _packed(path) as file:
                    await images.build(fileobj=file, encoding="identity", tag="bench")
    _note(meter, gaps)
    return _received(host)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host)
    with client, _directory(size) as path, meter, ThreadGaps() as gaps:
        assert list(client.build(path=path, tag="bench", decode=True))
    _note(meter, gaps)
    return _received(host)


CASE = Case(
    name="build_context",
    title="A build context of 2,000 files, 50 MB",
    server="synthetic",
    size={"files": 2000, "bytes": 50_000_000},
    quick={"files": 40, "bytes": 1_000_000},
    clients={
        "aiodockerapi": ours,
        "floor": floor,
        "aiodocker": aiodocker,
        "aiodocker in a thread": partial(aiodocker, in_thread=True),
        "docker-py": docker_py,
    },
    unit="s of CPU",
    extras={"gap_ms": "longest gap, ms", "clock_ms": "wall clock, ms"},
    goal=[Goal("floor", 1.5), Goal(None, 10, "gap_ms")],
)

if __name__ == "__main__":
    run(CASE)
