"""Uploads to a daemon that reads no more of them: whatever ends the call, its connection ends at once."""

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
    """The answer that makes a connection a WebSocket."""
    (key,) = re.findall(rb"(?i)sec-websocket-key: (.*)\r\n", head)
    accepted = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    return (
        b"HTTP/1.1 101 Upgraded\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
        % accepted
    )


async def endless() -> AsyncIterator[bytes]:
    """More than anybody takes."""
    while True:
        yield bytes(1 << 17)


BODIES: dict[str, Callable[[], bytes | AsyncIterator[bytes] | Path]] = {
    "some bytes": lambda: bytes(400_000),  # more than a socket takes
    "many bytes": lambda: bytes(3_000_000),
    "an iterator": endless,
    "a file": lambda: Path(os.devnull.replace("null", "zero")),
}


class Deaf:
    """Reads heads only, and keeps every connection; what is no ping gets `reply`."""

    def __init__(self, reply: Callable[[bytes], bytes]) -> None:
        self._reply = reply
        self.connections: list[socket.socket] = []
        self.called = asyncio.Event()
        """Set by the first head that is no ping's."""

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
async def deaf(
    family: str, folder: Path, reply: Callable[[bytes], bytes] = lambda _: b""
) -> AsyncIterator[tuple[Deaf, str]]:
    """Such a server, and its address."""
    if family == "unix":
        listener, address = socket.socket(socket.AF_UNIX), f"unix://{folder}/s"
        listener.bind(f"{folder}/s")
        listener.listen()
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.setblocking(False)
    server = Deaf(reply)
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
    """What is sent."""
    return BODIES[request.param]()


@pytest.fixture(params=["unix", "tcp"])
def family(request: pytest.FixtureRequest) -> str:
    """How the server is reached."""
    return str(request.param)


async def only_the_server_holds(server: Deaf, others: int) -> None:
    """Wait until of all connections only the server's ends are left."""

    async def so() -> bool:
        return sockets() == others + len(server.connections)

    await until(so)


async def test_a_refused_upload_holds_no_connection(
    body: bytes | AsyncIterator[bytes] | Path, family: str, tmp_path: Path
) -> None:
    async with nothing_left(), deaf(family, tmp_path, lambda _: REFUSAL) as (server, address):
        before = sockets()
        async with Docker(address) as docker:
            with pytest.raises(BadRequest, match="refused"):
                await docker.images.load(body)
        await only_the_server_holds(server, before)


async def test_a_cancelled_upload_holds_no_connection(
    body: bytes | AsyncIterator[bytes] | Path, family: str, tmp_path: Path
) -> None:
    async with nothing_left(), deaf(family, tmp_path) as (server, address):
        before = sockets()
        async with Docker(address) as docker:
            call = await _under_way(server, docker, body)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await only_the_server_holds(server, before)


async def test_a_client_closes_at_once_while_it_uploads(
    body: bytes | AsyncIterator[bytes] | Path, family: str, tmp_path: Path
) -> None:
    async with nothing_left(), deaf(family, tmp_path) as (server, address):
        before = sockets()
        async with Docker(address) as docker:
            call = await _under_way(server, docker, body)
        with pytest.raises(TransportError, match="this Docker client has been closed"):
            await call
        await only_the_server_holds(server, before)


async def test_a_websocket_that_nobody_reads_holds_no_connection(family: str, tmp_path: Path) -> None:
    async with nothing_left(), deaf(family, tmp_path, upgrade) as (server, address), Docker(address) as docker:
        await docker.negotiate()
        before = sockets() - len(server.connections)  # the client keeps the connection of that call
        async with docker.containers.attach_websocket("x") as attached:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):  # not before the sockets are full: it sends for ever
                    await _send_endlessly(attached)
        await only_the_server_holds(server, before)


async def test_a_client_closes_at_once_while_it_sends_by_websocket(family: str, tmp_path: Path) -> None:
    async with nothing_left(), deaf(family, tmp_path, upgrade) as (server, address):
        before, opened = sockets(), asyncio.Event()
        async with Docker(address) as docker:
            sending = asyncio.ensure_future(_open_and_send(docker, opened))
            await opened.wait()
            await asyncio.sleep(0.2)
        with pytest.raises(TransportError, match="closed"):
            await sending
        await only_the_server_holds(server, before)


async def _open_and_send(docker: Docker, opened: asyncio.Event) -> None:
    async with docker.containers.attach_websocket("x") as attached:
        opened.set()
        await _send_endlessly(attached)


async def _send_endlessly(attached: WebSocketStream) -> None:
    while True:
        await attached.send(bytes(1 << 17))


async def _under_way(
    server: Deaf, docker: Docker, body: bytes | AsyncIterator[bytes] | Path
) -> asyncio.Future[LoadResult]:
    """An upload of which the server has read the head."""
    call = asyncio.ensure_future(docker.images.load(body))
    await server.called.wait()
    return call


async def hasty(size: int) -> AsyncIterator[bytes]:
    """A source that never waits."""
    for _ in range((1 << 26) // size):
        yield bytes(size)


@pytest.fixture(scope="module")
def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS, and that of who trusts it."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: bytes) -> None:
    """Answer a call when its body has begun to come, and close the connection as if there were no more of it."""
    try:
        while b"/_ping" in await reader.readuntil(b"\r\n\r\n"):
            writer.write(PING)
        for _ in range(8):  # it is under way by then
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
async def test_an_upload_that_breaks_is_no_matter_of_the_log(
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
            await docker.images.load(hasty(size))
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
