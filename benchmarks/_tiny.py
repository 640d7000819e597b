"""The clients of the cases with tiny requests: each sends `GET /volumes/{name}` and parses 200 bytes of JSON.

The floor is ``session.get`` with a prepared URL, ``read`` and ``json.loads``. aiodockerapi returns a `Volume`, the other
clients return dicts.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

from benchmarks._bare import BASE, session
from benchmarks._harness import Client, Meter, Size

__all__ = ["CLIENTS"]

Once = Callable[[], Awaitable[str]]


async def _many(size: Size, meter: Meter, once: Once) -> object:
    """Run ``tasks`` concurrent tasks, each of which sends ``each`` requests one after another."""

    async def some() -> list[str]:
        return [await once() for _ in range(size["each"])]

    await asyncio.gather(*(once() for _ in range(size["tasks"])))  # opens the connections
    with meter:
        found = await asyncio.gather(*(some() for _ in range(size["tasks"])))
    return [sum(map(len, found)), found[0][0], len(set(chain(*found)))]


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:

        async def once() -> str:
            return (await docker.volumes.inspect("data")).mountpoint

        return await _many(size, meter, once)


async def floor(host: str, size: Size, meter: Meter) -> object:
    from yarl import URL

    url = URL(f"{BASE}/volumes/data")
    async with session(host, limit=100) as bare:  # the default of aiodockerapi and of aiohttp

        async def once() -> str:
            async with bare.get(url) as response:
                assert response.status == 200
                return str(json.loads(await response.read())["Mountpoint"])

        return await _many(size, meter, once)


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker, volumes

    async with Docker(host) as docker:
        untyped: Any = volumes
        volume = untyped.DockerVolume(docker, "data")  # `docker.volumes.get` would be a second request

        async def once() -> str:
            return str((await volume.show())["Mountpoint"])

        return await _many(size, meter, once)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host, max_pool_size=size["tasks"])
    with client, ThreadPoolExecutor(size["tasks"]) as threads:

        def some(_: int) -> list[str]:
            return [client.inspect_volume("data")["Mountpoint"] for _ in range(size["each"])]

        client.inspect_volume("data")
        with meter:
            found = list(threads.map(some, range(size["tasks"])))
    return [sum(map(len, found)), found[0][0], len(set(chain(*found)))]


CLIENTS: dict[str, Client] = {
    "aiodockerapi": ours,
    "floor": floor,
    "aiodocker": aiodocker,
    "docker-py": docker_py,
    "aiodockerapi+uvloop": ours,
    "floor+uvloop": floor,
}
