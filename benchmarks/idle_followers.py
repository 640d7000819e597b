"""300 followers of logs in which nothing happens: what each holds in memory, and what is left when they are cancelled.

Memory is what the process has grown by in memory (RSS) while they were opened, each having read a first line; a few were
opened and closed before. aiohttp's pool of 100 connections would keep the others of aiodocker waiting for ever, so it
gets one without limit. docker-py has a thread for each, and closes each stream, since a thread cannot be cancelled.
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

_PATIENCE = 3.0

Follow = Callable[[Callable[[], None]], Awaitable[None]]
"""Follows the log, and calls what it is given at the first line."""


async def _open(number: int, follow: Follow) -> list[asyncio.Task[None]]:
    """Followers, each of which has read its first line."""
    ready = asyncio.Semaphore(0)

    async def one() -> None:
        try:
            await follow(ready.release)
        finally:
            ready.release()  # who fails before the first line is not waited for

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


async def _followed(size: Size, meter: Meter, follow: Follow) -> object:
    await _cancel(await _open(size["warm"], follow))
    held, grown_from = sockets(), _settled()
    with meter:
        tasks = await _open(size["followers"], follow)
    meter.extra["kilobytes"] = (_settled() - grown_from) / 1024 / size["followers"]
    opened = sockets() - held
    await _cancel(tasks)
    await asyncio.to_thread(_left, meter, held)
    return opened >= size["followers"]


def _settled() -> int:
    gc.collect()
    return memory()


def _left(meter: Meter, held: int) -> None:
    """What is still open when it has had time to close."""
    until = time.monotonic() + _PATIENCE
    while sockets() > held and time.monotonic() < until:
        time.sleep(0.05)
    meter.extra["sockets_left"] = max(sockets() - held, 0)


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:

        async def follow(begun: Callable[[], None]) -> None:
            async with docker.containers.logs("idle", follow=True) as log:
                async for _ in log:
                    begun()

        return await _followed(size, meter, follow)


async def floor(host: str, size: Size, meter: Meter) -> object:
    async with session(host) as bare:

        async def follow(begun: Callable[[], None]) -> None:
            async with bare.get(f"{BASE}/containers/idle/logs?follow=1&stdout=1&stderr=1") as response:
                while await response.content.readany():
                    begun()

        return await _followed(size, meter, follow)


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker
    from aiohttp import UnixConnector

    pool = UnixConnector(host.removeprefix("unix://"), limit=0)
    async with pool, Docker("http://docker", connector=pool) as docker:
        container: Any = docker.containers.container("idle")

        async def follow(begun: Callable[[], None]) -> None:
            async for _ in container.log(stdout=True, stderr=True, follow=True):
                begun()

        return await _followed(size, meter, follow)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host, max_pool_size=size["followers"])

    def followers(number: int) -> tuple[list[Any], list[threading.Thread]]:
        streams: list[Any] = []
        begun = threading.Semaphore(0)

        def follow() -> None:
            stream = client.logs("idle", stream=True, follow=True)
            streams.append(stream)
            for _ in stream:
                begun.release()

        threads = [threading.Thread(target=follow, daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        for _ in threads:
            begun.acquire()
        return streams, threads

    def close(streams: list[Any], threads: list[threading.Thread]) -> None:
        for stream in streams:
            stream.close()
        for thread in threads:
            thread.join(_PATIENCE)

    with client:
        close(*followers(size["warm"]))
        held, grown_from = sockets(), _settled()
        with meter:
            streams, threads = followers(size["followers"])
        meter.extra["kilobytes"] = (_settled() - grown_from) / 1024 / size["followers"]
        opened = sockets() - held
        close(streams, threads)
        _left(meter, held)
    return opened >= size["followers"]


CASE = Case(
    name="idle_followers",
    title="300 idle followers of logs",
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
