"""The main streams over TCP."""

from __future__ import annotations

import asyncio
import hashlib
import random
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import ConnectFailed, Docker, Frame
from tests.support.containers import created, ended, offline, started
from tests.support.names import Names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

OPEN: dict[str, Any] = {"OpenStdin": True, "StdinOnce": True}


@pytest.fixture
def name(engine_tcp: str) -> Iterator[Names]:
    """Names on that engine, which may be another one than that at the Unix socket."""
    names = Names(engine_tcp)
    yield names
    names.remove()


@pytest.fixture
async def docker(engine_tcp: str) -> AsyncIterator[Docker]:
    async with Docker(engine_tcp) as client:
        yield client


async def test_run(docker: Docker, name: Names) -> None:
    result = await docker.containers.run(
        "busybox", ["sh", "-c", "cat; echo err >&2; exit 6"], config=offline(name), stdin="in", auto_remove=True
    )
    assert (result.exit_code, result.stdout, result.stderr) == (6, b"in", b"err\n")


async def test_the_half_close_is_the_end_of_stdin(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "wc -c; sleep 0.2; echo bye >&2", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached:
        await docker.containers.start(container)
        await attached.send(b"x" * 1000)
        await attached.send_eof()
        assert {frame async for frame in attached} == {Frame("stdout", b"1000\n"), Frame("stderr", b"bye\n")}


async def test_megabytes_in_both_directions_at_the_same_time(docker: Docker, name: Names) -> None:
    data = random.Random(3).randbytes(8_000_000)
    container = await started(docker, name, "cat", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached, asyncio.TaskGroup() as tasks:
        tasks.create_task(attached.send_all(data))
        output = b"".join([frame.data async for frame in attached])
    assert hashlib.sha256(output).digest() == hashlib.sha256(data).digest()


async def test_no_output_is_lost_if_stdin_is_not_read(docker: Docker, name: Names) -> None:
    result = await docker.containers.run("busybox", ["seq", "50000"], config=offline(name), stdin=bytes(5_000_000))
    assert result.stdout.split() == [b"%d" % number for number in range(1, 50001)]


async def test_logs(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "seq 50000")
    assert (await docker.containers.logs(container)).stdout.split()[-1] == b"50000"
    async with docker.containers.logs(container, follow=True) as log:
        assert [line.text async for line in log.lines()] == [str(number) for number in range(1, 50001)]


async def test_a_followed_log_returns_each_line_at_once(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "cat", **OPEN)
    async with (
        docker.containers.attach(container, stdin=True, stdout=False, stderr=False) as attached,
        docker.containers.logs(container, follow=True) as log,
    ):
        for text in ("one", "two"):
            await attached.send(f"{text}\n")
            assert (await anext(log)).data == f"{text}\n".encode()


async def test_exec(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    result = await docker.exec.run(container, ["sh", "-c", "cat; exit 2"], stdin="in")
    assert (result.exit_code, result.stdout) == (2, b"in")


async def test_attach_over_a_websocket(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "read line; echo got $line", **OPEN)
    async with docker.containers.attach_websocket(container) as attached:
        await attached.send("it\n")
        assert [line.text async for line in attached.lines()] == ["got it"]


async def test_wait_stats_and_events(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "while :; do :; done")
    async with (
        docker.system.events(filters={"container": [container], "event": ["start", "die"]}, since=0) as events,
        docker.containers.wait(container, condition="next-exit") as waiting,
    ):
        await docker.containers.start(container)
        assert (await anext(events)).action == "start"
        async with docker.containers.stats(container, one_shot=True) as samples:
            assert (await anext(samples)).id in (container, None)
        await docker.containers.kill(container)
        assert (await waiting.result()).status_code == 137
        assert (await anext(events)).action == "die"


async def test_archives(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "true")
    data = await docker.containers.export(container)
    assert len(data) > 500_000
    async with docker.containers.export(container) as download:
        assert await download.read() == data


async def test_a_port_without_a_daemon(docker: Docker) -> None:
    async with Docker("tcp://127.0.0.1:9") as client:
        with pytest.raises(ConnectFailed, match="does it listen on this port"):
            await client.system.ping()
        with pytest.raises(ConnectFailed, match="does it listen on this port"):
            async with client.system.events():
                raise AssertionError("there is no daemon")
