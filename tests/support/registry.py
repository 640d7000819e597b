"""A registry of our own: Debian's `docker-registry` on a loopback port, with or without a password.

with running(htpasswd={"user": "secret"}) as registry:
    registry.address                # 127.0.0.1:PORT: images named so are pushed to and pulled from it
"""

from __future__ import annotations

import ctypes
import http.client
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import programs
from tests.support.engine import EngineUnavailable

__all__ = ["Registry", "running"]

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


def _hashed(password: str) -> str:
    """The password as bcrypt has it, the only way the registry takes: made by the system's own libcrypt."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    salt = secrets.token_hex(11)  # 22 of the characters that bcrypt takes
    made: bytes | None = library.crypt(password.encode(), f"$2b$05${salt}".encode())
    if made is None or not made.startswith(b"$2"):
        raise EngineUnavailable("this system's libcrypt knows no bcrypt")
    return made.decode()


def _answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=2)
    try:
        connection.request("GET", "/v2/")
        return connection.getresponse().status in {200, 401}
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def running(*, htpasswd: Mapping[str, str] | None = None) -> Iterator[Registry]:
    """Run a registry; with `htpasswd`, users and their passwords, it lets nobody else in."""
    server = programs.program("docker-registry", "docker-registry")
    with tempfile.TemporaryDirectory(prefix="registry-") as name:
        folder, address = Path(name), f"127.0.0.1:{programs.free_port()}"
        text = _CONFIG.format(folder=folder, address=address)
        if htpasswd is not None:
            text += _PASSWORDS.format(folder=folder)
            lines = [f"{user}:{_hashed(password)}\n" for user, password in htpasswd.items()]
            (folder / "htpasswd").write_text("".join(lines))
        (folder / "config.yml").write_text(text)
        command = [server, "serve", str(folder / "config.yml")]
        with programs.running(command, lambda: _answers(address), folder / "log"):
            yield Registry(address)
