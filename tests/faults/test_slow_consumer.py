"""A stream whose reader is slow or does not read: the daemon waits, and memory use is bounded."""

from pathlib import Path

import anyio
import pytest

from aiodockerapi import Docker
from tests.support.names import Names

_FLOOD = 48 << 20  # bytes read by another reader in the meantime
_BOUND = 12 << 20


def _resident() -> int:
    """Return the resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.fixture
async def flood(docker: Docker, name: Names) -> str:
    """A container that writes endlessly."""
    container = name("flood")
    config = {
        "Image": "busybox",
        "Cmd": ["sh", "-c", "exec yes $(head -c 4000 /dev/zero | tr '\\0' y)"],
        "NetworkDisabled": True,
        "HostConfig": {
            "NetworkMode": "none",
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "20m", "max-file": "2"}},
        },
    }
    await docker.containers.create(config, name=container)
    await docker.containers.start(container)
    return container


async def _read_flood(docker: Docker, container: str) -> None:
    """Read and discard much output with another reader."""
    seen = 0
    async with docker.containers.attach(container) as attached:
        async for frame in attached:
            seen += len(frame.data)
            if seen > _FLOOD:
                return


async def test_memory_is_bounded_and_other_calls_work(flood: str, docker: Docker) -> None:
    with anyio.fail_after(60):
        async with docker.containers.logs(flood, follow=True) as log:
            await anext(log)
            before = _resident()
            await _read_flood(docker, flood)
            assert (await docker.system.ping()).api_version
            assert _resident() - before < _BOUND
            assert (await anext(log)).data.startswith(b"yyy")


async def test_lines_that_are_not_read(flood: str, docker: Docker) -> None:
    with anyio.fail_after(60):
        async with docker.containers.logs(flood, follow=True) as log:
            lines = log.lines()
            await anext(lines)
            before = _resident()
            await _read_flood(docker, flood)
            assert (await docker.system.ping()).api_version
            assert _resident() - before < _BOUND
            assert (await anext(lines)).text.startswith("yyy")
