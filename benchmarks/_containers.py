"""Containers for the cases that require a real daemon, created and removed without any of the measured clients."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["busybox", "cleanup"]

LABEL = "aiodockerapi.benchmark"


class _Connection(http.client.HTTPConnection):
    """An HTTP connection over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("docker", timeout=120)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def call(host: str, method: str, path: str, body: Any = None) -> Any:
    """Send one request and return the decoded JSON of the response; None if the body is empty."""
    connection = _Connection(host.removeprefix("unix://"))
    try:
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise OSError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return json.loads(text) if text else None
    finally:
        connection.close()


@contextlib.contextmanager
def busybox(host: str, command: Sequence[str], *, ended: bool = False) -> Iterator[str]:
    """Run a command in a container and yield the container's id; with `ended`, wait first until the command has exited."""
    config = {"Image": "busybox", "Cmd": command, "Labels": {LABEL: ""}, "HostConfig": {"NetworkMode": "none"}}
    container = call(host, "POST", "/containers/create", config)["Id"]
    try:
        call(host, "POST", f"/containers/{container}/start")
        if ended and (exit_ := call(host, "POST", f"/containers/{container}/wait"))["StatusCode"]:
            raise OSError(f"{command} exited with {exit_}")
        yield container
    finally:
        call(host, "DELETE", f"/containers/{container}?force=1")


@contextlib.contextmanager
def cleanup(host: str, label: str) -> Iterator[None]:
    """Remove all containers with this label after the block, even if it raises an exception."""
    try:
        yield
    finally:
        filters = json.dumps({"label": [label]}).replace('"', "%22").replace(" ", "")
        for container in call(host, "GET", f"/containers/json?all=1&filters={filters}"):
            call(host, "DELETE", f"/containers/{container['Id']}?force=1")
