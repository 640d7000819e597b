"""An ssh server of our own on a loopback port, and an `ssh` that knows it; the user's and the system's files stay out of it.

    with running() as server:
        server.url("/run/docker.sock")      # ssh://root@127.0.0.1:PORT/run/docker.sock
        server.environ                      # a PATH whose `ssh` has the key, and knows the server's
        server.cut()                        # every session dies; the server listens on
        server.kill()                       # and now the server too

OpenSSH looks for the user's files in the home that the password file names, whatever HOME says. So what finds `ssh` on that
PATH finds a script, which hands on a configuration of our own and everything it was given.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shlex
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.support import programs
from tests.support.engine._machine import mark

__all__ = ["ALIAS", "HostKey", "SSHServer", "running"]

ALIAS = "engine.test"
"""A name for the server that only the client's configuration knows, as users give names to their machines."""

HostKey = Literal["known", "unknown", "changed"]
"""Whether the client has met the server: yes, never, or it was another one then."""

_SERVER = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
LogLevel VERBOSE
SetEnv {environment}
"""
_NO_FORWARDING = "AllowTcpForwarding no\nAllowStreamLocalForwarding no\n"
_CLIENT = """\
Host {alias}
    HostName 127.0.0.1
    Port {port}
    User {user}
Host *
    IdentityFile {folder}/user_key
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile {folder}/known_hosts
    GlobalKnownHostsFile /dev/null
"""
_PRIVILEGE_SEPARATION = Path("/run/sshd")


@dataclass(frozen=True)
class SSHServer:
    """An sshd that lets the current user in, by a key."""

    user: str
    port: int
    folder: Path
    """Its keys, configuration and log; the client's `user_key`, `known_hosts` and `ssh_config`."""
    pid: int

    def url(self, path: str = "") -> str:
        """Its address, as DOCKER_HOST has it; the path is that of the remote socket."""
        return f"ssh://{self.user}@127.0.0.1:{self.port}{path}"

    @property
    def environ(self) -> dict[str, str]:
        """The environment in which `ssh` is the one that knows this server."""
        return {**os.environ, "PATH": os.pathsep.join([str(self.folder / "bin"), os.environ.get("PATH", os.defpath)])}

    @property
    def log(self) -> str:
        """What the server has said."""
        return (self.folder / "log").read_text(errors="replace")

    def configure(self, settings: str) -> None:
        """Say something in the client's configuration, before all the rest of it."""
        path = self.folder / "ssh_config"
        path.write_text(f"{settings}\n{path.read_text()}")

    def meet(self, other: SSHServer) -> None:
        """Have this server's client know another server too."""
        path = self.folder / "known_hosts"
        path.write_text(path.read_text() + (other.folder / "known_hosts").read_text())

    @property
    def sessions(self) -> list[int]:
        """The processes of the connections it has, and what they run."""
        return programs.descendants(self.pid)

    def cut(self) -> None:
        """Kill every connection, and what was run over it, without a word of goodbye."""
        for session in self.sessions:
            programs.end_all(self.folder.name, session)

    def kill(self) -> None:
        """Kill the server and every connection."""
        programs.end_all(self.folder.name, self.pid)


def _key(path: Path) -> str:
    """Make a key pair; return the public one."""
    maker = programs.program("ssh-keygen", "openssh-client")
    subprocess.run([maker, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path], stdin=subprocess.DEVNULL, check=True)
    return path.with_suffix(".pub").read_text().strip()


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _write_client(folder: Path, user: str, port: int) -> None:
    (folder / "ssh_config").write_text(_CLIENT.format(alias=ALIAS, folder=folder, user=user, port=port))
    (folder / "bin").mkdir()
    script, client = folder / "bin" / "ssh", programs.program("ssh", "openssh-client")
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(client)} -F {shlex.quote(str(folder / "ssh_config"))} "$@"\n')
    script.chmod(0o755)


def _write_server(
    folder: Path, port: int, forwarding: bool, settings: Mapping[str, str], told: Mapping[str, str]
) -> None:
    # Of a setting that is there twice, sshd takes the first.
    own = "".join(f"{name} {value}\n" for name, value in settings.items())
    environment = " ".join(f'"{name}={value}"' for name, value in told.items())
    refused = "" if forwarding else _NO_FORWARDING
    (folder / "sshd_config").write_text(
        own + refused + _SERVER.format(folder=folder, port=port, environment=environment)
    )


@contextmanager
def running(
    *,
    forwarding: bool = True,
    host_key: HostKey = "known",
    authorized: bool = True,
    environment: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[SSHServer]:
    """Run an ssh server.

    :param forwarding: False refuses to forward ports and sockets.
    :param host_key: what the client knows of the server.
    :param authorized: False lets nobody in.
    :param environment: variables of what is run over it, such as the PATH on which `docker` is found, or not.
    :param settings: more of sshd_config, such as ``{"MaxSessions": "2"}``.
    """
    server, user, port = (
        programs.program("sshd", "openssh-server"),
        pwd.getpwuid(os.geteuid()).pw_name,
        programs.free_port(),
    )
    if not os.geteuid():
        _PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)  # sshd insists; it stays, as others may be using it
    with tempfile.TemporaryDirectory(prefix=f"sshd-{secrets.token_hex(4)}-") as name:
        folder = Path(name)
        known, allowed, another = _key(folder / "host_key"), _key(folder / "user_key"), _key(folder / "another_key")
        met = {"known": known, "changed": another}.get(host_key)
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {met}\n" if met else "")
        (folder / "authorized_keys").write_text(f"{allowed if authorized else another}\n")
        (folder / "home").mkdir()  # what the user's own login shell does is slow, and may not be killed in the middle
        _write_client(folder, user, port)
        _write_server(
            folder,
            port,
            forwarding,
            settings or {},
            {"HOME": str(folder / "home"), **(environment or {}), **mark(folder.name)},
        )
        command = [server, "-D", "-e", "-f", str(folder / "sshd_config")]
        with programs.running(command, lambda: _listens(port), folder / "log") as process:
            found = SSHServer(user, port, folder, process.pid)
            try:
                yield found
            finally:
                found.kill()
