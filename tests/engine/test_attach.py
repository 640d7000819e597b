"""Attaching to containers over a hijacked connection, on a real engine."""

from __future__ import annotations

import asyncio
import hashlib
import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import AttachedStream, Conflict, Docker, Frame, Line, NotFound, Output, TransportError
from tests.support.containers import created, ended, started, talking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.names import Names

OPEN: dict[str, Any] = {"OpenStdin": True, "StdinOnce": True}
TERMINAL: dict[str, Any] = {"OpenStdin": True, "Tty": True}


async def read_all(attached: AttachedStream) -> bytes:
    return b"".join([frame.data async for frame in attached])


async def until(attached: AttachedStream, expected: bytes) -> bytes:
    """Read until the output contains the expected bytes, and return it."""
    output = b""
    async with asyncio.timeout(20):
        while expected not in output:
            output += (await anext(attached)).data
    return output


async def test_attached_before_the_start_it_receives_all_output(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "echo out; echo err >&2")
    async with docker.containers.attach(container) as attached:
        await docker.containers.start(container)
        assert {frame async for frame in attached} == {Frame("stdout", b"out\n"), Frame("stderr", b"err\n")}


async def test_lines(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "printf 'one\\ntwo\\nthree'")
    async with docker.containers.attach(container) as attached:
        await docker.containers.start(container)
        texts = [line async for line in attached.lines()]
    assert texts == [Line("stdout", "one"), Line("stdout", "two"), Line("stdout", "three")]


async def test_characters_split_by_the_daemon_are_joined_in_lines(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "yes € | head -n 100000 | tr -d '\\n'")
    async with docker.containers.attach(container) as attached:
        await docker.containers.start(container)
        assert [line.text async for line in attached.lines()] == ["€" * 100_000]


@pytest.mark.parametrize(("wanted", "expected"), [("stdout", b"out\n"), ("stderr", b"err\n")])
async def test_a_single_output_can_be_selected(docker: Docker, name: Names, wanted: str, expected: bytes) -> None:
    container = await created(docker, name, "echo out; echo err >&2")
    call = docker.containers.attach(container, stdout=wanted == "stdout", stderr=wanted == "stderr")
    async with call as attached:
        await docker.containers.start(container)
        assert [frame async for frame in attached] == [Frame(wanted, expected)]  # type: ignore[arg-type]


