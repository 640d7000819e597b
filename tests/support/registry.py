"""A registry of our own: Debian's `docker-registry` on a loopback port, with or without a password.

with running(htpasswd={"user": "secret"}) as registry:
    registry.address                # 127.0.0.1:PORT: images named so are pushed to and pulled from it
"""

from __future__ import annotations

import ctypes
import fcntl
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.engine import EngineUnavailable
from tests.support.engine._packages import apt

__all__ = ["Registry", "running"]

_START, _STOP = 20.0, 10.0
"""Seconds that the registry may take to answer, and to leave."""

_CONFIG = """
version: 0.1
log: {{level: warn}}
storage:
  filesystem: {{rootdirectory: {folder}/storage}}
  delete: {{enabled: true}}
http: {{addr: "{address}"}}
"""
_PASSWORDS = """
auth:
  htpasswd: {{realm: tests, path: {folder}/htpasswd}}
"""


@dataclass(frozen=True)
class Registry:
    """A registry that answers."""

    address: str
    """`127.0.0.1:PORT`: what an image's name begins with. Daemons take loopback addresses without TLS."""

    def name(self, repository: str) -> str:
        """The full name of a repository in it."""
        return f"{self.address}/{repository}"


def _program() -> str:
    """Where docker-registry lies; installed first where need be, and where that is possible."""
    # Several test processes may come here at once: one of them installs, the others wait for it.
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found := shutil.which("docker-registry"):
            return found
        if os.geteuid() or not shutil.which("apt-get"):
            raise EngineUnavailable("there is no docker-registry, and installing Debian's takes root and apt-get")
        apt("update")
        apt("install", "-y", "--no-install-recommends", "docker-registry")
    if found := shutil.which("docker-registry"):
        return found
    raise EngineUnavailable("Debian's docker-registry did not bring the program of that name")


def _hashed(password: str) -> str:
    """The password as bcrypt has it, the only way the registry takes: made by the system's own libcrypt."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    salt = secrets.token_hex(11)  # 22 of the characters that bcrypt takes
    made: bytes | None = library.crypt(password.encode(), f"$2b$05${salt}".encode())
    if made is None or not made.startswith(b"$2"):
        raise EngineUnavailable("this system's libcrypt knows no bcrypt")
    return made.decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=2)
    try:
        connection.request("GET", "/v2/")
        return connection.getresponse().status in {200, 401}
    except OSError:
        return False
    finally:
        connection.close()


def _await(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _START
    while not _answers(address):
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip().splitlines()
            raise EngineUnavailable(f"the registry did not come up: {said[-1] if said else 'it says nothing'}")
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running(*, htpasswd: Mapping[str, str] | None = None) -> Iterator[Registry]:
    """Run a registry; with `htpasswd`, users and their passwords, it lets nobody else in."""
    program = _program()
    with tempfile.TemporaryDirectory(prefix="registry-") as name:
        folder, address = Path(name), f"127.0.0.1:{_free_port()}"
        text = _CONFIG.format(folder=folder, address=address)
        if htpasswd is not None:
            text += _PASSWORDS.format(folder=folder)
            lines = [f"{user}:{_hashed(password)}\n" for user, password in htpasswd.items()]
            (folder / "htpasswd").write_text("".join(lines))
        (folder / "config.yml").write_text(text)
        log = folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [program, "serve", str(folder / "config.yml")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            _await(process, address, log)
            yield Registry(address)
        finally:
            _end(process)
