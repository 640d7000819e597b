"""Version negotiation: responses to pings, versions in the headers of responses, engines that are replaced repeatedly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from aiodockerapi import (
    APIError,
    BadRequest,
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
    """Set the response to pings."""
    server.routes |= {"HEAD /_ping": head or reply, "GET /_ping": reply}


# -- versions in the headers of responses


# The headers of the response to a WebSocket are not evaluated.
@pytest.mark.parametrize("kind", sorted(CALLS.keys() - {"websocket"}))
async def test_a_newer_engine_that_accepts_the_old_version_is_detected_by_any_response(
    kind: str, daemon: Daemon
) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        await CALLS[kind](docker)
        assert docker.api_version == "1.44"
        await CALLS[kind](docker)
        assert docker.api_version == "1.50"
        await CALLS[kind](docker)
    assert daemon.versions == ["v1.44", "v1.50", "v1.50"]
    assert daemon.server.pings == ["HEAD", "HEAD"]


async def test_a_newer_engine_is_detected_by_an_error_response(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        daemon.answers["/containers/web/pause"] = Reply(404)
        for _ in range(2):
            with pytest.raises(APIError):
                await docker.containers.pause("web")
    assert daemon.versions == ["v1.44", "v1.50"]


async def test_a_newer_engine_is_detected_again_after_calls_whose_responses_have_no_version(daemon: Daemon) -> None:
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


async def test_many_responses_of_a_newer_engine_cause_one_ping(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50")
        for _ in range(2):
            await asyncio.gather(*(docker.containers.pause(f"c{number}") for number in range(50)))
    assert daemon.server.pings == ["HEAD", "HEAD"]
    assert daemon.versions == ["v1.44"] * 50 + ["v1.50"] * 50


async def test_a_response_that_contradicts_the_ping_causes_one_more_ping(server: Server) -> None:
    server.default = Reply(204, headers={"Api-Version": "1.45"})
    async with Docker(server.host) as docker:
        for _ in range(5):
            await docker.containers.pause("web")
        assert docker.api_version == "1.44"
    assert server.pings == ["HEAD", "HEAD"]


async def test_a_pinned_version_ignores_the_versions_in_responses(daemon: Daemon) -> None:
    async with Docker(daemon.server.host, api_version="1.44") as docker:
        daemon.become("1.50")
        for kind in ("empty", "stream", "download", "empty"):
            await CALLS[kind](docker)
        assert docker.api_version == "1.44"
    assert daemon.server.pings == []


async def test_an_option_is_refused_only_after_an_old_negotiation_is_revalidated(
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
    assert daemon.versions == ["v1.46", "v1.46"], "the last push was refused before it was sent"


# -- concurrent calls


async def test_a_hundred_calls_of_all_kinds_negotiate_once(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.50", "1.45")
        await asyncio.gather(*(call(docker) for _ in range(15) for call in CALLS.values()))
        assert docker.api_version == "1.50"
    assert daemon.server.pings == ["HEAD", "HEAD"]
    assert daemon.versions.count("v1.50") == 15 * len(CALLS)


async def test_a_failed_ping_fails_all_waiting_calls(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        pinged(daemon.server, json_reply({"message": "not well"}, 500))
        found = await asyncio.gather(*(docker.containers.pause("web") for _ in range(50)), return_exceptions=True)
        assert {(type(one), str(one)) for one in found} == {(ServerError, "500: not well (GET /_ping)")}
        assert len({id(one) for one in found}) == 50, "each call has its own exception"
        assert daemon.server.pings == ["HEAD", "HEAD", "GET"]
        daemon.server.routes.clear()
        await docker.containers.pause("web")
        assert docker.api_version == "1.41"


async def test_a_failed_connection_fails_all_waiting_calls() -> None:
    async with Docker("unix:///nowhere/docker.sock") as docker:
        found = await asyncio.gather(*(docker.containers.pause("web") for _ in range(50)), return_exceptions=True)
    assert {type(one) for one in found} == {ConnectFailed}
    assert all(isinstance(one, ConnectFailed) and isinstance(one.__cause__, OSError) for one in found)


async def test_if_the_negotiating_call_is_cancelled_the_next_one_negotiates(server: Server) -> None:
    reached, over = asyncio.Event(), asyncio.Event()

    async def late(_request: web.BaseRequest) -> web.StreamResponse:
        reached.set()
        await over.wait()
        return web.Response()

    server.routes["HEAD /_ping"] = late
    async with Docker(server.host) as docker:
        first, second = (asyncio.create_task(docker.containers.pause("web")) for _ in range(2))
        await reached.wait()
        server.routes.clear()
        first.cancel()
        await asyncio.wait_for(second, 30)
        assert docker.api_version == "1.44"
    over.set()


# -- engines that are replaced repeatedly


async def test_several_engines_at_one_address_are_used_in_the_version_of_the_older_one(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        daemon.server.api_version = "1.44"  # the other engine responds to the ping
        await docker.containers.pause("web")
        assert docker.api_version == "1.41"
        daemon.become("1.44")
        for _ in range(3):
            await docker.containers.pause("web")
        assert daemon.server.pings == ["HEAD", "HEAD"]
        assert daemon.versions == ["v1.44"] + ["v1.41"] * 4


@pytest.mark.parametrize("kind", CALLS)
async def test_an_engine_that_refuses_every_version_is_an_error_after_one_more_attempt(
    kind: str, daemon: Daemon
) -> None:
    async def another(request: web.BaseRequest) -> web.StreamResponse:
        requested = request.path.split("/")[1].removeprefix("v")
        newest = f"1.{int(requested[2:]) - 1}"
        daemon.server.api_version = newest
        message = f"client version {requested} is too new. Maximum supported API version is {newest}"
        return web.json_response({"message": message}, status=400, headers={"Api-Version": newest})

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.server.default = another
        with pytest.raises(
            UnsupportedVersion, match=r"1\.43 is too new.* several engines behind this address\? Pin"
        ) as caught:
            await CALLS[kind](docker)
    assert daemon.versions == ["v1.44", "v1.43"]
    assert caught.value.supported == "1.42"


@pytest.mark.parametrize(
    ("message", "supported"),
    [
        ("client version 1.44 is too new for this gateway", None),
        ("client version 1.44 is too old", None),
        ("client version 1.44 is too old. Minimum supported API version is 1.44", "1.44"),
        ("client version 1.44 is too new. Maximum supported API version is 1.30", "1.30"),
    ],
)
async def test_a_refusal_for_which_there_is_no_other_version_is_raised(
    message: str, supported: str | None, server: Server
) -> None:
    server.default = json_reply({"message": message}, 400)
    async with Docker(server.host) as docker:
        for _ in range(2):
            with pytest.raises(UnsupportedVersion) as caught:
                await docker.containers.pause("web")
            assert str(caught.value).startswith(message)
            assert server.host in str(caught.value)
            assert caught.value.supported == supported
    assert len(server.calls) == 2


@pytest.mark.parametrize("kind", CALLS)  # responses to HEAD and to a WebSocket have no body with a message
@pytest.mark.parametrize(
    ("newest", "oldest", "supported"), [("1.41", "1.24", "1.41"), ("1.50", "1.45", "1.45")], ids=["too new", "too old"]
)
async def test_a_refusal_of_a_pinned_version_has_the_supported_version(
    newest: str, oldest: str, supported: str, kind: str, daemon: Daemon
) -> None:
    daemon.become(newest, oldest)
    async with Docker(daemon.server.host, api_version="1.43") as docker:
        with pytest.raises(UnsupportedVersion) as caught:
            await CALLS[kind](docker)
    assert caught.value.supported == supported


async def test_an_empty_refusal_without_a_version_is_not_an_unsupported_version(daemon: Daemon) -> None:
    daemon.server.default = Reply(400)
    async with Docker(daemon.server.host, api_version="1.43") as docker:
        with pytest.raises(BadRequest):
            await CALLS["head"](docker)


# -- responses to pings


@pytest.mark.parametrize("version", ["1.40", "1.24", "0.1"])
async def test_an_engine_that_is_too_old(version: str, server: Server) -> None:
    server.api_version = version
    async with Docker(server.host) as docker:
        with pytest.raises(
            UnsupportedVersion, match=rf"supports API version {version} at most; .*1\.41 \(Docker 20\.10\).*upgrade the"
        ) as caught:
            await docker.containers.pause("web")
    assert server.calls == []
    assert caught.value.supported == version


@pytest.mark.parametrize(("version", "used"), [("2.0", NEWEST), (NEWEST, NEWEST), ("1.999", NEWEST), ("v1.44", "1.44")])
async def test_an_engine_newer_than_the_library_is_used_in_the_newest_version_of_the_library(
    version: str, used: str, server: Server
) -> None:
    server.api_version = version
    async with Docker(server.host) as docker:
        await docker.containers.pause("web")
        assert docker.api_version == used


@pytest.mark.parametrize("version", ["1.x", "latest", "1", "1." + "4" * 5000])
async def test_an_invalid_version_is_not_from_a_docker_daemon(version: str, server: Server) -> None:
    server.api_version = version
    async with Docker(server.host) as docker:
        with pytest.raises(TransportError, match=r"does not respond as a Docker daemon: it reports API version '.*'"):
            await docker.containers.pause("web")


@pytest.mark.parametrize("status", [200, 403, 404, 405])
async def test_if_the_ping_has_no_version_it_is_taken_from_version(status: int, server: Server) -> None:
    pinged(server, Reply(status, b"no"))
    server.routes["GET /version"] = json_reply({"ApiVersion": "1.43"})
    async with Docker(server.host) as docker:
        await docker.containers.pause("web")
        assert docker.api_version == "1.43"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Request forbidden by administrative rules.", "Request forbidden by administrative rules."),
        (b"<html><body><h1>403 Forbidden</h1></body></html>", "a web page"),
        (b"", ""),
    ],
)
async def test_a_socket_proxy_that_forbids_the_ping_requires_a_pinned_version(
    body: bytes, reason: str, server: Server
) -> None:
    forbidden = Reply(403, body)
    pinged(server, forbidden)
    server.routes["GET /version"] = forbidden
    async with Docker(server.host) as docker:
        with pytest.raises(
            Forbidden, match=r"requires GET /_ping: permit it, or pin a version with api_version="
        ) as caught:
            await docker.containers.pause("web")
        assert reason in str(caught.value)
        assert str(caught.value).endswith("(GET /_ping)")
    async with Docker(server.host, api_version="1.43") as docker:
        await docker.containers.pause("web")


@pytest.mark.parametrize(
    "head", [Reply(500), Reply(403), Reply(405), Reply(404), Reply(301, headers={"Location": "/"})]
)
async def test_a_proxy_that_permits_only_get(head: Reply, server: Server) -> None:
    pinged(server, Reply(200, b"OK", {"Api-Version": "1.43"}), head=head)
    async with Docker(server.host) as docker:
        await docker.containers.pause("web")
        assert docker.api_version == "1.43"


async def test_an_unhealthy_daemon_still_reports_its_version(server: Server) -> None:
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
async def test_a_server_that_reports_no_version(description: Reply, server: Server) -> None:
    server.api_version = None
    server.routes["GET /version"] = description
    async with Docker(server.host) as docker:
        with pytest.raises(TransportError, match=r"it reports no API version\. Check the address"):
            await docker.containers.pause("web")


async def test_a_web_page_is_not_a_response_to_a_ping(server: Server) -> None:
    pinged(server, Reply(200, b"<html>", {"Content-Type": "text/html"}))
    async with Docker(server.host) as docker:
        with pytest.raises(TransportError, match="the response is a web page"):
            await docker.system.ping()


async def test_a_ping_that_hangs_ends_with_the_timeout_of_the_caller(server: Server) -> None:
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
