"""Connections to the engine: how many, whose, how long; and what becomes of clients that are used in the wrong way."""

from __future__ import annotations

import asyncio
import gc
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import pytest

from aiodockerapi import Docker, Frame, TransportError, UnsupportedVersion
from tests.support.containers import created, started
from tests.support.leaks import nothing_left, sockets
from tests.support.proxy import proxied

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.support.names import Names

TALKING = "while :; do echo line; sleep 0.01; done"


# -- streams beside calls


async def test_followers_leave_the_pool_to_plain_calls(engine_host: str, name: Names) -> None:
    async with nothing_left(), Docker(engine_host, max_connections=2) as docker:
        container = await started(docker, name, TALKING)
        async with AsyncExitStack() as stack:
            logs = [docker.containers.logs(container, follow=True, tail=1) for _ in range(300)]
            followers = await asyncio.gather(*[stack.enter_async_context(log) for log in logs])
            async with asyncio.timeout(20):
                await asyncio.gather(*[docker.system.ping() for _ in range(10)])
            assert sockets() >= 300
            frames = await asyncio.gather(*[anext(follower) for follower in followers])
            assert set(frames) == {Frame("stdout", b"line\n")}
        await docker.containers.kill(container)


async def test_a_thousand_streams_broken_off_leave_nothing(docker: Docker, name: Names) -> None:
    container = await started(docker, name, TALKING)

    async def break_off(leave: asyncio.Semaphore) -> None:
        async with leave, docker.containers.logs(container, follow=True, tail=1) as log:
            await anext(log)

    limit = asyncio.Semaphore(50)
    await docker.system.ping()
    async with nothing_left():
        await asyncio.gather(*[break_off(limit) for _ in range(1000)])
        await docker.aclose()  # the kept connections of the pool: they are not the streams'
    async with Docker(docker.endpoint.__str__()) as another:
        await another.containers.kill(container)


async def test_a_bounded_pool_lets_all_calls_through(engine_host: str, name: Names) -> None:
    async with Docker(engine_host, max_connections=2) as docker:
        containers = [await started(docker, name, "trap 'exit 0' TERM; sleep 1000 & wait") for _ in range(4)]
        before = sockets()
        async with asyncio.timeout(60):
            slow = [docker.containers.stop(container) for container in containers]
            quick = [docker.containers.inspect(container) for container in containers * 2]
            results = await asyncio.gather(*slow, *quick)
        assert results[:4] == [True] * 4
        assert sockets() <= before + 2


# -- one client, many tasks


async def test_a_hundred_tasks_share_one_client_and_one_negotiation(engine_host: str, name: Names) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        container = name("shared")
        await asyncio.gather(*[docker.system.version() for _ in range(50)], *[_missing(docker, container)] * 1)
        await asyncio.gather(*[docker.containers.list(all=True) for _ in range(50)])
        assert [request for request in proxy.requests if "/_ping" in request] == ["HEAD /_ping"]
        assert proxy.requests.count("GET /v1.41/version") == 50


async def _missing(docker: Docker, container: str) -> None:
    with pytest.raises(TransportError if False else Exception):
        await docker.containers.inspect(container)


async def test_a_negotiation_that_fails_is_tried_again_by_the_next_call(engine_host: str) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        first = asyncio.ensure_future(docker.system.version())
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await docker.system.version()).api_version
