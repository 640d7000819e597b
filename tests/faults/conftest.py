"""A proxy before the engine, a client behind it, and containers to use."""

from collections.abc import AsyncIterator, Iterator

import pytest

from aiodockerapi import Docker
from tests.faults.aftermath import Aftermath
from tests.faults.calls import World, make_world
from tests.support.faults import Proxy


@pytest.fixture(scope="session")
def worlds(engine_host: str) -> Iterator[list[World]]:
    """What was made for tests of faults, the newest last."""
    made: list[World] = []
    yield made
    for world in made:
        world.names.remove()


@pytest.fixture
def world(engine_host: str, worlds: list[World]) -> World:
    """Containers that all tests of faults share: no test changes them. A new engine in a broken one's place has none."""
    if not worlds or not worlds[-1].stands():
        worlds.append(make_world(engine_host))
    return worlds[-1]


@pytest.fixture
async def proxy(engine_host: str) -> AsyncIterator[Proxy]:
    """A proxy on a unix socket."""
    async with Proxy(engine_host) as running:
        yield running


@pytest.fixture
async def tcp_proxy(engine_host: str) -> AsyncIterator[Proxy]:
    """A proxy on TCP, to the same engine."""
    async with Proxy(engine_host, tcp=True) as running:
        yield running


@pytest.fixture
async def faulty(proxy: Proxy) -> AsyncIterator[Docker]:
    """A client behind the proxy; its pool has one place, so that one that is not given back stops the next call."""
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
    """To ask afterwards whether anything is left."""
    return Aftermath(proxy, faulty)


@pytest.fixture
async def aftermath_tcp(tcp_proxy: Proxy, faulty_tcp: Docker) -> Aftermath:
    """The same over TCP."""
    return Aftermath(tcp_proxy, faulty_tcp)
