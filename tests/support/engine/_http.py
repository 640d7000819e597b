"""The few requests that the engine for tests needs: plain HTTP over a unix socket or TCP, standard library only.

Nothing of aiodockerapi is used here: what tests stand on must not fall with what they test.
"""

import http.client
import json
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

__all__ = ["answers", "request", "request_json", "works"]

QUICK = 2.0
"""Seconds for a ping: `/_ping` can hang while a daemon is starting, so no poll goes without a limit."""

_WORK = 10.0
"""Seconds for the lists by which a daemon shows that it works; they take milliseconds, on a busy machine a second."""


class _UnixConnection(http.client.HTTPConnection):
    """An HTTP connection whose far end is a path."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("docker", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection(host: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(host)
    if parts.scheme == "unix":
        return _UnixConnection(parts.path, timeout)
    if parts.scheme in {"tcp", "http"} and parts.hostname:
        return http.client.HTTPConnection(parts.hostname, parts.port or 2375, timeout=timeout)
    raise OSError(f"no plain way to {host}")


def request(
    host: str, method: str, path: str, body: bytes | Iterable[bytes] | None = None, timeout: float = 30.0
) -> tuple[int, bytes]:
    """Send one request and return status and body. Whatever goes wrong on the way is an `OSError`."""
    connection = _connection(host, timeout)
    headers = {} if body is None else {"Content-Type": "application/x-tar"}
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except http.client.HTTPException as error:
        raise OSError(f"{method} {path} at {host}: {error!r}") from error
    finally:
        connection.close()


def request_json(host: str, path: str, timeout: float = 30.0) -> Any:
    """GET a JSON value; any answer but 200 is an `OSError`."""
    status, body = request(host, "GET", path, timeout=timeout)
    if status != 200:
        raise OSError(f"GET {path} at {host}: {status} {body[:200]!r}")
    return json.loads(body)


def answers(host: str, timeout: float = QUICK) -> bool:
    """Tell whether an engine answers `/_ping` at that address."""
    try:
        return request(host, "GET", "/_ping", timeout=timeout) == (200, b"OK")
    except (OSError, ValueError):
        return False


def works(host: str, timeout: float = _WORK) -> bool:
    """Tell whether an engine does more than answer.

    dockerd 20.10 may lock itself up under load, between its networks: it goes on answering pings, and nothing can be
    created, started or listed ever again.
    """
    try:
        for path in ("/networks", "/containers/json"):
            request_json(host, path, timeout)
    except (OSError, ValueError):
        return False
    return True
