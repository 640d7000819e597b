"""A hijacked connection, byte by byte: what comes with the 101, and what is sent before it."""

from __future__ import annotations

import asyncio

import pytest

from aiodockerapi import Docker, Frame, Output, TransportError
from tests.support.server import Peer, raw_serving

UPGRADED = (
    b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n"
    b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)
ONE, TWO = b"\1\0\0\0\0\0\0\4one\n", b"\2\0\0\0\0\0\0\4two\n"


async def test_what_comes_with_the_101_is_the_streams_beginning() -> None:
    async with raw_serving(UPGRADED + ONE + TWO) as server, Docker(server.host) as docker:
        assert await docker.containers.attach("web") == Output(b"one\n", b"two\n")


@pytest.mark.parametrize("cut", range(1, len(UPGRADED + ONE)))
async def test_head_and_stream_may_be_cut_anywhere(cut: int) -> None:
    whole = UPGRADED + ONE + TWO

    async def script(peer: Peer) -> None:
        await peer.send(whole[:cut])
        for _ in range(3):
            await asyncio.sleep(0)  # the other side reads
        await peer.send(whole[cut:])

    async with raw_serving(script) as server, Docker(server.host) as docker:
        assert await docker.containers.attach("web") == Output(b"one\n", b"two\n")


@pytest.mark.parametrize("call", ["attach", "exec.start"])
async def test_nothing_is_sent_before_the_101(call: str) -> None:
    early: list[bytes] = []
    late = asyncio.Event()

    async def script(peer: Peer) -> None:
        try:
            async with asyncio.timeout(0.2):
                early.append(await peer.reader.read(1))
        except TimeoutError:
            late.set()
        await peer.send(UPGRADED)
        await peer.send(ONE.replace(b"one\n", await peer.reader.readexactly(4)))
        assert await peer.reader.read() == b""

    async with raw_serving(script) as server, Docker(server.host) as docker:
        entering = docker.containers.attach("web", stdin=True) if call == "attach" else docker.exec.start("e1")
        async with entering as stream:
            assert late.is_set()
            await stream.send("two\n")
            await stream.send_eof()
            assert [frame async for frame in stream] == [Frame("stdout", b"two\n")]
    assert early == []


async def test_the_request_is_complete_and_asks_for_an_upgrade() -> None:
    async with raw_serving(UPGRADED) as server, Docker(server.host) as docker:
        await docker.exec.start("e1")
    (request,) = server.calls
    assert request.line == "POST /v1.44/exec/e1/start"
    assert (request.headers["connection"], request.headers["upgrade"]) == ("Upgrade", "tcp")
    assert request.json() == {"Detach": False, "Tty": False}


async def test_a_200_instead_of_the_101_lasts_until_the_end_as_well() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"
    async with raw_serving(head + ONE) as server, Docker(server.host) as docker:
        assert await docker.containers.attach("web") == Output(b"one\n", b"")


@pytest.mark.parametrize("answer", [b"", UPGRADED[:20], b"no http\r\n\r\n"], ids=["nothing", "half a head", "no HTTP"])
async def test_no_proper_head_is_an_error_of_the_transport(answer: bytes) -> None:
    async with raw_serving(answer) as server, Docker(server.host) as docker:
        with pytest.raises(TransportError):
            await docker.containers.attach("web")


async def test_cancelled_while_it_waits_for_the_101_the_connection_is_closed() -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        asked.set()
        assert await peer.reader.read() == b""
        left.set()

    async with raw_serving(script) as server, Docker(server.host) as docker:
        task = asyncio.ensure_future(docker.containers.attach("web"))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(20):
            await left.wait()
