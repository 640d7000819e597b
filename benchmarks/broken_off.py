"""2,000 streams that are closed after their first item, one after another: the cost of each, and sockets and tasks left open.

The container never stops writing, so each stream is closed in the middle of a response, with unread data in the socket. The
floor closes each response. aiodocker's generators and docker-py's streams are also closed explicitly, so that nothing depends
on garbage collection. Open sockets and tasks are counted once all have been closed, or after three seconds, without a
garbage collection.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from benchmarks._bare import BASE, session
from benchmarks._harness import Case, Goal, Meter, Size, run
from benchmarks._harness.traces import sockets

_CLOSE_TIMEOUT = 3.0


async def _close_early(size: Size, meter: Meter, one: Callable[[], Awaitable[object]]) -> object:
    count = 0
    await one()
    before, tasks = sockets(), len(asyncio.all_tasks())
    with meter:
        for _ in range(size["streams"]):
            count += bool(await one())
    until = time.monotonic() + _CLOSE_TIMEOUT
    while (sockets() > before or len(asyncio.all_tasks()) > tasks) and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    meter.extra["sockets_left"] = max(sockets() - before, 0)
    meter.extra["tasks_left"] = len(asyncio.all_tasks()) - tasks
    return count


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:

        async def one() -> object:
            async with docker.containers.logs("endless", follow=True) as log:
                async for frame in log:
                    return frame.data
            return None

        return await _close_early(size, meter, one)


async def floor(host: str, size: Size, meter: Meter) -> object:
    async with session(host) as bare:

        async def one() -> object:
            response = await bare.get(f"{BASE}/containers/endless/logs?follow=1&stdout=1&stderr=1")
            block = await response.content.readany()
            response.close()
            return block

        return await _close_early(size, meter, one)


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    async with Docker(host) as docker:
        container: Any = docker.containers.container("endless")

        async def one() -> object:
            async with aclosing(container.log(stdout=True, stderr=True, follow=True)) as log:
                async for text in log:
                    return text
            return None

        return await _close_early(size, meter, one)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host)

    def one() -> object:
        log = client.logs("endless", stream=True, follow=True)
        data = next(log)
        log.close()
        return data

    with client:
        one()
        before = sockets()
        with meter:
            count = sum(bool(one()) for _ in range(size["streams"]))
        meter.extra["sockets_left"] = max(sockets() - before, 0)
    return count


CASE = Case(
    name="broken_off",
    title="2,000 streams closed early",
    server="synthetic",
    size={"streams": 2000},
    quick={"streams": 20},
    clients={"aiodockerapi": ours, "floor": floor, "aiodocker": aiodocker, "docker-py": docker_py},
    unit="ms of CPU each",
    scale=lambda size: 1000 / size["streams"],
    extras={"sockets_left": "sockets left", "tasks_left": "tasks left"},
    goal=[Goal(None, 0, "sockets_left"), Goal(None, 0, "tasks_left")],
    may_fail={"aiodocker": "hangs after 100 streams, as each of them keeps its connection"},
    limits={"aiodocker": 60.0},
)

if __name__ == "__main__":
    run(CASE)
