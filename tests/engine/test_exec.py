"""Exec instances on a real engine: create, start, resize, inspect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    APIError,
    BadRequest,
    Conflict,
    Docker,
    Frame,
    InvalidArgument,
    InvalidArgumentType,
    NotFound,
    Output,
    ServerError,
)
from aiodockerapi.models import ExecConfig
from tests.support.containers import commands, created, started

if TYPE_CHECKING:
    from tests.support.names import Names

SLEEP = "exec sleep 1000"


async def new_exec(docker: Docker, container: str, script: str, **more: Any) -> str:
    """Create an exec instance that runs a shell script, and return its id; `more` are arguments of `ExecConfig`."""
    config = ExecConfig(cmd=["sh", "-c", script], attach_stdout=True, attach_stderr=True, **more)
    return (await docker.exec.create(container, config)).id


# --- create and inspect


async def test_a_command_is_created_started_and_inspected(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    execution = await new_exec(docker, container, "echo out; echo err >&2; exit 3", user="nobody")
    assert re.fullmatch("[0-9a-f]{64}", execution)

    before = await docker.exec.inspect(execution)
    assert (before.id, before.container_id) == (execution, container)
    assert (before.running, before.exit_code, before.pid) == (False, None, 0)
    assert before.process_config is not None
    assert (before.process_config.entrypoint, before.process_config.user) == ("sh", "nobody")
    assert before.process_config.arguments == ["-c", "echo out; echo err >&2; exit 3"]
    assert (before.open_stdin, before.open_stdout, before.open_stderr) == (False, True, True)

    assert await docker.exec.start(execution) == Output(b"out\n", b"err\n")
    after = await docker.exec.inspect(execution)
    assert (after.running, after.exit_code) == (False, 3)
    assert after.pid > 0


@pytest.mark.parametrize(
    ("config", "error", "message"),
    [
        ({}, BadRequest, "No exec command specified"),
        ({"Cmd": {"a": 1}}, BadRequest, "cannot unmarshal object"),
        (ExecConfig(cmd=["ls"], detach_keys="nonsense,keys"), ServerError, "Invalid escape keys"),
        (ExecConfig(cmd={"a": 1}), InvalidArgumentType, "cmd must be a list, not dict"),  # type: ignore[arg-type]
        (ExecConfig(cmd="ls"), InvalidArgumentType, "cmd must be a list, not str"),  # type: ignore[arg-type]
        ("ls", InvalidArgumentType, "ExecConfig or a mapping"),
    ],
    ids=str,
)
async def test_an_invalid_configuration_is_an_error(
    docker: Docker, name: Names, config: Any, error: type[Exception], message: str
) -> None:
    container = await started(docker, name, SLEEP)
    with pytest.raises(error, match=message):
        await docker.exec.create(container, config)


async def test_a_container_that_is_not_running_is_an_error(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    with pytest.raises(Conflict, match="is not running"):
        await new_exec(docker, container, "true")
    await docker.containers.start(container)
    execution = await new_exec(docker, container, "true")
    await docker.containers.pause(container)
    with pytest.raises(Conflict, match="is paused"):
        await new_exec(docker, container, "true")
    with pytest.raises(Conflict, match="is paused"):
        await docker.exec.start(execution)
    await docker.containers.unpause(container)
    await docker.containers.stop(container, timeout=0)
    with pytest.raises(NotFound, match="No such exec instance"):
        await docker.exec.start(execution)
    with pytest.raises(NotFound, match="No such exec instance"):
        await docker.exec.inspect(execution)


# --- start


async def test_stdin_is_sent_and_output_is_received_as_frames(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    execution = await new_exec(docker, container, "echo ready; cat; echo bye >&2", attach_stdin=True)
    async with docker.exec.start(execution) as attached:
        assert await anext(attached) == Frame("stdout", b"ready\n")
        await attached.send("hello\n")
        assert await anext(attached) == Frame("stdout", b"hello\n")
        assert (await docker.exec.inspect(execution)).running
        await attached.send_eof()
        assert [frame async for frame in attached] == [Frame("stderr", b"bye\n")]
    assert (await docker.exec.inspect(execution)).exit_code == 0


async def test_leaving_early_does_not_end_the_command(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    execution = await new_exec(docker, container, "echo ready; exec sleep 1001")
    async with docker.exec.start(execution) as attached:
        await anext(attached)
    assert (await docker.exec.inspect(execution)).running
    assert "sleep 1001" in await commands(docker, container)


async def test_a_detached_command_keeps_running(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    execution = await new_exec(docker, container, "exec sleep 1001")
    assert await docker.exec.start(execution, detach=True) == Output(b"", b"")
    state = await docker.exec.inspect(execution)
    assert (state.running, state.exit_code) == (True, None)
    with pytest.raises(Conflict, match="is already running"):
        await docker.exec.start(execution, detach=True)


async def test_a_detached_command_has_no_stream(docker: Docker, name: Names) -> None:
    with pytest.raises(InvalidArgument, match="no stream to enter"):
        async with docker.exec.start("0123", detach=True):
            raise AssertionError("entered although detached")


async def test_a_second_start_is_a_conflict(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    ended = await new_exec(docker, container, "true")
    await docker.exec.start(ended)
    for detach in (False, True):
        with pytest.raises(Conflict, match=f"Exec command {ended} has already run"):
            await docker.exec.start(ended, detach=detach)

    running = await new_exec(docker, container, "echo ready; exec sleep 1001")
    async with docker.exec.start(running) as first:
        await anext(first)
        with pytest.raises(Conflict, match=f"Exec command {running} is already running"):
            await docker.exec.start(running)
        async with docker.exec.start(running) as second:  # the daemon reports the error after the upgrade only
            [frame] = [frame async for frame in second]
        assert b"is already running" in frame.data


async def test_a_missing_command_is_reported(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    config = ExecConfig(cmd=["no-such-command"], attach_stdout=True)
    attached = (await docker.exec.create(container, config)).id
    assert b"executable file not found" in (await docker.exec.start(attached)).stdout
    detached = (await docker.exec.create(container, config)).id
    with pytest.raises(BadRequest, match="executable file not found"):
        await docker.exec.start(detached, detach=True)
    for execution in (attached, detached):
        state = await docker.exec.inspect(execution)
        assert (state.running, state.pid) == (False, 0)
        assert state.exit_code in {126, 127}


# --- terminals


async def test_a_terminal_has_a_single_stream_and_a_size(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    script = "tty; read line; stty size; echo err >&2"
    execution = await new_exec(docker, container, script, attach_stdin=True, tty=True)
    async with docker.exec.start(execution, tty=True) as attached:
        assert (await anext(attached)).data.startswith(b"/dev/pts/")
        await docker.exec.resize(execution, 30, 100)
        await attached.send("go on\n")
        frames = [frame async for frame in attached]
    assert {frame.stream for frame in frames} == {"stdout"}
    assert b"".join(frame.data for frame in frames).endswith(b"30 100\r\nerr\r\n")
    with pytest.raises(
        APIError, match=r"no such exec|does not exist|cannot resize a (stopped container|deleted process)"
    ):
        await docker.exec.resize(execution, 30, 100)


async def test_awaited_start_ends_the_input_of_a_terminal(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    execution = await new_exec(docker, container, "cat; echo bye", attach_stdin=True, tty=True)
    assert await docker.exec.start(execution, tty=True) == Output(b"bye\r\n", b"")


@pytest.mark.parametrize(
    ("height", "width", "error"),
    [
        (-1, 80, InvalidArgument),
        (24, -1, InvalidArgument),
        ("24", 80, InvalidArgumentType),
        (24, 8.5, InvalidArgumentType),
    ],
)
async def test_an_invalid_size_is_refused(docker: Docker, height: Any, width: Any, error: type[Exception]) -> None:
    for resize in (docker.exec.resize, docker.containers.resize):
        with pytest.raises(error):
            await resize("web", height, width)
