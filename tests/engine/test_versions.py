"""The API version, negotiated or pinned, and the selection of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import ConnectFailed, Docker, UnsupportedVersion
from tests.support import engine as engines
from tests.support.proxy import proxied

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, engine_host: str) -> None:
    """Remove the variables that select a daemon; the engine for tests has been found before."""
    for name in ("DOCKER_HOST", "DOCKER_API_VERSION", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)


def newest(engine_host: str) -> str:
    """Return the newest version that the engine supports."""
    found: str = engines.request_json(engine_host, "/version")["ApiVersion"]
    return found


async def test_without_a_pin_the_newest_common_version_is_used(engine_host: str) -> None:
    async with Docker(engine_host) as docker:
        assert docker.api_version is None
        negotiated = await docker.negotiate()
        assert negotiated == docker.api_version
        assert (await docker.system.version()).api_version == newest(engine_host)


@pytest.mark.parametrize("pin", ["argument", "variable", "both"])
async def test_a_pin_is_used_without_a_ping(engine_host: str, pin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if pin != "argument":
        monkeypatch.setenv("DOCKER_API_VERSION", "1.41" if pin == "variable" else "1.43")
    argument = None if pin == "variable" else "1.41"
    async with proxied(engine_host) as proxy, Docker(proxy.host, api_version=argument) as docker:
        assert docker.api_version == "1.41"
        await docker.system.version()
        assert proxy.requests == ["GET /v1.41/version"]


CALLS: dict[str, Callable[[Docker], Awaitable[Any]]] = {
    "plain": lambda docker: docker.containers.list(),
    "stream": lambda docker: docker.containers.logs("any"),
    "hijack": lambda docker: docker.containers.attach("any"),
    "download": lambda docker: docker.containers.export("any"),
}


@pytest.mark.parametrize("kind", CALLS)
async def test_a_pin_above_the_version_of_the_engine_is_refused_by_the_engine(engine_host: str, kind: str) -> None:
    major, _, minor = newest(engine_host).partition(".")
    too_new = f"{major}.{int(minor) + 1}"
    async with Docker(engine_host, api_version=too_new) as docker:
        with pytest.raises(UnsupportedVersion, match=f"client version {too_new} is too new.*{newest(engine_host)}"):
            await CALLS[kind](docker)


@pytest.mark.parametrize("pin", ["argument", "variable"])
def test_a_pin_below_the_oldest_supported_version_is_refused_at_once(
    engine_host: str, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if pin == "variable":
        monkeypatch.setenv("DOCKER_API_VERSION", "1.40")
    with pytest.raises(UnsupportedVersion, match=r"1\.41 or newer, not 1\.40"):
        Docker(engine_host, api_version="1.40" if pin == "argument" else None)


async def test_docker_host_selects_the_daemon(engine_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine_host)
    async with Docker() as docker:
        assert str(docker.endpoint) == engine_host
        assert (await docker.system.ping()).api_version == newest(engine_host)


async def test_an_argument_takes_precedence_over_docker_host(engine_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    async with Docker(engine_host) as docker:
        await docker.system.ping()
    async with Docker() as docker:
        with pytest.raises(ConnectFailed, match="DOCKER_HOST"):
            await docker.system.ping()
