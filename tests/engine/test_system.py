"""The system group on a real engine: ping, version, info, disk usage, events, and registry logins."""

from __future__ import annotations

import asyncio
import datetime
import re
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import BadRequest, Docker, InvalidArgument, InvalidArgumentType, ServerError
from aiodockerapi.models import AuthConfig, EventMessage
from tests.support.containers import created, started
from tests.support.leaks import nothing_left
from tests.support.proxy import proxied

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names

SLEEP = "exec sleep 1000"
UTC = datetime.UTC


def actions(events: list[EventMessage]) -> list[str]:
    return [event.action for event in events]


# --- ping, version, info, disk usage


async def test_ping(docker: Docker) -> None:
    ping = await docker.system.ping()
    assert re.fullmatch(r"1\.\d+", ping.api_version)
    assert ping.os_type == "linux"
    assert re.match(r"Docker/\d+\.\d+", ping.server)
    assert ping.experimental is False


async def test_ping_is_sent_once_without_negotiation(engine_host: str) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        await docker.system.ping()
        assert proxy.requests == ["HEAD /_ping"]
        assert docker.api_version is None


async def test_version_and_ping_agree(docker: Docker) -> None:
    ping, version = await docker.system.ping(), await docker.system.version()
    assert version.api_version == ping.api_version
    assert ping.server.startswith(f"Docker/{version.version}")
    assert (version.os, version.min_api_version != "") == ("linux", True)
    engine = next(part for part in version.components if part.name == "Engine")
    assert engine.version == version.version
    assert engine.details["ApiVersion"] == version.api_version


async def test_info_counts_containers(spare_engine: Engine, name: Names) -> None:
    async with Docker(spare_engine.host) as docker:
        before = await docker.system.info()
        idle, running, paused = [await created(docker, name, SLEEP) for _ in range(3)]
        try:
            for container in (running, paused):
                await docker.containers.start(container)
            await docker.containers.pause(paused)
            after = await docker.system.info()
        finally:
            for container in (idle, running, paused):
                await docker.containers.remove(container, force=True)
    assert after.containers - before.containers == 3
    assert after.containers_stopped - before.containers_stopped == 1
    assert after.containers_running - before.containers_running == 1
    assert after.containers_paused - before.containers_paused == 1
    assert before.id == after.id != ""


async def test_info_describes_the_host(docker: Docker) -> None:
    info = await docker.system.info()
    assert (info.os_type, info.server_version) == ("linux", (await docker.system.version()).version)
    assert info.ncpu > 0
    assert info.mem_total > 1 << 24
    assert info.driver != ""
    assert info.default_runtime in info.runtimes
    assert info.plugins is not None
    assert "bridge" in info.plugins.network
    assert info.registry_config is not None
    assert "docker.io" in info.registry_config.index_configs
    assert info.system_time is not None
    assert info.system_time.tzinfo is not None


async def test_disk_usage_has_totals_and_objects(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP, Volumes={"/data": {}})
    [mount] = (await docker.containers.inspect(container)).mounts
    usage = await docker.system.disk_usage()
    assert container in {one.id for one in usage.containers}
    assert mount.name in {one.name for one in usage.volumes}
    assert any("busybox:latest" in one.repo_tags for one in usage.images)
    assert usage.layers_size > 100_000
    assert usage.image_usage is not None
    assert usage.image_usage.total_count == len(usage.images)
    assert usage.container_usage is not None
    assert usage.container_usage.total_count == len(usage.containers)
    await docker.containers.remove(container, volumes=True)


# --- events


async def test_events_arrive_as_they_happen(docker: Docker, name: Names, engine_host: str) -> None:
    web = name("web")
    armed = asyncio.Event()

    async def watch() -> list[EventMessage]:
        seen = []
        watcher = Docker(engine_host)
        filters: dict[str, str | list[str]] = {"container": web, "type": ["container"]}
        # The daemon responds shortly before it subscribes to events: since= includes those in between.
        async with watcher, watcher.system.events(since=0, filters=filters) as events:
            armed.set()
            async for event in events:
                seen.append(event)
                if event.action == "destroy":
                    return seen
        raise AssertionError("the stream ended early")

    await docker.system.ping()
    async with nothing_left():
        watching = asyncio.create_task(watch())
        await armed.wait()
        made = await docker.containers.create(
            {"Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": "none"}, "Labels": {"a": "b"}},
            name=web,
        )
        await docker.containers.start(web)
        await docker.exec.run(web, ["true"])
        await docker.containers.pause(web)
        await docker.containers.unpause(web)
        await docker.containers.remove(web, force=True)
        async with asyncio.timeout(30):
            seen = await watching
    assert [action.partition(":")[0] for action in actions(seen)] == [
        "create", "start", "exec_create", "exec_start", "exec_die", "pause", "unpause", "kill", "die", "destroy",
    ]  # fmt: skip
    for event in seen:
        assert (event.type, event.scope) == ("container", "local")
        assert event.actor is not None
        assert event.actor.id == made.id
        assert event.actor.attributes["name"] == web
        assert event.actor.attributes["a"] == "b"
        assert event.time is not None
        assert int(event.time.timestamp()) == event.time_nano // 10**9
    died = next(event for event in seen if event.action == "die")
    assert died.actor is not None
    assert died.actor.attributes["exitCode"] == "137"


