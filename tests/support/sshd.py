"""A private ssh server on a loopback port, and an `ssh` that is configured for it without the files of the user and the system.

    with running() as server:
        server.url("/run/docker.sock")      # ssh://root@127.0.0.1:PORT/run/docker.sock
        server.environ                      # a PATH with an `ssh` that has both keys
        server.cut()                        # kill all connections; the server keeps listening
        server.kill()                       # kill the server as well

OpenSSH reads the user's files from the home directory in the password file and ignores HOME. Therefore the `ssh` on that PATH
is a script that runs the real one with a separate configuration and the same arguments.
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
"""An alias of the server, defined in the configuration of the client only."""

HostKey = Literal["known", "unknown", "changed"]
"""The host key in the known_hosts of the client: that of the server, none, or another one."""

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
    """An sshd that accepts the key of the current user."""

    user: str
    port: int
    folder: Path
    """Its keys, configuration and log; the client's `user_key`, `known_hosts` and `ssh_config`."""
    pid: int

    def url(self, path: str = "") -> str:
        """Return its address for DOCKER_HOST; the path is that of the remote socket."""
        return f"ssh://{self.user}@127.0.0.1:{self.port}{path}"

    @property
    def environ(self) -> dict[str, str]:
        """An environment whose `ssh` is configured for this server."""
        return {**os.environ, "PATH": os.pathsep.join([str(self.folder / "bin"), os.environ.get("PATH", os.defpath)])}

    @property
    def log(self) -> str:
        """The log of the server."""
        return (self.folder / "log").read_text(errors="replace")

    def configure(self, settings: str) -> None:
        """Prepend settings to the configuration of the client: ssh uses the first value of each."""
        path = self.folder / "ssh_config"
        path.write_text(f"{settings}\n{path.read_text()}")

    def trust(self, other: SSHServer) -> None:
        """Add the host key of another server to the known_hosts of the client."""
        path = self.folder / "known_hosts"
        path.write_text(path.read_text() + (other.folder / "known_hosts").read_text())

    @property
    def sessions(self) -> list[int]:
        """The processes of its connections and the programs that they run."""
        return programs.descendants(self.pid)

    def cut(self) -> None:
        """Kill all connections and the programs run over them, without an orderly shutdown."""
        for session in self.sessions:
            programs.end_all(self.folder.name, session)

    def kill(self) -> None:
        """Kill the server and all connections."""
        programs.end_all(self.folder.name, self.pid)


def _key(path: Path) -> str:
    """Create a key pair, and return the public key."""
    keygen = programs.program("ssh-keygen", "openssh-client")
    subprocess.run(
        [keygen, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path], stdin=subprocess.DEVNULL, check=True
    )
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
    folder: Path, port: int, forwarding: bool, settings: Mapping[str, str], variables: Mapping[str, str]
) -> None:
    # sshd uses the first value of each setting.
    own = "".join(f"{name} {value}\n" for name, value in settings.items())
    environment = " ".join(f'"{name}={value}"' for name, value in variables.items())
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
    :param host_key: the host key in the known_hosts of the client; see `HostKey`.
    :param authorized: False refuses all logins.
    :param environment: environment variables of remote commands, such as a PATH with or without `docker`.
    :param settings: further settings of sshd_config, such as ``{"MaxSessions": "2"}``.
    """
    server, user, port = (
        programs.program("sshd", "openssh-server"),
        pwd.getpwuid(os.geteuid()).pw_name,
        programs.free_port(),
    )
    if not os.geteuid():
        _PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)  # required by sshd; not removed, since others may use it
    with tempfile.TemporaryDirectory(prefix=f"sshd-{secrets.token_hex(4)}-") as name:
        folder = Path(name)
        known, allowed, another = _key(folder / "host_key"), _key(folder / "user_key"), _key(folder / "another_key")
        met = {"known": known, "changed": another}.get(host_key)
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {met}\n" if met else "")
        (folder / "authorized_keys").write_text(f"{allowed if authorized else another}\n")
        (folder / "home").mkdir()  # the startup files of the user's login shell are slow, and must not be interrupted
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
