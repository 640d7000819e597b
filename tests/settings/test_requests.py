"""The client sends the same request line and custom headers as the docker command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import Docker
from tests.support import engine
from tests.support.server import Received, Server, json_reply, serving
from tests.support.settings import Given, Home, cli_send, ctx, make_home

DUPLICATES = (
    '{"HttpHeaders": {"X-One": "1", "X-Two": "2"}, "httpheaders": {"X-Two": "3"}, "HttpHeaders": {"X-Four": "4"}}'
)


# {tcp} is replaced by the address of the server.
GIVEN: list[Given] = [
    {"DOCKER_HOST": "{tcp}"},
    {"host": "{tcp}/"},
    {"host": "{tcp}/base/"},
    {"DOCKER_HOST": "{tcp}//a/./b/../c"},
    {"DOCKER_HOST": "{tcp}/../a"},
    {"DOCKER_HOST": "{tcp}/a b/c%20d"},
    {"DOCKER_HOST": "{tcp}/a+b&c=d;e,f:g@h/$i"},
    {"DOCKER_HOST": "{tcp}/a%2Fb/%2e%2e/c%41%C3%BC"},
    {"DOCKER_HOST": "{tcp}/a!b'(c)~|^`{}<>\""},
    {"DOCKER_HOST": "tcp://{tcp}/a"},
    {"context": "lab", "contexts": [ctx("lab", "{tcp}/a%252Fb%ff")]},
    {"DOCKER_HOST": "{tcp}", "config": {"HttpHeaders": {"x-one": "1", "X-Two": " a, b ", "X_Three": ""}}},
    {"DOCKER_HOST": "{tcp}", "config": {"HttpHeaders": {"X-One": "\u00fc", "X-Two": None}}},
    {"DOCKER_HOST": "{tcp}", "config": {"HttpHeaders": {"Cookie": "a=b", "Authorization": "Bearer c"}}},
    {"DOCKER_HOST": "{tcp}", "config": DUPLICATES},
    {"DOCKER_HOST": "{tcp}", "config": '{"HttpHeaders": {"X-One": "1"}, "HTTPHEADERS": null}'},
    {"context": "lab", "contexts": [ctx("lab", "{tcp}/base")], "config": {"HttpHeaders": {"X-One": "1"}}},
]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A web server in place of a daemon, without containers."""
    async with serving("1.41") as running:
        running.default = json_reply([], headers={"Api-Version": "1.41"})
        yield running


def last_request(requests: list[Received]) -> tuple[str, dict[str, str]]:
    """Return the request line and the custom headers of the last request."""
    headers = requests[-1].headers
    return requests[-1].line, {
        name: value
        for name, value in headers.items()
        if name in ("cookie", "authorization") or name[:2] in ("x-", "x_")
    }


@pytest.mark.parametrize("given", GIVEN, ids=lambda given: str(given)[:100])
async def test_the_docker_command_sends_the_same(
    given: Given, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, given = _activate(given, server, tmp_path, monkeypatch)
    await asyncio.to_thread(cli_send, engine.cli(), home, given)
    expected = last_request(server.received)
    server.received.clear()
    async with Docker(given.get("host"), context=given.get("context")) as docker:
        assert await docker.containers.list() == []
    assert last_request(server.received) == expected


def _activate(given: Given, server: Server, path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Home, Given]:
    given = _fill(given, server.tcp)
    home = make_home(path, given)
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_API_VERSION", "DOCKER_CUSTOM_HEADERS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in home.environ.items():
        monkeypatch.setenv(name, value)
    return home, given


def _fill(value: Any, tcp: str) -> Any:
    if isinstance(value, dict):
        return {name: _fill(one, tcp) for name, one in value.items()}
    if isinstance(value, list):
        return [_fill(one, tcp) for one in value]
    return value.replace("{tcp}", tcp) if isinstance(value, str) else value
