"""The connection through a named pipe, with a Unix socket in its place: asyncio's transports for both are used alike."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from aiodockerapi import ConnectFailed, TransportError
from aiodockerapi._settings import look_up
from aiodockerapi._transport import Transport
from aiodockerapi._transport.pipe import PipeConnection, open_pipe


@pytest.fixture
async def ends() -> AsyncIterator[tuple[PipeConnection, socket.socket]]:
    """A connection, and the daemon's end of it."""
    near, far = socket.socketpair()
    far.setblocking(False)
    _, connection = await asyncio.get_running_loop().create_unix_connection(PipeConnection, sock=near)
    yield connection, far
    connection.abort()
    far.close()
    await asyncio.sleep(0)


Ends = tuple[PipeConnection, socket.socket]


async def test_bytes_there_and_back(ends: Ends) -> None:
    connection, far = ends
    loop = asyncio.get_running_loop()
    await connection.send(memoryview(b"question"))
    assert await loop.sock_recv(far, 100) == b"question"
    await loop.sock_sendall(far, b"answer")
    assert await connection.receive() == b"answer"


async def test_the_end_comes_behind_all_bytes(ends: Ends) -> None:
    connection, far = ends
    await asyncio.get_running_loop().sock_sendall(far, b"last words")
    far.shutdown(socket.SHUT_WR)
    assert await connection.receive() == b"last words"
    assert await connection.receive() == b""
    with pytest.raises(TransportError, match="nobody reads"):
        await connection.send(b"too late")


async def test_a_slow_reader_stops_the_pipe(ends: Ends) -> None:
    connection, far = ends
    loop = asyncio.get_running_loop()
    total = 1 << 23
    sending = asyncio.ensure_future(loop.sock_sendall(far, b"x" * total))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not sending.done()
    size = 0
    async with asyncio.timeout(30):
        while size < total:
            block = await connection.receive()
            assert len(block) < 1 << 20
            size += len(block)
        await sending


async def test_a_slow_daemon_stops_the_sender(ends: Ends) -> None:
    connection, far = ends
    sending = asyncio.ensure_future(connection.send(b"x" * (1 << 23)))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not sending.done()
    received = 0
    async with asyncio.timeout(30):
        while received < 1 << 23:
            received += len(await asyncio.get_running_loop().sock_recv(far, 1 << 20))
        await sending


async def test_closing_wakes_whoever_waits(ends: Ends) -> None:
    connection, _ = ends
    receiving = asyncio.ensure_future(connection.receive())
    await asyncio.sleep(0)
    assert not connection.closed
    connection.abort()
    with pytest.raises(TransportError, match="closed on this side"):
        await receiving
    assert connection.closed
    for call in (connection.receive, lambda: connection.send(b"x")):
        with pytest.raises(TransportError, match="closed on this side"):
            await call()


async def test_half_close_where_the_transport_can(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    connection, far = ends
    await connection.send_eof()
    assert await asyncio.get_running_loop().sock_recv(far, 100) == b""
    monkeypatch.setattr(
        connection, "_transport", type("Pipe", (), {"can_write_eof": lambda _: False, "abort": lambda _: 0})()
    )
    with pytest.raises(TransportError, match="cannot be sent through a named pipe"):
        await connection.send_eof()


async def test_an_event_loop_without_pipes_says_so() -> None:
    with pytest.raises(OSError, match=r"has no named pipes; asyncio\.ProactorEventLoop has"):
        await open_pipe("//./pipe/docker_engine")


async def test_a_pipe_is_opened_by_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    made = PipeConnection()

    async def create(factory: object, path: str) -> tuple[None, PipeConnection]:
        assert (factory, path) == (PipeConnection, "//./pipe/x")
        return None, made

    monkeypatch.setattr(asyncio.get_running_loop(), "create_pipe_connection", create, raising=False)
    assert await open_pipe("//./pipe/x") is made


async def test_both_roads_say_so() -> None:
    transport = Transport(look_up("npipe://", environ={}, windows=True), connect_timeout=1, max_connections=1)
    for call in (transport.request("GET", "/_ping", {}, None), transport.stream("GET", "/events", {}, b"")):
        with pytest.raises(
            ConnectFailed, match=r"cannot connect to npipe:////\./pipe/docker_engine \(the argument host\): "
        ):
            await call
    await transport.aclose()
