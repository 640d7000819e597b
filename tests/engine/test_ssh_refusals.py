"""Refusals by sshd, the host and the local system."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import SSH, ConfigurationError, ConnectFailed, Docker
from tests.support import sshd
from tests.support.leaks import nothing_left

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def client(server: sshd.SSHServer, host: str, mode: Any, patch: pytest.MonkeyPatch) -> Docker:
    patch.setenv("PATH", server.environ["PATH"])
    return Docker(server.url(host.removeprefix("unix://")), ssh=SSH(mode=mode), connect_timeout=30.0)


@pytest.mark.parametrize("setting", ["AllowTcpForwarding", "AllowStreamLocalForwarding"])
async def test_sshd_forwards_nothing(engine_host: str, setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd.running(settings={setting: "no"}) as server:
        async with nothing_left(), client(server, engine_host, "auto", monkeypatch) as docker:
            assert (await docker.system.ping()).os_type == "linux"


async def test_sshd_accepts_one_login_at_a_time(engine_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd.running(settings={"MaxStartups": "1", "MaxSessions": "1"}) as server:
        async with nothing_left(), client(server, engine_host, "dial-stdio", monkeypatch) as docker:
            assert len(await asyncio.gather(*(docker.system.ping() for _ in range(12)))) == 12
        assert "MaxStartups" in server.log  # it dropped some


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"MaxSessions": "0"}, "refused to run a command"),
        ({"ForceCommand": "echo Welcome"}, r"starts with 'Welcome\\n' instead .* Does a login script"),
    ],
)
async def test_sshd_does_not_run_the_docker_command(
    engine_host: str, settings: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sshd.running(settings=settings) as server:
        async with nothing_left(), client(server, engine_host, "dial-stdio", monkeypatch) as docker:
            with pytest.raises(ConnectFailed, match=message):
                await docker.system.ping()


@pytest.fixture
def forbidden(tmp_path: Path) -> Iterator[tuple[sshd.SSHServer, str]]:
    """A server where the docker command runs as a user without permission for the socket; and the path of the socket."""
    docker, setpriv = shutil.which("docker"), shutil.which("setpriv")
    other = "" if os.geteuid() else f"{setpriv} --reuid=65534 --regid=65534 --clear-groups"
    command = tmp_path / "docker"
    command.write_text(f'#!/bin/sh\nexec {other} {docker} "$@"\n')
    command.chmod(0o755)
    with (
        sshd.running(forwarding=False, environment={"PATH": str(tmp_path)}) as server,
        socket.socket(socket.AF_UNIX) as closed,
    ):
        server.folder.chmod(0o711)
        path = server.folder / "docker.sock"
        closed.bind(str(path))
        closed.listen()
        path.chmod(0)
        yield server, str(path)


@pytest.mark.parametrize("mode", ["auto", "dial-stdio"])
async def test_a_user_without_permission_for_the_socket(
    forbidden: tuple[sshd.SSHServer, str], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, path = forbidden
    message = (
        rf"(?s)the user {server.user} has no permission to use the Docker socket .*usermod -aG docker {server.user}\b"
    )
    async with nothing_left(), client(server, path, mode, monkeypatch) as docker:
        with pytest.raises(ConnectFailed, match=message):
            await docker.system.ping()


async def test_a_path_that_the_docker_command_cannot_use(monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd.running(forwarding=False) as server:
        async with nothing_left(), client(server, "/run/a%25b.sock", "auto", monkeypatch) as docker:
            with pytest.raises(ConnectFailed, match="Is the daemon running"):
                await docker.system.ping()
        async with nothing_left(), client(server, "/run/a%25x.sock", "dial-stdio", monkeypatch) as docker:
            with pytest.raises(ConfigurationError, match=r"the socket /run/a%x\.sock.*symbolic link"):
                await docker.system.ping()


async def test_a_banner_is_not_part_of_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "banner").write_text("Connection refused by a banner\n")
    with sshd.running(settings={"Banner": str(tmp_path / "banner")}) as server:
        async with nothing_left(), client(server, "/no/such.sock", "tunnel", monkeypatch) as docker:
            with pytest.raises(ConnectFailed, match="Is the daemon running") as raised:
                await docker.system.ping()
        assert "banner" not in str(raised.value)


async def test_a_temporary_directory_with_a_path_too_long_for_sockets(
    engine_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with sshd.running() as server:
        async with nothing_left(), client(server, engine_host, "tunnel", monkeypatch) as docker:
            assert (await docker.system.ping()).os_type == "linux"
    assert not list(deep.iterdir())


async def test_no_writable_directory_for_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", "/nowhere")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    async with nothing_left():
        with pytest.raises(ConfigurationError, match=r"Permission denied: '/nowhere'\. Set TMPDIR"):
            async with Docker("ssh://lab") as docker:
                await docker.system.ping()


async def test_a_system_without_unix_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiodockerapi._transport.ssh.connector.POSIX", False)
    async with nothing_left():
        with pytest.raises(ConfigurationError, match="On Windows, forward the daemon's socket"):
            async with Docker("ssh://lab") as docker:
                await docker.system.ping()


def test_ssh_settings_for_another_address() -> None:
    with pytest.raises(ConfigurationError, match="does not use ssh: omit it"):
        Docker("unix:///run/docker.sock", ssh=SSH())
