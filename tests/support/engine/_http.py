"""Requests to the engine for tests: plain HTTP over a Unix socket or TCP, with the standard library only.

aiodockerapi is not used here, so its defects do not affect the setup of tests.
"""

import http.client
import json
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

__all__ = ["answers", "request", "request_json", "works"]

QUICK = 2.0
"""Seconds: the timeout of a ping, which can hang while a daemon is starting."""

_WORK = 10.0
"""Seconds: the timeout of the lists in `works`, which take milliseconds, or a second on a busy machine."""


class _UnixConnection(http.client.HTTPConnection):
    """An HTTP connection to a Unix socket."""

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
    raise OSError(f"plain HTTP is not supported for {host}")


def request(
    host: str, method: str, path: str, body: bytes | Iterable[bytes] | None = None, timeout: float = 30.0
) -> tuple[int, bytes]:
    """Send a request, and return status and body.

    :raises OSError: if the request fails.
    """
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
    """GET a JSON value.

    :raises OSError: if the request fails, or if the status is not 200.
    """
    status, body = request(host, "GET", path, timeout=timeout)
    if status != 200:
        raise OSError(f"GET {path} at {host}: {status} {body[:200]!r}")
    return json.loads(body)


def answers(host: str, timeout: float = QUICK) -> bool:
    """Return whether an engine at that address responds to `/_ping`."""
    try:
        return request(host, "GET", "/_ping", timeout=timeout) == (200, b"OK")
    except (OSError, ValueError):
        return False


def works(host: str, timeout: float = _WORK) -> bool:
    """Return whether an engine responds to more than pings.

    dockerd 20.10 may deadlock in its networks under load: it still responds to pings, but can no longer create, start or list
    objects.
    """
    try:
        for path in ("/networks", "/containers/json"):
            request_json(host, path, timeout)
    except (OSError, ValueError):
        return False
    return True
