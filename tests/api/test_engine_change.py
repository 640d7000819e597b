"""The engine that is replaced by another one while a client is in use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from aiodockerapi import BadRequest, Docker, Output, UnsupportedFeature, UnsupportedVersion
from tests.support.calls import drained, frame
from tests.support.server import Reply, Server, json_reply

Call = Callable[[Docker], Awaitable[Any]]

CALLS: dict[str, Call] = {
    "empty": lambda d: d.containers.pause("web"),
    "json": lambda d: d.containers.inspect("web"),
    "head": lambda d: d.containers.archive_info("web", "/etc"),
    "download": lambda d: drained(d.containers.export("web")),
    "stream": lambda d: drained(d.system.events()),
    "hijack": lambda d: drained(d.system.session()),
    "websocket": lambda d: drained(d.containers.attach_websocket("web")),
}
STAT = {"X-Docker-Container-Path-Stat": "e30="}
MULTIPLEXED = {"Content-Type": "application/vnd.docker.multiplexed-stream"}


class Daemon:
    """Plays an engine of versions `oldest` to `newest`, as dockerd answers to each of them; may become another one."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.answers: dict[str, Reply] = {}
        """By path without version."""
        self.become("1.44")

    def become(self, newest: str, oldest: str = "1.24") -> None:
        """Be another engine from now on."""
        self.oldest, self.newest = _numbers(oldest), _numbers(newest)
        self.server.api_version = newest
        self.server.default = self._answer

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        _, version, path = request.path.split("/", 2)
        asked = _numbers(version.removeprefix("v"))
        headers = {"Api-Version": _text(self.newest)}
        if asked > self.newest:
            return _refusal(
                f"{_text(asked)} is too new. Maximum supported API version is {_text(self.newest)}", headers
            )
        if asked < self.oldest:
            hint = "please upgrade your client to a newer version"
            least = _text(self.oldest)
            return _refusal(f"{_text(asked)} is too old. Minimum supported API version is {least}, {hint}", headers)
        if path.endswith("attach/ws"):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.close()
            return socket
        reply = self.answers.get(f"/{path}", Reply(200, b"{}" if request.method == "GET" else b""))
        return web.Response(status=reply.status, body=reply.body, headers={**headers, **STAT, **reply.headers})

    @property
    def versions(self) -> list[str]:
        """The version of each call but pings, in order."""
        return [one.path.split("/")[1] for one in self.server.calls]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _refusal(words: str, headers: dict[str, str]) -> web.Response:
    return web.json_response({"message": f"client version {words}"}, status=400, headers=headers)


@pytest.fixture
async def daemon(server: Server) -> Daemon:
    """An engine of version 1.44."""
    return Daemon(server)


@pytest.mark.parametrize("road", CALLS)
@pytest.mark.parametrize(
    ("newest", "oldest", "agreed"),
    [("1.41", "1.12", "1.41"), ("1.50", "1.45", "1.50"), ("1.60", "1.50", "1.55")],
    ids=["older", "newer", "much newer"],
)
async def test_a_call_is_sent_again_in_the_version_of_the_new_engine(
    newest: str, oldest: str, agreed: str, road: str, daemon: Daemon
) -> None:
    async with Docker(daemon.server.host) as docker:
        assert await docker.negotiate() == "1.44"
        daemon.become(newest, oldest)
        await CALLS[road](docker)
        assert docker.api_version == agreed
        await CALLS[road](docker)
    assert daemon.versions == ["v1.44", f"v{agreed}", f"v{agreed}"]