async def test_filters_exclude_other_events(docker: Docker, name: Names) -> None:
    since = (await docker.system.info()).system_time
    one, other = await started(docker, name, SLEEP), await started(docker, name, SLEEP)
    await docker.containers.kill(one)
    await docker.containers.wait(one)
    until = (await docker.system.info()).system_time

    async def seen(**filters: Any) -> list[tuple[str, str]]:
        events = await docker.system.events(since=since, until=until, filters=filters)
        return [(event.actor.id, event.action) for event in events if event.actor]

    [(key, value)] = name.labels.items()
    mine = f"{key}={value}"
    assert await seen(container=other) == [(other, "create"), (other, "start")]
    assert await seen(label=mine, event=["die", "create"]) == [(one, "create"), (other, "create"), (one, "die")]
    assert await seen(label=mine, type="network") == []
    assert await seen(container=[one, other], event="start") == [(one, "start"), (other, "start")]


async def test_types_of_timestamps(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    now = time.time()
    for since in (
        now - 600,
        int(now - 600),
        datetime.datetime.fromtimestamp(now - 600, UTC),
        datetime.timedelta(minutes=10),
    ):
        for until in (now + 0.01, datetime.datetime.now(UTC), datetime.timedelta(0), str(time.time())):
            events = await docker.system.events(since=since, until=until, filters={"container": container})
            assert actions(events) == ["create"]
    alone = await docker.system.events(until=datetime.timedelta(0), filters={"container": container})
    assert actions(alone) == ["create"]  # without `since` it begins with the oldest event that the daemon has kept


async def test_events_are_selected_with_nanosecond_precision(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    filters = {"container": container}
    first, second = await docker.system.events(since=0, until=datetime.timedelta(0), filters=filters)

    async def between(since: int, until: int) -> list[str]:
        text = (f"{moment // 10**9}.{moment % 10**9:09d}" for moment in (since, until))
        return actions(await docker.system.events(since=next(text), until=next(text), filters=filters))

    assert await between(first.time_nano, first.time_nano) == ["create"]
    assert await between(first.time_nano + 1, second.time_nano) == ["start"]
    assert await between(first.time_nano + 1, second.time_nano - 1) == []


async def test_until_may_be_in_the_future(docker: Docker, name: Names) -> None:
    until = datetime.datetime.now(UTC) + datetime.timedelta(seconds=1.5)
    waiting = asyncio.ensure_future(_awaited(docker, until, name.labels))
    await asyncio.sleep(0.1)
    container = await created(docker, name, SLEEP)
    assert not waiting.done()
    [event] = await waiting
    assert event.actor is not None
    assert (event.actor.id, event.action) == (container, "create")
    assert datetime.datetime.now(UTC) >= until


async def _awaited(docker: Docker, until: datetime.datetime, labels: dict[str, str]) -> list[EventMessage]:
    [(key, value)] = labels.items()
    return await docker.system.events(until=until, filters={"label": f"{key}={value}"})


async def test_invalid_ranges_of_events(docker: Docker) -> None:
    with pytest.raises(InvalidArgument, match="never end"):
        await docker.system.events()
    with pytest.raises(BadRequest, match="cannot be after"):
        await docker.system.events(since=100, until=50)
    with pytest.raises(BadRequest, match="cannot be after"):
        async with docker.system.events(since=100, until=50):
            raise AssertionError("entered an invalid call")


@pytest.mark.parametrize("wrong", ["yesterday", datetime.datetime(2024, 5, 1), -1, float("nan"), True, [1], {"a": 1}])  # noqa: DTZ001
async def test_an_invalid_timestamp_is_refused(engine_host: str, wrong: Any) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        for options in ({"since": wrong}, {"until": wrong}):
            with pytest.raises(InvalidArgument):
                docker.system.events(**options)
        for filters in (["a"], {"event": {"start": True}}, {"event": 1}, {1: "a"}):
            with pytest.raises(InvalidArgumentType):
                docker.system.events(filters=filters)  # type: ignore[arg-type]
        assert proxy.requests == []


# --- auth


class Registry:
    """A registry that sends the same response to every request."""

    def __init__(self, status: str) -> None:
        self._answer = (
            f"HTTP/1.1 {status}\r\nDocker-Distribution-Api-Version: registry/2.0\r\n"
            'Www-Authenticate: Basic realm="test"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
        ).encode()
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.read(65536)
        if request.startswith(b"GET "):  # the daemon tries TLS first
            self.requests.append(request)
            writer.write(self._answer)
            await writer.drain()
        writer.close()


async def log_in(docker: Docker, registry: Registry, **more: Any) -> Any:
    server = await asyncio.start_server(registry.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await docker.system.auth(AuthConfig(serveraddress=f"127.0.0.1:{port}", **more))


async def test_a_registry_that_accepts_the_credentials(docker: Docker) -> None:
    registry = Registry("200 OK")
    answer = await log_in(docker, registry, username="jane", password="secret")
    assert (answer.status, answer.identity_token or "") == ("Login Succeeded", "")
    assert registry.requests


async def test_a_registry_that_refuses_the_credentials(docker: Docker) -> None:
    with pytest.raises(ServerError) as caught:
        await log_in(docker, Registry("401 Unauthorized"), username="jane", password="secret")
    assert "401" in caught.value.message
    assert "secret" not in repr(caught.value)


async def test_a_registry_that_does_not_run(docker: Docker) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but not listening
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        for body in (AuthConfig(serveraddress=address, username="a", password="b"), {"serveraddress": address}):
            with pytest.raises(ServerError, match="connection refused"):
                await docker.system.auth(body)


@pytest.mark.parametrize("wrong", ["jane", None, ["jane"]])
async def test_invalid_credentials_are_refused(docker: Docker, wrong: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="AuthConfig or a mapping"):
        await docker.system.auth(wrong)
