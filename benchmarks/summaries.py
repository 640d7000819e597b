"""A list of 1,000 containers, 1.2 MB of JSON: the cost of typed models compared with dicts.

Each client requests the list ten times and reads each container's name and its address in its first network. The floor is bare
aiohttp and ``json.loads``, which returns dicts, as aiodocker and docker-py do; aiodockerapi returns `ContainerSummary` objects.
"+orjson" and "+msgspec" have that package installed.
"""

from __future__ import annotations

import json
from typing import Any

from benchmarks._bare import BASE, session
from benchmarks._harness import Case, Goal, Meter, Size, run


def _names_and_addresses(summaries: list[Any]) -> tuple[str, str]:
    """Return the names and addresses of containers given as dicts."""
    names = [one["Names"][0] for one in summaries]
    addresses = [next(iter(one["NetworkSettings"]["Networks"].values()))["IPAddress"] for one in summaries]
    return "".join(names), "".join(addresses)


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    found = "", ""
    async with Docker(host) as docker:
        await docker.containers.list()
        with meter:
            for _ in range(size["times"]):
                names, addresses = [], []
                for one in await docker.containers.list():
                    assert one.network_settings is not None
                    names.append(one.names[0])
                    addresses.append(next(iter(one.network_settings.networks.values())).ip_address or "")
                found = "".join(names), "".join(addresses)
    return found


async def floor(host: str, size: Size, meter: Meter) -> object:
    return await _bare(host, size, meter, json.loads)


async def floor_orjson(host: str, size: Size, meter: Meter) -> object:
    import orjson

    return await _bare(host, size, meter, orjson.loads)


async def floor_msgspec(host: str, size: Size, meter: Meter) -> object:
    from msgspec.json import decode

    return await _bare(host, size, meter, decode)


async def _bare(host: str, size: Size, meter: Meter, loads: Any) -> object:
    found = "", ""
    async with session(host) as bare:

        async def ask() -> Any:
            async with bare.get(f"{BASE}/containers/json") as response:
                return loads(await response.read())

        await ask()
        with meter:
            for _ in range(size["times"]):
                found = _names_and_addresses(await ask())
    return found


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    found = "", ""
    async with Docker(host) as docker:
        await docker.containers.list()
        with meter:
            for _ in range(size["times"]):
                found = _names_and_addresses(await docker.containers.list())
    return found


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host)
    found = "", ""
    with client:
        client.containers()
        with meter:
            for _ in range(size["times"]):
                found = _names_and_addresses(client.containers())
    return found


CASE = Case(
    name="summaries",
    title="A list of 1,000 containers",
    server="synthetic",
    size={"containers": 1000, "times": 10},
    quick={"containers": 50, "times": 1},
    clients={
        "aiodockerapi": ours,
        "floor": floor,
        "aiodocker": aiodocker,
        "docker-py": docker_py,
        "aiodockerapi+msgspec": ours,
        "floor+msgspec": floor_msgspec,
        "floor+orjson": floor_orjson,
    },
    unit="ms of CPU each",
    scale=lambda size: 1000 / size["times"],
    goal=[Goal("floor", 1.0), Goal("floor", 1.0, client="aiodockerapi+msgspec")],
)

if __name__ == "__main__":
    run(CASE)
