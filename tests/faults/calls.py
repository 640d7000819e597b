"""Every kind of call: the exchange for faults, and a result that can be compared."""

import contextlib
import http.client
import io
import json
import socket
import tarfile
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from aiodockerapi import Docker
from aiodockerapi.errors import DockerError, StreamError, TransportError
from tests.support.containers import OFFLINE, offline
from tests.support.engine import request
from tests.support.names import Names

__all__ = ["CALLS", "KINDS", "Call", "World", "make_world"]

SCRIPT: Final = "echo out; echo err >&2; echo last"


@dataclass
class World:
    """The containers that the calls use; created over a direct connection, without faults."""

    host: str
    names: Names
    started: float
    running: str = ""
    """A container that has written its output and sleeps."""
    ended: str = ""
    """A container that has written the same output and exited."""
    idle: str = ""
    """A container that was never started and contains one file."""

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send JSON, and return the JSON of the response."""
        connection = http.client.HTTPConnection("docker")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.host.removeprefix("unix://"))
        with contextlib.closing(connection):
            text = None if body is None else json.dumps(body)
            connection.request("POST", path, text, {"Content-Type": "application/json"} if text else {})
            answer = connection.getresponse()
            content = answer.read()
        assert answer.status < 400, (path, content)
        return json.loads(content) if content else None

    def exists(self) -> bool:
        """Whether the containers still exist on the engine."""
        status, body = request(self.host, "GET", f"/containers/{self.running}/json")
        return status == 200 and bool(json.loads(body)["State"]["Running"])

    def exec(self, *command: str) -> str:
        """Create an exec instance in the running container."""
        body = {"Cmd": list(command), "AttachStdout": True, "AttachStderr": True}
        return str(self.post(f"/containers/{self.running}/exec", body)["Id"])


def make_world(host: str) -> World:
    """Create three containers."""
    world = World(host, Names(host), time.time() - 1)
    tail = {"running": "; exec sleep 10000", "ended": ""}
    for attribute, rest in tail.items():
        name = world.names(attribute)
        body = {"Image": "busybox", "Cmd": ["sh", "-c", SCRIPT + rest], **OFFLINE}
        world.post(f"/containers/create?name={name}", body)
        world.post(f"/containers/{name}/start")
        setattr(world, attribute, name)
    world.post(f"/containers/{world.ended}/wait")
    image, world.idle = world.names("nothing"), world.names("idle")
    status, text = request(host, "POST", f"/images/create?fromSrc=-&repo={image}&tag=latest", archive())
    assert status == 200, text
    world.post(f"/containers/create?name={world.idle}", {"Image": image, "Cmd": ["/nothing"]})
    while (
        len(request(host, "GET", f"/containers/{world.running}/logs?stdout=1&stderr=1")[1])
        < len("out\nerr\nlast\n") + 24
    ):
        time.sleep(0.01)
    return world


def archive(name: str = "file", data: bytes = b"content") -> bytes:
    """Return a tar archive of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def _members(data: bytes) -> dict[str, int]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {member.name: member.size for member in tar}


Run = Callable[[Docker, World], Coroutine[Any, Any, Any]]


@dataclass(frozen=True)
class Call:
    """A call that returns the same result every time."""

    name: str
    target: str
    """A part of the request line of the exchange for faults."""
    run: Run
    broken: type[DockerError] = StreamError
    """The exception if the response is truncated after its head."""
    end: Literal["format", "frame"] = "format"
    """What marks the end of the response: its format or, after an upgrade, EOF after any frame."""
    sends: bool = False
    """Whether it sends stdin. The daemon resets the connection if the process has not read all of it, so a reset is a normal
    end here."""
    points: Literal["all", "some", "few"] = "all"
    """At how many points to inject faults, depending on the cost of a call for the engine."""

    def __str__(self) -> str:
        return self.name


async def _json(docker: Docker, world: World) -> Any:
    found = await docker.containers.inspect(world.running)
    return found.id, found.created, found.path, found.args


async def _empty(docker: Docker, world: World) -> Any:
    return await docker.containers.start(world.running)


async def _ping(docker: Docker, world: World) -> Any:
    return await docker.system.ping()


async def _negotiation(docker: Docker, world: World) -> Any:
    async with Docker(str(docker.endpoint)) as fresh:
        return await fresh.negotiate()


async def _logs_followed(docker: Docker, world: World) -> Any:
    async with docker.containers.logs(world.ended, follow=True) as log:
        return sorted([line async for line in log.lines()])


async def _logs_awaited(docker: Docker, world: World) -> Any:
    return await docker.containers.logs(world.ended)


