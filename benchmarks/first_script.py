"""A script that lists the containers and exits: the processor time of the whole process.

Each script runs in a new Python process with compiled modules. The processor time includes the start of Python (about 10 ms),
the import of the client, the negotiation of the API version, one call, and closing the client.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from statistics import median

from benchmarks._bare import BASE
from benchmarks._harness import Case, Client, Goal, Meter, Size, run

_ASYNC = """
import asyncio, json, sys
{importing}

async def main():
    async with {client} as docker:
        print(json.dumps([{names} for one in {listing}]))

asyncio.run(main())
"""

_OURS = _ASYNC.format(
    importing="from aiodockerapi import Docker",
    client="Docker(sys.argv[1])",
    listing="await docker.containers.list()",
    names="one.names",
)
_AIODOCKER = _ASYNC.format(
    importing="from aiodocker import Docker",
    client="Docker(sys.argv[1])",
    listing="await docker.containers.list()",
    names='one["Names"]',
)
_FLOOR = _ASYNC.format(
    importing="import aiohttp",
    client="aiohttp.ClientSession(connector=aiohttp.UnixConnector(sys.argv[1].removeprefix('unix://')))",
    listing=f'await (await docker.get("{BASE}/containers/json")).json(content_type=None)',
    names='one["Names"]',
)
_DOCKER_PY = """
import json, sys
from docker import DockerClient

docker = DockerClient(base_url=sys.argv[1])
print(json.dumps([one.attrs["Names"] for one in docker.containers.list(sparse=True)]))
docker.close()
"""


def _run_script(script: str, host: str, size: Size, meter: Meter) -> object:
    """Run the script in new processes and return its output."""
    times, printed = [], ""
    for _ in range(1 + size["times"]):
        with subprocess.Popen([sys.executable, "-c", script, host], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            printed = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        times.append(used.ru_utime + used.ru_stime)
    meter.extra["script_ms"] = 1000 * median(times[1:])  # the first process may read files from disk
    return json.loads(printed)


def _client(script: str) -> Client:
    return partial(_run_script, script)


CASE = Case(
    name="first_script",
    title="A script with a single call",
    server="synthetic",
    size={"containers": 3, "times": 5},
    quick={"containers": 3, "times": 1},
    clients={
        "aiodockerapi": _client(_OURS),
        "floor": _client(_FLOOR),
        "aiodocker": _client(_AIODOCKER),
        "docker-py": _client(_DOCKER_PY),
    },
    figure="script_ms",
    unit="ms of CPU",
    extras={"script_ms": "ms of CPU"},
    goal=Goal("aiodocker", 1.15),
)

if __name__ == "__main__":
    run(CASE)
