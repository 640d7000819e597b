"""Whether a container has a terminal: before API 1.42, the output does not state it, and the engine is asked at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, Output
from tests.support.calls import frame
from tests.support.server import Reply, json_reply

if TYPE_CHECKING:
    from tests.support.server import Server

ID = "4ebd3ffbf6ffaf29ea4b42a2ba4e0e5a8a5e54bd4a86c2fa7fb3bf7a76ef2c91"
LOGS = frame(1, b"out")
AS_FRAMES, AS_TERMINAL = Output(b"out", b""), Output(LOGS, b"")


@pytest.fixture(autouse=True)
def routes(server: Server) -> None:
    """Serve a container with a terminal and its log, by its id and by its name."""
    found = json_reply({"Id": ID, "Config": {"Tty": True}})
    for name in (ID, "web"):
        server.routes[f"GET /v1.41/containers/{name}/json"] = found
        server.routes[f"GET /v1.41/containers/{name}/logs"] = Reply(200, LOGS)
    server.routes["POST /v1.41/containers/create"] = json_reply({"Id": ID, "Warnings": []}, 201)


def inspections(server: Server) -> int:
    """Return how often the container was inspected."""
    return sum(one.path.endswith("/json") for one in server.received)


@pytest.mark.parametrize(("tty", "expected"), [(True, AS_TERMINAL), (False, AS_FRAMES), (None, AS_FRAMES)])
async def test_a_container_created_by_the_client_is_not_inspected(
    tty: bool | None, expected: Output, server: Server
) -> None:
    body: dict[str, Any] = {"Image": "busybox"} | ({} if tty is None else {"Tty": tty})
    async with Docker(server.host, api_version="1.41") as docker:
        created = await docker.containers.create(body)
        assert await docker.containers.logs(created.id) == expected
        assert await docker.container(created.id).logs() == expected
    assert inspections(server) == 0


async def test_another_container_is_inspected_once(server: Server) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.containers.logs(ID) == AS_TERMINAL
        assert await docker.containers.logs(ID) == AS_TERMINAL
    assert inspections(server) == 1


async def test_a_name_is_inspected_each_time_because_it_can_be_reused(server: Server) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.containers.logs("web") == AS_TERMINAL
        server.routes["GET /v1.41/containers/web/json"] = json_reply({"Id": "5" * 64, "Config": {"Tty": False}})
        assert await docker.containers.logs("web") == AS_FRAMES
    assert inspections(server) == 2


async def test_the_cache_is_limited(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiodockerapi.api._logs._MAX_TERMINALS", 1)
    async with Docker(server.host, api_version="1.41") as docker:
        await docker.containers.create({"Image": "busybox"})
        server.routes["POST /v1.41/containers/create"] = json_reply({"Id": "5" * 64, "Warnings": []}, 201)
        await docker.containers.create({"Image": "busybox"})
        assert await docker.containers.logs(ID) == AS_TERMINAL
    assert inspections(server) == 1
