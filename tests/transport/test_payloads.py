"""Uploads to a daemon that stops reading: however the call ends, its connection is closed at once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import trustme

from aiodockerapi import BadRequest, Docker, LoadResult, TransportError, WebSocketStream
from tests.support.deadline import until
from tests.support.leaks import nothing_left, sockets

PING = b"HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 0\r\n\r\n"
REFUSAL = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 21\r\n\r\n"
    b'{"message":"refused"}'
)


def upgrade(head: bytes) -> bytes:
    """Return the response that upgrades a connection to a WebSocket."""
    (key,) = re.findall(rb"(?i)sec-websocket-key: (.*)\r\n", head)
    accepted = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    return (
        b"HTTP/1.1 101 Upgraded\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
        % accepted
    )


async def endless() -> AsyncIterator[bytes]:
    """Yield blocks without end."""
    while True:
        yield bytes(1 << 17)


BODIES: dict[str, Callable[[], bytes | AsyncIterator[bytes] | Path]] = {
    "some bytes": lambda: bytes(400_000),  # more than a socket accepts
    "many bytes": lambda: bytes(3_000_000),
    "an iterator": endless,
    "a file": lambda: Path(os.devnull.replace("null", "zero")),
}


class NotReadingServer:
    """Reads only heads, and keeps every connection open; requests other than pings get `reply`."""

    def __init__(self, reply: Callable[[bytes], bytes]) -> None:
        self._reply = reply
        self.connections: list[socket.socket] = []
        self.called = asyncio.Event()
        """Set by the first head that is not a ping's."""

    async def serve(self, listener: socket.socket) -> None:
        """Accept connections until cancelled."""
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            while True:
                connection, _ = await loop.sock_accept(listener)
                connection.setblocking(False)
                self.connections.append(connection)
                group.create_task(self._answer(connection))

    async def _answer(self, connection: socket.socket) -> None:
        loop, head = asyncio.get_running_loop(), b""
        while b"\r\n\r\n" not in head:
            data = await loop.sock_recv(connection, 1)
            if not data:
                return
            head += data
            if head.endswith(b"\r\n\r\n") and b" /_ping " in head:
                await loop.sock_sendall(connection, PING)
                head = b""
        await loop.sock_sendall(connection, self._reply(head))
        self.called.set()


@asynccontextmanager
async def not_reading(
    family: str, folder: Path, reply: Callable[[bytes], bytes] = lambda _: b""
) -> AsyncIterator[tuple[NotReadingServer, str]]:
    """Run such a server; yields it and its address."""
    if family == "unix":
        listener, address = socket.socket(socket.AF_UNIX), f"unix://{folder}/s"
        listener.bind(f"{folder}/s")
        listener.listen()
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.setblocking(False)
    server = NotReadingServer(reply)
    serving = asyncio.create_task(server.serve(listener))
    try:
        yield server, address
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        for one in (listener, *server.connections):
            one.close()


@pytest.fixture(params=BODIES)
def body(request: pytest.FixtureRequest) -> bytes | AsyncIterator[bytes] | Path:
    """The body to send."""
    return BODIES[request.param]()


@pytest.fixture(params=["unix", "tcp"])
def family(request: pytest.FixtureRequest) -> str:
    """The address family of the server."""
    return str(request.param)


async def wait_client_side_closed(server: NotReadingServer, others: int) -> None:
    """Wait until only the server's ends of the connections are left."""

    async def closed() -> bool:
        return sockets() == others + len(server.connections)

    await until(closed)


async def test_a_refused_upload_closes_its_connection(
    body: bytes | AsyncIterator[bytes] | Path, family: str, tmp_path: Path
) -> None:
    async with nothing_left(), not_reading(family, tmp_path, lambda _: REFUSAL) as (server, address):
        before = sockets()
        async with Docker(address) as docker:
            with pytest.raises(BadRequest, match="refused"):
                await docker.images.load(body)
        await wait_client_side_closed(server, before)


