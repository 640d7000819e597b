"""A real daemon behind a real sshd: every kind of call, ssh that dies or gets no further, and what is left afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiodockerapi import SSH, ConnectFailed, Docker, RequestTimeout, TransportError, TruncatedStream
from tests.support import programs, sshd
from tests.support.containers import started
from tests.support.deadline import until
from tests.support.images import context
from tests.support.leaks import nothing_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.names import Names
    from tests.support.sshd import SSHServer

MANY = 100
MEBIBYTE = 1 << 20
PATIENCE = 30.0
NOWHERE = "/no/such/docker.sock"
each_mode = pytest.mark.parametrize("mode", ["tunnel", "dial-stdio"])


@pytest.fixture(scope="module")
def server() -> Iterator[SSHServer]:
    with sshd.running() as running:
        yield running


def processes(folder: Path) -> list[int]:
    """The guards of every ssh that this process has started, which live as long as those."""
    found = list[int]()
    for pid in programs.descendants(os.getpid()):
        with suppress(OSError):
            if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def inside(folder: Path) -> list[Path]:
    """What is in there."""
    return list(folder.iterdir())


def program(pid: int) -> str:
    """The name of what a process runs; empty for one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the local sockets are; neither they nor an ssh are left, whatever happened."""
    assert tmp_path.is_dir()  # it is made before, and elsewhere: paths of sockets must be short
    with tempfile.TemporaryDirectory(prefix="ssh-") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)
        assert inside(Path(name)) == []
        assert processes(Path(name)) == []


def over(server: SSHServer, host: str, patch: pytest.MonkeyPatch, mode: Any = "auto", **more: Any) -> Docker:
    """A client of the daemon at `host`, by way of the server."""
    patch.setenv("PATH", server.environ["PATH"])
    return Docker(server.url(host.removeprefix("unix://")), ssh=SSH(mode=mode), **{"connect_timeout": PATIENCE, **more})


@each_mode
async def test_calls_of_every_kind(
    server: SSHServer, engine_host: str, name: Names, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch, mode) as docker:
        assert (await docker.system.ping()).os_type == "linux"
        container = await started(docker, name, "echo one; echo two >&2; exec sleep 1000")
        async with docker.containers.logs(container, follow=True) as log:
            assert {(await anext(log)).data for _ in range(2)} == {b"one\n", b"two\n"}
        result = await docker.exec.run(container, ["sh", "-c", "wc -c; exit 3"], stdin=b"x" * MEBIBYTE)
        assert (result.exit_code, result.stdout) == (3, f"{MEBIBYTE}\n".encode())
        built = await docker.images.build(context("FROM busybox\nRUN echo built"), tags=[name("image")], version="1")
        assert built.image_id


async def test_a_hundred_calls_at_once_share_one_ssh(
    server: SSHServer, engine_host: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
        await asyncio.gather(*(docker.containers.list() for _ in range(MANY)))
        assert len([pid for pid in processes(folder) if program(pid) == "ssh"]) == 1


async def test_by_the_docker_command_a_hundred_calls_take_few_logins(
    engine_host: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sshd.running() as server:
        async with nothing_left(), over(server, engine_host, monkeypatch, "dial-stdio") as docker:
            await asyncio.gather(*(docker.containers.list() for _ in range(MANY)))
            assert server.log.count("Accepted publickey") < MANY // 2


async def test_calls_do_not_each_try_a_login_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd.running(authorized=False) as server:
        before = server.log.count("Connection from")
        docker = over(server, NOWHERE, monkeypatch, "dial-stdio", api_version="1.41")
        async with nothing_left(), docker:
            results = await asyncio.gather(*(docker.containers.list() for _ in range(MANY)), return_exceptions=True)
        assert {type(result) for result in results} == {ConnectFailed}
        assert server.log.count("Connection from") - before < MANY // 2


@each_mode
async def test_where_the_shell_around_ssh_is_killed_the_next_calls_work(
    server: SSHServer, engine_host: str, folder: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch, mode) as docker:
        await docker.system.ping()
        before = set(processes(folder))
        for pid in before:
            if programs.descendants(pid):  # that is the outer one
                os.kill(pid, signal.SIGKILL)

        async def ended() -> bool:
            return not before & set(processes(folder))

        await until(ended)

        async def answers() -> bool:
            with suppress(TransportError):
                return bool(await docker.system.ping())
            return False

        await until(answers)
        assert inside(folder)


@each_mode
async def test_ssh_dies_in_mid_stream_and_the_next_call_works(
    server: SSHServer, engine_host: str, name: Names, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch, mode) as docker:
        container = await started(docker, name, "echo one; exec sleep 1000")
        async with docker.containers.logs(container, follow=True) as log:
            assert (await anext(log)).data == b"one\n"
            server.cut()
            with pytest.raises(TruncatedStream, match="ssh ended with status 255") as raised:
                await anext(log)
            assert mode == "dial-stdio" or "closed by remote host" in str(
                raised.value
            )  # with a session, ssh says nothing
        assert (await docker.containers.inspect(container)).id == container


async def test_the_end_of_a_commands_output_is_told_from_that_of_ssh(
    server: SSHServer, engine_host: str, name: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
        container = await started(docker, name, "exec sleep 1000")
        running = asyncio.ensure_future(docker.exec.run(container, ["sh", "-c", "echo one; exec sleep 1000"]))

        async def begun() -> bool:
            return len((await docker.containers.top(container)).processes) == 2

        await until(begun)
        server.cut()
        with pytest.raises((TransportError, TruncatedStream), match="ssh ended"):
            await running


async def test_without_forwarding_the_docker_command_there_is_used(
    engine_host: str, name: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sshd.running(forwarding=False) as server:
        async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
            container = await started(docker, name, "exec cat", OpenStdin=True)
            result = await docker.exec.run(container, ["cat"], stdin=b"there and back")
            assert result.stdout == b"there and back"
        async with over(server, engine_host, monkeypatch, "tunnel") as docker:
            with pytest.raises(ConnectFailed, match="does sshd allow forwarding"):
                await docker.system.ping()


@pytest.mark.parametrize(
    ("settings", "mode", "words"),
    [
        ({"host_key": "unknown"}, "auto", r"host key is not known.*ssh said: .*Host key verification failed"),
        ({"host_key": "changed"}, "auto", r"host key is another one than before.*IDENTIFICATION HAS CHANGED"),
        ({"authorized": False}, "auto", r"ssh was not let in.*Permission denied \(publickey\)"),
        ({"authorized": False}, "dial-stdio", r"ssh was not let in.*Permission denied \(publickey\)"),
        ({"environment": {"PATH": "/nowhere"}}, "dial-stdio", r"there is no docker command there"),
        ({}, "tunnel", r"ssh got in, but .* is the daemon running"),
        ({}, "dial-stdio", r"the docker socket is not there\. Is the daemon running\?"),
        ({}, "auto", r"the docker socket is not there\. Is the daemon running\?"),
        ({"environment": {"PATH": "/nowhere"}}, "auto", r"no docker command that could\. Is .*may the user \w+ use"),
    ],
)
async def test_why_there_is_no_daemon(
    settings: dict[str, Any], mode: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sshd.running(**settings) as server:
        async with nothing_left(), over(server, NOWHERE, monkeypatch, mode) as docker:
            for _ in range(2):
                with pytest.raises(ConnectFailed, match=f"(?s){words}"):
                    await docker.system.ping()
            with pytest.raises(ConnectFailed, match=f"(?s){words}"):
                async with docker.system.events():
                    pass


async def test_nobody_listens(server: SSHServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", server.environ["PATH"])
    async with nothing_left(), Docker(f"ssh://127.0.0.1:{programs.free_port()}") as docker:
        with pytest.raises(ConnectFailed, match=r"(?s)Does sshd run there.*Connection refused"):
            await docker.system.ping()


async def test_a_server_that_says_nothing(server: SSHServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", server.environ["PATH"])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"ssh://127.0.0.1:{silent.getsockname()[1]}"
        async with nothing_left(), Docker(host, connect_timeout=0.5) as docker:
            with pytest.raises(RequestTimeout, match="did not accept a connection"):
                await docker.system.ping()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await docker.system.ping()


async def test_nothing_of_the_environment_is_handed_over(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "docker"
    command.write_text(f"#!/bin/sh\n/usr/bin/env >{tmp_path}/told\n")
    command.chmod(0o755)
    monkeypatch.setenv("DOCKER_HOST", "unix:///of/this/machine.sock")
    with sshd.running(settings={"AcceptEnv": "DOCKER_*"}, environment={"PATH": str(tmp_path)}) as open_minded:
        with (open_minded.folder / "ssh_config").open("a") as config:
            config.write("    SendEnv DOCKER_*\n")
        handed = ["ssh", "-p", str(open_minded.port), "127.0.0.1", "docker"]
        for ours in (False, True):
            if ours:
                async with over(open_minded, NOWHERE, monkeypatch, "dial-stdio") as docker:
                    with pytest.raises(TransportError):
                        await docker.system.ping()
            else:
                await anyio.run_process(handed, env=open_minded.environ)
            assert ("DOCKER_HOST" in (tmp_path / "told").read_text()) is not ours


async def test_a_caller_that_gives_up_takes_nobody_along(
    server: SSHServer, engine_host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
        for pause in (0.0, 0.02, 0.1):
            impatient, patient = (asyncio.ensure_future(docker.system.ping()) for _ in range(2))
            await asyncio.sleep(pause)
            impatient.cancel()
            assert (await patient).os_type == "linux"
    async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
        alone = asyncio.ensure_future(docker.system.ping())
        await asyncio.sleep(0.05)
        alone.cancel()
        assert (await docker.system.ping()).os_type == "linux"


PROGRAM = """
import asyncio, sys
from aiodockerapi import Docker
async def main():
    docker = Docker(sys.argv[1])
    await docker.system.ping()
    async with docker.system.events():
        print("open", flush=True)
        await asyncio.sleep(1000)
asyncio.run(main())
"""
FORKING = """
import asyncio, atexit, os, sys
from aiodockerapi import Docker
async def main():
    async with Docker(sys.argv[1]) as docker:
        await docker.system.ping()
        if not (child := os.fork()):
            atexit._run_exitfuncs()
            os._exit(0)
        os.waitpid(child, 0)
        async with docker.system.events():
            print("open", flush=True)
asyncio.run(main())
"""


async def test_a_fork_that_ends_takes_nothing_along(server: SSHServer, engine_host: str, folder: Path) -> None:
    environ = {**server.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", FORKING, server.url(engine_host.removeprefix("unix://"))]
    assert (await anyio.run_process(command, env=environ)).stdout == b"open\n"


async def test_ssh_ends_with_a_process_that_is_killed(
    server: SSHServer, engine_host: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {**server.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    url = server.url(engine_host.removeprefix("unix://"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, url, env=environ, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    started_by_it = programs.descendants(process.pid)
    assert len(started_by_it) == 3
    process.send_signal(signal.SIGKILL)
    await process.wait()

    async def gone() -> bool:
        return not any(map(program, started_by_it)) and not inside(folder)

    await until(gone)
