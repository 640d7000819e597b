"""The connection pool: connections are reused, limited in number, and released however a call ends."""

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
    """A response that is delayed until `open` is set; counts the waiting requests."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.waiting = 0
        self.maximum = 0
        self.arrived = asyncio.Condition()
        self.connections: set[object] = set()

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        self.connections.add(request.transport)
        async with self.arrived:
            self.waiting += 1
            self.maximum = max(self.maximum, self.waiting)
            self.arrived.notify_all()
        await self.open.wait()
        self.waiting -= 1
        return web.Response(status=204)

    async def wait_for(self, count: int) -> None:
        """Wait until that many requests are waiting."""
        async with self.arrived, asyncio.timeout(30):
            await self.arrived.wait_for(lambda: self.waiting >= count)


@pytest.fixture
def gate(server: Server) -> Gate:
    """The response of the server to all requests."""
    made = Gate()
    server.default = made
    return made


async def test_a_connection_is_reused_by_the_next_call(server: Server, gate: Gate) -> None:
    gate.open.set()
    async with Docker(server.host, api_version="1.44") as docker:
        for _ in range(5):
            await docker.containers.pause("web")
    assert len(gate.connections) == 1


async def test_calls_beyond_the_limit_wait_for_a_free_connection(server: Server, gate: Gate) -> None:
    async with Docker(server.host, api_version="1.44", max_connections=3) as docker:
        calls = [asyncio.ensure_future(docker.containers.pause("web")) for _ in range(10)]
        await gate.wait_for(3)
        await asyncio.sleep(0)
        assert gate.waiting == 3
        gate.open.set()
        await asyncio.gather(*calls)
    assert gate.maximum == 3
    assert len(server.received) == 10


async def test_without_a_limit_no_call_waits(server: Server, gate: Gate) -> None:
    async with Docker(server.host, api_version="1.44", max_connections=None) as docker:
        calls = [asyncio.ensure_future(docker.containers.pause("web")) for _ in range(120)]
        await gate.wait_for(120)
        gate.open.set()
        await asyncio.gather(*calls)


async def test_streams_do_not_count_toward_the_limit(server: Server, gate: Gate) -> None:
    server.routes["GET /v1.44/containers/web/logs"] = Reply(200)
    async with Docker(server.host, api_version="1.44", max_connections=1) as docker:
        call = asyncio.ensure_future(docker.containers.pause("web"))
        await gate.wait_for(1)
        assert await drained(docker.containers.logs("web")) == []
        gate.open.set()
        await call


async def test_a_cancelled_call_releases_its_connection(server: Server, gate: Gate) -> None:
    async with Docker(server.host, api_version="1.44", max_connections=1) as docker:
        first = asyncio.ensure_future(docker.containers.pause("first"))
        await gate.wait_for(1)
        second = asyncio.ensure_future(docker.containers.pause("second"))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        gate.open.set()
        await asyncio.wait_for(second, 30)


async def test_a_download_that_was_read_releases_its_connection(server: Server) -> None:
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


async def test_a_download_that_was_not_read_closes_its_connection(server: Server) -> None:
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
async def test_a_truncated_response(head: bytes) -> None:
    async with raw_serving(b"HTTP/1.1 200 OK\r\n" + head) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match="closed the connection"):
            await docker.containers.inspect("web")


async def test_a_truncated_download_returns_the_data_received() -> None:
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

    async def send_much(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        while written < 64 << 20:
            await response.write(b"x" * 65536)
            written += 65536
        return response

    server.default = send_much
    async with Docker(server.host, api_version="1.44") as docker, docker.containers.export("web") as download:
        assert await anext(download)
        before = -1
        while before != written:
            before = written
            for _ in range(100):
                await asyncio.sleep(0)
        assert written < 8 << 20


class Breaking:
    """Closes the connection of the first request, and responds to the others."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.requests = 0

    async def __call__(self, peer: Peer) -> None:
        self.requests += 1
        if self.requests > 1:
            await peer.send(b"HTTP/1.1 " + self.answer + b"\r\nContent-Length: 0\r\n\r\n")


async def test_a_removal_whose_connection_broke_is_repeated() -> None:
    script = Breaking(b"204 No Content")
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        await docker.containers.remove("web")
    assert script.requests == 2


@pytest.mark.parametrize("answer", [b"404 Not Found", b"409 Conflict"])
async def test_an_error_response_to_the_second_attempt_may_be_caused_by_the_first(answer: bytes) -> None:
    script = Breaking(answer)
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match="without a response") as caught:
            await docker.containers.remove("web")
        assert not isinstance(caught.value, ConnectFailed)
    assert script.requests == 2


async def test_an_error_response_to_the_first_attempt_is_raised() -> None:
    script = Breaking(b"404 Not Found")
    script.requests = 1
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(NotFound):
            await docker.containers.remove("web")
