"""Cancelling calls, wherever they are: what was begun is ended, and nothing is left behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

import pytest

from aiodockerapi import Docker
from tests.support.containers import started
from tests.support.leaks import nothing_left
from tests.support.steps import CANCELLING, Cancelling, cancelled_at, cancelled_when

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from tests.support.names import Names

    Policy = Literal["kill", "stop", "leave"]

READY = "trap 'sleep 0.5; exit 7' TERM; echo ready; while :; do sleep 0.1; done"


def config(names: Names, **more: Any) -> dict[str, Any]:
    return {"Labels": names.labels, "HostConfig": {"NetworkMode": "none"}, **more}


async def left(docker: Docker, names: Names) -> list[tuple[str, str]]:
    """State and status of all containers that this test has made and not removed."""
    ((label, value),) = names.labels.items()
    found = await docker.containers.list(all=True, filters={"label": [f"{label}={value}"]})
    return [(str(container.state), container.status) for container in found]


# -- run, at each of its steps


async def _at_each_step(docker: Docker, kind: Cancelling, run: Callable[[], Coroutine[Any, Any, Any]]) -> int:
    """Cancel the first call at its first step, the next at its second, ... until one has no such step any more."""
    steps = asyncio.Semaphore(4)

    async def one(number: int) -> bool:
        async with steps:
            return (await cancelled_at(number, kind, run()))[1]

    number = 0
    while any(await asyncio.gather(*[one(number + more) for more in range(8)])):
        number += 8
        assert number < 1000, "this call never ends"
    return number


@pytest.mark.parametrize("kind", CANCELLING)
@pytest.mark.parametrize("policy", ["kill", "stop", "leave"])
async def test_run_leaves_no_container_that_never_ran(
    engine_host: str, name: Names, kind: Cancelling, policy: Policy
) -> None:
    async with nothing_left(), Docker(engine_host) as docker:

        async def run() -> object:
            return await docker.containers.run(
                "busybox", ["cat"], config=config(name), stdin=b"in", on_cancel=policy
            )

        assert await _at_each_step(docker, kind, run) > 8
        async with nothing_left():
            states = await left(docker, name)
        assert {state for state, _ in states} <= ({"exited", "running"} if policy == "leave" else {"exited"}), states
