"""Connections for streams, over a socket pair: both directions, their ends, cancellation and back-pressure."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from aiodockerapi import TransportError
from aiodockerapi._transport.connection import Connection


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A pair of non-blocking sockets."""
    local, remote = socket.socketpair()
    with local, remote:
        local.setblocking(False)
        remote.setblocking(False)
        yield local, remote


@pytest.fixture
async def connection(ends: tuple[socket.socket, socket.socket]) -> AsyncIterator[Connection]:
    """A connection over one of the sockets."""
    connection = Connection(ends[0])
    yield connection
    connection.abort()


@pytest.fixture
def peer(ends: tuple[socket.socket, socket.socket]) -> socket.socket:
    """The other socket."""
    return ends[1]


async def run_loop(count: int = 20) -> None:
    """Let the event loop poll its sockets several times."""
    for _ in range(count):
        await asyncio.sleep(0)


async def receive(connection: Connection) -> bytes:
    return await asyncio.wait_for(connection.receive(), 30)


async def receive_all(peer: socket.socket, size: int) -> bytes:
    """Read a number of bytes from the peer."""
    received = bytearray()
    while len(received) < size:
        received += await asyncio.wait_for(asyncio.get_running_loop().sock_recv(peer, 1 << 16), 30)
    return bytes(received)


def has_writer(connection: Connection) -> bool:
    """Return whether the event loop still polls for writing, which would keep it busy."""
    return asyncio.get_running_loop().remove_writer(connection._descriptor)


# -- receiving


async def test_receive_returns_arrived_data_then_the_end(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"one")
    assert await receive(connection) == b"one"
    peer.send(b"two")
    await run_loop()
    peer.send(b"three")
    await run_loop()
    assert await receive(connection) == b"twothree"
    peer.close()
    assert await receive(connection) == b""
    assert await receive(connection) == b""


async def test_receiving_waits_for_the_first_byte(connection: Connection, peer: socket.socket) -> None:
    waiting = asyncio.ensure_future(connection.receive())
    await run_loop()
    assert not waiting.done()
    peer.send(b"x")
    assert await asyncio.wait_for(waiting, 30) == b"x"


async def test_data_before_the_end_is_received(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"output")
    peer.close()
    await run_loop()
    assert await receive(connection) == b"output"
    assert await receive(connection) == b""


@pytest.mark.parametrize("cancelled_at", range(4))
async def test_a_cancelled_receive_loses_nothing(
    connection: Connection, peer: socket.socket, cancelled_at: int
) -> None:
    """The cancellation happens before, together with, or after the arrival of data."""
    waiting = asyncio.ensure_future(connection.receive())
    await run_loop()
    peer.send(b"precious")
    await run_loop(cancelled_at)
    waiting.cancel()
    await asyncio.wait([waiting])
    received = b"" if waiting.cancelled() else waiting.result()
    peer.send(b"!")
    while not received.endswith(b"!"):
        received += await receive(connection)
    assert received == b"precious!"


async def test_a_reset_is_an_error() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    with listening, socket.create_connection(listening.getsockname()) as local:
        local.setblocking(False)
        remote, _ = listening.accept()
        connection = Connection(local)
        remote.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        remote.close()
        with pytest.raises(TransportError, match="the connection broke") as caught:
            await receive(connection)
        assert isinstance(caught.value.__cause__, ConnectionResetError)
        connection.abort()


# -- back-pressure


async def send_until_full(peer: socket.socket, block: bytes, limit: int) -> int:
    """Send until the connection accepts no more data; return the number of bytes."""
    count = idle = 0
    while idle < 20 and count < limit:
        try:
            count += peer.send(block)
            idle = 0
        except BlockingIOError:
            idle += 1
        await asyncio.sleep(0)
    return count


async def test_a_slow_reader_pauses_the_peer(connection: Connection, peer: socket.socket) -> None:
    block, limit = b"x" * 65536, 64 << 20
    first = await send_until_full(peer, block, limit)
    assert first < 4 << 20, "reading must be paused"
    assert connection._size <= 1 << 19
    assert await send_until_full(peer, block, limit) == 0
    received = 0
    while received < first:
        received += len(await receive(connection))
    assert received == first
    assert await send_until_full(peer, block, limit) > 0, "reading must be resumed"


async def test_send_waits_for_a_slow_peer(connection: Connection, peer: socket.socket) -> None:
    data = bytes(range(256)) * (1 << 15)  # 8 MiB
    sending = asyncio.ensure_future(connection.send(data))
    await run_loop(200)
    assert not sending.done()
    assert await receive_all(peer, len(data)) == data
    await asyncio.wait_for(sending, 30)
    assert not has_writer(connection)


