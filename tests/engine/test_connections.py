"""Connections to the engine: how many there are, whose they are, and how they end."""

from __future__ import annotations

import asyncio
import gc
import warnings
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import pytest

from aiodockerapi import Docker, DockerError, Frame, StreamCall, TransportError
from tests.support.containers import started
from tests.support.leaks import nothing_left, sockets
from tests.support.proxy import proxied

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.names import Names

TALKING = "while :; do echo line; sleep 0.01; done"

STREAMS: dict[str, Callable[[Docker, str], StreamCall[Any, Any]]] = {
    "logs": lambda docker, container: docker.containers.logs(container, follow=True),
    "attach": lambda docker, container: docker.containers.attach(container, stdin=True),
    "attach_websocket": lambda docker, container: docker.containers.attach_websocket(container),
    "events": lambda docker, container: docker.system.events(filters={"container": [container]}),
    "wait": lambda docker, container: docker.containers.wait(container),
    "export": lambda docker, container: docker.request("GET", f"/containers/{container}/export"),
}


async def _next(stream: Any) -> Any:
    """Wait for whatever the stream gives."""
    return await (stream.result() if hasattr(stream, "result") else anext(stream))


# -- how many


async def test_followers_leave_the_pool_to_plain_calls(engine_host: str, name: Names) -> None:
    async with nothing_left(), Docker(engine_host, max_connections=2) as docker:
        container = await started(docker, name, TALKING)
        async with AsyncExitStack() as stack:
            logs = [docker.containers.logs(container, follow=True, tail=1) for _ in range(300)]
            followers = await asyncio.gather(*[stack.enter_async_context(log) for log in logs])
            assert sockets() >= 300
            async with asyncio.timeout(20):
                await asyncio.gather(*[docker.system.ping() for _ in range(10)])
                frames = await asyncio.gather(*[anext(follower) for follower in followers])
            assert set(frames) == {Frame("stdout", b"line\n")}
        await docker.containers.kill(container)


async def test_a_thousand_streams_broken_off_leave_nothing(engine_host: str, name: Names) -> None:
    async def break_off() -> None:
        async with few, docker.containers.logs(container, follow=True, tail=1) as log:
            await anext(log)

    few = asyncio.Semaphore(50)
    async with nothing_left(), Docker(engine_host) as docker:
        container = await started(docker, name, TALKING)
        await asyncio.gather(*[docker.system.ping() for _ in range(100)])  # the pool has all it will ever have
        async with nothing_left():
            await asyncio.gather(*[break_off() for _ in range(1000)])
        await docker.containers.kill(container)


async def test_a_small_pool_lets_all_slow_calls_through(engine_host: str, name: Names) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host, max_connections=2) as docker:
        container = await started(docker, name, "sleep 1; exit 3")
        async with asyncio.timeout(60):
            waits = [docker.request("POST", f"/containers/{container}/wait") for _ in range(10)]
            answers = await asyncio.gather(*[asyncio.ensure_future(wait) for wait in waits])
        assert [answer.json()["StatusCode"] for answer in answers] == [3] * 10
        assert len(proxy.conversations) <= 2


async def test_calls_one_after_another_share_a_connection(engine_host: str) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        for _ in range(20):
            await docker.system.version()
        assert len(proxy.conversations) == 1


async def test_a_hundred_tasks_share_one_client_and_negotiate_once(engine_host: str) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        await asyncio.gather(*[docker.system.version() for _ in range(100)])
        prefix = f"/v{docker.api_version}"
        assert sorted(proxy.requests) == [*[f"GET {prefix}/version"] * 100, "HEAD /_ping"]


async def test_a_negotiation_that_is_cancelled_is_done_by_the_next_call(engine_host: str) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        first, second = (asyncio.create_task(docker.system.version()) for _ in range(2))
        async with asyncio.timeout(20):
            await proxy.used.wait()
        first.cancel()
        assert (await second).api_version
        assert first.cancelled()


# -- how they end


@pytest.mark.parametrize("kind", [kind for kind in STREAMS if kind != "export"])
async def test_closing_the_client_ends_its_streams_with_an_error(engine_host: str, name: Names, kind: str) -> None:
    async with nothing_left(), Docker(engine_host) as docker:
        container = await started(docker, name, "exec sleep 1000", OpenStdin=True)
        async with STREAMS[kind](docker, container) as stream:
            reader = asyncio.create_task(_next(stream))
            await asyncio.sleep(0)
            await docker.aclose()
            async with asyncio.timeout(20):
                with pytest.raises(DockerError, match="closed"):
                    await reader


@pytest.mark.parametrize("kind", STREAMS)
async def test_a_closed_client_says_so(engine_host: str, kind: str) -> None:
    docker = Docker(engine_host)
    await docker.system.ping()
    await docker.aclose()
    await docker.aclose()
    with pytest.raises(TransportError, match="this Docker client has been closed"):
        await docker.system.ping()
    with pytest.raises(TransportError, match="this Docker client has been closed"):
        async with STREAMS[kind](docker, "any"):
            raise AssertionError("no stream of a closed client")


@pytest.mark.parametrize("kind", STREAMS)
async def test_another_event_loop_needs_another_client(engine_host: str, name: Names, kind: str) -> None:
    async def elsewhere() -> None:
        with pytest.raises(TransportError, match="another event loop"):
            await docker.system.ping()
        with pytest.raises(TransportError, match="another event loop"):
            async with STREAMS[kind](docker, "any"):
                raise AssertionError("no stream in another loop")

    async with Docker(engine_host) as docker:
        await docker.negotiate()
        await anyio.to_thread.run_sync(asyncio.run, elsewhere())
        await docker.system.ping()


# -- what warns


def _warned(category: type[Warning], make: Callable[[], object]) -> list[str]:
    """What is warned of when nobody holds what `make` has made any more."""
    messages: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make()
        gc.collect()
        while caught:  # a warning holds what it warns of, which holds further things that warn
            messages += [str(warning.message) for warning in caught if warning.category is category]
            caught.clear()
            gc.collect()
    return messages


async def test_a_client_that_is_left_open_warns(engine_host: str) -> None:
    docker: Docker | None = Docker(engine_host)
    assert docker is not None
    await docker.system.ping()

    def forget() -> None:
        nonlocal docker
        docker = None

    messages = _warned(ResourceWarning, forget)
    assert any("left open" in message and engine_host in message for message in messages)


def test_a_client_that_was_never_used_need_not_be_closed(engine_host: str) -> None:
    assert _warned(ResourceWarning, lambda: Docker(engine_host)) == []


@pytest.mark.parametrize("kind", STREAMS)
def test_a_call_that_is_never_made_warns(engine_host: str, kind: str) -> None:
    docker = Docker(engine_host)
    messages = _warned(RuntimeWarning, lambda: STREAMS[kind](docker, "any"))
    assert len(messages) == 1
    assert "never awaited nor entered" in messages[0]


async def test_a_call_is_made_once(docker: Docker) -> None:
    call = docker.request("GET", "/version")
    await call
    with pytest.raises(RuntimeError, match="used already"):
        await call
    with pytest.raises(RuntimeError, match="used already"):
        async with call:
            raise AssertionError("not twice")
