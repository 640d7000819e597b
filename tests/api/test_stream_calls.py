"""Calls that stream: awaited, entered, run as tasks, and misused."""

from __future__ import annotations

import asyncio
import gc
import inspect
import warnings
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
import pytest

from aiodockerapi import Docker, MalformedStream, OperationFailed, StreamCall, TransportError, TruncatedStream
from tests.support.server import Peer, raw_serving

MULTIPLEXED = "application/vnd.docker.multiplexed-stream"


class Stream:
    """A stream that records whether it has been closed."""

    def __init__(self) -> None:
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True


class Calls:
    """Calls of one kind, and the streams that they opened."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self.released = asyncio.Event()

    async def _enter(self) -> Stream:
        self.streams.append(Stream())
        return self.streams[-1]

    async def _finish(self, stream: Stream) -> str:
        await self.released.wait()
        assert not stream.closed
        return "result"

    def __call__(self) -> StreamCall[Stream, str]:
        return StreamCall("group.call", self._enter, self._finish)


async def test_a_call_is_a_coroutine() -> None:
    calls = Calls()
    call = calls()
    assert isinstance(call, Coroutine)
    assert asyncio.iscoroutine(call)
    assert inspect.isawaitable(call)
    assert inspect.getcoroutinestate(call) == inspect.CORO_CREATED  # type: ignore[arg-type]
    calls.released.set()
    assert await call == "result"
    assert [stream.closed for stream in calls.streams] == [True]


async def test_tasks() -> None:
    calls = Calls()
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(calls())
        second = asyncio.create_task(calls())
        waiting = asyncio.ensure_future(asyncio.wait([asyncio.ensure_future(calls())]))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(calls(), 0.01)
        assert "group.call" in repr(first)
        calls.released.set()
    done, _ = await waiting
    assert [first.result(), await second, *(task.result() for task in done)] == ["result"] * 3
    assert await asyncio.gather(calls(), calls()) == ["result"] * 2
    assert all(stream.closed for stream in calls.streams)


async def test_a_task_group_of_anyio() -> None:
    calls = Calls()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(calls)
        tasks.start_soon(calls)
        await anyio.wait_all_tasks_blocked()
        assert [stream.closed for stream in calls.streams] == [False] * 2
        tasks.cancel_scope.cancel()
    assert [stream.closed for stream in calls.streams] == [True] * 2


@pytest.mark.parametrize("started", [False, True])
async def test_a_cancelled_task(started: bool) -> None:
    calls = Calls()
    task = asyncio.create_task(calls())
    if started:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [stream.closed for stream in calls.streams] == [True] * started


async def test_a_call_can_be_used_once() -> None:
    calls = Calls()
    calls.released.set()
    call = calls()
    await call
    for use in (call, asyncio.create_task(call)):
        with pytest.raises(RuntimeError, match=r"this call of group\.call\(\) has already been used"):
            await use
    with pytest.raises(RuntimeError, match="already been used"):
        async with call:
            pass
    entered = calls()
    async with entered:
        pass
    with pytest.raises(RuntimeError, match="already been used"):
        await asyncio.create_task(entered)


@pytest.mark.parametrize("touch", [lambda call: None, inspect.getcoroutinestate])
async def test_an_unused_call_warns(touch: Callable[[Any], object]) -> None:
    def drop() -> None:
        touch(Calls()())
        gc.collect()

    with pytest.warns(RuntimeWarning, match=r"^group\.call\(\) was never awaited nor entered"):
        drop()


async def test_a_closed_call_does_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Calls()().close()
        gc.collect()


STREAMS = {
    "containers.logs": lambda docker: docker.containers.logs("web"),
    "containers.attach": lambda docker: docker.containers.attach("web"),
    "containers.stats": lambda docker: docker.containers.stats("web"),
    "exec.start": lambda docker: docker.exec.start("abc"),
    "images.pull": lambda docker: docker.images.pull("busybox"),
    "system.events": lambda docker: docker.system.events(),
    "containers.export": lambda docker: docker.containers.export("web"),
}


@pytest.mark.parametrize("name", STREAMS)
async def test_iterating_over_a_call_that_has_not_been_entered_says_how(name: str) -> None:
    async with Docker("unix:///nonexistent.sock") as docker:
        call = STREAMS[name](docker)
        with pytest.raises(TypeError, match=f"{name}.. has not been entered: async with {name}"):
            async for _ in call:
                pass


@pytest.mark.parametrize("attribute", ["lines", "send_eof", "write_to", "result"])
async def test_using_a_stream_before_entering_it_says_how(attribute: str) -> None:
    async with Docker("unix:///nonexistent.sock") as docker:
        call = docker.containers.logs("web")
        with pytest.raises(
            AttributeError, match=rf"no attribute '{attribute}'.*enter the call: async with containers\.logs"
        ):
            getattr(call, attribute)
        call.close()


async def test_sending_to_a_call_that_has_not_been_entered_says_how() -> None:
    async with Docker("unix:///nonexistent.sock") as docker:
        call = docker.exec.start("abc")
        with pytest.raises(TypeError, match=r"exec\.start.. has not been entered: async with exec\.start"):
            call.send(b"input")
        call.close()


FLOWING = {
    "containers.logs": (MULTIPLEXED, b"\x01\0\0\0\0\0\0\x05hello"),
    "containers.attach": (MULTIPLEXED, b"\x01\0\0\0\0\0\0\x05hello"),
    "containers.stats": ("application/json", b'{"read":"2024-05-01T12:00:00Z"}\n'),
    "images.pull": ("application/json", b'{"status":"Pulling"}\n'),
    "system.events": ("application/json", b'{"Type":"container"}\n'),
    "containers.export": ("application/x-tar", b"tar"),
}


@pytest.mark.parametrize("name", FLOWING)
async def test_reading_after_the_block_says_who_closed_the_stream(name: str) -> None:
    media_type, data = FLOWING[name]

    async def flow(peer: Peer) -> None:
        await peer.send(
            f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            + b"%x\r\n%b\r\n" % (len(data), data)
        )
        await peer.reader.read()  # until the client closes the connection

    async with raw_serving(flow) as server, Docker(server.host) as docker:
        async with STREAMS[name](docker) as stream:
            await anext(aiter(stream))
        for _ in range(2):
            with pytest.raises(TransportError, match="closed by the client"):
                await anext(aiter(stream))


BROKEN = {
    "cut": (b'5\r\n{"a":', TruncatedStream),
    "malformed": (b"3\r\n}}\n\r\n0\r\n\r\n", MalformedStream),
    "failed": (b'21\r\n{"errorDetail":{"message":"no"}}\n\r\n0\r\n\r\n', OperationFailed),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_stream_that_has_raised_raises_again(case: str) -> None:
    data, error = BROKEN[case]

    async def send(peer: Peer) -> None:
        await peer.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            b'15\r\n{"status":"Pulling"}\n\r\n' + data
        )

    async with (
        raw_serving(send) as server,
        Docker(server.host) as docker,
        docker.images.pull("busybox") as stream,
    ):
        assert [message.status for message in await stream.batch()] == ["Pulling"]
        for _ in range(3):
            with pytest.raises(error):
                await anext(aiter(stream))
        with pytest.raises(error):
            await stream.result()
