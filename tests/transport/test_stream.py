"""Responses on a connection of their own: hijacked connections, and failures before the head of the response."""

from __future__ import annotations

import asyncio

import pytest

from aiodockerapi import ConnectFailed, Docker, Frame, Output, TransportError
from tests.support.server import Peer, raw_serving

UPGRADED = (
    b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n"
    b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)
ONE, TWO = b"\1\0\0\0\0\0\0\4one\n", b"\2\0\0\0\0\0\0\4two\n"


async def test_data_after_the_101_is_part_of_the_stream() -> None:
    async with raw_serving(UPGRADED + ONE + TWO) as server, Docker(server.host) as docker:
        assert await docker.containers.attach("web") == Output(b"one\n", b"two\n")


@pytest.mark.parametrize("size", range(1, len(UPGRADED + ONE)))
async def test_head_and_stream_split_at_any_position(size: int) -> None:
    response = UPGRADED + ONE + TWO

    async def script(peer: Peer) -> None:
        await peer.send(response[:size])
        for _ in range(3):
            await asyncio.sleep(0)  # the client reads
        await peer.send(response[size:])

    async with raw_serving(script) as server, Docker(server.host) as docker:
        assert await docker.containers.attach("web") == Output(b"one\n", b"two\n")


@pytest.mark.parametrize("call", ["attach", "exec.start"])
async def test_nothing_is_sent_before_the_101(call: str) -> None:
    early: list[bytes] = []
    waited = asyncio.Event()

    async def script(peer: Peer) -> None:
        try:
            async with asyncio.timeout(0.2):
                early.append(await peer.reader.read(1))
        except TimeoutError:
            waited.set()
        await peer.send(UPGRADED)
        await peer.send(ONE.replace(b"one\n", await peer.reader.readexactly(4)))
        assert await peer.reader.read() == b""

    async with raw_serving(script) as server, Docker(server.host) as docker:
        entering = docker.containers.attach("web", stdin=True) if call == "attach" else docker.exec.start("e1")
        async with entering as stream:
            assert waited.is_set()
            await stream.send("two\n")
            await stream.send_eof()
            assert [frame async for frame in stream] == [Frame("stdout", b"two\n")]
    assert early == []


async def test_the_request_asks_for_an_upgrade() -> None:
    async with raw_serving(UPGRADED) as server, Docker(server.host) as docker:
        await docker.exec.start("e1")
    (request,) = server.calls
    assert request.line == "POST /v1.44/exec/e1/start"
    assert (request.headers["connection"], request.headers["upgrade"]) == ("Upgrade", "tcp")
    assert request.json() == {"Detach": False, "Tty": False}


async def test_a_200_in_place_of_the_101() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"
    async with raw_serving(head + ONE) as server, Docker(server.host) as docker:
        assert await docker.containers.attach("web") == Output(b"one\n", b"")


@pytest.mark.parametrize("size", [0, 1, 8, 20, len(UPGRADED) - 1])
async def test_end_before_the_head_is_complete(size: int) -> None:
    async with raw_serving(UPGRADED[:size]) as server, Docker(server.host) as docker:
        with pytest.raises(TransportError, match="closed the connection without a response"):
            await docker.containers.attach("web")


async def test_end_after_an_interim_response() -> None:
    async with raw_serving(b"HTTP/1.1 100 Continue\r\n\r\n") as server, Docker(server.host) as docker:
        with pytest.raises(TransportError, match="closed the connection without a response"):
            await docker.containers.attach("web")


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"garbage\r\n\r\n", TransportError, "does not respond as a Docker daemon: it sent b'garbage"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", TransportError, "does not respond as a Docker daemon: it is an SSH server"),
        (b"220 mail.example.com ESMTP\r\n\r\n", TransportError, "it is a mail or FTP server"),
        (b"\0\0\x06\x04\0\0\0\0\0\0\5\0\0\x40\0\r\n\r\n", TransportError, "it supports HTTP/2 only"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", TransportError, "the head of its response contains 'no colon"),
        (b"\x15\x03\x01\x00\x02\x02\x16", ConnectFailed, "the daemon expects TLS on this port"),
        (b"\x16\x03\x03\x00\x7a\x02", ConnectFailed, "the daemon expects TLS on this port"),
    ],
    ids=["other", "SSH", "mail", "HTTP/2", "malformed head", "TLS alert", "TLS handshake"],
)
async def test_peers_that_are_not_a_daemon(data: bytes, error: type[TransportError], message: str) -> None:
    async with raw_serving(data) as server, Docker(server.host) as docker:
        with pytest.raises(error) as caught:
            await docker.containers.attach("web")
    assert message in str(caught.value)


async def test_a_cancelled_call_closes_the_connection() -> None:
    requested, closed = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        requested.set()
        assert await peer.reader.read() == b""
        closed.set()

    async with raw_serving(script) as server, Docker(server.host) as docker:
        task = asyncio.ensure_future(docker.containers.attach("web"))
        await requested.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(20):
            await closed.wait()
