"""Attaching to containers over a WebSocket, on a real engine."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Conflict, Docker, Line, NotFound, UnsupportedFeature, WebSocketStream
from tests.support.containers import created, started, talking

if TYPE_CHECKING:
    from tests.support.names import Names

OPEN: dict[str, Any] = {"OpenStdin": True, "StdinOnce": True}


async def until(attached: WebSocketStream, expected: bytes) -> bytes:
    """Read until the output contains the expected bytes, and return it."""
    output = b""
    async with asyncio.timeout(20):
        while expected not in output:
            output += (await anext(attached)).data
    return output


async def test_both_outputs_are_one_stream(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "echo out; echo err >&2")
    async with docker.containers.attach_websocket(container) as attached:
        await docker.containers.start(container)
        frames = [frame async for frame in attached]
    assert {frame.stream for frame in frames} == {"stdout"}
    assert sorted(b"".join(frame.data for frame in frames).split()) == [b"err", b"out"]


async def test_awaited_it_returns_all_output(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "seq 20000")
    async with docker.system.events(filters={"container": [container], "event": ["attach"]}, since=0) as events:
        output = asyncio.ensure_future(docker.containers.attach_websocket(container))
        await anext(events)
    await docker.containers.start(container)
    assert (await output).stdout.split() == [b"%d" % number for number in range(1, 20001)]


async def test_lines(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "printf 'one\\ntwo\\nthree'")
    async with docker.containers.attach_websocket(container) as attached:
        await docker.containers.start(container)
        lines = [line async for line in attached.lines()]
    assert lines == [Line("stdout", "one"), Line("stdout", "two"), Line("stdout", "three")]


async def test_bytes_and_text_are_sent_to_a_terminal(docker: Docker, name: Names) -> None:
    container = await talking(docker, name, "stty -echo; echo ready; cat", OpenStdin=True, Tty=True)
    async with docker.containers.attach_websocket(container) as attached:
        for data in (b"bytes\n", "grün\n"):
            await attached.send(data)
            text = data if isinstance(data, bytes) else data.encode()
            assert await until(attached, b"\n") == text.replace(b"\n", b"\r\n")


async def test_input_is_complete(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "head -c 1000000 | sha256sum", **OPEN)
    data = bytes(range(250)) * 4000
    async with docker.containers.attach_websocket(container) as attached:
        for start in range(0, len(data), 50_000):
            await attached.send(data[start : start + 50_000])
        output = b"".join([frame.data async for frame in attached])
    assert output.split()[0].decode() == hashlib.sha256(data).hexdigest()


async def test_previous_output_precedes_new_output(docker: Docker, name: Names) -> None:
    container = await talking(docker, name, "echo before; read line; echo $line", **OPEN)
    async with docker.containers.attach_websocket(container, logs=True) as attached:
        await until(attached, b"before\n")
        await attached.send("after\n")
        await until(attached, b"after\n")


async def test_leaving_the_block_leaves_the_container_running(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    async with docker.containers.attach_websocket(container):
        pass
    state = (await docker.containers.inspect(container)).state
    assert state is not None
    assert state.running


async def test_a_missing_container_is_not_found(docker: Docker, name: Names) -> None:
    with pytest.raises(NotFound) as caught:
        await docker.containers.attach_websocket(name("missing"))
    assert caught.value.path.endswith("/attach/ws")


async def test_a_paused_container_is_a_conflict(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    await docker.containers.pause(container)
    with pytest.raises(Conflict):
        async with docker.containers.attach_websocket(container):
            raise AssertionError("entered although the container is paused")


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
async def test_streams_cannot_be_selected_before_api_1_42(engine_host: str, name: Names, stream: str) -> None:
    choice: dict[str, Any] = {stream: True}
    async with Docker(engine_host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature, match=f"attach_websocket.{stream} requires API version 1.42"):
            await docker.containers.attach_websocket(name("any"), **choice)
