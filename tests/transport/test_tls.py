"""TLS over a connection without aiohttp: half-close, how it ends, and what the peer may do at the same time."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import trustme

from aiodockerapi import TransportError
from aiodockerapi._settings import Endpoint
from aiodockerapi._transport.connection import Connection
from aiodockerapi._transport.tls import TLSConnection

ENDPOINT = Endpoint("https", host="localhost", port=2376)
AUTHORITY = trustme.CA()
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


class Peer:
    """The daemon's end of a pair of sockets; it reads and writes the plain text of the TLS records."""

    def __init__(self, sock: socket.socket, version: ssl.TLSVersion) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = version
        AUTHORITY.issue_cert("localhost").configure_cert(context)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.socket = sock

    async def do(self, step: Callable[[], Any]) -> Any:
        """Repeat a step of TLS until it needs no more data; ``b""`` is the close_notify of the client."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                await loop.sock_sendall(self.socket, self._outgoing.read())
                self._incoming.write(await asyncio.wait_for(loop.sock_recv(self.socket, 1 << 16), 30))
            except ssl.SSLZeroReturnError:
                return b""
            finally:
                await loop.sock_sendall(self.socket, self._outgoing.read())

    async def read(self) -> Any:
        """Return data from the client; ``b""`` after its close_notify."""
        return await self.do(lambda: self.tls.read(1 << 16))

    async def write(self, data: bytes) -> None:
        """Send data."""
        await self.do(lambda: self.tls.write(data))

    async def send_close_notify(self) -> None:
        """Send close_notify, without waiting for that of the client."""
        with pytest.raises(ssl.SSLWantReadError):
            self.tls.unwrap()
        await asyncio.get_running_loop().sock_sendall(self.socket, self._outgoing.read())

    async def answer_close_notify(self) -> None:
        """Respond to a close_notify that has been read."""
        await self.do(self.tls.unwrap)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected non-blocking sockets."""
    client, daemon = socket.socketpair()
    with client, daemon:
        client.setblocking(False)
        daemon.setblocking(False)
        yield client, daemon


@pytest.fixture(params=VERSIONS, ids=lambda version: version.name)
def peer(ends: tuple[socket.socket, socket.socket], request: pytest.FixtureRequest) -> Peer:
    """The daemon's end."""
    return Peer(ends[1], request.param)


@pytest.fixture
async def connection(ends: tuple[socket.socket, socket.socket], peer: Peer) -> AsyncIterator[TLSConnection]:
    """The client's end, after the handshake."""
    context = ssl.create_default_context(cadata=AUTHORITY.cert_pem.bytes().decode())
    made = TLSConnection(Connection(ends[0]), context, ENDPOINT, None)
    await asyncio.gather(made.handshake(), peer.do(peer.tls.do_handshake))
    yield made
    made.abort()


@pytest.mark.parametrize("name", [None, "localhost."])
async def test_a_server_name_with_a_trailing_dot(
    name: str | None, ends: tuple[socket.socket, socket.socket], peer: Peer
) -> None:
    context = ssl.create_default_context(cadata=AUTHORITY.cert_pem.bytes().decode())
    made = TLSConnection(Connection(ends[0]), context, ENDPOINT._replace(host="localhost."), name)
    try:
        await asyncio.gather(made.handshake(), peer.do(peer.tls.do_handshake))
    finally:
        made.abort()


async def receive(connection: TLSConnection) -> bytes:
    return await asyncio.wait_for(connection.receive(), 30)


async def read_all(connection: TLSConnection) -> bytes:
    """Return all data until the end."""
    parts: list[bytes] = []
    while part := await receive(connection):
        parts.append(part)
    return b"".join(parts)


async def test_both_directions(connection: TLSConnection, peer: Peer) -> None:
    await connection.send(b"there")
    assert await peer.read() == b"there"
    await peer.write(b"back")
    assert await receive(connection) == b"back"