class FastPeer(socket.socket):
    """A socket whose peer reads as fast as data is sent."""

    def send(self, data: Any, flags: int = 0) -> int:
        return len(data)


async def test_a_fast_peer_does_not_block_the_event_loop() -> None:
    with FastPeer(socket.AF_UNIX) as sock:
        connection = Connection(sock)
        sending = asyncio.ensure_future(connection.send(b"x" * (8 << 20)))
        others = 0
        while not sending.done():
            others += 1
            await asyncio.sleep(0)
        connection.abort()
    assert others >= 8


async def test_buffered_data_is_returned_in_order(connection: Connection, peer: socket.socket) -> None:
    sizes = [100_000, 5, 100_000, 3]
    for number, size in enumerate(sizes):
        peer.send(bytes([number]) * size)
        await run_loop()
    received = b""
    while len(received) < sum(sizes):
        received += await receive(connection)
    assert received == b"".join(bytes([number]) * size for number, size in enumerate(sizes))
    assert connection._size == 0


# -- sending


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
async def test_sends_bytes_of_any_kind(connection: Connection, peer: socket.socket, kind: Any) -> None:
    await connection.send(kind(b"hello"))
    await connection.send(kind(b""))
    assert peer.recv(100) == b"hello"


async def test_a_view_of_larger_items_is_sent_as_bytes(connection: Connection, peer: socket.socket) -> None:
    await connection.send(memoryview(b"abcdefgh").cast("I"))
    assert peer.recv(100) == b"abcdefgh"


async def test_two_concurrent_senders_are_an_error(connection: Connection, peer: socket.socket) -> None:
    first = asyncio.ensure_future(connection.send(b"a" * (8 << 20)))
    await run_loop()
    with pytest.raises(TransportError, match="two tasks send on the same stream at once"):
        await connection.send(b"b" * (8 << 20))
    first.cancel()
    await asyncio.wait([first])


async def test_a_cancelled_send_leaves_the_connection_usable(connection: Connection, peer: socket.socket) -> None:
    first = asyncio.ensure_future(connection.send(b"a" * (8 << 20)))
    await run_loop()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not has_writer(connection)
    second = asyncio.ensure_future(connection.send(b"end"))
    received = b""
    while not received.endswith(b"end"):
        received += await receive_all(peer, 1)
    assert set(received[:-3]) == set(b"a")
    await second


async def test_data_can_be_received_after_a_failed_send(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"output")
    peer.close()
    with pytest.raises(TransportError, match="the daemon has closed the stream"):
        await connection.send(b"x" * (1 << 20))
    assert await receive(connection) == b"output"
    assert await receive(connection) == b""


async def test_a_waiting_sender_gets_an_error_when_the_peer_closes(connection: Connection, peer: socket.socket) -> None:
    sending = asyncio.ensure_future(connection.send(b"x" * (8 << 20)))
    await run_loop()
    peer.close()
    with pytest.raises(TransportError, match="the daemon has closed the stream"):
        await asyncio.wait_for(sending, 30)


async def test_half_close_ends_one_direction_only(connection: Connection, peer: socket.socket) -> None:
    await connection.send(b"all of it")
    await connection.send_eof()
    await connection.send_eof()
    assert peer.recv(100) == b"all of it"
    assert peer.recv(100) == b""
    peer.send(b"the answer")
    assert await receive(connection) == b"the answer"
    with pytest.raises(TransportError):
        await connection.send(b"more")


async def test_half_close_after_the_peer_closed(connection: Connection, peer: socket.socket) -> None:
    peer.close()
    await connection.send_eof()
    assert await receive(connection) == b""


# -- the end


async def test_abort_wakes_waiting_tasks(connection: Connection, peer: socket.socket) -> None:
    receiving = asyncio.ensure_future(connection.receive())
    sending = asyncio.ensure_future(connection.send(b"x" * (8 << 20)))
    await run_loop()
    assert not connection.closed
    connection.abort()
    assert connection.closed
    for waiting in (receiving, sending):
        with pytest.raises(TransportError, match="closed by the client"):
            await asyncio.wait_for(waiting, 30)
    while peer.recv(1 << 20):
        pass  # the data sent before, and the end
    connection.abort()


async def test_after_abort(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"never read")
    await run_loop()
    connection.abort()
    for late in (connection.receive(), connection.send(b"x")):
        with pytest.raises(TransportError, match="closed by the client"):
            await late
    await connection.send_eof()


async def test_abort_while_reading_is_paused(connection: Connection, peer: socket.socket) -> None:
    await send_until_full(peer, b"x" * 65536, 64 << 20)
    connection.abort()
    await run_loop()
    with pytest.raises(BrokenPipeError):
        peer.send(b"x")
