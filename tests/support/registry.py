"""A private registry: Debian's `docker-registry` on a loopback port, with or without authentication.

with running(htpasswd={"user": "secret"}) as registry:
    registry.address            # 127.0.0.1:PORT: the first part of the names of its images
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
    """A running registry."""

    address: str
    """`127.0.0.1:PORT`, the first part of the names of its images. Daemons accept loopback addresses without TLS."""

    def name(self, repository: str) -> str:
        """Return the full name of a repository."""
        return f"{self.address}/{repository}"


def _hashed(password: str) -> str:
    """Return the bcrypt hash of a password, the only hash that the registry accepts, created by the system's libcrypt."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    salt = secrets.token_hex(11)  # 22 characters of the alphabet of bcrypt
    hashed: bytes | None = library.crypt(password.encode(), f"$2b$05${salt}".encode())
    if hashed is None or not hashed.startswith(b"$2"):
        raise EngineUnavailable("libcrypt of this system does not support bcrypt")
    return hashed.decode()


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
    """Run a registry.

    :param htpasswd: passwords by user name; None allows access without authentication.
    """
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
