"""Agreeing on a version: what a ping may be answered with, what answers tell in passing, engines that change all the time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from aiodockerapi import (
    APIError,
    ConnectFailed,
    Docker,
    Forbidden,
    ServerError,
    TransportError,
    UnsupportedFeature,
    UnsupportedVersion,
)
from aiodockerapi._engine import negotiation
from tests.api.test_engine_change import CALLS
from tests.support.daemon import Daemon
from tests.support.server import Reply, json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server


@pytest.fixture
async def daemon(server: Server) -> Daemon:
    """An engine of version 1.44."""
    return Daemon(server)


def pinged(server: Server, reply: Reply, *, head: Reply | None = None) -> None:
    """Answer pings so."""
    server.routes |= {"HEAD /_ping": head or reply, "GET /_ping": reply}


# -- what answers tell in passing


@pytest.mark.parametrize("road", sorted(CALLS.keys() - {"websocket"}))  # it has no headers for us
async def test_a_newer_engine_that_takes_the_old_version_is_noticed_by_any_answer(road: str, daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        await CALLS[road](docker)
        assert docker.api_version == "1.44"
        await CALLS[road](docker)
        assert docker.api_version == "1.50"
        await CALLS[road](docker)
    assert daemon.versions == ["v1.44", "v1.50", "v1.50"]
    assert daemon.server.pings == ["HEAD", "HEAD"]


async def test_it_is_noticed_by_an_answer_that_is_an_error(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        daemon.answers["/containers/web/pause"] = Reply(404)
        for _ in range(2):
            with pytest.raises(APIError):
                await docker.containers.pause("web")
    assert daemon.versions == ["v1.44", "v1.50"]


async def test_it_is_noticed_again_after_calls_whose_answers_do_not_tell(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        for _ in range(2):
            daemon.become("1.50")
            for _ in range(2):
                await docker.containers.pause("web")
            assert docker.api_version == "1.50"
            daemon.become("1.41")
            await CALLS["websocket"](docker)
            assert docker.api_version == "1.41"


async def test_many_answers_of_a_newer_engine_cost_one_ping(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        for _ in range(2):
            await asyncio.gather(*(docker.containers.pause(f"c{number}") for number in range(50)))
    assert daemon.server.pings == ["HEAD", "HEAD"]
    assert daemon.versions == ["v1.44"] * 50 + ["v1.50"] * 50


async def test_answers_that_say_another_version_than_the_ping_are_asked_about_once(server: Server) -> None:
    server.default = Reply(204, headers={"Api-Version": "1.45"})
    async with Docker(server.host) as docker:
        for _ in range(5):
            await docker.containers.pause("web")
        assert docker.api_version == "1.44"
    assert server.pings == ["HEAD", "HEAD"]


async def test_a_pinned_version_does_not_care_what_answers_say(daemon: Daemon) -> None:
    async with Docker(daemon.server.host, api_version="1.44") as docker:
        daemon.become("1.50")
        for road in ("empty", "stream", "download", "empty"):
            await CALLS[road](docker)
        assert docker.api_version == "1.44"
    assert daemon.server.pings == []


async def test_an_option_is_not_refused_by_an_agreement_that_is_old(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon.become("1.41")
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.45")
        with pytest.raises(UnsupportedFeature):
            await docker.containers.stop("web", signal="SIGINT")
        assert not await docker.supports("containers.stop.signal")
        assert daemon.server.pings == ["HEAD"]
        monkeypatch.setattr(negotiation, "_FRESH", -1.0)
        assert await docker.supports("containers.stop.signal")
        daemon.become("1.44")
        await docker.system.ping()
        daemon.become("1.46")
        await docker.images.push("web", platform="linux/amd64")
        daemon.become("1.41")
        with pytest.raises(UnsupportedFeature) as caught:
            await docker.images.push("web", platform="linux/amd64")
        assert caught.value.has == "1.41"
    assert daemon.versions == ["v1.46", "v1.46"], "the second was refused, and not sent again"


# -- many at once


async def test_a_hundred_calls_of_all_kinds_agree_once(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50", "1.45")
        await asyncio.gather(*(call(docker) for _ in range(15) for call in CALLS.values()))
        assert docker.api_version == "1.50"
    assert daemon.server.pings == ["HEAD", "HEAD"]
    assert daemon.versions.count("v1.50") == 15 * len(CALLS)


async def test_a_ping_that_fails_fails_once_for_all_who_wait(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        pinged(daemon.server, json_reply({"message": "not well"}, 500))
        found = await asyncio.gather(*(docker.containers.pause("web") for _ in range(50)), return_exceptions=True)
        assert {(type(one), str(one)) for one in found} == {(ServerError, "500: not well (GET /_ping)")}
        assert len({id(one) for one in found}) == 50, "each has an error of its own"
        assert daemon.server.pings == ["HEAD", "HEAD", "GET"]
        daemon.server.routes.clear()
        await docker.containers.pause("web")
        assert docker.api_version == "1.41"


async def test_nobody_there_fails_once_for_all_who_wait() -> None:
    async with Docker("unix:///nowhere/docker.sock") as docker:
        found = await asyncio.gather(*(docker.containers.pause("web") for _ in range(50)), return_exceptions=True)
    assert {type(one) for one in found} == {ConnectFailed}
    assert all(isinstance(one, ConnectFailed) and isinstance(one.__cause__, OSError) for one in found)


async def test_who_is_cancelled_while_it_asks_leaves_the_asking_to_the_next(server: Server) -> None:
    asked, over = asyncio.Event(), asyncio.Event()

    async def late(_request: web.BaseRequest) -> web.StreamResponse:
        asked.set()
        await over.wait()
        return web.Response()

    server.routes["HEAD /_ping"] = late
    async with Docker(server.host) as docker:
        first, second = (asyncio.create_task(docker.containers.pause("web")) for _ in range(2))
        await asked.wait()
        server.routes.clear()
        first.cancel()
        await asyncio.wait_for(second, 30)
        assert docker.api_version == "1.44"
    over.set()


# -- engines that change all the time


async def test_several_engines_at_one_address_get_the_version_of_the_older_one(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        daemon.server.api_version = "1.44"  # the ping is answered by the other one
        await docker.containers.pause("web")
        assert docker.api_version == "1.41"
        daemon.become("1.44")
        for _ in range(3):
            await docker.containers.pause("web")
        assert daemon.server.pings == ["HEAD", "HEAD"]
        assert daemon.versions == ["v1.44"] + ["v1.41"] * 4


@pytest.mark.parametrize("road", CALLS)
async def test_an_engine_that_refuses_every_version_is_told_rather_than_asked_for_ever(
    road: str, daemon: Daemon
) -> None:
    async def another(request: web.BaseRequest) -> web.StreamResponse:
        asked = request.path.split("/")[1].removeprefix("v")
        newest = f"1.{int(asked[2:]) - 1}"
        daemon.server.api_version = newest
        words = f"client version {asked} is too new. Maximum supported API version is {newest}"
        return web.json_response({"message": words}, status=400, headers={"Api-Version": newest})

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.server.default = another
        with pytest.raises(
            UnsupportedVersion, match=r"1\.43 is too new\. .* several engines behind this address\? Pin"
        ):
            await CALLS[road](docker)
    assert daemon.versions == ["v1.44", "v1.43"]


@pytest.mark.parametrize(
    "message",
    [
        "client version 1.44 is too new for this gateway",
        "client version 1.44 is too old",
        "client version 1.44 is too old. Minimum supported API version is 1.44",
        "client version 1.44 is too new. Maximum supported API version is 1.30",
    ],
)
async def test_a_refusal_that_leads_nowhere_is_told(message: str, server: Server) -> None:
    server.default = json_reply({"message": message}, 400)
    async with Docker(server.host) as docker:
        for _ in range(2):
            with pytest.raises(UnsupportedVersion) as caught:
                await docker.containers.pause("web")
            assert str(caught.value).startswith(message)
            assert server.host in str(caught.value)
    assert len(server.calls) == 2


# -- what a ping may be answered with


@pytest.mark.parametrize("version", ["1.40", "1.24", "0.1"])
async def test_an_engine_too_old_for_us(version: str, server: Server) -> None:
    server.api_version = version
    async with Docker(server.host) as docker:
        with pytest.raises(
            UnsupportedVersion, match=rf"speaks API version {version} at most; .* 1\.41 \(Docker 20\.10\).*upgrade the"
        ):
            await docker.containers.pause("web")
    assert server.calls == []


@pytest.mark.parametrize(("version", "used"), [("2.0", NEWEST), (NEWEST, NEWEST), ("1.999", NEWEST), ("v1.44", "1.44")])
async def test_an_engine_newer_than_us_is_spoken_to_in_our_newest_version(
    version: str, used: str, server: Server
) -> None:
    server.api_version = version
    async with Docker(server.host) as docker:
        await docker.containers.pause("web")
        assert docker.api_version == used


@pytest.mark.parametrize("version", ["1.x", "latest", "1", "1." + "4" * 5000])
async def test_a_version_that_is_none_is_no_docker_daemons(version: str, server: Server) -> None:
    server.api_version = version
    async with Docker(server.host) as docker:
        with pytest.raises(TransportError, match=r"does not answer as a Docker daemon does: it gives '.*' as its API"):
            await docker.containers.pause("web")


@pytest.mark.parametrize("status", [200, 403, 404, 405])
async def test_where_the_ping_says_nothing_the_engine_is_asked_to_describe_itself(status: int, server: Server) -> None:
    pinged(server, Reply(status, b"no"))
    server.routes["GET /version"] = json_reply({"ApiVersion": "1.43"})
    async with Docker(server.host) as docker:
        await docker.containers.pause("web")
        assert docker.api_version == "1.43"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"Request forbidden by administrative rules.", "Request forbidden by administrative rules."),
        (b"<html><body><h1>403 Forbidden</h1></body></html>", "a web page"),
        (b"", ""),
    ],
)
async def test_a_socket_proxy_that_forbids_the_ping_leaves_pinning(body: bytes, words: str, server: Server) -> None:
    forbidden = Reply(403, body)
    pinged(server, forbidden)
    server.routes["GET /version"] = forbidden
    async with Docker(server.host) as docker:
        with pytest.raises(Forbidden, match=r"Permit GET /_ping there, or pin a version: api_version=") as caught:
            await docker.containers.pause("web")
        assert words in str(caught.value)
        assert str(caught.value).endswith("(GET /_ping)")
    async with Docker(server.host, api_version="1.43") as docker:
        await docker.containers.pause("web")


@pytest.mark.parametrize(
    "head", [Reply(500), Reply(403), Reply(405), Reply(404), Reply(301, headers={"Location": "/"})]
)
async def test_a_proxy_that_lets_only_get_through(head: Reply, server: Server) -> None:
    pinged(server, Reply(200, b"OK", {"Api-Version": "1.43"}), head=head)
    async with Docker(server.host) as docker:
        await docker.containers.pause("web")
        assert docker.api_version == "1.43"


async def test_a_daemon_that_is_not_well_still_tells_its_version(server: Server) -> None:
    pinged(server, Reply(500, b"not well", {"Api-Version": "1.43"}))
    async with Docker(server.host) as docker:
        await docker.containers.pause("web")
        assert docker.api_version == "1.43"
        with pytest.raises(ServerError, match="not well"):
            await docker.system.ping()


@pytest.mark.parametrize(
    "description",
    [Reply(404), json_reply({}), json_reply([]), json_reply({"ApiVersion": None}), Reply(200, b"\xff{"), Reply(200)],
)
async def test_what_tells_no_version_at_all(description: Reply, server: Server) -> None:
    server.api_version = None
    server.routes["GET /version"] = description
    async with Docker(server.host) as docker:
        with pytest.raises(
            TransportError, match=r"it tells no API version\. Check the address, and what listens there"
        ):
            await docker.containers.pause("web")


async def test_a_web_page_is_no_sign_of_life(server: Server) -> None:
    pinged(server, Reply(200, b"<html>", {"Content-Type": "text/html"}))
    async with Docker(server.host) as docker:
        with pytest.raises(TransportError, match="it is a web page"):
            await docker.system.ping()


async def test_a_ping_that_hangs_ends_with_the_callers_patience(server: Server) -> None:
    over = asyncio.Event()

    async def late(_request: web.BaseRequest) -> web.StreamResponse:
        await over.wait()
        return web.Response()

    server.routes["HEAD /_ping"] = late
    async with Docker(server.host) as docker:
        calls: list[Any] = [docker.containers.pause("web"), docker.containers.inspect("web"), docker.system.ping()]
        found = await asyncio.gather(*(asyncio.wait_for(call, 0.2) for call in calls), return_exceptions=True)
        assert [type(one) for one in found] == [TimeoutError] * 3
        server.routes.clear()
        await docker.containers.pause("web")
    over.set()
