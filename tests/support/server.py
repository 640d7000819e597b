"""Servers in place of a daemon that send responses set by the test and record the requests, over real sockets.

`serving` runs a web server; `raw_serving` sends bytes as they are, for responses that no web server would send. Both respond
to ``/_ping`` with an API version by default, and listen on a Unix socket and on TCP.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from aiohttp import web

__all__ = ["NO_CONTENT", "Peer", "RawServer", "Received", "Reply", "Server", "json_reply", "raw_serving", "serving"]


@dataclass(frozen=True)
class Received:
    """A request as it was received."""

    method: str
    path: str
    """Still percent-encoded, without the query."""
    query: list[tuple[str, str]]
    """Decoded, in its order in the request."""
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def line(self) -> str:
        """Method and path, as in the request line."""
        return f"{self.method} {self.path}"

    def json(self) -> Any:
        """Return the JSON value of the body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """A response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


NO_CONTENT = Reply(204)

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Answer: TypeAlias = Reply | Handler


def json_reply(value: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a response with a JSON body."""
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


class _Recorder:
    """The addresses of a server, and the requests that it has received."""

    def __init__(self, folder: str, api_version: str | None) -> None:
        self.socket = str(Path(folder, "engine.sock"))
        self.host = f"unix://{self.socket}"
        self.port = 0
        self.api_version = api_version
        """The version in the response to a ping; None omits the header."""
        self.received: list[Received] = []
        """All requests, including pings."""

    @property
    def tcp(self) -> str:
        """The TCP address."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def calls(self) -> list[Received]:
        """All requests except pings."""
        return [one for one in self.received if one.path != "/_ping"]

    @property
    def pings(self) -> list[str]:
        """The HTTP methods of all pings."""
        return [one.method for one in self.received if one.path == "/_ping"]


class Server(_Recorder):
    """A web server that responds according to `routes`, otherwise with `default`."""

    def __init__(self, folder: str, api_version: str | None) -> None:
        super().__init__(folder, api_version)
        self.default: Answer = NO_CONTENT
        self.routes: dict[str, Answer] = {}
        """Responses by method and path, such as ``GET /v1.41/info``; those for ``/_ping`` replace the default one."""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Record a request and respond to it."""
        path, _, query = request.raw_path.partition("?")
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
        received = Received(request.method, path, pairs, headers, body)
        self.received.append(received)
        answer = self.routes.get(received.line, self._ping() if path == "/_ping" else self.default)
        if isinstance(answer, Reply):
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        return await answer(request)

    def _ping(self) -> Reply:
        return Reply(200, headers={} if self.api_version is None else {"Api-Version": self.api_version})


@asynccontextmanager
async def serving(api_version: str | None = "1.44") -> AsyncIterator[Server]:
    """Run a web server."""
    with tempfile.TemporaryDirectory(prefix="aiodockerapi-") as folder:
        server = Server(folder, api_version)
        runner = web.ServerRunner(web.Server(server.handle), shutdown_timeout=0)
        await runner.setup()
        try:
            await web.UnixSite(runner, server.socket).start()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            server.port = runner.addresses[1][1]
            yield server
        finally:
            await runner.cleanup()


@dataclass(frozen=True)
class Peer:
    """The server's end of one connection, after its request has been read."""

    request: Received
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Abort the connection."""
        self.writer.transport.abort()


Script: TypeAlias = Callable[[Peer], Awaitable[None]]


class RawServer(_Recorder):
    """A server that runs `script` on each connection, or sends these bytes, and closes the connection."""

    def __init__(self, folder: str, api_version: str | None, script: Script | bytes) -> None:
        super().__init__(folder, api_version)
        self.script = script
        self._tasks: set[asyncio.Task[None]] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one request, one response."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has closed its connection, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _read_request(reader)
        self.received.append(request)
        peer = Peer(request, reader, writer)
        if request.path == "/_ping" and self.api_version is not None:
            version = self.api_version.encode()
            await peer.send(b"HTTP/1.1 200 OK\r\nApi-Version: %s\r\nContent-Length: 0\r\n" % version)
            await peer.send(b"Connection: close\r\n\r\n")
        elif isinstance(self.script, bytes):
            await peer.send(self.script)
        else:
            await self.script(peer)

    async def stop(self) -> None:
        """Cancel the connections that are still being served."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


async def _read_request(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head[:-4].split("\r\n")
    method, target, _ = line.split(" ")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
    path, _, query = target.partition("?")
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, parse_qsl(query, keep_blank_values=True), headers, body)


@asynccontextmanager
async def raw_serving(script: Script | bytes, api_version: str | None = "1.44") -> AsyncIterator[RawServer]:
    """Run a server that sends bytes as they are; if `api_version` is None, `script` serves pings too."""
    with tempfile.TemporaryDirectory(prefix="aiodockerapi-") as folder:
        server = RawServer(folder, api_version, script)
        unix = await asyncio.start_unix_server(server.connected, server.socket)
        tcp = await asyncio.start_server(server.connected, "127.0.0.1", 0)
        server.port = tcp.sockets[0].getsockname()[1]
        try:
            yield server
        finally:
            unix.close()
            tcp.close()
            await server.stop()
