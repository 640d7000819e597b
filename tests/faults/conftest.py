"""A proxy to the engine, a client of the proxy, and containers."""

from collections.abc import AsyncIterator, Iterator

import pytest

from aiodockerapi import Docker
from tests.faults.aftermath import Aftermath
from tests.faults.calls import World, make_world
from tests.support.faults import Proxy


@pytest.fixture(scope="session")
def worlds(engine_host: str) -> Iterator[list[World]]:
    """The containers created for tests of faults, the newest last."""
    made: list[World] = []
    yield made
    for world in made:
        world.names.remove()


@pytest.fixture
def world(engine_host: str, worlds: list[World]) -> World:
    """Containers shared by all tests of faults, which do not change them; created again on a new engine."""
    if not worlds or not worlds[-1].exists():
        worlds.append(make_world(engine_host))
    return worlds[-1]


@pytest.fixture
async def proxy(engine_host: str) -> AsyncIterator[Proxy]:
    """A proxy on a Unix socket."""
    async with Proxy(engine_host) as running:
        yield running


@pytest.fixture
async def tcp_proxy(engine_host: str) -> AsyncIterator[Proxy]:
    """A proxy on TCP, to the same engine."""
    async with Proxy(engine_host, tcp=True) as running:
        yield running


@pytest.fixture
async def faulty(proxy: Proxy) -> AsyncIterator[Docker]:
    """A client of the proxy with one connection, so that a connection that is not released blocks the next call."""
    async with Docker(proxy.host, max_connections=1) as client:
        await client.negotiate()
        yield client


@pytest.fixture
async def faulty_tcp(tcp_proxy: Proxy) -> AsyncIterator[Docker]:
    """The same over TCP."""
    async with Docker(tcp_proxy.host, max_connections=1) as client:
        await client.negotiate()
        yield client


@pytest.fixture
async def aftermath(proxy: Proxy, faulty: Docker) -> Aftermath:
    """The checks after a fault."""
    return Aftermath(proxy, faulty)


@pytest.fixture
async def aftermath_tcp(tcp_proxy: Proxy, faulty_tcp: Docker) -> Aftermath:
    """The same over TCP."""
    return Aftermath(tcp_proxy, faulty_tcp)
