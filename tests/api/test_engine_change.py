"""An engine that is replaced by another one while a client is in use."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import BadRequest, Docker, EngineChanged, Output, UnsupportedFeature, UnsupportedVersion
from aiodockerapi._engine import negotiation
from tests.support.calls import drained, frame
from tests.support.daemon import Daemon
from tests.support.server import Reply, Server, json_reply
from tests.support.versions import NEWEST

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
MULTIPLEXED = {"Content-Type": "application/vnd.docker.multiplexed-stream"}


@pytest.fixture
async def daemon(server: Server) -> Daemon:
    """An engine of version 1.44."""
    return Daemon(server)


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize(
    ("newest", "oldest", "negotiated"),
    [("1.41", "1.12", "1.41"), ("1.50", "1.45", "1.50"), ("1.999", "1.50", NEWEST)],
    ids=["older", "newer", "much newer"],
)
async def test_a_call_is_sent_again_in_the_version_of_the_new_engine(
    newest: str, oldest: str, negotiated: str, kind: str, daemon: Daemon
) -> None:
    async with Docker(daemon.server.host) as docker:
        assert await docker.negotiate() == "1.44"
        daemon.become(newest, oldest)
        await CALLS[kind](docker)
        assert docker.api_version == negotiated
        await CALLS[kind](docker)
    assert daemon.versions == ["v1.44", f"v{negotiated}", f"v{negotiated}"]


async def test_fifty_concurrent_calls_negotiate_once(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        await asyncio.gather(*(docker.containers.pause(f"c{number}") for number in range(50)))
    assert daemon.server.pings == ["HEAD", "HEAD"]
    assert daemon.versions.count("v1.41") == 50


async def test_upgrades_and_downgrades(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        for newest, oldest in [("1.44", "1.24"), ("1.41", "1.12"), ("1.45", "1.44"), ("1.41", "1.12")]:
            daemon.become(newest, oldest)
            await docker.containers.pause("web")
            assert docker.api_version == newest


async def test_an_option_that_the_new_engine_does_not_support_is_not_sent(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        with pytest.raises(UnsupportedFeature) as caught:
            await docker.containers.stop("web", signal="SIGINT")
        assert (caught.value.option, caught.value.has) == ("containers.stop.signal", "1.41")
    assert daemon.versions == ["v1.44"]


async def test_a_body_that_can_be_read_again_is_sent_again(daemon: Daemon, tmp_path: Path) -> None:
    (tmp_path / "archive.tar").write_bytes(b"behind" + b"tar" * 100_000)
    (tmp_path / "Dockerfile").write_text("FROM scratch")
    path = tmp_path / "archive.tar"
    daemon.answers["/build"] = Reply(200, b'{"aux":{"ID":"sha256:0"}}')
    with path.open("rb") as file:
        file.seek(len(b"behind"))
        uploads: dict[str, Call] = {
            "bytes": lambda d: d.containers.put_archive("web", "/", path.read_bytes()),
            "path": lambda d: d.containers.put_archive("web", "/", path),
            "file": lambda d: d.containers.put_archive("web", "/", file),
            "directory": lambda d: d.images.build(tmp_path),
        }
        sent: dict[str, list[bytes]] = {}
        async with Docker(daemon.server.host) as docker:
            await docker.negotiate()
            for number, (name, call) in enumerate(uploads.items()):
                daemon.become(f"1.{44 + number}")
                await docker.system.ping()
                daemon.become("1.41")
                await call(docker)
                sent[name] = [one.body for one in daemon.server.calls[-2:]]
    whole = path.read_bytes()
    assert sent["bytes"] == sent["path"] == [whole, whole]
    assert sent["file"] == [whole[len(b"behind") :]] * 2
    assert sent["directory"][0] == sent["directory"][1] != b""
    assert daemon.versions[1::2] == ["v1.41"] * 4


async def test_a_body_that_can_be_read_only_once_is_not_sent_again(daemon: Daemon) -> None:
    async def blocks() -> AsyncIterator[bytes]:
        yield b"tar"

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")
        with pytest.raises(EngineChanged, match=r"replaced by another engine.*had no effect.*repeat the call"):
            await docker.containers.put_archive("web", "/", blocks())
        assert docker.api_version == "1.41"
        await docker.containers.put_archive("web", "/", blocks())
    assert daemon.versions == ["v1.44", "v1.41"]


async def test_before_a_body_that_can_be_sent_only_once_an_old_negotiation_is_revalidated(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blocks() -> AsyncIterator[bytes]:
        yield b"tar"

    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        monkeypatch.setattr(negotiation, "_FRESH", -1.0)
        daemon.become("1.41")
        await docker.containers.put_archive("web", "/", blocks())
    assert daemon.versions == ["v1.41"]


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("by", ["the argument api_version", "DOCKER_API_VERSION"])
async def test_a_pinned_version_is_kept_and_the_error_names_what_pinned_it(
    by: str, kind: str, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "DOCKER_API_VERSION":
        monkeypatch.setenv(by, "1.43")
    async with Docker(daemon.server.host, api_version=None if by == "DOCKER_API_VERSION" else "1.43") as docker:
        await CALLS[kind](docker)
        daemon.become("1.41")
        with pytest.raises(
            UnsupportedVersion, match=rf"1\.43 is too new.*1\.41.*The version is pinned by {by}"
        ) as caught:
            await CALLS[kind](docker)
        assert caught.value.supported == "1.41"
        await docker.system.ping()
        assert docker.api_version == "1.43"
    assert daemon.versions == ["v1.43", "v1.43"]


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("before", ["1.44", None], ids=["replaced", "first call"])
async def test_an_engine_that_is_too_new(before: str | None, kind: str, daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        if before is not None:
            await docker.negotiate()
        daemon.become("1.999", "1.998")
        with pytest.raises(
            UnsupportedVersion, match=rf"requires API version 1\.998 or newer; .*{re.escape(NEWEST)} at most: upgrade"
        ) as caught:
            await CALLS[kind](docker)
    assert caught.value.supported == "1.998"


@pytest.mark.parametrize("kind", CALLS)
async def test_an_engine_that_has_become_too_old(kind: str, daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.40")
        for _ in range(2):
            with pytest.raises(
                UnsupportedVersion, match=r"supports API version 1\.40 at most.*1\.41.*upgrade the Docker"
            ):
                await CALLS[kind](docker)


async def test_an_engine_that_is_too_old_can_still_be_pinged(daemon: Daemon) -> None:
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.40")
        assert (await docker.system.ping()).api_version == "1.40"
        assert docker.api_version is None


@pytest.mark.parametrize("tty", [True, False])
async def test_output_is_decoded_according_to_the_engine_that_responds(tty: bool, daemon: Daemon) -> None:
    daemon.answers |= {
        "/containers/web/json": json_reply({"Id": "0" * 64, "Config": {"Tty": tty}}),
        "/containers/web/logs": Reply(200, b"out" if tty else frame(1, b"out")),
    }
    async with Docker(daemon.server.host) as docker:
        await docker.negotiate()
        daemon.become("1.41")  # its logs have no Content-Type that shows whether they are multiplexed
        assert await docker.containers.logs("web") == Output(b"out", b"")
        daemon.answers["/containers/web/logs"] = Reply(200, frame(1, b"out"), MULTIPLEXED)
        daemon.become("1.45", "1.44")
        assert await docker.containers.logs("web") == Output(b"out", b"")


async def test_a_request_that_differs_in_the_other_version_is_encoded_again(daemon: Daemon) -> None:
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
