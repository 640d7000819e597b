"""The client's settings in files: when they are read, and their effect on requests."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import TLS, ConfigurationError, Docker, TransportError
from aiodockerapi._settings import Lookup, Settings
from tests.support.server import Server, json_reply, serving
from tests.support.settings import Home, ctx

CALLS: list[Callable[[Docker], Awaitable[Any]]] = [
    lambda docker: docker.containers.pause("web"),
    lambda docker: docker.containers.wait("web"),
]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A web server in place of a daemon."""
    async with serving("1.44") as running:
        running.default = json_reply({"StatusCode": 0}, headers={"Api-Version": "1.44"})
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home directory in use; no environment variables that select a daemon are set."""
    for name in (
        "DOCKER_HOST",
        "DOCKER_API_VERSION",
        "DOCKER_CONTEXT",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "DOCKER_CERT_PATH",
    ):
        monkeypatch.delenv(name, raising=False)
    home = Home(tmp_path / "home")
    monkeypatch.setenv("DOCKER_CONFIG", str(home.docker))
    return home


def use_in_context(home: Home, server: Server) -> str:
    """Make the server the daemon of the current docker context; return the source of its endpoint."""
    home.context(**ctx("lab", server.host))
    return f'the docker context "lab" (currentContext in {home.config({"currentContext": "lab"})})'


@pytest.mark.parametrize("call", CALLS, ids=["pooled", "stream"])
async def test_the_first_call_reads_the_files(
    call: Callable[[Docker], Awaitable[Any]], home: Home, server: Server
) -> None:
    source = use_in_context(home, server)
    docker = Docker()
    try:
        assert repr(docker) == "<Docker address not resolved yet>"
        assert "not resolved yet" in repr(docker.containers)
        with pytest.raises(ConfigurationError, match="is set in files that have not been read yet: enter the client"):
            _ = docker.endpoint
        await call(docker)
        assert (str(docker.endpoint), docker.endpoint.source) == (server.host, source)
        assert repr(docker) == f"<Docker {server.host} API 1.44>"
    finally:
        await docker.aclose()


async def test_entering_the_client_reads_the_files(home: Home, server: Server) -> None:
    source = use_in_context(home, server)
    async with Docker() as docker:
        assert repr(docker.endpoint) == f"<Endpoint {server.host}, from {source}>"
        assert server.received == []
        await docker.containers.pause("web")


async def test_the_context_argument(home: Home, server: Server) -> None:
    home.context(**ctx("lab", server.host))
    async with Docker(context="lab", api_version="1.43") as docker:
        await docker.containers.pause("web")
    assert [one.line for one in server.received] == ["POST /v1.43/containers/web/pause"]


async def test_the_base_path_of_a_context(home: Home, server: Server) -> None:
    home.context(**ctx("lab", f"{server.tcp}/some/where/"))
    async with Docker(context="lab", api_version="1.43") as docker:
        await docker.containers.pause("web")
    assert [one.line for one in server.received] == ["POST /some/where/v1.43/containers/web/pause"]


async def test_files_are_read_once_in_a_thread(home: Home, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    use_in_context(home, server)
    threads: list[threading.Thread] = []
    read = Lookup.settings

    def record(self: Lookup) -> Settings:
        threads.append(threading.current_thread())
        return read(self)

    monkeypatch.setattr(Lookup, "settings", record)
    async with Docker() as docker:
        await asyncio.gather(*(call(docker) for call in CALLS * 10))
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()


async def test_a_slow_disk_does_not_block_other_clients(
    home: Home, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home.docker / "config.json"
    os.mkfifo(file)  # opening it blocks until it is opened for writing
    async with asyncio.timeout(60):
        docker = Docker(server.host)
        waiting = [asyncio.create_task(docker.containers.pause("web")) for _ in range(20)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "elsewhere"))
        async with Docker(server.host) as other:
            await other.containers.pause("other")
        assert not any(task.done() for task in waiting[1:])
        await asyncio.to_thread(file.write_text, '{"HttpHeaders": {"X-One": "1"}}')
        await asyncio.gather(*waiting[1:])
        await docker.aclose()
    assert ["x-one" in one.headers for one in server.calls] == [False, *[True] * 19]


async def test_files_are_read_again_after_an_error(home: Home, server: Server) -> None:
    file = home.config("{")
    docker = Docker()
    try:
        for call in CALLS:
            with pytest.raises(ConfigurationError, match="is not valid JSON"):
                await call(docker)
        use_in_context(home, server)
        assert file.exists()
        for call in CALLS:
            await call(docker)
    finally:
        await docker.aclose()


async def test_later_changes_of_the_environment_have_no_effect(
    home: Home, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_in_context(home, server)
    docker = Docker()
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent.sock")
    monkeypatch.setenv("DOCKER_CONFIG", "/nonexistent")
    async with docker:
        await docker.containers.pause("web")


async def test_a_closed_client_cannot_be_entered(home: Home, server: Server) -> None:
    docker = Docker(server.host)
    await docker.aclose()
    with pytest.raises(TransportError, match="this Docker client is closed"):
        async with docker:
            pass


async def test_custom_headers_are_sent_with_every_request(home: Home, server: Server) -> None:
    home.config({"HttpHeaders": {"X-One": "1", "user-agent": "me", "content-type": "text/plain"}})
    async with Docker(server.host) as docker:
        for call in CALLS:
            await call(docker)
        await docker.request("POST", "/things", body={"a": 1})
    assert len(server.received) == 4
    for request in server.received:
        assert request.headers["x-one"] == "1"
        assert request.headers["user-agent"].startswith("aiodockerapi/")
    assert server.received[-1].headers["content-type"] == "application/json"


@pytest.mark.parametrize("tls", [TLS(ca="/nonexistent/ca.pem"), ssl.create_default_context(), True])
async def test_tls_requires_tcp(tls: Any, home: Home) -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"tls= requires an address with tcp:// or https://, not unix:///x \(the argument host\)",
    ):
        Docker("unix:///x", tls=tls)
    with pytest.raises(ConfigurationError, match="host= and context= cannot be used together"):
        Docker("tcp://a", context="lab", tls=tls)
