"""The number of pings for concurrent calls, for several engines behind one address, and after some time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from aiodockerapi import BadRequest, Docker, TransportError
from aiodockerapi._engine import negotiation
from tests.support.daemon import Daemon
from tests.support.server import Reply, json_reply

if TYPE_CHECKING:
    from tests.support.server import Server


@pytest.fixture
async def daemon(server: Server) -> Daemon:
    """An engine of version 1.44."""
    return Daemon(server)


class Clock:
    """A clock that the test sets."""

    now = 1000.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of version negotiation."""
    clock = Clock()
    monkeypatch.setattr(negotiation, "time", clock)
    return clock


async def once() -> AsyncIterator[bytes]:
    """A body that can be sent only once."""
    yield b"tar"


class Gate:
    """A response to pings that is delayed until `open` is set."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, _request: web.BaseRequest) -> web.StreamResponse:
        self.reached.set()
        await self.open.wait()
        return web.Response(headers={"Api-Version": "1.41"})


# -- before a body that can be sent only once


async def test_a_hundred_uploads_at_once_wait_for_one_ping(daemon: Daemon, clock: Clock) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        clock.now += 61
        daemon.become("1.41")
        await asyncio.gather(*(docker.containers.put_archive("web", "/", once()) for _ in range(100)))
    assert daemon.versions == ["v1.41"] * 100
    assert daemon.server.pings == ["HEAD"] * 3, "one that detects the change, and one that negotiates"


async def test_if_the_call_that_pings_is_cancelled_another_one_pings(daemon: Daemon, clock: Clock) -> None:
    gate = Gate()
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        clock.now += 61
        daemon.become("1.41")
        daemon.server.routes["HEAD /_ping"] = gate
        uploads = [asyncio.create_task(docker.containers.put_archive("web", "/", once())) for _ in range(50)]
        await gate.reached.wait()
        daemon.server.routes.clear()
        uploads[0].cancel()
        found = await asyncio.gather(*uploads, return_exceptions=True)
    gate.open.set()
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == [None] * 49
    assert daemon.versions == ["v1.41"] * 49


async def test_an_engine_that_does_not_respond_is_pinged_once_for_all_uploads(daemon: Daemon, clock: Clock) -> None:
    async def disconnect(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        clock.now += 61
        daemon.server.default = disconnect
        daemon.server.routes |= {"HEAD /_ping": disconnect, "GET /_ping": disconnect}
        uploads = (docker.containers.put_archive("web", "/", once()) for _ in range(50))
        found = await asyncio.gather(*uploads, return_exceptions=True)
    assert {type(one) for one in found} == {TransportError}
    assert 2 <= len(daemon.server.pings) <= 5, "one attempt, which aiohttp may repeat"


async def test_within_a_minute_the_ping_is_not_repeated(daemon: Daemon, clock: Clock) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        for _ in range(3):
            clock.now += 59
            await docker.containers.put_archive("web", "/", once())
            await docker.system.ping()
    assert daemon.server.pings == ["HEAD"] * 4, "an explicit ping counts as well"


# -- cancellation


async def test_calls_that_wait_for_a_cancelled_negotiation(server: Server) -> None:
    gate = Gate()
    server.routes["HEAD /_ping"] = gate
    async with Docker(server.host) as docker:
        calls = [asyncio.create_task(docker.containers.pause(f"c{number}")) for number in range(51)]
        await gate.reached.wait()
        server.routes.clear()
        for call in calls[:3]:  # the one that negotiates, and two that wait
            call.cancel()
        found = await asyncio.gather(*calls, return_exceptions=True)
    gate.open.set()
    assert [type(one) for one in found[:3]] == [asyncio.CancelledError] * 3
    assert found[3:] == [None] * 48
    assert server.pings == ["HEAD", "HEAD"]


# -- several engines behind one address


class Alternating:
    """Several engines behind one address, which respond in turn."""

    def __init__(self, server: Server, *newest: str) -> None:
        self.server = server
        self.newest = newest
        self.count = 0
        self.refusals = 0
        server.default = self.answer
        server.routes |= {"HEAD /_ping": self.ping, "GET /_ping": self.ping}

    def _next(self) -> str:
        self.count += 1
        return self.newest[self.count % len(self.newest)]

    async def ping(self, _request: web.BaseRequest) -> web.StreamResponse:
        """Respond with the version of the next engine."""
        return web.Response(headers={"Api-Version": self._next()})

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Respond as the next engine."""
        newest = self._next()
        headers = {"Api-Version": newest}
        requested = request.path.split("/")[1].removeprefix("v")
        if requested > newest:
            self.refusals += 1
            message = f"client version {requested} is too new. Maximum supported API version is {newest}"
            return web.json_response({"message": message}, status=400, headers=headers)
        return web.Response(headers=headers)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("pause", [0, 1], ids=["calls", "calls and pings"])
