"""The user's ssh configuration: jump hosts, agents, and settings for interactive use that the client must override."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiodockerapi import SSH, ConnectFailed, Docker, RequestTimeout
from tests.support import programs, sshd
from tests.support.deadline import until
from tests.support.leaks import nothing_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.sshd import SSHServer

each_mode = pytest.mark.parametrize("mode", ["tunnel", "dial-stdio"])
SETTINGS = {
    "a terminal": "RequestTTY force",
    "a command": "RemoteCommand echo there",
    "a local command": "PermitLocalCommand yes\nLocalCommand echo here",
    "no forwarding": "ClearAllForwardings yes",
    "a port that is taken": "LocalForward 127.0.0.1:{port} 127.0.0.1:80\nExitOnForwardFailure yes",
    "background": "ForkAfterAuthentication yes",
    "no session": "SessionType none",
    "no input": "StdinNull yes",
    "silence": "LogLevel QUIET",
    "connections to share": "ControlMaster auto\nControlPath {folder}/%C\nControlPersist 60",
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SSHServer]:
    with sshd.running() as running:
        monkeypatch.setenv("PATH", running.environ["PATH"])
        yield running


def client(server: SSHServer, host: str, mode: Any = "auto", **more: Any) -> Docker:
    return Docker(server.url(host.removeprefix("unix://")), ssh=SSH(mode=mode, **more), connect_timeout=30.0)


@each_mode
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
async def test_settings_for_interactive_use_are_overridden(
    server: SSHServer, engine_host: str, settings: str, mode: str
) -> None:
    server.configure("Host *\n" + settings.format(port=server.port, folder=server.folder))
    async with nothing_left(), client(server, engine_host, mode) as docker:
        assert (await docker.system.ping()).os_type == "linux"
        assert all(await asyncio.gather(*(docker.system.ping() for _ in range(3))))
    assert not list(server.folder.glob("?" * 40))  # no shared connection was opened


@each_mode
@pytest.mark.parametrize("setting", ["ProxyJump jump", "ProxyCommand ssh -W %h:%p jump"])
async def test_a_jump_host(server: SSHServer, engine_host: str, mode: str, setting: str) -> None:
    with sshd.running() as jump:
        server.trust(jump)
        server.configure(
            f"Host jump\nHostName 127.0.0.1\nPort {jump.port}\nIdentityFile {jump.folder}/user_key\n"
            f"Host {sshd.ALIAS}\n{setting}\n"
        )
        host = f"ssh://{sshd.ALIAS}{engine_host.removeprefix('unix://')}"
        async with nothing_left(), Docker(host, ssh=SSH(mode=mode), connect_timeout=30.0) as docker:  # type: ignore[arg-type]
            assert (await docker.system.ping()).os_type == "linux"
        assert "Accepted publickey" in jump.log


async def test_a_jump_host_that_requires_a_password_opens_no_window(
    server: SSHServer, engine_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = tmp_path / "window"
    window.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\nsleep 1000\n")
    window.chmod(0o755)
    monkeypatch.setenv("SSH_ASKPASS", str(window))
    monkeypatch.setenv("DISPLAY", ":0")
    with sshd.running(settings={"PasswordAuthentication": "yes", "PubkeyAuthentication": "no"}) as jump:
        server.trust(jump)
        server.configure(f"Host {sshd.ALIAS}\nProxyJump 127.0.0.1:{jump.port}\n")
        async with nothing_left(), Docker(f"ssh://{sshd.ALIAS}", connect_timeout=30.0) as docker:
            with pytest.raises(ConnectFailed, match=r"(?s)the login failed.*Permission denied \(password\)"):
                await docker.system.ping()
    assert not (tmp_path / "asked").exists()


def commands() -> Iterator[bytes]:
    """Yield the command lines of all processes."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield path.read_bytes()


