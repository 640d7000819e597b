"""300 followers of idle logs: the memory of each, and the sockets left open after their cancellation.

The memory is the growth of the process (RSS) while the followers are opened and have read their first line; a few followers
are opened and closed before that. aiodocker uses a connection pool without a limit, since with the default of 100 connections
the other followers would wait forever. docker-py uses a thread for each follower, and closes each stream, since a thread
cannot be cancelled.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks._bare import BASE, session
from benchmarks._harness import Case, Goal, Meter, Size, run
from benchmarks._harness.traces import memory, sockets

_CLOSE_TIMEOUT = 3.0

Follow = Callable[[Callable[[], None]], Awaitable[None]]
"""A coroutine function that follows the log and calls its argument for each line."""


async def _open(number: int, follow: Follow) -> list[asyncio.Task[None]]:
    """Start followers and return their tasks after each has read its first line."""
    ready = asyncio.Semaphore(0)

    async def one() -> None:
        try:
            await follow(ready.release)
        finally:
            ready.release()  # do not wait for a follower that fails before its first line

    tasks = [asyncio.create_task(one()) for _ in range(number)]
    for _ in tasks:
        await ready.acquire()
    for task in tasks:
        if task.done():
            task.result()
    return tasks


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def _measure(size: Size, meter: Meter, follow: Follow) -> object:
    await _cancel(await _open(size["warm"], follow))
    sockets_before, memory_before = sockets(), _memory_after_gc()
    with meter:
        tasks = await _open(size["followers"], follow)
    meter.extra["kilobytes"] = (_memory_after_gc() - memory_before) / 1024 / size["followers"]
    opened = sockets() - sockets_before
    await _cancel(tasks)
    await asyncio.to_thread(_count_left, meter, sockets_before)
    return opened >= size["followers"]


def _memory_after_gc() -> int:
    gc.collect()
    return memory()


def _count_left(meter: Meter, sockets_before: int) -> None:
    """Record the sockets that are still open after they have had time to close."""
    until = time.monotonic() + _CLOSE_TIMEOUT
    while sockets() > sockets_before and time.monotonic() < until:
        time.sleep(0.05)
    meter.extra["sockets_left"] = max(sockets() - sockets_before, 0)


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:

        async def follow(on_line: Callable[[], None]) -> None:
            async with docker.containers.logs("idle", follow=True) as log:
                async for _ in log:
                    on_line()

        return await _measure(size, meter, follow)


async def floor(host: str, size: Size, meter: Meter) -> object:
    async with session(host) as bare:

        async def follow(on_line: Callable[[], None]) -> None:
            async with bare.get(f"{BASE}/containers/idle/logs?follow=1&stdout=1&stderr=1") as response:
                while await response.content.readany():
                    on_line()

        return await _measure(size, meter, follow)


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker
    from aiohttp import UnixConnector

    pool = UnixConnector(host.removeprefix("unix://"), limit=0)
    async with pool, Docker("http://docker", connector=pool) as docker:
        container: Any = docker.containers.container("idle")

        async def follow(on_line: Callable[[], None]) -> None:
            async for _ in container.log(stdout=True, stderr=True, follow=True):
                on_line()

        return await _measure(size, meter, follow)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host, max_pool_size=size["followers"])

    def followers(number: int) -> tuple[list[Any], list[threading.Thread]]:
        streams: list[Any] = []
        ready = threading.Semaphore(0)

        def follow() -> None:
            stream = client.logs("idle", stream=True, follow=True)
            streams.append(stream)
            for _ in stream:
                ready.release()

        threads = [threading.Thread(target=follow, daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        for _ in threads:
            ready.acquire()
        return streams, threads

    def close(streams: list[Any], threads: list[threading.Thread]) -> None:
        for stream in streams:
            stream.close()
        for thread in threads:
            thread.join(_CLOSE_TIMEOUT)

    with client:
        close(*followers(size["warm"]))
        sockets_before, memory_before = sockets(), _memory_after_gc()
        with meter:
            streams, threads = followers(size["followers"])
        meter.extra["kilobytes"] = (_memory_after_gc() - memory_before) / 1024 / size["followers"]
        opened = sockets() - sockets_before
        close(streams, threads)
        _count_left(meter, sockets_before)
    return opened >= size["followers"]


CASE = Case(
    name="idle_followers",
    title="300 followers of idle logs",
    server="synthetic",
    size={"followers": 300, "warm": 5},
    quick={"followers": 12, "warm": 2},
    clients={"aiodockerapi": ours, "floor": floor, "aiodocker": aiodocker, "docker-py": docker_py},
    figure="kilobytes",
    unit="KB each",
    extras={"kilobytes": "KB each", "sockets_left": "sockets left"},
    goal=[Goal(None, 24), Goal(None, 0, "sockets_left")],
)

if __name__ == "__main__":
    run(CASE)
