"""Connections to the engine: their number, sharing between tasks, and closing."""

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
    """Wait for the next item or the result of a stream."""
    return await (stream.result() if hasattr(stream, "result") else anext(stream))


# -- number of connections


async def test_streams_do_not_use_the_connection_pool(engine_host: str, name: Names) -> None:
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


async def test_a_thousand_aborted_streams_leave_nothing(engine_host: str, name: Names) -> None:
    async def abort() -> None:
        async with limit, docker.containers.logs(container, follow=True, tail=1) as log:
            await anext(log)

    limit = asyncio.Semaphore(50)
    async with nothing_left(), Docker(engine_host) as docker:
        container = await started(docker, name, TALKING)
        await asyncio.gather(*[docker.system.ping() for _ in range(100)])  # to fill the pool
        async with nothing_left():
            await asyncio.gather(*[abort() for _ in range(1000)])
        await docker.containers.kill(container)


async def test_slow_calls_share_a_small_pool(engine_host: str, name: Names) -> None:
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


async def test_a_cancelled_negotiation_is_repeated_by_the_next_call(engine_host: str) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        first, second = (asyncio.create_task(docker.system.version()) for _ in range(2))
        async with asyncio.timeout(20):
            await proxy.used.wait()
        first.cancel()
        assert (await second).api_version
        assert first.cancelled()


# -- closing


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
async def test_a_closed_client_raises_an_error(engine_host: str, kind: str) -> None:
    docker = Docker(engine_host)
    await docker.system.ping()
    await docker.aclose()
    await docker.aclose()
    with pytest.raises(TransportError, match="this Docker client is closed"):
        await docker.system.ping()
    with pytest.raises(TransportError, match="this Docker client is closed"):
        async with STREAMS[kind](docker, "any"):
            raise AssertionError("a closed client opened a stream")


@pytest.mark.parametrize("kind", STREAMS)
async def test_another_event_loop_needs_another_client(engine_host: str, name: Names, kind: str) -> None:
    async def elsewhere() -> None:
        with pytest.raises(TransportError, match="another event loop"):
            await docker.system.ping()
        with pytest.raises(TransportError, match="another event loop"):
            async with STREAMS[kind](docker, "any"):
                raise AssertionError("a stream opened in another loop")

    async with Docker(engine_host) as docker:
        await docker.negotiate()
        await anyio.to_thread.run_sync(asyncio.run, elsewhere())
        await docker.system.ping()


# -- warnings


def _warned(category: type[Warning], make: Callable[[], object]) -> list[str]:
    """Return the warnings when the objects that `make` creates are garbage-collected."""
    messages: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make()
        gc.collect()
        while caught:  # a recorded warning refers to its object, and through it to others that warn
            messages += [str(warning.message) for warning in caught if warning.category is category]
            caught.clear()
            gc.collect()
    return messages


async def test_an_unclosed_client_warns(engine_host: str) -> None:
    docker: Docker | None = Docker(engine_host)
    assert docker is not None
    await docker.system.ping()

    def forget() -> None:
        nonlocal docker
        docker = None

    messages = _warned(ResourceWarning, forget)
    assert any("unclosed" in message and engine_host in message for message in messages)


def test_an_unused_client_need_not_be_closed(engine_host: str) -> None:
    assert _warned(ResourceWarning, lambda: Docker(engine_host)) == []


@pytest.mark.parametrize("kind", STREAMS)
def test_a_call_that_is_neither_awaited_nor_entered_warns(engine_host: str, kind: str) -> None:
    docker = Docker(engine_host)
    messages = _warned(RuntimeWarning, lambda: STREAMS[kind](docker, "any"))
    assert len(messages) == 1
    assert "never awaited nor entered" in messages[0]


async def test_a_call_can_be_used_only_once(docker: Docker) -> None:
    call = docker.request("GET", "/version")
    await call
    with pytest.raises(RuntimeError, match="already been used"):
        await call
    with pytest.raises(RuntimeError, match="already been used"):
        async with call:
            raise AssertionError("entered twice")