async def test_a_cancelled_upload_closes_its_connection(
    body: bytes | AsyncIterator[bytes] | Path, family: str, tmp_path: Path
) -> None:
    async with nothing_left(), not_reading(family, tmp_path) as (server, address):
        before = sockets()
        async with Docker(address) as docker:
            call = await _under_way(server, docker, body)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await wait_client_side_closed(server, before)


async def test_closing_the_client_aborts_an_upload(
    body: bytes | AsyncIterator[bytes] | Path, family: str, tmp_path: Path
) -> None:
    async with nothing_left(), not_reading(family, tmp_path) as (server, address):
        before = sockets()
        async with Docker(address) as docker:
            call = await _under_way(server, docker, body)
        with pytest.raises(TransportError, match="this Docker client is closed"):
            await call
        await wait_client_side_closed(server, before)


async def test_a_websocket_whose_peer_does_not_read_closes_its_connection(family: str, tmp_path: Path) -> None:
    async with nothing_left(), not_reading(family, tmp_path, upgrade) as (server, address), Docker(address) as docker:
        await docker.negotiate()
        before = sockets() - len(server.connections)  # the client keeps the connection of the negotiation
        async with docker.containers.attach_websocket("x") as attached:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):  # only full sockets block it
                    await _send_endlessly(attached)
        await wait_client_side_closed(server, before)


async def test_closing_the_client_aborts_a_websocket_that_sends(family: str, tmp_path: Path) -> None:
    async with nothing_left(), not_reading(family, tmp_path, upgrade) as (server, address):
        before, opened = sockets(), asyncio.Event()
        async with Docker(address) as docker:
            sending = asyncio.ensure_future(_open_and_send(docker, opened))
            await opened.wait()
            await asyncio.sleep(0.2)
        with pytest.raises(TransportError, match="closed"):
            await sending
        await wait_client_side_closed(server, before)


async def _open_and_send(docker: Docker, opened: asyncio.Event) -> None:
    async with docker.containers.attach_websocket("x") as attached:
        opened.set()
        await _send_endlessly(attached)


async def _send_endlessly(attached: WebSocketStream) -> None:
    while True:
        await attached.send(bytes(1 << 17))


async def _under_way(
    server: NotReadingServer, docker: Docker, body: bytes | AsyncIterator[bytes] | Path
) -> asyncio.Future[LoadResult]:
    """Start an upload, and wait until the server has read its head."""
    call = asyncio.ensure_future(docker.images.load(body))
    await server.called.wait()
    return call


async def not_waiting(size: int) -> AsyncIterator[bytes]:
    """Yield blocks without ever waiting."""
    for _ in range((1 << 26) // size):
        yield bytes(size)


@pytest.fixture(scope="module")
def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The TLS contexts of a server and of a client that trusts it."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: bytes) -> None:
    """Respond after the beginning of the body, and close the connection without reading the rest."""
    try:
        while b"/_ping" in await reader.readuntil(b"\r\n\r\n"):
            writer.write(PING)
        for _ in range(8):
            await reader.readexactly(1 << 17)
        writer.write(reply)
        await writer.drain()
    finally:
        if reply:
            writer.close()
        else:
            writer.transport.abort()


@pytest.mark.parametrize("size", [1 << 10, 1 << 17], ids=["small", "large"])
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("reply", [REFUSAL, b""], ids=["answered", "reset"])
async def test_an_upload_that_breaks_logs_nothing(
    size: int,
    encrypted: bool,
    reply: bytes,
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            await _refuse(reader, writer, reply)

    if encrypted:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=contexts[0])
        address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    else:
        server = await asyncio.start_unix_server(serve, f"{tmp_path}/s")
        address = f"unix://{tmp_path}/s"
    async with server, Docker(address, tls=contexts[1] if encrypted else None) as docker:
        with pytest.raises(BadRequest if reply else TransportError):
            await docker.images.load(not_waiting(size))
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
