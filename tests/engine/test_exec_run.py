"""`exec.run` on a real engine: output, input, exit code, and cancellation."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import BadRequest, Conflict, Docker, ExecResult, InvalidArgument, InvalidArgumentType
from aiodockerapi.api import _exec_ending
from aiodockerapi.models import ExecConfig
from tests.support.containers import commands, created, started
from tests.support.deadline import KINDS, Deadline, until
from tests.support.leaks import nothing_left

if TYPE_CHECKING:
    from tests.support.names import Names

SLEEP = "exec sleep 1000"


def sh(script: str) -> list[str]:
    return ["sh", "-c", script]


# --- output and exit code


async def test_exit_code_and_output_are_returned(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    result = await docker.exec.run(container, sh("echo out; echo err >&2; exit 3"))
    assert result == ExecResult(b"out\n", b"err\n", 3, result.exec_id)
    assert (await docker.exec.inspect(result.exec_id)).exit_code == 3


@pytest.mark.parametrize(
    "config",
    [
        ExecConfig(user="nobody", env=["A=1"], working_dir="/tmp"),
        {"User": "65534:65534", "Env": ["A=1"], "WorkingDir": "/tmp"},
    ],
    ids=["model", "mapping"],
)
async def test_user_environment_and_directory(docker: Docker, name: Names, config: Any) -> None:
    container = await started(docker, name, SLEEP)
    result = await docker.exec.run(container, sh("id -u; echo $A; pwd"), config=config)
    assert result.stdout == b"65534\n1\n/tmp\n"


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (["no-such-command"], 127, "executable file not found"),
        (["/no/such/command"], 127, "no such file or directory"),
        (["/etc/passwd"], 126, "permission denied"),
        (["/etc"], 126, "permission denied"),
    ],
    ids=str,
)
async def test_not_found_and_not_executable_have_different_exit_codes(
    docker: Docker, name: Names, command: list[str], code: int, message: str
) -> None:
    container = await started(docker, name, SLEEP)
    result = await docker.exec.run(container, command)
    assert (result.exit_code, result.stderr) == (code, b"")
    assert message in result.error
    assert result.stdout.decode().strip() == result.error


@pytest.mark.parametrize("code", [126, 127])
async def test_an_exit_code_of_the_command_itself_is_not_an_error(docker: Docker, name: Names, code: int) -> None:
    container = await started(docker, name, SLEEP)
    result = await docker.exec.run(container, sh(f"echo OCI; exit {code}"))
    assert (result.exit_code, result.stdout, result.error) == (code, b"OCI\n", "")


async def test_an_unknown_user_is_reported(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    result = await docker.exec.run(container, ["true"], config=ExecConfig(user="jane"))
    assert (result.exit_code, result.error) == (126, "unable to find user jane: no matching entries in passwd file")


async def test_run_errors(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    with pytest.raises(Conflict, match="is not running"):
        await docker.exec.run(container, ["true"])
    await docker.containers.start(container)
    with pytest.raises(BadRequest, match="No exec command specified"):
        await docker.exec.run(container, [])
    for command in ("ls", b"ls", {"ls": 1}, [1], None):
        with pytest.raises(InvalidArgumentType):
            await docker.exec.run(container, command)  # type: ignore[arg-type]
    for variables in ({"A": "1"}, "A=1"):
        with pytest.raises(InvalidArgumentType, match=r"Env must be a list"):
            await docker.exec.run(container, ["true"], config={"Env": variables}, on_cancel="kill")
    with pytest.raises(InvalidArgument, match="on_cancel must be one of leave, stop, kill"):
        await docker.exec.run(container, ["true"], on_cancel="pause")  # type: ignore[arg-type]


# --- input


async def test_five_megabytes_are_sent_and_received(docker: Docker, name: Names) -> None:
    data = random.Random(5).randbytes(5_000_000)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 50_021):
            yield data[start : start + 50_021]

    container = await started(docker, name, SLEEP)
    for stdin in (data, bytearray(data), pieces()):
        result = await docker.exec.run(container, ["cat"], stdin=stdin)
        assert (result.exit_code, result.stderr) == (0, b"")
        assert hashlib.sha256(result.stdout).digest() == hashlib.sha256(data).digest()


@pytest.mark.parametrize(("stdin", "seen"), [("grün\n", "grün\n".encode()), (b"", b""), (None, b"")])
async def test_stdin_is_closed(docker: Docker, name: Names, stdin: Any, seen: bytes) -> None:
    container = await started(docker, name, SLEEP)
    assert (await docker.exec.run(container, ["cat"], stdin=stdin)).stdout == seen


async def test_a_command_that_does_not_read_stdin(docker: Docker, name: Names, engine_host: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65536

    container = await started(docker, name, SLEEP)
    async with nothing_left(), Docker(engine_host) as client:
        for stdin in (b"x" * 5_000_000, endless()):
            result = await client.exec.run(container, sh("echo enough; exit 4"), stdin=stdin)
            assert (result.exit_code, result.stdout) == (4, b"enough\n")


async def test_an_error_of_the_iterator_is_raised(docker: Docker, name: Names) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"some"
        raise LookupError("no more")

    container = await started(docker, name, SLEEP)
    with pytest.raises(LookupError, match="no more"):
        await docker.exec.run(container, ["cat"], stdin=failing(), on_cancel="kill")
    assert await commands(docker, container) == {"sleep 1000"}


@pytest.mark.parametrize(
    ("stdin", "shown"), [("a line\n", b"a line\r\nend\r\n"), (b"unfinished", b"unfinishedend\r\n"), ("", b"end\r\n")]
)
async def test_the_input_of_a_terminal_is_ended(docker: Docker, name: Names, stdin: Any, shown: bytes) -> None:
    container = await started(docker, name, SLEEP)
    async with asyncio.timeout(30):
        result = await docker.exec.run(container, sh("cat; echo end >&2"), config=ExecConfig(tty=True), stdin=stdin)
    assert result.stdout.endswith(shown)
    assert (result.exit_code, result.stderr) == (0, b"")


# --- cancelling


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policy", ["leave", "stop", "kill"])
async def test_cancellation_leaves_stops_or_kills_the_command(
    docker: Docker, name: Names, engine_host: str, policy: Any, kind: str
) -> None:
    container = await started(docker, name, SLEEP)
    script = "trap 'touch /asked; exit' TERM; sleep 1001 & touch /ready; while :; do sleep 0.1; done"

    async def ready() -> bool:
        return "/ready" in {change.path for change in await docker.containers.changes(container)}

    deadline = Deadline(kind)
    async with nothing_left(), Docker(engine_host) as client, asyncio.TaskGroup() as tasks:
        call = client.exec.run(container, sh(script), on_cancel=policy)
        over = tasks.create_task(deadline.over(call))
        await until(ready)
        deadline.come()
    assert over.result()

    left = await commands(docker, container)
    assert "sleep 1000" in left  # the main process of the container is not affected
    assert ("sleep 1001" in left) is (policy == "leave")
    assert any("touch /asked" in command for command in left) is (policy == "leave")
    asked = "/asked" in {change.path for change in await docker.containers.changes(container)}
    assert asked is (policy == "stop")


async def test_a_command_that_does_not_stop_is_killed(
    docker: Docker, name: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_exec_ending, "_GRACE", 0.5)
    container = await started(docker, name, SLEEP)
    deadline = Deadline("asyncio")
    script = "trap '' TERM; touch /ready; while :; do sleep 1001; done"

    async def ready() -> bool:
        return "sleep 1001" in await commands(docker, container)

    async with asyncio.TaskGroup() as tasks:
        over = tasks.create_task(deadline.over(docker.exec.run(container, sh(script), on_cancel="stop")))
        await until(ready)
        deadline.come()
    assert over.result()
    assert await commands(docker, container) == {"sleep 1000"}


async def test_other_commands_are_not_affected(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    deadline = Deadline("asyncio")

    async def both() -> bool:
        return {"sleep 1001", "sleep 1002"} <= await commands(docker, container)

    async with asyncio.TaskGroup() as tasks:
        one = docker.exec.run(container, ["sleep", "1001"], on_cancel="kill")
        other = tasks.create_task(docker.exec.run(container, ["sleep", "1002"], on_cancel="kill"))
        over = tasks.create_task(deadline.over(one))
        await until(both)
        deadline.come()
        assert await over
        assert await commands(docker, container) == {"sleep 1000", "sleep 1002"}
        assert not other.done()
        other.cancel()


async def test_twenty_concurrent_runs(docker: Docker, name: Names, engine_host: str) -> None:
    container = await started(docker, name, SLEEP)
    async with nothing_left(), Docker(engine_host) as client:
        calls = [client.exec.run(container, sh(f"cat; exit {number}"), stdin=f"{number}") for number in range(20)]
        results = await asyncio.gather(*calls)
    assert [result.exit_code for result in results] == list(range(20))
    assert [result.stdout for result in results] == [str(number).encode() for number in range(20)]
    assert len({result.exec_id for result in results}) == 20
