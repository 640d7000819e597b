"""Many calls at once, engines that take turns at one address, and time that passes: what agreeing costs then."""

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
    """A clock that is turned by hand."""

    now = 1000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of agreements."""
    clock = Clock()
    monkeypatch.setattr(negotiation, "time", clock)
    return clock


async def once() -> AsyncIterator[bytes]:
    """A body that can be sent only once."""
    yield b"tar"


class Gate:
    """Holds pings back until it is opened."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, _request: web.BaseRequest) -> web.StreamResponse:
        self.asked.set()
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
    assert daemon.server.pings == ["HEAD"] * 3, "one that asks, and one that agrees"


async def test_who_is_cancelled_while_it_asks_leaves_the_asking_to_the_others(daemon: Daemon, clock: Clock) -> None:
    gate = Gate()
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        clock.now += 61
        daemon.become("1.41")
        daemon.server.routes["HEAD /_ping"] = gate
        uploads = [asyncio.create_task(docker.containers.put_archive("web", "/", once())) for _ in range(50)]
        await gate.asked.wait()
        daemon.server.routes.clear()
        uploads[0].cancel()
        found = await asyncio.gather(*uploads, return_exceptions=True)
    gate.open.set()
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == [None] * 49
    assert daemon.versions == ["v1.41"] * 49


async def test_an_engine_that_is_not_there_is_asked_once_for_all_uploads(daemon: Daemon, clock: Clock) -> None:
    async def hangs_up(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        clock.now += 61
        daemon.server.default = hangs_up
        daemon.server.routes |= {"HEAD /_ping": hangs_up, "GET /_ping": hangs_up}
        uploads = (docker.containers.put_archive("web", "/", once()) for _ in range(50))
        found = await asyncio.gather(*uploads, return_exceptions=True)
    assert {type(one) for one in found} == {TransportError}
    assert 2 <= len(daemon.server.pings) <= 5, "one attempt, which aiohttp may have repeated"


async def test_within_a_minute_nobody_asks_again(daemon: Daemon, clock: Clock) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        for _ in range(3):
            clock.now += 59
            await docker.containers.put_archive("web", "/", once())
            await docker.system.ping()
    assert daemon.server.pings == ["HEAD"] * 4, "a ping is as good as an agreement"


# -- cancellation


async def test_fifty_who_wait_for_one_that_is_cancelled(server: Server) -> None:
    gate = Gate()
    server.routes["HEAD /_ping"] = gate
    async with Docker(server.host) as docker:
        calls = [asyncio.create_task(docker.containers.pause(f"c{number}")) for number in range(51)]
        await gate.asked.wait()
        server.routes.clear()
        for call in calls[:3]:  # the one that asks, and two that wait
            call.cancel()
        found = await asyncio.gather(*calls, return_exceptions=True)
    gate.open.set()
    assert [type(one) for one in found[:3]] == [asyncio.CancelledError] * 3
    assert found[3:] == [None] * 48
    assert server.pings == ["HEAD", "HEAD"]


# -- engines that take turns


class Turns:
    """Two engines behind one address, which answer by turns, or as `order` says."""

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
        """Tell the version of the next one."""
        return web.Response(headers={"Api-Version": self._next()})

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as the next one."""
        newest = self._next()
        headers = {"Api-Version": newest}
        asked = request.path.split("/")[1].removeprefix("v")
        if asked > newest:
            self.refusals += 1
            words = f"client version {asked} is too new. Maximum supported API version is {newest}"
            return web.json_response({"message": words}, status=400, headers=headers)
        return web.Response(headers=headers)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("pause", [0, 1], ids=["calls", "calls and pings"])
async def test_engines_that_take_turns_cost_a_few_pings_in_all(first: int, pause: int, server: Server) -> None:
    turns = Turns(server, "1.44", "1.41")
    turns.count = first
    async with Docker(server.host) as docker:
        for number in range(100):
            await docker.containers.pause("web")
            if pause and number % 5 == 0:
                await docker.system.ping()
        assert docker.api_version == "1.41"
    assert len(server.pings) <= 5 + 20 * pause
    assert turns.refusals <= 1


async def test_an_upgrade_of_engines_that_take_turns_is_noticed(server: Server) -> None:
    turns = Turns(server, "1.44", "1.41")
    async with Docker(server.host) as docker:
        for _ in range(10):
            await docker.containers.pause("web")
        assert docker.api_version == "1.41"
        turns.newest = ("1.45", "1.45")
        for _ in range(2):
            await docker.containers.pause("web")
        assert docker.api_version == "1.45"


async def test_what_contradicts_the_ping_is_asked_about_once_a_minute(server: Server, clock: Clock) -> None:
    server.default = Reply(204, headers={"Api-Version": "1.45"})
    async with Docker(server.host) as docker:
        for minute in range(3):
            for _ in range(10):
                await docker.containers.pause("web")
            assert len(server.pings) == 2 + minute
            clock.now += 61


# -- what else answers tell


async def test_a_newer_engine_is_noticed_by_any_refusal(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        daemon.answers["/containers/web/pause"] = json_reply({"message": "bad parameter"}, 400)
        for _ in range(2):
            with pytest.raises(BadRequest):
                await docker.containers.pause("web")
        assert docker.api_version == "1.50"


async def test_answers_of_the_old_engine_that_come_late_change_nothing(daemon: Daemon) -> None:
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


async def test_the_failure_of_one_is_the_failure_of_all_to_the_last_detail() -> None:
    async with Docker("unix:///nowhere/docker.sock") as docker:
        calls: list[Any] = [docker.containers.pause("web") for _ in range(50)]
        found: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
    assert {(type(one), str(one), one.errno, type(one.__cause__)) for one in found} == {
        (type(found[0]), str(found[0]), 2, FileNotFoundError)
    }
