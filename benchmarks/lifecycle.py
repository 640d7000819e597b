"""The lifecycle of 60 containers, 16 at a time: create, start, wait, logs, remove.

The daemon takes two seconds on two processors for this; the figure is the processor time of the client alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks._containers import cleanup
from benchmarks._harness import Case, Goal, Meter, Size, run

_LABEL = "aiodockerapi.benchmark.lifecycle"


def config(number: int) -> dict[str, Any]:
    """Return the configuration of a container that writes its number to both streams and exits."""
    return {
        "Image": "busybox",
        "Cmd": ["sh", "-c", f"echo to stdout {number}; echo to stderr {number} >&2; exit {number % 3}"],
        "Labels": {_LABEL: str(number)},
        "HostConfig": {"NetworkMode": "none"},
    }


def result(code: int, output: str) -> list[object]:
    """Return the result for the comparison; lines are sorted, since the order of lines of two streams can vary."""
    return [code, sorted(output.splitlines())]


async def run_all(lifecycle: Callable[[int], Awaitable[list[object]]], size: Size) -> list[list[object]]:
    """Run all lifecycles, at most ``at_once`` at a time."""
    semaphore = asyncio.Semaphore(size["at_once"])

    async def one(number: int) -> list[object]:
        async with semaphore:
            return await lifecycle(number)

    return list(await asyncio.gather(*(one(number) for number in range(size["containers"]))))


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:

        async def lifecycle(number: int) -> list[object]:
            container = docker.container((await docker.containers.create(config(number))).id)
            await container.start()
            ended = await container.wait()
            output = await container.logs()
            await container.remove()
            return result(ended.status_code, (output.stdout + output.stderr).decode())

        with cleanup(host, _LABEL):
            await lifecycle(0)
            with meter:
                return await run_all(lifecycle, size)


async def floor(host: str, size: Size, meter: Meter) -> object:
    import json

    import aiohttp

    connector = aiohttp.UnixConnector(host.removeprefix("unix://"))
    async with aiohttp.ClientSession("http://docker", connector=connector, raise_for_status=True) as session:

        async def lifecycle(number: int) -> list[object]:
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
            return result(code, output.decode())

        with cleanup(host, _LABEL):
            await lifecycle(0)
            with meter:
                return await run_all(lifecycle, size)


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    async with Docker(url=host) as docker:

        async def lifecycle(number: int) -> list[object]:
            container = await docker.containers.create(config(number))
            await container.start()
            ended = await container.wait()
            output = await container.log(stdout=True, stderr=True)
            await container.delete()
            return result(ended["StatusCode"], "".join(output))

        with cleanup(host, _LABEL):
            await lifecycle(0)
            with meter:
                return await run_all(lifecycle, size)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from concurrent.futures import ThreadPoolExecutor

    import docker

    client = docker.DockerClient(base_url=host, version="auto", max_pool_size=size["at_once"])

    def lifecycle(number: int) -> list[object]:
        options = config(number)
        container = client.containers.create(
            options["Image"],
            options["Cmd"],
            labels=options["Labels"],
            network_mode=options["HostConfig"]["NetworkMode"],
        )
        container.start()
        ended = container.wait()
        output = container.logs(stdout=True, stderr=True)
        container.remove()
        return result(ended["StatusCode"], output.decode())

    with cleanup(host, _LABEL), ThreadPoolExecutor(size["at_once"]) as pool:
        lifecycle(0)
        with meter:
            found = list(pool.map(lifecycle, range(size["containers"])))
    client.close()
    return found


CASE = Case(
    name="lifecycle",
    title="Lifecycle of 60 containers, 16 at a time",
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
