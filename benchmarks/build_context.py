"""A build context of 2,000 files, 50 MB: packed and sent, while the event loop has other things to do.

A task beside it wants to run every half millisecond; the gap is the longest that it had to wait, "busy" the most
processor time that the loop spent without a pause, which other processes on the machine do not add to. The floor writes a
tar file in a thread, with ``tarfile``, and has aiohttp send that. We take the path of the directory, and so does
docker-py, whose gap is that of a thread beside it. aiodocker wants a tar archive: its own helper, for a lone Dockerfile,
writes that in the loop, and so it is done here; "in a thread" is what a careful user would do. What arrived is unpacked
and held against each other.
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
    """The files, the same for everybody: a Dockerfile, and all others in directories of a hundred."""
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
    """What the daemon got last."""
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
    extras={"gap_ms": "longest gap, ms", "clock_ms": "by the clock"},
    goal=[Goal("floor", 1.5), Goal(None, 10, "gap_ms")],
)

if __name__ == "__main__":
    run(CASE)