async def test_after_a_half_close_the_peer_can_still_send(connection: TLSConnection, peer: Peer) -> None:
    await connection.send(b"input")
    await connection.send_eof()
    assert await peer.read() == b"input"
    assert await peer.read() == b""
    answer = bytes(range(256)) * 4096
    reading = asyncio.ensure_future(read_all(connection))
    await peer.write(b"late")
    for start in range(0, len(answer), 1 << 14):
        await peer.write(answer[start : start + (1 << 14)])
    await peer.answer_close_notify()
    assert await reading == b"late" + answer


async def test_half_close_while_another_task_reads(connection: TLSConnection, peer: Peer) -> None:
    reading = asyncio.ensure_future(receive(connection))
    await asyncio.sleep(0)
    await connection.send_eof()
    assert await peer.read() == b""
    await peer.write(b"late")
    assert await reading == b"late"


async def test_a_close_notify_that_is_answered_at_once(connection: TLSConnection, peer: Peer) -> None:
    await peer.write(b"last")
    await connection.send_eof()
    assert await peer.read() == b""
    await peer.answer_close_notify()
    peer.socket.close()
    assert await read_all(connection) == b"last"
    assert await receive(connection) == b""


async def test_a_close_notify_that_is_never_answered(connection: TLSConnection, peer: Peer) -> None:
    await connection.send_eof()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(connection.receive(), 0.05)
    await peer.write(b"still there")
    assert await receive(connection) == b"still there"
    connection.abort()
    with pytest.raises(TransportError, match="closed by the client"):
        await receive(connection)


async def test_half_close_after_the_close_notify_of_the_peer(connection: TLSConnection, peer: Peer) -> None:
    await peer.write(b"last")
    await peer.send_close_notify()
    assert await read_all(connection) == b"last"
    await connection.send_eof()
    await connection.send_eof()


async def test_an_end_without_close_notify_is_an_error(connection: TLSConnection, peer: Peer) -> None:
    """Without close_notify, an attacker could truncate the data by closing the connection."""
    await peer.write(b"cut")
    peer.socket.close()
    assert await receive(connection) == b"cut"
    with pytest.raises(TransportError, match="ended without close_notify"):
        await receive(connection)


async def test_data_that_is_not_a_tls_record_breaks_the_connection(connection: TLSConnection, peer: Peer) -> None:
    await asyncio.get_running_loop().sock_sendall(peer.socket, b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(TransportError, match="the TLS connection broke: WRONG_VERSION_NUMBER"):
        await receive(connection)


async def test_a_cancelled_send_loses_no_record(connection: TLSConnection, peer: Peer) -> None:
    """Encrypted records must be sent, or no later record could be decrypted."""
    sending = asyncio.ensure_future(connection.send(b"x" * (1 << 22)))
    await asyncio.sleep(0.05)  # the socket's buffers are full by now
    sending.cancel()
    await asyncio.wait([sending])
    assert sending.cancelled()
    ending = asyncio.ensure_future(connection.send(b"end"))
    found = bytearray()
    while not found.endswith(b"end"):
        found += await asyncio.wait_for(peer.read(), 30)
    await ending
    assert set(found[:-3]) == {ord("x")}


class _Renegotiating:
    """A wrapper of an SSLObject: writing requires data from the peer first.

    That happens during a TLS 1.2 renegotiation, which a server written in Python cannot request.
    """

    def __init__(self, tls: ssl.SSLObject) -> None:
        self._tls = tls
        self.done = False
        self.attempts = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tls, name)

    def write(self, data: Any) -> int:
        self.attempts += 1
        if not self.done:
            raise ssl.SSLWantReadError
        return self._tls.write(data)


@pytest.mark.parametrize("read", [True, False], ids=["read at the same time", "not read"])
async def test_sending_waits_for_new_keys(connection: TLSConnection, peer: Peer, read: bool) -> None:
    connection._tls = renegotiating = _Renegotiating(connection._tls)  # type: ignore[assignment]
    reading = asyncio.ensure_future(receive(connection)) if read else None
    sending = asyncio.ensure_future(connection.send(b"after"))
    await asyncio.sleep(0.05)
    assert not sending.done()
    renegotiating.done = True
    await peer.write(b"keys")
    assert await asyncio.wait_for(peer.read(), 30) == b"after"
    await sending
    assert renegotiating.attempts < 10, "it waits instead of polling"
    assert await (reading or receive(connection)) == b"keys"
