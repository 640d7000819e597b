"""Typing of calls that stream, awaited and entered. Checked, not run."""

from collections.abc import AsyncIterator
from typing import Literal, assert_type

from aiodockerapi import (
    ArchiveStream,
    AttachedStream,
    Docker,
    DownloadStream,
    ExecResult,
    Frame,
    FrameStream,
    Line,
    LineStream,
    Output,
    StreamCall,
    ValueStream,
    Waiting,
    WebSocketStream,
)
from aiodockerapi.models import (
    ContainerStatsResponse,
    ContainerWaitResponse,
    EventMessage,
    ExecConfig,
    ExecInspectResponse,
    IDResponse,
)


async def logs(docker: Docker) -> None:
    assert_type(await docker.containers.logs("web"), Output)
    async with docker.containers.logs("web", follow=True) as log:
        assert_type(log, FrameStream)
        async for frame in log:
            assert_type(frame, Frame)
            assert_type(frame.stream, Literal["stdout", "stderr"])
            stream, data = frame
            assert_type(stream, Literal["stdout", "stderr"])
            assert_type(data, bytes)
        lines = log.lines(errors="strict")
        assert_type(lines, LineStream)
        async for line in lines:
            assert_type(line, Line)
            assert_type(line.text, str)
        assert_type([one.text async for one in log.lines() if one.stream == "stderr"], list[str])
        assert_type(await anext(log), Frame)
        assert_type(await log.batch(), list[Frame])


async def produced() -> AsyncIterator[bytes]:
    yield b"x"


async def duplex(docker: Docker) -> None:
    assert_type(await docker.containers.attach("web", stdin=True), Output)
    async with docker.containers.attach("web", stdin=True) as attached:
        assert_type(attached, AttachedStream)
        await attached.send("text")
        await attached.send(b"bytes")
        await attached.send_eof()
        await attached.send_all(produced())
        async for frame in attached:
            assert_type(frame, Frame)
    async with docker.containers.attach_websocket("web") as socket:
        assert_type(socket, WebSocketStream)
        await socket.send("text")
        assert_type([one async for one in socket], list[Frame])


async def commands(docker: Docker) -> None:
    created = await docker.exec.create("web", ExecConfig(cmd=["ls"], attach_stdout=True))
    assert_type(created, IDResponse)
    assert_type(await docker.exec.create("web", {"Cmd": ["ls"], "AttachStdout": True}), IDResponse)
    assert_type(await docker.exec.start(created.id, tty=True, console_size=(24, 80)), Output)
    async with docker.exec.start(created.id) as attached:
        assert_type(attached, AttachedStream)
    state = await docker.exec.inspect(created.id)
    assert_type(state, ExecInspectResponse)
    assert_type(state.exit_code, int | None)
    await docker.exec.resize(created.id, 24, 80)
    result = await docker.exec.run("web", ["cat"], stdin=produced(), config=ExecConfig(user="nobody"), on_cancel="kill")
    assert_type(result, ExecResult)
    assert_type(result.exit_code, int)
    assert_type(result.stderr, bytes)


async def values(docker: Docker) -> None:
    assert_type(await docker.containers.stats("web"), ContainerStatsResponse)
    async with docker.containers.stats("web") as samples:
        assert_type(samples, ValueStream[ContainerStatsResponse])
        async for sample in samples:
            assert_type(sample, ContainerStatsResponse)
    assert_type(await docker.system.events(since=0, until=5), list[EventMessage])
    async with docker.system.events(filters={"type": "container"}) as events:
        async for event in events:
            assert_type(event, EventMessage)


# The types of calls can be written in annotations.
def annotations(docker: Docker) -> None:
    assert_type(docker.containers.logs("web"), StreamCall[FrameStream, Output])
    assert_type(docker.containers.attach("web"), StreamCall[AttachedStream, Output])
    assert_type(docker.containers.export("web"), StreamCall[DownloadStream, bytes])
    assert_type(docker.containers.get_archive("web", "/"), StreamCall[ArchiveStream, bytes])
    assert_type(docker.containers.wait("web"), StreamCall[Waiting, ContainerWaitResponse])
    assert_type(docker.system.events(), StreamCall[ValueStream[EventMessage], list[EventMessage]])


async def helper(call: StreamCall[FrameStream, Output]) -> int:
    return len((await call).stdout)


async def calls_helper(docker: Docker) -> None:
    await helper(docker.containers.logs("web"))
    await helper(docker.container("web").logs(tail=5))
