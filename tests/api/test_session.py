"""`docker.system.session`: an upgraded connection."""

from __future__ import annotations

import asyncio

import pytest

from aiodockerapi import BadRequest, Docker, InvalidArgument, UpgradeRefused
from tests.support.server import Peer, raw_serving

UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"


async def test_bytes_are_sent_and_received() -> None:
    async def script(peer: Peer) -> None:
        await peer.send(UPGRADED + b"PRI *")
        while data := await peer.reader.read(100):
            await peer.send(data.upper())
        await peer.send(b"the end")

    headers = {"X-Docker-Expose-Session-Uuid": "u"}
    async with (
        raw_serving(script) as server,
        Docker(server.host) as docker,
        docker.system.session(headers=headers) as session,
    ):
        assert await session.receive() == b"PRI *"
        await session.send(b"some text")
        assert await session.receive() == b"SOME TEXT"
        await session.send_eof()
        assert [data async for data in session] == [b"the end"]
        assert await session.receive() == b""
    [request] = server.calls
    assert request.line == "POST /v1.44/session"
    assert request.headers["connection"] == "Upgrade"
    assert request.headers["upgrade"] == "h2c"
    assert request.headers["x-docker-expose-session-uuid"] == "u"
    assert request.body == b""


async def test_leaving_the_block_closes_the_connection() -> None:
    async def script(peer: Peer) -> None:
        await peer.send(UPGRADED)
        assert await peer.reader.read() == b""
        left.set()

    left = asyncio.Event()
    async with raw_serving(script) as server, Docker(server.host) as docker:
        async with docker.system.session():
            assert not left.is_set()
        async with asyncio.timeout(10):
            await left.wait()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 20\r\n\r\n" + b'{"message":"no h2c"}', BadRequest),
        (b"HTTP/1.1 204 No Content\r\n\r\n", UpgradeRefused),
    ],
)
async def test_a_daemon_that_does_not_upgrade(answer: bytes, error: type[Exception]) -> None:
    async with raw_serving(answer) as server, Docker(server.host) as docker:
        with pytest.raises(error):
            async with docker.system.session():
                raise AssertionError("the session was opened")


async def test_a_session_cannot_be_awaited() -> None:
    async with raw_serving(UPGRADED) as server, Docker(server.host) as docker:
        with pytest.raises(InvalidArgument, match="async with"):
            await docker.system.session()
    assert server.calls == []


async def test_headers_must_be_strings() -> None:
    async with raw_serving(UPGRADED) as server, Docker(server.host) as docker:
        with pytest.raises(InvalidArgument, match="header a must be a string"):
            docker.system.session(headers={"a": 1})  # type: ignore[dict-item]
    assert server.calls == []
