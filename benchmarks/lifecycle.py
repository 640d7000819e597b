"""60 containers through their life, 16 at once: create, start, wait, logs, remove.

The daemon takes two seconds of two processors for it; what is compared is what the client takes beside that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks._containers import removed
from benchmarks._harness import Case, Goal, Meter, Size, run

_LABEL = "aiodockerapi.benchmark.lifecycle"


def config(number: int) -> dict[str, Any]:
    """What each container is: it says its number, on both streams, and ends."""
    return {
        "Image": "busybox",
        "Cmd": ["sh", "-c", f"echo to stdout {number}; echo to stderr {number} >&2; exit {number % 3}"],
        "Labels": {_LABEL: str(number)},
        "HostConfig": {"NetworkMode": "none"},
    }


def told(code: int, output: str) -> list[object]:
    """What every client must agree on; in which order the daemon noted lines of two streams is not up to them."""
    return [code, sorted(output.splitlines())]


async def side_by_side(live: Callable[[int], Awaitable[list[object]]], size: Size) -> list[list[object]]:
    """All of them, some at a time."""
    turns = asyncio.Semaphore(size["at_once"])

    async def one(number: int) -> list[object]:
        async with turns:
            return await live(number)

    return list(await asyncio.gather(*(one(number) for number in range(size["containers"]))))


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:

        async def live(number: int) -> list[object]:
            container = docker.container((await docker.containers.create(config(number))).id)
            await container.start()
            ended = await container.wait()
            output = await container.logs()
            await container.remove()
            return told(ended.status_code, (output.stdout + output.stderr).decode())

        with removed(host, _LABEL):
            await live(0)
            with meter:
                return await side_by_side(live, size)


async def floor(host: str, size: Size, meter: Meter) -> object:
    import json

    import aiohttp

    connector = aiohttp.UnixConnector(host.removeprefix("unix://"))
    async with aiohttp.ClientSession("http://docker", connector=connector, raise_for_status=True) as session:

        async def live(number: int) -> list[object]:
            headers = {"Content-Type": "application/json"}
            body = json.dumps(config(number)).encode()
            async with session.post("/v1.41/containers/create", data=body, headers=headers) as answer:
                path = f"/v1.41/containers/{json.loads(await answer.read())['Id']}"
            async with session.post(f"{path}/start") as answer:
                await answer.read()
            async with session.post(f"{path}/wait") as answer:
                code = json.loads(await answer.read())["StatusCode"]
            output = b""
            async with session.get(f"{path}/logs?stdout=1&stderr=1") as answer:
                data, position = await answer.read(), 0
                while position < len(data):
                    stop = position + 8 + int.from_bytes(data[position + 4 : position + 8], "big")
                    output += data[position + 8 : stop]
                    position = stop
            async with session.delete(path) as answer:
                await answer.read()
            return told(code, output.decode())

        with removed(host, _LABEL):
            await live(0)
            with meter:
                return await side_by_side(live, size)


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    async with Docker(url=host) as docker:

        async def live(number: int) -> list[object]:
            container = await docker.containers.create(config(number))
            await container.start()
            ended = await container.wait()
            output = await container.log(stdout=True, stderr=True)
            await container.delete()
            return told(ended["StatusCode"], "".join(output))

        with removed(host, _LABEL):
            await live(0)
            with meter:
                return await side_by_side(live, size)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from concurrent.futures import ThreadPoolExecutor

    import docker

    client = docker.DockerClient(base_url=host, version="auto", max_pool_size=size["at_once"])

    def live(number: int) -> list[object]:
        wanted = config(number)
        container = client.containers.create(
            wanted["Image"], wanted["Cmd"], labels=wanted["Labels"], network_mode=wanted["HostConfig"]["NetworkMode"]
        )
        container.start()
        ended = container.wait()
        output = container.logs(stdout=True, stderr=True)
        container.remove()
        return told(ended["StatusCode"], output.decode())

    with removed(host, _LABEL), ThreadPoolExecutor(size["at_once"]) as pool:
        live(0)
        with meter:
            found = list(pool.map(live, range(size["containers"])))
    client.close()
    return found


CASE = Case(
    name="lifecycle",
    title="60 containers through their life, 16 at once",
    server="engine",
    size={"containers": 60, "at_once": 16},
    quick={"containers": 4, "at_once": 2},
    clients={
        "aiodockerapi": ours,
        "aiodockerapi+uvloop": ours,
        "floor": floor,
        "aiodocker": aiodocker,
        "docker-py": docker_py,
    },
    unit="s",
    scale=1.0,
    figure="cpu",
    better="lower",
    goal=Goal("floor", 1.1),
)

if __name__ == "__main__":
    run(CASE)