async def test_fifty_calls_at_once_agree_once(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        await asyncio.gather(*(docker.containers.pause(f"c{number}") for number in range(50)))
    assert daemon.server.pings == ["HEAD", "HEAD"]
    assert daemon.versions.count("v1.41") == 50


async def test_there_and_back(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        for newest, oldest in [("1.44", "1.24"), ("1.41", "1.12"), ("1.45", "1.44"), ("1.41", "1.12")]:
            daemon.become(newest, oldest)
            await docker.containers.pause("web")
            assert docker.api_version == newest


async def test_what_the_new_engine_does_not_know_is_not_sent(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        with pytest.raises(UnsupportedFeature) as caught:
            await docker.containers.stop("web", signal="SIGINT")
        assert (caught.value.option, caught.value.has) == ("containers.stop.signal", "1.41")
    assert daemon.versions == ["v1.44"]


async def test_a_body_is_sent_again_or_the_error_says_to_call_again(daemon: Daemon) -> None:
    async def blocks() -> AsyncIterator[bytes]:
        yield b"tar"

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        with pytest.raises(UnsupportedVersion, match=r"replaced by another engine.*nothing was done: call once more"):
            await docker.containers.put_archive("web", "/", blocks())
        assert docker.api_version == "1.41"
        await docker.containers.put_archive("web", "/", blocks())
        daemon.become("1.45", "1.44")
        await docker.containers.put_archive("web", "/", b"tar")
    assert daemon.versions == ["v1.44", "v1.41", "v1.41", "v1.45"]
    assert daemon.server.calls[-1].body == b"tar"


@pytest.mark.parametrize("road", CALLS)
@pytest.mark.parametrize("by", ["the argument api_version", "DOCKER_API_VERSION"])
async def test_a_pinned_version_stays_and_the_error_says_who_pinned_it(
    by: str, road: str, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "DOCKER_API_VERSION":
        monkeypatch.setenv(by, "1.43")
    async with Docker(daemon.server.host, api_version=None if by == "DOCKER_API_VERSION" else "1.43") as docker:
        await CALLS[road](docker)
        daemon.become("1.41")
        with pytest.raises(UnsupportedVersion, match=rf"1\.43 is too new\. .*1\.41.*The version is pinned by {by}"):
            await CALLS[road](docker)
        await docker.system.ping()
        assert docker.api_version == "1.43"
    assert daemon.versions == ["v1.43", "v1.43"]


@pytest.mark.parametrize("road", sorted(CALLS.keys() - {"head", "websocket"}))  # whose refusals have no words
async def test_an_engine_too_new_for_us(road: str, daemon: Daemon) -> None:
    daemon.become("1.70", "1.60")
    async with Docker(daemon.server.host) as docker:
        with pytest.raises(UnsupportedVersion, match=r"takes API version 1\.60 at least; .*1\.55 at most: upgrade"):
            await CALLS[road](docker)


@pytest.mark.parametrize("road", CALLS)
async def test_an_engine_that_has_become_too_old_for_us(road: str, daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.40")
        for _ in range(2):
            with pytest.raises(
                UnsupportedVersion, match=r"speaks API version 1\.40 at most.*1\.41.*upgrade the Docker"
            ):
                await CALLS[road](docker)


async def test_engines_that_take_turns_are_told_rather_than_asked_for_ever(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        daemon.server.api_version = "1.44"  # the ping is answered by another one
        with pytest.raises(UnsupportedVersion, match="several engines behind this address"):
            await docker.containers.pause("web")
    assert len(daemon.versions) == 1


async def test_a_newer_engine_is_noticed_by_the_next_ping(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.containers.pause("web")
        docker._engine.terminals["id"] = True
        daemon.become("1.50")
        await docker.containers.pause("web")
        assert docker.api_version == "1.44"
        await docker.system.ping()
        assert docker.api_version == "1.50"
        assert not docker._engine.terminals
    assert daemon.versions == ["v1.44", "v1.44"]


async def test_a_ping_of_an_engine_that_is_too_old_is_still_answered(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.40")
        assert (await docker.system.ping()).api_version == "1.40"
        assert docker.api_version is None


@pytest.mark.parametrize("tty", [True, False])
async def test_output_is_read_as_the_engine_sends_it_that_answers(tty: bool, daemon: Daemon) -> None:
    daemon.answers |= {
        "/containers/web/json": json_reply({"Id": "0" * 64, "Config": {"Tty": tty}}),
        "/containers/web/logs": Reply(200, b"out" if tty else frame(1, b"out")),
    }
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")  # whose logs do not say whether they come in frames
        assert await docker.containers.logs("web") == Output(b"out", b"")
        daemon.answers["/containers/web/logs"] = Reply(200, frame(1, b"out"), MULTIPLEXED)
        daemon.become("1.45", "1.44")
        assert await docker.containers.logs("web") == Output(b"out", b"")


async def test_what_reads_otherwise_in_the_other_version_is_made_anew(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        daemon.answers["/build/prune"] = json_reply({})
        daemon.answers["/networks/create"] = json_reply({"Id": "n"})
        daemon.become("1.48")
        await docker.negotiate()
        daemon.become("1.41")
        await docker.images.prune_build_cache(keep_storage=1)
        daemon.become("1.48", "1.44")
        await docker.networks.create({"Name": "n", "CheckDuplicate": True})
    sent = [dict(one.query) for one in daemon.server.calls[:2]]
    assert sent == [{"reserved-space": "1"}, {"keep-storage": "1"}]
    assert [one.json() for one in daemon.server.calls[2:]] == [{"Name": "n", "CheckDuplicate": True}, {"Name": "n"}]


async def test_a_websocket_that_is_refused_for_another_reason(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        daemon.server.default = Reply(400)
        with pytest.raises(BadRequest):
            await CALLS["websocket"](docker)
    assert len(daemon.server.calls) == 1
