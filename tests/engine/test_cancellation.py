"""Cancellation of calls at any step: no container and no connection remains."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

import pytest

from aiodockerapi import Docker
from tests.support.containers import offline, started
from tests.support.leaks import nothing_left
from tests.support.steps import CANCELLING, Cancelling, cancelled_at, cancelled_when

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tests.support.names import Names

    Policy = Literal["kill", "stop", "leave"]


async def left(docker: Docker, names: Names) -> list[tuple[str, str]]:
    """Return state and status of the remaining containers of this test."""
    ((label, value),) = names.labels.items()
    found = await docker.containers.list(all=True, filters={"label": [f"{label}={value}"]})
    return [(str(container.state), container.status) for container in found]


async def settled(docker: Docker, names: Names, state: str) -> str:
    """Wait until the one container of this test is listed in that state, and return its status.

    Newer daemons update their lists some time after a kill or stop.
    """
    async with asyncio.timeout(30):
        while [found for found, _ in await left(docker, names)] != [state]:  # noqa: ASYNC110 - lists must be polled
            await asyncio.sleep(0.05)
    ((_, status),) = await left(docker, names)
    return status


# -- run, at any step


async def _at_each_step(run: Callable[[], Coroutine[Any, Any, object]], kind: Cancelling) -> int:
    """Cancel the first call when it first waits, the second when it waits for the second time, and so on.

    :returns: the number of steps after which a call completes, rounded up to a multiple of four.
    """
    together, number = 4, 0
    while any(
        cancelled
        for _, cancelled in await asyncio.gather(*[cancelled_at(number + n, kind, run()) for n in range(together)])
    ):
        number += together
        assert number < 200, "the call does not complete"
    return number


@pytest.mark.parametrize(("policy", "kind"), [("kill", "timeout"), ("stop", "scope"), ("leave", "task")])
async def test_run_cancelled_at_any_step_leaves_no_unstarted_container(
    engine_host: str, name: Names, policy: Policy, kind: Cancelling
) -> None:
    async with nothing_left(), Docker(engine_host) as docker:

        async def run() -> object:
            return await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=b"in", on_cancel=policy)

        assert await _at_each_step(run, kind) >= 8
        # A container that was left running exits by itself, because its stdin has been closed.
        assert {state for state, _ in await left(docker, name)} <= {"exited", "running"}
        async with asyncio.timeout(30):
            while policy != "leave" and "running" in {state for state, _ in await left(docker, name)}:  # noqa: ASYNC110 - lists must be polled
                await asyncio.sleep(0.05)


async def _iterations(number: int) -> None:
    """Wait for a number of iterations of the event loop."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_run_cancelled_at_any_time_leaves_no_container_and_no_connection(engine_host: str, name: Names) -> None:
    counts = sorted({int(1.35**exponent) for exponent in range(35)})  # up to 27,000, about as many as a run takes

    async def run(number: int) -> None:
        async with limit:
            call = docker.containers.run("busybox", ["sleep", "1000"], config=offline(name), auto_remove=True)
            _, cancelled = await cancelled_when(_iterations(number), CANCELLING[number % 3], call)
            assert cancelled

    limit = asyncio.Semaphore(4)
    async with nothing_left(), Docker(engine_host) as docker:
        await asyncio.gather(*[run(number) for number in counts])
        async with asyncio.timeout(30):
            while await left(docker, name):  # noqa: ASYNC110 - lists must be polled
                await asyncio.sleep(0.05)


# -- run, after the start of the container

SLOW_TO_STOP = "trap 'sleep 0.3; exit 7' TERM; echo ready; while :; do sleep 0.05; done"


async def _ready(docker: Docker, container: str) -> None:
    """Wait until a container of that name has written that it is ready."""
    async with docker.system.events(filters={"container": [container], "event": ["start"]}, since=0) as events:
        await anext(events)
    async with docker.containers.logs(container, follow=True) as log:
        assert (await anext(log)).data == b"ready\n"


