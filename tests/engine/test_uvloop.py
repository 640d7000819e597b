"""The main features on uvloop, over a Unix socket and TCP. `pytest --uvloop` runs other tests on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import uvloop

from aiodockerapi import Docker, NotFound, Output, RunResult
from tests.support.containers import ended, offline, started
from tests.support.leaks import nothing_left
from tests.support.names import Names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

MEBIBYTE = 1 << 20
TALKING = "while :; do echo line; sleep 0.01; done"


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """The event loop for the tests of this module."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=["engine_host", "engine_tcp"], ids=["unix", "tcp"])
def host(request: pytest.FixtureRequest) -> str:
    """The address of an engine, as a Unix socket or TCP address."""
    address: str = request.getfixturevalue(request.param)
    return address


@pytest.fixture
def name(host: str) -> Iterator[Names]:
    names = Names(host)
    yield names
    names.remove()


@pytest.fixture
async def docker(host: str) -> AsyncIterator[Docker]:
    async with Docker(host) as client:
        yield client


async def test_a_single_call_and_a_hundred_concurrent_ones(host: str) -> None:
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
    async with nothing_left(), Docker(host) as docker:
        version = await docker.system.version()
        assert await asyncio.gather(*[docker.system.version() for _ in range(100)]) == [version] * 100
        with pytest.raises(NotFound):
            await docker.containers.inspect("missing")


async def test_the_lifecycle_of_a_container(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "echo out; echo err >&2; exit 3")
    assert (await docker.containers.wait(container)).status_code == 3
    assert await docker.containers.logs(container) == Output(b"out\n", b"err\n")
    await docker.containers.remove(container)


async def test_all_output_arrives_after_stdin_is_closed(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    command = ["sh", "-c", "cat; echo end >&2; exit 5"]
    result = await docker.exec.run(container, command, stdin=b"x" * MEBIBYTE)
    assert (result.exit_code, result.stdout, result.stderr) == (5, b"x" * MEBIBYTE, b"end\n")


async def test_a_command_may_end_without_reading_its_stdin(docker: Docker, name: Names) -> None:
    result = await docker.containers.run("busybox", ["echo", "done"], config=offline(name), stdin=bytes(5 * MEBIBYTE))
    assert isinstance(result, RunResult)
    assert (result.exit_code, result.stdout) == (0, b"done\n")


async def test_followed_logs_are_complete(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "yes $(printf %0999d 0) | head -n 1000; read end", OpenStdin=True)
    size = 0
    async with docker.containers.logs(container, follow=True) as log, asyncio.timeout(60):
        while size < 1_000_000:
            size += len((await anext(log)).data)
    assert size == 1_000_000


async def test_aborted_streams_leave_nothing(docker: Docker, name: Names) -> None:
    async def abort() -> None:
        async with limit, docker.containers.logs(container, follow=True, tail=1) as log:
            await anext(log)

    limit, container = asyncio.Semaphore(50), await started(docker, name, TALKING)
    await asyncio.gather(*[docker.system.ping() for _ in range(100)])  # to fill the pool
    async with nothing_left():
        await asyncio.gather(*[abort() for _ in range(200)])


async def test_a_cancelled_stream_releases_its_connection(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    await asyncio.gather(*[docker.system.ping() for _ in range(10)])
    async with nothing_left():
        waits = [asyncio.ensure_future(docker.containers.wait(container)) for _ in range(10)]
        await docker.system.ping()
        for wait in waits:
            wait.cancel()
        assert all(
            isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*waits, return_exceptions=True)
        )
