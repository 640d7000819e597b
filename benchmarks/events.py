"""100,000 events of a Compose project, each in a separate chunk.

Each client reads the time of each event. The floor is bare aiohttp, which splits blocks into lines, and ``json.loads``;
"json.loads" is that function alone, on lines in memory. Both return dicts, as aiodocker and docker-py do; aiodockerapi
returns `EventMessage` objects.
"""

from __future__ import annotations

import json
from typing import Any

from benchmarks._bare import BASE, session
from benchmarks._harness import Case, Goal, Meter, Size, run

_SINCE, _UNTIL = 1, 2_000_000_000


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    count = total = 0
    async with Docker(host) as docker:
        await docker.negotiate()
        with meter:
            async with docker.system.events(since=_SINCE, until=_UNTIL) as events:
                async for event in events:
                    count += 1
                    total += event.time_nano or 0
    return [count, total]


async def floor(host: str, size: Size, meter: Meter) -> object:
    count = total = 0
    async with session(host) as bare:
        with meter:
            rest = b""
            async with bare.get(f"{BASE}/events?since={_SINCE}&until={_UNTIL}") as response:
                while block := await response.content.readany():
                    *lines, rest = (rest + block).split(b"\n")
                    for line in lines:
                        count += 1
                        total += json.loads(line)["timeNano"]
    return [count, total]


async def json_alone(host: str, size: Size, meter: Meter) -> object:
    count = total = 0
    async with session(host) as bare:
        async with bare.get(f"{BASE}/events?since={_SINCE}&until={_UNTIL}") as response:
            lines = (await response.read()).splitlines()
        with meter:
            for line in lines:
                count += 1
                total += json.loads(line)["timeNano"]
    return [count, total]


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    count = total = 0
    async with Docker(host) as docker:
        await docker.version()
        source: Any = docker.events
        with meter:
            events = source.subscribe(since=_SINCE, until=_UNTIL)
            while (event := await events.get()) is not None:
                count += 1
                total += event["timeNano"]
    return [count, total]


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host)
    count = total = 0
    with client, meter:
        for event in client.events(since=_SINCE, until=_UNTIL, decode=True):
            count += 1
            total += event["timeNano"]
    return [count, total]


CASE = Case(
    name="events",
    title="100,000 events",
    server="synthetic",
    size={"events": 100_000},
    quick={"events": 300},
    clients={
        "aiodockerapi": ours,
        "floor": floor,
        "json.loads": json_alone,
        "aiodocker": aiodocker,
        "docker-py": docker_py,
        "aiodockerapi+msgspec": ours,
        "aiodockerapi+uvloop": ours,
    },
    unit="us of CPU each",
    scale=lambda size: 1e6 / size["events"],
    goal=[Goal("floor", 1.2), Goal("json.loads", 1.2), Goal("json.loads", 1.2, client="aiodockerapi+msgspec")],
)

if __name__ == "__main__":
    run(CASE)
