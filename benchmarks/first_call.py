"""The first typed calls of a process: how long they block the event loop.

Another task is scheduled every half millisecond. The figure is its longest delay during the first ``containers.list`` (20
containers), ``containers.inspect`` and ``system.info`` of the process, including the connection. It excludes the time that
the task waited for a processor because of other processes; "wall clock" includes that time.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks._bare import BASE, session
from benchmarks._harness import Case, Gaps, Goal, Meter, Size, run

_Ask = Callable[[], Awaitable[object]]


async def _first(meter: Meter, calls: dict[str, _Ask]) -> list[object]:
    answers: list[object] = []
    longest = by_clock = 0.0
    with meter:
        for name, call in calls.items():
            async with Gaps() as gaps:
                answers.append(await call())
            meter.extra[f"{name}_ms"] = gaps.longest
            longest, by_clock = max(longest, gaps.longest), max(by_clock, gaps.by_clock)
    meter.extra |= {"gap_ms": longest, "clock_ms": by_clock}
    return answers


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    async with Docker(host) as docker:

        async def listed() -> object:
            return [one.names for one in await docker.containers.list()]

        async def inspected() -> object:
            return (await docker.containers.inspect("web")).id

        async def info() -> object:
            return (await docker.system.info()).ncpu

        return await _first(meter, {"list": listed, "inspect": inspected, "info": info})


async def floor(host: str, size: Size, meter: Meter) -> object:
    async with session(host) as bare:

        async def ask(path: str) -> Any:
            async with bare.get(f"{BASE}{path}") as response:
                return json.loads(await response.read())

        async def listed() -> object:
            return [one["Names"] for one in await ask("/containers/json")]

        async def inspected() -> object:
            return (await ask("/containers/web/json"))["Id"]

        async def info() -> object:
            return (await ask("/info"))["NCPU"]

        return await _first(meter, {"list": listed, "inspect": inspected, "info": info})


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    async with Docker(host) as docker:

        async def listed() -> object:
            return [one["Names"] for one in await docker.containers.list()]

        async def inspected() -> object:
            return (await docker.containers.get("web"))["Id"]

        async def info() -> object:
            return (await docker.system.info())["NCPU"]

        return await _first(meter, {"list": listed, "inspect": inspected, "info": info})


CASE = Case(
    name="first_call",
    title="The first typed calls of a process",
    server="synthetic",
    size={"containers": 20},
    clients={"aiodockerapi": ours, "floor": floor, "aiodocker": aiodocker, "aiodockerapi+msgspec": ours},
    figure="gap_ms",
    unit="ms",
    extras={
        "gap_ms": "longest gap, ms",
        "clock_ms": "wall clock, ms",
        "list_ms": "in list",
        "inspect_ms": "in inspect",
        "info_ms": "in info",
    },
    goal=Goal(None, 20),
)

if __name__ == "__main__":
    run(CASE)
