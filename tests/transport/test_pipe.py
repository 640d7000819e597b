"""Connections over named pipes, tested with Unix sockets: asyncio's transports for both have the same interface."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from aiodockerapi import ConnectFailed, TransportError
from aiodockerapi._settings import look_up
from aiodockerapi._transport import Transport
from aiodockerapi._transport.pipe import PipeConnection, open_pipe
from aiodockerapi._wire.request_info import RequestInfo


@pytest.fixture
async def ends() -> AsyncIterator[tuple[PipeConnection, socket.socket]]:
    """A connection, and the socket of the daemon."""
    local, remote = socket.socketpair()
    remote.setblocking(False)
    _, connection = await asyncio.get_running_loop().create_unix_connection(PipeConnection, sock=local)
    yield connection, remote
    connection.abort()
    remote.close()
    await asyncio.sleep(0)


Ends = tuple[PipeConnection, socket.socket]


async def test_send_and_receive(ends: Ends) -> None:
    connection, remote = ends
    loop = asyncio.get_running_loop()
    await connection.send(memoryview(b"question"))
    assert await loop.sock_recv(remote, 100) == b"question"
    await loop.sock_sendall(remote, b"answer")
    assert await connection.receive() == b"answer"


async def test_data_before_the_end_is_received(ends: Ends) -> None:
    connection, remote = ends
    await asyncio.get_running_loop().sock_sendall(remote, b"output")
    remote.shutdown(socket.SHUT_WR)
    assert await connection.receive() == b"output"
    assert await connection.receive() == b""
    with pytest.raises(TransportError, match="reads no more input"):
        await connection.send(b"too late")


async def test_a_slow_reader_pauses_the_daemon(ends: Ends) -> None:
    connection, remote = ends
    loop = asyncio.get_running_loop()
    total = 1 << 23
    sending = asyncio.ensure_future(loop.sock_sendall(remote, b"x" * total))
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


async def test_send_waits_for_a_slow_daemon(ends: Ends) -> None:
    connection, remote = ends
    sending = asyncio.ensure_future(connection.send(b"x" * (1 << 23)))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not sending.done()
    received = 0
    async with asyncio.timeout(30):
        while received < 1 << 23:
            received += len(await asyncio.get_running_loop().sock_recv(remote, 1 << 20))
        await sending


async def test_abort_wakes_waiting_tasks(ends: Ends) -> None:
    connection, _ = ends
    receiving = asyncio.ensure_future(connection.receive())
    await asyncio.sleep(0)
    assert not connection.closed
    connection.abort()
    with pytest.raises(TransportError, match="closed by the client"):
        await receiving
    assert connection.closed
    for call in (connection.receive, lambda: connection.send(b"x")):
        with pytest.raises(TransportError, match="closed by the client"):
            await call()


async def test_half_close(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    connection, remote = ends
    await connection.send_eof()
    assert await asyncio.get_running_loop().sock_recv(remote, 100) == b""
    monkeypatch.setattr(
        connection, "_transport", type("Pipe", (), {"can_write_eof": lambda _: False, "abort": lambda _: 0})()
    )
    with pytest.raises(TransportError, match="a named pipe cannot send the end of the input"):
        await connection.send_eof()


async def test_an_event_loop_without_named_pipes() -> None:
    with pytest.raises(OSError, match=r"does not support named pipes; use asyncio\.ProactorEventLoop"):
        await open_pipe("//./pipe/docker_engine")


async def test_open_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = PipeConnection()

    async def create(factory: object, path: str) -> tuple[None, PipeConnection]:
        assert (factory, path) == (PipeConnection, "//./pipe/x")
        return None, opened

    monkeypatch.setattr(asyncio.get_running_loop(), "create_pipe_connection", create, raising=False)
    assert await open_pipe("//./pipe/x") is opened


async def test_requests_and_streams_report_the_failure() -> None:
    transport = Transport(look_up("npipe://", environ={}, windows=True), connect_timeout=1, max_connections=1)
    for call in (
        transport.request("GET", "/_ping", {}, None),
        transport.stream(RequestInfo("GET", "/events"), "/events", {}, b""),
    ):
        with pytest.raises(
            ConnectFailed, match=r"cannot connect to npipe:////\./pipe/docker_engine \(the argument host\): "
        ):
            await call
    await transport.aclose()