async def _attach(docker: Docker, world: World) -> Any:
    async with docker.containers.attach(world.running, logs=True, stream=False) as attached:
        return [frame async for frame in attached]


async def _websocket(docker: Docker, world: World) -> Any:
    return await docker.containers.attach_websocket(world.running, logs=True, stream=False)


async def _exec_start(docker: Docker, world: World) -> Any:
    return await docker.exec.start(world.exec("echo", "hello"))


async def _exec_run(docker: Docker, world: World) -> Any:
    result = await docker.exec.run(world.running, ["cat"], stdin=b"to cat")
    return result.stdout, result.stderr, result.exit_code


async def _stats(docker: Docker, world: World) -> Any:
    return (await docker.containers.stats(world.ended, one_shot=True)).id


async def _stats_streamed(docker: Docker, world: World) -> Any:
    async with docker.containers.stats(world.ended, stream=False) as samples:  # a running container takes a second
        return [sample.id async for sample in samples]


async def _events(docker: Docker, world: World) -> Any:
    filters = {"container": [world.ended], "event": ["create", "start", "die"]}
    events = await docker.system.events(since=world.started, until=time.time(), filters=filters)
    return [event.action for event in events]


async def _wait(docker: Docker, world: World) -> Any:
    return (await docker.containers.wait(world.ended)).status_code


async def _export(docker: Docker, world: World) -> Any:
    return _members(await docker.containers.export(world.idle))


async def _get_archive(docker: Docker, world: World) -> Any:
    return _members(await docker.containers.get_archive(world.idle, "/file"))


@contextlib.contextmanager
def _folder(result: str) -> Iterator[Path]:
    """Create a directory, and check that only a complete result is left in it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield Path(folder)
        finally:
            assert [entry.name for entry in Path(folder).iterdir() if entry.name != result] == []


async def _write_to(docker: Docker, world: World) -> Any:
    with _folder("archive.tar") as folder:
        async with docker.containers.get_archive(world.idle, "/file") as found:
            await found.write_to(folder / "archive.tar")
        return _members((folder / "archive.tar").read_bytes())


async def _extract(docker: Docker, world: World) -> Any:
    with _folder("file") as folder:
        async with docker.containers.get_archive(world.idle, "/file") as found:
            await found.extract(folder)
        return (folder / "file").read_bytes()


async def _upload(docker: Docker, world: World) -> Any:
    async def parts() -> AsyncIterator[bytes]:
        whole = archive("uploaded", b"x" * 3000)
        for start in range(0, len(whole), 1000):
            yield whole[start : start + 1000]

    return await docker.containers.put_archive(world.idle, "/", parts())


async def _raw(docker: Docker, world: World) -> Any:
    async with docker.request("GET", f"/containers/{world.ended}/json") as download:
        return json.loads(await download.read())["Id"]


async def _run(docker: Docker, world: World) -> Any:
    result = await docker.containers.run(
        "busybox", ["sh", "-c", "cat"], config=offline(world.names), stdin=b"in", auto_remove=True
    )
    return result.stdout, result.stderr, result.exit_code


CALLS: Final = [
    Call("json", "/json", _json, TransportError),
    Call("empty", "/start", _empty, TransportError),
    Call("ping", "/_ping", _ping, TransportError),
    Call("negotiation", "/_ping", _negotiation, TransportError),
    Call("raw", "/json", _raw),
    Call("logs-followed", "/logs", _logs_followed),
    Call("logs-awaited", "/logs", _logs_awaited),
    Call("attach", "/attach", _attach, end="frame"),
    Call("websocket", "/attach/ws", _websocket),
    Call("exec-start", "/start", _exec_start, end="frame", points="some"),
    Call("exec-run", "/start", _exec_run, end="frame", sends=True, points="some"),
    Call("stats", "/stats", _stats, TransportError),
    Call("stats-streamed", "/stats", _stats_streamed),
    Call("events", "/events", _events),
    Call("wait", "/wait", _wait),
    Call("export", "/export", _export, points="some"),
    Call("get-archive", "/archive", _get_archive, points="some"),
    Call("write-to", "/archive", _write_to, points="some"),
    Call("extract", "/archive", _extract, points="some"),
    Call("upload", "/archive", _upload, TransportError, points="some"),
    Call("run", "/attach", _run, end="frame", sends=True, points="few"),
    Call("run-wait", "/wait", _run, points="few"),
    Call("run-start", "/start", _run, TransportError, points="few"),
    Call("run-create", "/create", _run, TransportError, points="few"),
]
"""Every exchange for faults."""

KINDS: Final = [call for call in CALLS if not call.name.startswith("run-")]
"""Every kind of call once."""
