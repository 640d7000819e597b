"""Cancelling calls, wherever they are: what was begun is ended, and nothing is left behind."""

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
    """State and status of all containers that this test has made and not removed."""
    ((label, value),) = names.labels.items()
    found = await docker.containers.list(all=True, filters={"label": [f"{label}={value}"]})
    return [(str(container.state), container.status) for container in found]


async def settled(docker: Docker, names: Names, state: str) -> str:
    """Wait until the one container of this test is listed in that state, and return its words.

    Newer daemons answer to a kill or stop a moment before their lists know of it.
    """
    async with asyncio.timeout(30):
        while [found for found, _ in await left(docker, names)] != [state]:  # noqa: ASYNC110 - lists must be asked
            await asyncio.sleep(0.05)
    ((_, words),) = await left(docker, names)
    return words


# -- run, wherever it is


async def _at_each_step(run: Callable[[], Coroutine[Any, Any, object]], kind: Cancelling) -> int:
    """Cancel the first call when it waits first, the next when it waits next, ... until there is no such step."""
    together, number = 4, 0
    while any(
        cancelled
        for _, cancelled in await asyncio.gather(*[cancelled_at(number + n, kind, run()) for n in range(together)])
    ):
        number += together
        assert number < 200, "this call never ends"
    return number


@pytest.mark.parametrize(("policy", "kind"), [("kill", "timeout"), ("stop", "scope"), ("leave", "task")])
async def test_run_cancelled_at_any_step_leaves_no_container_that_never_ran(
    engine_host: str, name: Names, policy: Policy, kind: Cancelling
) -> None:
    async with nothing_left(), Docker(engine_host) as docker:

        async def run() -> object:
            return await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=b"in", on_cancel=policy)

        assert await _at_each_step(run, kind) >= 8
        # One that was left runs to its end: its stdin has been closed.
        assert {state for state, _ in await left(docker, name)} <= {"exited", "running"}
        async with asyncio.timeout(30):
            while policy != "leave" and "running" in {state for state, _ in await left(docker, name)}:  # noqa: ASYNC110 - lists must be asked
                await asyncio.sleep(0.05)


async def _turns(number: int) -> None:
    """So many turns of the event loop."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_run_cancelled_after_any_time_leaves_no_container_and_no_connection(
    engine_host: str, name: Names
) -> None:
    turns = sorted({int(1.35**exponent) for exponent in range(35)})  # up to 25,000: a run takes about as many

    async def run(number: int) -> None:
        async with few:
            call = docker.containers.run("busybox", ["sleep", "1000"], config=offline(name), auto_remove=True)
            _, cancelled = await cancelled_when(_turns(number), CANCELLING[number % 3], call)
            assert cancelled

    few = asyncio.Semaphore(4)
    async with nothing_left(), Docker(engine_host) as docker:
        await asyncio.gather(*[run(number) for number in turns])
        async with asyncio.timeout(30):
            while await left(docker, name):  # noqa: ASYNC110 - a removed container is soon gone, not at once
                await asyncio.sleep(0.05)


# -- run, once the container runs

SLOW_TO_STOP = "trap 'sleep 0.3; exit 7' TERM; echo ready; while :; do sleep 0.05; done"


async def _ready(docker: Docker, container: str) -> None:
    """Wait until a container of that name says that it is ready."""
    async with docker.system.events(filters={"container": [container], "event": ["start"]}, since=0) as events:
        await anext(events)
    async with docker.containers.logs(container, follow=True) as log:
        assert (await anext(log)).data == b"ready\n"


@pytest.mark.parametrize("kind", CANCELLING)
@pytest.mark.parametrize(
    ("policy", "state", "status"), [("kill", "exited", "(137)"), ("stop", "exited", "(7)"), ("leave", "running", "Up")]
)
async def test_what_becomes_of_the_container_is_for_the_policy_to_say(
    engine_host: str, name: Names, kind: Cancelling, policy: Policy, state: str, status: str
) -> None:
    async with nothing_left(), Docker(engine_host) as docker:
        called = name("cancelled")
        call = docker.containers.run(
            "busybox", ["sh", "-c", SLOW_TO_STOP], name=called, config=offline(name), on_cancel=policy
        )
        assert await cancelled_when(_ready(docker, called), kind, call) == (None, True)
        assert status in await settled(docker, name, state)


async def test_a_second_cancellation_does_not_hinder_the_first(docker: Docker, name: Names) -> None:
    called = name("cancelled")
    call = docker.containers.run(
        "busybox", ["sh", "-c", SLOW_TO_STOP], name=called, config=offline(name), on_cancel="stop"
    )
    task = asyncio.create_task(call)
    await _ready(docker, called)
    async with docker.system.events(filters={"container": [called], "event": ["kill"]}, since=0) as events:
        task.cancel()
        await anext(events)  # the stop is under way
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert "(7)" in await settled(docker, name, "exited")


# -- all other kinds of call

CALLS: dict[str, Callable[[Docker, str], Coroutine[Any, Any, object]]] = {}


def call(function: Callable[[Docker, str], Coroutine[Any, Any, object]]) -> None:
    """Put a call that never ends by itself into the table."""
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
        await attached.send_all(bytes(10_000_000))  # nobody reads it
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
async def test_a_cancelled_call_gives_its_connection_free(engine_host: str, name: Names, kind: str) -> None:
    async with nothing_left(), Docker(engine_host) as first:
        container = await started(first, name, "echo here; exec sleep 1000", OpenStdin=True)
        for number in (0, 1, 2, 3, 5, 8, 13, 30, 100, 300, 1000):
            # One connection in the pool: a call that kept it would stop the next.
            async with Docker(engine_host, max_connections=1) as docker:
                for who in CANCELLING:
                    _, cancelled = await cancelled_when(_turns(number), who, CALLS[kind](docker, container))
                    assert cancelled
                async with asyncio.timeout(20):
                    await docker.containers.inspect(container)
        await first.containers.kill(container)