@pytest.mark.parametrize("kind", CANCELLING)
@pytest.mark.parametrize(
    ("policy", "state", "status"), [("kill", "exited", "(137)"), ("stop", "exited", "(7)"), ("leave", "running", "Up")]
)
async def test_the_policy_determines_what_happens_to_the_container(
    engine_host: str, name: Names, kind: Cancelling, policy: Policy, state: str, status: str
) -> None:
    async with nothing_left(), Docker(engine_host) as docker:
        called = name("cancelled")
        call = docker.containers.run(
            "busybox", ["sh", "-c", SLOW_TO_STOP], name=called, config=offline(name), on_cancel=policy
        )
        assert await cancelled_when(_ready(docker, called), kind, call) == (None, True)
        assert status in await settled(docker, name, state)


async def test_a_second_cancellation_does_not_interrupt_the_stop(docker: Docker, name: Names) -> None:
    called = name("cancelled")
    call = docker.containers.run(
        "busybox", ["sh", "-c", SLOW_TO_STOP], name=called, config=offline(name), on_cancel="stop"
    )
    task = asyncio.create_task(call)
    await _ready(docker, called)
    async with docker.system.events(filters={"container": [called], "event": ["kill"]}, since=0) as events:
        task.cancel()
        await anext(events)  # the stop has begun
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert "(7)" in await settled(docker, name, "exited")


# -- other kinds of calls

CALLS: dict[str, Callable[[Docker, str], Coroutine[Any, Any, object]]] = {}


def call(function: Callable[[Docker, str], Coroutine[Any, Any, object]]) -> None:
    """Register a call that does not complete by itself."""
    CALLS[function.__name__] = function


@call
async def logs(docker: Docker, container: str) -> object:
    return await docker.containers.logs(container, follow=True)


@call
async def lines(docker: Docker, container: str) -> object:
    async with docker.containers.logs(container, follow=True) as log:
        return [line async for line in log.lines()]


@call
async def attach(docker: Docker, container: str) -> object:
    async with docker.containers.attach(container, stdin=True) as attached:
        await attached.send_all(bytes(10_000_000))  # the container does not read it
        return [frame async for frame in attached]


@call
async def attach_websocket(docker: Docker, container: str) -> object:
    return await docker.containers.attach_websocket(container)


@call
async def wait(docker: Docker, container: str) -> object:
    return await docker.containers.wait(container)


@call
async def stats(docker: Docker, container: str) -> object:
    async with docker.containers.stats(container) as samples:
        return [sample async for sample in samples]


@call
async def events(docker: Docker, container: str) -> object:
    async with docker.system.events(filters={"container": [container]}) as found:
        return [event async for event in found]


@call
async def exec_run(docker: Docker, container: str) -> object:
    return await docker.exec.run(container, ["cat", "/dev/zero"], stdin=b"in", on_cancel="kill")


@call
async def plain(docker: Docker, container: str) -> object:
    return await docker.request("POST", f"/containers/{container}/wait")


@call
async def download(docker: Docker, container: str) -> object:
    async with docker.request("GET", f"/containers/{container}/export") as stream:
        async for _ in stream:
            await asyncio.sleep(0)
        return await asyncio.Event().wait()


@pytest.mark.parametrize("kind", CALLS)
async def test_a_cancelled_call_releases_its_connection(engine_host: str, name: Names, kind: str) -> None:
    async with nothing_left(), Docker(engine_host) as first:
        container = await started(first, name, "echo here; exec sleep 1000", OpenStdin=True)
        for number in (0, 1, 2, 3, 5, 8, 13, 30, 100, 300, 1000):
            # With a single connection in the pool, a connection that was not released would block the next call.
            async with Docker(engine_host, max_connections=1) as docker:
                for canceller in CANCELLING:
                    _, cancelled = await cancelled_when(_iterations(number), canceller, CALLS[kind](docker, container))
                    assert cancelled
                async with asyncio.timeout(20):
                    await docker.containers.inspect(container)
        await first.containers.kill(container)
