"""Calls with an answer: connections are kept, bounded, and freed by whatever ends a call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from aiodockerapi import ConnectFailed, Docker, NotFound, TransportError, TruncatedStream
from tests.support.calls import drained
from tests.support.server import Peer, Reply, raw_serving

if TYPE_CHECKING:
    from tests.support.server import Server


class Gate:
    """Answers only once it is open, and counts who stands before it."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.waiting = 0
        self.most = 0
        self.arrived = asyncio.Condition()
        self.connections: set[object] = set()

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        self.connections.add(request.transport)
        async with self.arrived:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            self.arrived.notify_all()
        await self.open.wait()
        self.waiting -= 1
        return web.Response(status=204)

    async def crowd(self, count: int) -> None:
        """Wait until so many stand there."""
        async with self.arrived, asyncio.timeout(30):
            await self.arrived.wait_for(lambda: self.waiting >= count)


@pytest.fixture
def gate(server: Server) -> Gate:
    """The server's answer to everything."""
    made = Gate()
    server.default = made
    return made


async def test_a_connection_is_kept_for_the_next_call(server: Server, gate: Gate) -> None:
    gate.open.set()
    async with Docker(server.host, api_version="1.44") as docker:
        for _ in range(5):
            await docker.containers.pause("web")
    assert len(gate.connections) == 1


async def test_calls_beyond_the_limit_wait_for_a_free_connection(server: Server, gate: Gate) -> None:
    async with Docker(server.host, api_version="1.44", max_connections=3) as docker:
        calls = [asyncio.ensure_future(docker.containers.pause("web")) for _ in range(10)]
        await gate.crowd(3)
        await asyncio.sleep(0)
        assert gate.waiting == 3
        gate.open.set()
        await asyncio.gather(*calls)
    assert gate.most == 3
    assert len(server.received) == 10


async def test_without_a_limit_nobody_waits(server: Server, gate: Gate) -> None:
    async with Docker(server.host, api_version="1.44", max_connections=None) as docker:
        calls = [asyncio.ensure_future(docker.containers.pause("web")) for _ in range(120)]
        await gate.crowd(120)
        gate.open.set()
        await asyncio.gather(*calls)


async def test_streams_take_no_room_of_calls(server: Server, gate: Gate) -> None:
    server.routes["GET /v1.44/containers/web/logs"] = Reply(200)
    async with Docker(server.host, api_version="1.44", max_connections=1) as docker:
        call = asyncio.ensure_future(docker.containers.pause("web"))
        await gate.crowd(1)
        assert await drained(docker.containers.logs("web")) == []
        gate.open.set()
        await call


async def test_a_cancelled_call_frees_its_connection(server: Server, gate: Gate) -> None:
    async with Docker(server.host, api_version="1.44", max_connections=1) as docker:
        first = asyncio.ensure_future(docker.containers.pause("first"))
        await gate.crowd(1)
        second = asyncio.ensure_future(docker.containers.pause("second"))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        gate.open.set()
        await asyncio.wait_for(second, 30)


async def test_a_download_that_was_read_gives_its_connection_back(server: Server) -> None:
    connections: set[object] = set()

    async def answer(request: web.BaseRequest) -> web.Response:
        connections.add(request.transport)
        return web.Response(body=b"x" * 100_000)

    server.default = answer
    async with Docker(server.host, api_version="1.44", max_connections=1) as docker:
        for _ in range(3):
            assert len(await docker.containers.export("web")) == 100_000
            assert b"".join(await drained(docker.containers.export("web"))) == b"x" * 100_000
    assert len(connections) == 1


async def test_a_download_that_was_left_closes_its_connection(server: Server) -> None:
    server.default = Reply(200, b"x" * (8 << 20))
    async with Docker(server.host, api_version="1.44", max_connections=1) as docker:
        async with docker.containers.export("web") as download:
            assert await anext(download)
        server.default = Reply(204)
        await asyncio.wait_for(docker.containers.pause("web"), 30)


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 100\r\n\r\nhal", b"Transfer-Encoding: chunked\r\n\r\n3\r\nhal\r\n", b"Content-Length: 1"],
    ids=["length", "chunked", "head"],
)
async def test_an_answer_that_is_cut_short(head: bytes) -> None:
    async with raw_serving(b"HTTP/1.1 200 OK\r\n" + head) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match="closed the connection"):
            await docker.containers.inspect("web")


async def test_a_download_that_is_cut_short_hands_out_what_came() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal"
    found: list[bytes] = []
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TruncatedStream):
            await drained(docker.containers.export("web"), found)
        with pytest.raises(TruncatedStream):
            await docker.containers.export("web")
    assert b"".join(found) == b"hal"


async def test_a_slow_reader_of_a_download_stops_the_server(server: Server) -> None:
    written = 0

    async def pour(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        while written < 64 << 20:
            await response.write(b"x" * 65536)
            written += 65536
        return response

    server.default = pour
    async with Docker(server.host, api_version="1.44") as docker, docker.containers.export("web") as download:
        assert await anext(download)
        before = -1
        while before != written:
            before = written
            for _ in range(100):
                await asyncio.sleep(0)
        assert written < 8 << 20


class Breaking:
    """Hangs up on the first of the removals, and answers the others."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.taken = 0

    async def __call__(self, peer: Peer) -> None:
        self.taken += 1
        if self.taken > 1:
            await peer.send(b"HTTP/1.1 " + self.answer + b"\r\nContent-Length: 0\r\n\r\n")


async def test_a_removal_whose_connection_broke_is_tried_again() -> None:
    script = Breaking(b"204 No Content")
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        await docker.containers.remove("web")
    assert script.taken == 2


@pytest.mark.parametrize("answer", [b"404 Not Found", b"409 Conflict"])
async def test_the_second_try_may_find_what_the_first_has_done(answer: bytes) -> None:
    script = Breaking(answer)
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match="without a response") as caught:
            await docker.containers.remove("web")
        assert not isinstance(caught.value, ConnectFailed)
    assert script.taken == 2


async def test_what_the_first_try_finds_is_the_answer() -> None:
    script = Breaking(b"404 Not Found")
    script.taken = 1
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(NotFound):
            await docker.containers.remove("web")