async def test_engines_that_respond_in_turn_cause_only_a_few_pings(first: int, pause: int, server: Server) -> None:
    engines = Alternating(server, "1.44", "1.41")
    engines.count = first
    async with Docker(server.host) as docker:
        for number in range(100):
            await docker.containers.pause("web")
            if pause and number % 5 == 0:
                await docker.system.ping()
        assert docker.api_version == "1.41"
    assert len(server.pings) <= 5 + 20 * pause
    assert engines.refusals <= 1


async def test_an_upgrade_of_engines_that_respond_in_turn_is_detected(server: Server) -> None:
    engines = Alternating(server, "1.44", "1.41")
    async with Docker(server.host) as docker:
        for _ in range(10):
            await docker.containers.pause("web")
        assert docker.api_version == "1.41"
        engines.newest = ("1.45", "1.45")
        for _ in range(2):
            await docker.containers.pause("web")
        assert docker.api_version == "1.45"


async def test_a_response_that_contradicts_the_ping_causes_one_ping_a_minute(server: Server, clock: Clock) -> None:
    server.default = Reply(204, headers={"Api-Version": "1.45"})
    async with Docker(server.host) as docker:
        for minute in range(3):
            for _ in range(10):
                await docker.containers.pause("web")
            assert len(server.pings) == 2 + minute
            clock.now += 61


# -- versions in other responses


async def test_a_newer_engine_is_detected_by_any_error_response(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        daemon.answers["/containers/web/pause"] = json_reply({"message": "bad parameter"}, 400)
        for _ in range(2):
            with pytest.raises(BadRequest):
                await docker.containers.pause("web")
        assert docker.api_version == "1.50"


async def test_late_responses_of_the_old_engine_change_nothing(daemon: Daemon) -> None:
    came, late = asyncio.Event(), asyncio.Event()

    async def old(_request: web.BaseRequest) -> web.StreamResponse:
        if len(daemon.server.calls) == 10:
            came.set()
        await late.wait()
        return web.Response(headers={"Api-Version": "1.44"})

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.server.routes["POST /v1.44/containers/web/unpause"] = old
        waiting = [asyncio.create_task(docker.containers.unpause("web")) for _ in range(10)]
        await came.wait()
        daemon.become("1.50")
        for _ in range(2):
            await docker.containers.pause("web")
        late.set()
        await asyncio.gather(*waiting)
        for _ in range(5):
            await docker.containers.pause("web")
        assert docker.api_version == "1.50"
    assert len(daemon.server.pings) <= 3


async def test_all_waiting_calls_get_the_same_error_with_number_and_cause() -> None:
    async with Docker("unix:///nowhere/docker.sock") as docker:
        calls: list[Any] = [docker.containers.pause("web") for _ in range(50)]
        found: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
    assert {(type(one), str(one), one.errno, type(one.__cause__)) for one in found} == {
        (type(found[0]), str(found[0]), 2, FileNotFoundError)
    }
