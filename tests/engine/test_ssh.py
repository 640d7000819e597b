"""A real daemon behind a real sshd: every kind of call, failures of ssh, and the cleanup."""

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
    """Return the ssh processes that this process has started, and their guards, by the directory in their arguments."""
    found = list[int]()
    for pid in programs.descendants(os.getpid()):
        with suppress(OSError):
            if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def content(folder: Path) -> list[Path]:
    """Return the entries of a directory."""
    return list(folder.iterdir())


def program(pid: int) -> str:
    """Return the name of the program of a process; empty if the process has exited."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory of the local sockets; afterwards no socket and no ssh process may be left."""
    assert tmp_path.is_dir()  # created before `tempdir` is changed: the paths of sockets must be short
    with tempfile.TemporaryDirectory(prefix="ssh-") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)
        assert content(Path(name)) == []
        assert processes(Path(name)) == []


def over(server: SSHServer, host: str, patch: pytest.MonkeyPatch, mode: Any = "auto", **more: Any) -> Docker:
    """Return a client of the daemon at `host`, over the ssh server."""
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


async def test_over_dial_stdio_a_hundred_calls_require_few_logins(
    engine_host: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sshd.running() as server:
        async with nothing_left(), over(server, engine_host, monkeypatch, "dial-stdio") as docker:
            await asyncio.gather(*(docker.containers.list() for _ in range(MANY)))
            assert server.log.count("Accepted publickey") < MANY // 2


async def test_a_refused_login_is_not_repeated_for_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd.running(authorized=False) as server:
        before = server.log.count("Connection from")
        docker = over(server, NOWHERE, monkeypatch, "dial-stdio", api_version="1.41")
        async with nothing_left(), docker:
            results = await asyncio.gather(*(docker.containers.list() for _ in range(MANY)), return_exceptions=True)
        assert {type(result) for result in results} == {ConnectFailed}
        assert server.log.count("Connection from") - before < MANY // 2


@each_mode
async def test_after_the_guarding_shell_is_killed_the_next_calls_work(
    server: SSHServer, engine_host: str, folder: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch, mode) as docker:
        await docker.system.ping()
        before = set(processes(folder))
        for pid in before:
            if programs.descendants(pid):  # the outer shell
                os.kill(pid, signal.SIGKILL)

        async def ended() -> bool:
            return not before & set(processes(folder))

        await until(ended)

        async def answers() -> bool:
            with suppress(TransportError):
                return bool(await docker.system.ping())
            return False

        await until(answers)
        assert content(folder)


@each_mode
async def test_ssh_ends_in_mid_stream_and_the_next_call_works(
    server: SSHServer, engine_host: str, name: Names, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch, mode) as docker:
        container = await started(docker, name, "echo one; exec sleep 1000")
        async with docker.containers.logs(container, follow=True) as log:
            assert (await anext(log)).data == b"one\n"
            server.cut()
            with pytest.raises(TruncatedStream, match="ssh ended with status 255") as raised:
                await anext(log)
            # With a session, ssh prints nothing.
            assert mode == "dial-stdio" or "closed by remote host" in str(raised.value)
        assert (await docker.containers.inspect(container)).id == container


async def test_the_end_of_ssh_is_not_taken_for_the_end_of_a_command(
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


async def test_without_forwarding_the_docker_command_is_used(
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
    ("settings", "mode", "message"),
    [
        ({"host_key": "unknown"}, "auto", r"host key is unknown.*ssh reported: .*Host key verification failed"),
        ({"host_key": "changed"}, "auto", r"host key has changed.*IDENTIFICATION HAS CHANGED"),
        ({"authorized": False}, "auto", r"the login failed.*Permission denied \(publickey\)"),
        ({"authorized": False}, "dial-stdio", r"the login failed.*Permission denied \(publickey\)"),
        ({"environment": {"PATH": "/nowhere"}}, "dial-stdio", r"docker command is not installed on the host"),
        ({}, "tunnel", r"ssh logged in, but .* Is the daemon running"),
        ({}, "dial-stdio", r"Docker socket does not exist on the host\. Is the daemon running\?"),
        ({}, "auto", r"Docker socket does not exist on the host\. Is the daemon running\?"),
        (
            {"environment": {"PATH": "/nowhere"}},
            "auto",
            r"no docker command to use instead\. Is .*may the user \w+ use",
        ),
    ],
)
async def test_errors_name_the_reason(
    settings: dict[str, Any], mode: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sshd.running(**settings) as server:
        async with nothing_left(), over(server, NOWHERE, monkeypatch, mode) as docker:
            for _ in range(2):
                with pytest.raises(ConnectFailed, match=f"(?s){message}"):
                    await docker.system.ping()
            with pytest.raises(ConnectFailed, match=f"(?s){message}"):
                async with docker.system.events():
                    pass


async def test_no_sshd_listens(server: SSHServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", server.environ["PATH"])
    async with nothing_left(), Docker(f"ssh://127.0.0.1:{programs.free_port()}") as docker:
        with pytest.raises(ConnectFailed, match=r"(?s)Is sshd running on the host.*Connection refused"):
            await docker.system.ping()


async def test_a_server_that_does_not_respond(server: SSHServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", server.environ["PATH"])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"ssh://127.0.0.1:{silent.getsockname()[1]}"
        async with nothing_left(), Docker(host, connect_timeout=0.5) as docker:
            with pytest.raises(RequestTimeout, match="did not accept a connection"):
                await docker.system.ping()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await docker.system.ping()


async def test_no_variable_is_sent_to_the_host(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "docker"
    command.write_text(f"#!/bin/sh\n/usr/bin/env >{tmp_path}/environ\n")
    command.chmod(0o755)
    monkeypatch.setenv("DOCKER_HOST", "unix:///of/this/machine.sock")
    with sshd.running(settings={"AcceptEnv": "DOCKER_*"}, environment={"PATH": str(tmp_path)}) as accepting:
        with (accepting.folder / "ssh_config").open("a") as config:
            config.write("    SendEnv DOCKER_*\n")
        plain_ssh = ["ssh", "-p", str(accepting.port), "127.0.0.1", "docker"]
        for with_client in (False, True):
            if with_client:
                async with over(accepting, NOWHERE, monkeypatch, "dial-stdio") as docker:
                    with pytest.raises(TransportError):
                        await docker.system.ping()
            else:
                await anyio.run_process(plain_ssh, env=accepting.environ)
            assert ("DOCKER_HOST" in (tmp_path / "environ").read_text()) is not with_client


async def test_a_cancelled_caller_does_not_affect_others(
    server: SSHServer, engine_host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
        for pause in (0.0, 0.02, 0.1):
            cancelled, other = (asyncio.ensure_future(docker.system.ping()) for _ in range(2))
            await asyncio.sleep(pause)
            cancelled.cancel()
            assert (await other).os_type == "linux"
    async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
        only = asyncio.ensure_future(docker.system.ping())
        await asyncio.sleep(0.05)
        only.cancel()
        assert (await docker.system.ping()).os_type == "linux"


@pytest.mark.parametrize("pause", [0.02, 0.05, 0.1, 0.2])
async def test_a_call_during_the_login_waits_for_it(
    server: SSHServer, engine_host: str, monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    async with nothing_left(), over(server, engine_host, monkeypatch) as docker:
        first = asyncio.ensure_future(docker.system.ping())
        await asyncio.sleep(pause)
        assert (await docker.system.ping()).os_type == "linux"
        assert (await first).os_type == "linux"


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


async def test_the_exit_of_a_fork_removes_nothing(server: SSHServer, engine_host: str, folder: Path) -> None:
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
    descendants = programs.descendants(process.pid)
    assert len(descendants) == 3
    process.send_signal(signal.SIGKILL)
    await process.wait()

    async def gone() -> bool:
        return not any(map(program, descendants)) and not content(folder)

    await until(gone)
