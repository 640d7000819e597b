"""A connection of its own: both directions, their ends, cancellation and back-pressure, over a pair of sockets."""

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
    """Two connected sockets that do not wait."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        yield ours, theirs


@pytest.fixture
async def connection(ends: tuple[socket.socket, socket.socket]) -> AsyncIterator[Connection]:
    """Our end."""
    made = Connection(ends[0])
    yield made
    made.abort()


@pytest.fixture
def peer(ends: tuple[socket.socket, socket.socket]) -> socket.socket:
    """The other end."""
    return ends[1]


async def turns(count: int = 20) -> None:
    """Let the loop look at its sockets some times."""
    for _ in range(count):
        await asyncio.sleep(0)


async def receive(connection: Connection) -> bytes:
    return await asyncio.wait_for(connection.receive(), 30)


async def everything(peer: socket.socket, size: int) -> bytes:
    """Read that many bytes at the other end."""
    found = bytearray()
    while len(found) < size:
        found += await asyncio.wait_for(asyncio.get_running_loop().sock_recv(peer, 1 << 16), 30)
    return bytes(found)


def watched(connection: Connection) -> bool:
    """Whether the loop still looks for room to write, which would keep it busy for nothing."""
    return asyncio.get_running_loop().remove_writer(connection._descriptor)


# -- receiving


async def test_receives_what_has_arrived_then_the_end(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"one")
    assert await receive(connection) == b"one"
    peer.send(b"two")
    await turns()
    peer.send(b"three")
    await turns()
    assert await receive(connection) == b"twothree"
    peer.close()
    assert await receive(connection) == b""
    assert await receive(connection) == b""


async def test_receiving_waits_for_the_first_byte(connection: Connection, peer: socket.socket) -> None:
    waiting = asyncio.ensure_future(connection.receive())
    await turns()
    assert not waiting.done()
    peer.send(b"x")
    assert await asyncio.wait_for(waiting, 30) == b"x"


async def test_bytes_before_the_end_come_before_it(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"last words")
    peer.close()
    await turns()
    assert await receive(connection) == b"last words"
    assert await receive(connection) == b""


@pytest.mark.parametrize("cancelled_at", range(4))
async def test_a_cancelled_receive_loses_nothing(
    connection: Connection, peer: socket.socket, cancelled_at: int
) -> None:
    """Whether the cancellation comes before the bytes, together with them or after them."""
    waiting = asyncio.ensure_future(connection.receive())
    await turns()
    peer.send(b"precious")
    await turns(cancelled_at)
    waiting.cancel()
    await asyncio.wait([waiting])
    found = b"" if waiting.cancelled() else waiting.result()
    peer.send(b"!")
    while not found.endswith(b"!"):
        found += await receive(connection)
    assert found == b"precious!"


async def test_a_reset_is_an_error_and_not_an_end() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    with listening, socket.create_connection(listening.getsockname()) as ours:
        ours.setblocking(False)
        theirs, _ = listening.accept()
        connection = Connection(ours)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        theirs.close()
        with pytest.raises(TransportError, match="the connection broke") as caught:
            await receive(connection)
        assert isinstance(caught.value.__cause__, ConnectionResetError)
        connection.abort()


# -- back-pressure


async def pushed(peer: socket.socket, block: bytes, most: int) -> int:
    """How many bytes the other end gets rid of before nobody takes any more."""
    count = idle = 0
    while idle < 20 and count < most:
        try:
            count += peer.send(block)
            idle = 0
        except BlockingIOError:
            idle += 1
        await asyncio.sleep(0)
    return count


async def test_a_slow_reader_stops_the_sender(connection: Connection, peer: socket.socket) -> None:
    block, limit = b"x" * 65536, 64 << 20
    first = await pushed(peer, block, limit)
    assert first < 4 << 20, "what nobody reads must stay with the sender"
    assert connection._size <= 1 << 19
    assert await pushed(peer, block, limit) == 0
    found = 0
    while found < first:
        found += len(await receive(connection))
    assert found == first
    assert await pushed(peer, block, limit) > 0, "a reader that goes on lets the sender go on"


async def test_a_sender_waits_for_a_slow_reader(connection: Connection, peer: socket.socket) -> None:
    data = bytes(range(256)) * (1 << 15)  # 8 MiB
    sending = asyncio.ensure_future(connection.send(data))
    await turns(200)
    assert not sending.done()
    assert await everything(peer, len(data)) == data
    await asyncio.wait_for(sending, 30)
    assert not watched(connection)


class Bottomless(socket.socket):
    """A socket whose other end reads as fast as we write."""

    def send(self, data: Any, flags: int = 0) -> int:
        return len(data)


async def test_a_fast_reader_does_not_keep_the_loop_from_everything_else() -> None:
    with Bottomless(socket.AF_UNIX) as sock:
        connection = Connection(sock)
        sending = asyncio.ensure_future(connection.send(b"x" * (8 << 20)))
        others = 0
        while not sending.done():
            others += 1
            await asyncio.sleep(0)
        connection.abort()
    assert others >= 8


async def test_what_has_piled_up_is_handed_over_in_order_and_without_waiting(
    connection: Connection, peer: socket.socket
) -> None:
    sizes = [100_000, 5, 100_000, 3]
    for number, size in enumerate(sizes):
        peer.send(bytes([number]) * size)
        await turns()
    found = b""
    while len(found) < sum(sizes):
        found += await receive(connection)
    assert found == b"".join(bytes([number]) * size for number, size in enumerate(sizes))
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


async def test_two_senders_at_once_are_told_so(connection: Connection, peer: socket.socket) -> None:
    first = asyncio.ensure_future(connection.send(b"a" * (8 << 20)))
    await turns()
    with pytest.raises(TransportError, match="two tasks send on the same stream at once"):
        await connection.send(b"b" * (8 << 20))
    first.cancel()
    await asyncio.wait([first])


async def test_a_cancelled_send_leaves_the_connection_usable(connection: Connection, peer: socket.socket) -> None:
    first = asyncio.ensure_future(connection.send(b"a" * (8 << 20)))
    await turns()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not watched(connection)
    second = asyncio.ensure_future(connection.send(b"end"))
    found = b""
    while not found.endswith(b"end"):
        found += await everything(peer, 1)
    assert set(found[:-3]) == set(b"a")
    await second


async def test_a_failed_write_leaves_the_output_to_be_read(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"its last words")
    peer.close()
    with pytest.raises(TransportError, match="the daemon has closed the stream"):
        await connection.send(b"x" * (1 << 20))
    assert await receive(connection) == b"its last words"
    assert await receive(connection) == b""


async def test_a_sender_that_waits_learns_that_the_other_side_has_left(
    connection: Connection, peer: socket.socket
) -> None:
    sending = asyncio.ensure_future(connection.send(b"x" * (8 << 20)))
    await turns()
    peer.close()
    with pytest.raises(TransportError, match="the daemon has closed the stream"):
        await asyncio.wait_for(sending, 30)


async def test_half_closing_ends_one_direction_only(connection: Connection, peer: socket.socket) -> None:
    await connection.send(b"all of it")
    await connection.send_eof()
    await connection.send_eof()
    assert peer.recv(100) == b"all of it"
    assert peer.recv(100) == b""
    peer.send(b"the answer")
    assert await receive(connection) == b"the answer"
    with pytest.raises(TransportError):
        await connection.send(b"more")


async def test_half_closing_what_the_other_side_has_closed(connection: Connection, peer: socket.socket) -> None:
    peer.close()
    await connection.send_eof()
    assert await receive(connection) == b""


# -- the end


async def test_abort_closes_at_once_and_wakes_whoever_waits(connection: Connection, peer: socket.socket) -> None:
    receiving = asyncio.ensure_future(connection.receive())
    sending = asyncio.ensure_future(connection.send(b"x" * (8 << 20)))
    await turns()
    assert not connection.closed
    connection.abort()
    assert connection.closed
    for waiting in (receiving, sending):
        with pytest.raises(TransportError, match="closed on this side"):
            await asyncio.wait_for(waiting, 30)
    while peer.recv(1 << 20):
        pass  # what had been sent, then the end
    connection.abort()


async def test_after_abort(connection: Connection, peer: socket.socket) -> None:
    peer.send(b"never read")
    await turns()
    connection.abort()
    for late in (connection.receive(), connection.send(b"x")):
        with pytest.raises(TransportError, match="closed on this side"):
            await late
    await connection.send_eof()


async def test_aborting_while_the_reader_rests(connection: Connection, peer: socket.socket) -> None:
    await pushed(peer, b"x" * 65536, 64 << 20)
    connection.abort()
    await turns()
    with pytest.raises(BrokenPipeError):
        peer.send(b"x")