@each_mode
@pytest.mark.parametrize("setting", ["Match exec {hangs}", "Host *\nProxyCommand {hangs}"])
async def test_a_program_in_the_configuration_hangs(
    server: SSHServer, engine_host: str, tmp_path: Path, mode: Any, setting: str
) -> None:
    hangs = tmp_path / "hangs"
    hangs.write_text("#!/bin/sh\nwhile :; do sleep 1; done\n")
    hangs.chmod(0o755)
    server.configure(setting.format(hangs=hangs) + "\nHost *\n")
    host = server.url(engine_host.removeprefix("unix://"))
    async with nothing_left(), Docker(host, ssh=SSH(mode=mode), connect_timeout=0.5) as docker:
        with pytest.raises(RequestTimeout, match="did not accept a connection"):
            await docker.system.ping()

    async def gone() -> bool:
        return not any(str(hangs).encode() in command for command in commands())

    await until(gone)


@pytest.fixture
def agent(server: SSHServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An ssh agent with the key, which no file contains any more."""
    path = str(server.folder / "agent")
    output = subprocess.run(
        [programs.program("ssh-agent", "openssh-client"), "-s", "-a", path], stdout=-1, check=True
    ).stdout
    monkeypatch.setenv("SSH_AUTH_SOCK", path)
    try:
        adding = [programs.program("ssh-add", "openssh-client"), "-q", server.folder / "user_key"]
        subprocess.run(adding, env={**os.environ, "SSH_AUTH_SOCK": path}, check=True)
        (server.folder / "user_key").unlink()
        server.configure("Host *\nIdentityAgent SSH_AUTH_SOCK\nIdentitiesOnly no\n")
        yield
    finally:
        os.kill(int(output.split(b"SSH_AGENT_PID=")[1].split(b";")[0]), signal.SIGTERM)


@each_mode
@pytest.mark.parametrize("sent", ["LANG", "SSH_*"])
async def test_the_key_is_in_an_agent(server: SSHServer, agent: None, engine_host: str, mode: str, sent: str) -> None:
    server.configure(f"Host *\nForwardAgent yes\nSendEnv {sent}\n")
    async with nothing_left(), client(server, engine_host, mode) as docker:
        assert (await docker.system.ping()).os_type == "linux"


async def test_the_agent_is_not_forwarded(
    server: SSHServer, agent: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "docker"
    command.write_text(f"#!/bin/sh\n/usr/bin/env >{tmp_path}/environ\n")
    command.chmod(0o755)
    server.configure(f"Host *\nForwardAgent yes\nSetEnv PATH={tmp_path}\n")
    with sshd.running(environment={"PATH": str(tmp_path)}) as other:
        (other.folder / "authorized_keys").write_text((server.folder / "authorized_keys").read_text())
        server.trust(other)
        docker = Docker(other.url(), ssh=SSH(mode="dial-stdio"), connect_timeout=30.0)
        async with nothing_left(), docker:
            with pytest.raises(ConnectionError):
                await docker.system.ping()
        assert "SSH_CONNECTION" in (tmp_path / "environ").read_text()
        assert "SSH_AUTH_SOCK" not in (tmp_path / "environ").read_text()


async def test_ssh_asks_for_a_passphrase_only_without_batch_mode(
    server: SSHServer, engine_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = [programs.program("ssh-keygen", "openssh-client"), "-q", "-p", "-P", "", "-N", "secret"]
    await anyio.run_process([*maker, "-f", str(server.folder / "user_key")])
    window = tmp_path / "window"
    window.write_text("#!/bin/sh\necho secret\n")
    window.chmod(0o755)
    monkeypatch.setenv("SSH_ASKPASS", shlex.quote(str(window)))
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    async with nothing_left(), client(server, engine_host) as docker:
        with pytest.raises(ConnectFailed, match=r"Permission denied \(publickey\)"):
            await docker.system.ping()
    async with nothing_left(), client(server, engine_host, batch=False) as docker:
        assert (await docker.system.ping()).os_type == "linux"


async def test_a_shared_connection_is_used_where_a_login_is_refused(server: SSHServer, engine_host: str) -> None:
    path = server.folder / "open"
    server.configure(f"Host *\nControlPath {path}\n")
    master = await asyncio.create_subprocess_exec("ssh", "-M", "-N", "-p", str(server.port), "127.0.0.1")
    try:
        while not path.exists():  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(0.01)
        (server.folder / "authorized_keys").write_text("")
        async with nothing_left(), client(server, engine_host) as docker:
            assert (await docker.system.ping()).os_type == "linux"
    finally:
        master.terminate()
        await master.wait()
