"""Proxies of config.json: sent with containers and builds if ``proxies=True``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker
from aiodockerapi.models import ContainerCreateRequest
from tests.support.server import Reply, json_reply
from tests.support.settings import Home

if TYPE_CHECKING:
    from tests.support.server import Server

PROXIES = {"default": {"httpProxy": "http://p:1", "noProxy": "lan"}}
FOUND = ["HTTP_PROXY=http://p:1", "http_proxy=http://p:1", "NO_PROXY=lan", "no_proxy=lan"]
ARGUMENTS = dict(variable.split("=") for variable in FOUND)


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A home directory with proxies in its config.json."""
    home = Home(tmp_path / "home")
    home.config({"proxies": PROXIES})
    monkeypatch.setenv("DOCKER_CONFIG", str(home.docker))


@pytest.mark.parametrize(
    ("env", "sent"),
    [
        (None, FOUND),
        (["A=1"], [*FOUND, "A=1"]),
        (["HTTP_PROXY=mine", "no_proxy"], [FOUND[1], FOUND[2], "HTTP_PROXY=mine", "no_proxy"]),
    ],
)
async def test_containers_get_the_proxies_that_they_do_not_set(
    env: list[str] | None, sent: list[str], server: Server
) -> None:
    server.default = json_reply({"Id": "4fa6"}, 201)
    mapping = {"Image": "busybox"} if env is None else {"Image": "busybox", "Env": list(env)}
    model = ContainerCreateRequest(image="busybox", env=list(env or ()))
    async with Docker(server.host, api_version="1.44", proxies=True) as docker:
        await docker.containers.create(mapping)
        await docker.containers.create(model)
    assert [request.json()["Env"] for request in server.received] == [sent, sent]
    assert mapping.get("Env") == env
    assert model.env == (env or [])


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (None, ARGUMENTS),
        ({"http_proxy": None, "A": "1"}, {**ARGUMENTS, "http_proxy": None, "A": "1"}),
    ],
)
async def test_builds_get_the_proxies_that_are_not_given(given: Any, sent: Any, server: Server) -> None:
    built = json.dumps({"aux": {"ID": "sha256:1b"}}).encode()
    server.default = Reply(200, built, {"Content-Type": "application/json"})
    async with Docker(server.host, api_version="1.44", proxies=True) as docker:
        await docker.images.build(b"a tar archive", tags="web", build_args=given)
    [request] = server.received
    query = dict(request.query)
    assert query.keys() == {"t", "buildargs"}
    assert json.loads(query["buildargs"]) == sent


async def test_proxies_are_not_sent_by_default(server: Server) -> None:
    server.default = json_reply({"Id": "4fa6"}, 201)
    async with Docker(server.host, api_version="1.44") as docker:
        await docker.containers.create({"Image": "busybox"})
    [request] = server.received
    assert request.json() == {"Image": "busybox"}