@pytest.mark.parametrize("data", ["grün\n", b"\0\xff\n", bytearray(b"abc"), memoryview(b"abc")], ids=type)
async def test_input_is_unchanged(docker: Docker, name: Names, data: Any) -> None:
    container = await started(docker, name, "cat", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached:
        await attached.send(data)
        await attached.send_eof()
        assert await read_all(attached) == (data.encode() if isinstance(data, str) else bytes(data))


async def test_output_continues_after_a_half_close(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "cat > /tmp/in; sleep 0.2; wc -c < /tmp/in; echo bye >&2", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached:
        await docker.containers.start(container)
        await attached.send(b"x" * 1000)
        await attached.send_eof()
        assert {frame async for frame in attached} == {Frame("stdout", b"1000\n"), Frame("stderr", b"bye\n")}
    assert (await docker.containers.wait(container)).status_code == 0


async def test_megabytes_are_sent_and_received_concurrently(docker: Docker, name: Names) -> None:
    data = random.Random(1).randbytes(8_000_000)
    container = await started(docker, name, "cat", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached, asyncio.TaskGroup() as tasks:
        tasks.create_task(attached.send_all(data))
        output = await read_all(attached)
    assert len(output) == len(data)
    assert hashlib.sha256(output).digest() == hashlib.sha256(data).digest()


async def test_send_all_accepts_an_async_iterator(docker: Docker, name: Names) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for number in range(5):
            yield b"%d\n" % number

    container = await started(docker, name, "cat", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached:
        await attached.send_all(parts())
        assert await read_all(attached) == b"0\n1\n2\n3\n4\n"


async def test_previous_output_precedes_new_output(docker: Docker, name: Names) -> None:
    container = await talking(docker, name, "echo before; cat", **OPEN)
    async with docker.containers.attach(container, stdin=True, logs=True) as attached:
        assert await anext(attached) == Frame("stdout", b"before\n")
        await attached.send("after\n")
        await attached.send_eof()
        assert await read_all(attached) == b"after\n"


async def test_without_stream_only_previous_output_is_returned(docker: Docker, name: Names) -> None:
    container = await talking(docker, name, "echo before; exec sleep 1000")
    output = await docker.containers.attach(container, logs=True, stream=False)
    assert output.stdout == b"before\n"


async def test_the_terminal_is_resized_while_attached(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "echo ready; while read line; do stty size; done", **TERMINAL)
    async with docker.containers.attach(container, stdin=True, logs=True) as attached:
        await until(attached, b"ready")
        for height, width in ((33, 101), (50, 20)):
            await docker.containers.resize(container, height, width)
            await attached.send("now?\n")
            await until(attached, b"%d %d\r\n" % (height, width))


async def test_the_detach_keys_end_the_stream_and_leave_the_container_running(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "echo ready; cat", **TERMINAL)
    async with docker.containers.attach(container, stdin=True, logs=True, detach_keys="ctrl-x,q") as attached:
        await until(attached, b"ready")
        await attached.send(b"\x18q")
        async with asyncio.timeout(20):
            await read_all(attached)
    state = (await docker.containers.inspect(container)).state
    assert state is not None
    assert state.running


async def test_leaving_the_block_leaves_the_container_running(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    async with docker.containers.attach(container):
        pass
    state = (await docker.containers.inspect(container)).state
    assert state is not None
    assert state.running


async def test_awaited_with_stdin_it_closes_stdin(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "cat; echo ended", **OPEN)
    output = await docker.containers.attach(container, stdin=True)
    assert (output.stdout, output.stderr) == (b"ended\n", b"")


async def test_awaited_with_a_terminal_it_ends_the_input_and_returns_all_output(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "cat; sleep 0.5; echo ended", **(OPEN | {"Tty": True}))
    output = await docker.containers.attach(container, stdin=True, logs=True)
    assert output.stdout.endswith(b"ended\r\n")


async def _attaching(docker: Docker, container: str, before: int = 0, **options: Any) -> asyncio.Future[Output]:
    """Start an awaited call, and return it once the daemon has attached it; `before` clients are already attached."""
    async with docker.system.events(filters={"container": [container], "event": ["attach"]}, since=0) as events:
        output = asyncio.ensure_future(docker.containers.attach(container, **options))
        for _ in range(before + 1):
            await anext(events)
    return output


async def test_awaited_without_stdin_once_it_returns_all_output(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "echo ended", **(OPEN | {"StdinOnce": False}))
    output = await _attaching(docker, container, stdin=True)
    await docker.containers.start(container)
    assert (await output).stdout == b"ended\n"


async def test_awaited_without_stdin_it_leaves_stdin_open(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "read line; echo got $line", **OPEN)
    async with docker.containers.attach(container, stdin=True, stdout=False, stderr=False) as input_only:
        output = await _attaching(docker, container, before=1)
        await input_only.send("it\n")
        assert (await output).stdout == b"got it\n"


async def test_attached_to_a_stopped_container_it_waits_for_the_next_start(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "echo run")
    async with docker.containers.attach(container) as attached:
        await docker.containers.start(container)
        assert await read_all(attached) == b"run\n"


async def test_a_paused_container_is_a_conflict(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    await docker.containers.pause(container)
    with pytest.raises(Conflict, match="paused"):
        await docker.containers.attach(container)


async def test_a_missing_container_is_not_found(docker: Docker, name: Names) -> None:
    missing = name("missing")
    with pytest.raises(NotFound, match=missing):
        await docker.containers.attach(missing)


async def test_sending_after_a_half_close_is_an_error(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "cat", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached:
        await attached.send_eof()
        with pytest.raises(TransportError):
            await attached.send(b"more")


async def test_the_output_is_complete_if_the_container_does_not_read(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "seq 50000; exec 0<&-", **OPEN)
    async with docker.containers.attach(container, stdin=True) as attached, asyncio.TaskGroup() as tasks:
        await docker.containers.start(container)
        writer = tasks.create_task(_write_endlessly(attached))
        output = await read_all(attached)
        writer.cancel()
    assert output.split() == [b"%d" % number for number in range(1, 50001)]


async def _write_endlessly(attached: AttachedStream) -> None:
    with suppress(TransportError):  # depends on how much the daemon buffers
        while True:
            await attached.send(bytes(100_000))


async def test_many_clients_attach_to_one_container(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "seq 2000")

    async def watch(attached_all: asyncio.Barrier) -> bytes:
        async with docker.containers.attach(container) as attached:
            await attached_all.wait()
            return await read_all(attached)

    barrier = asyncio.Barrier(11)
    async with asyncio.TaskGroup() as tasks:
        watchers = [tasks.create_task(watch(barrier)) for _ in range(10)]
        await barrier.wait()
        await docker.containers.start(container)
    assert len({watcher.result() for watcher in watchers}) == 1
    assert watchers[0].result().split()[-1] == b"2000"
