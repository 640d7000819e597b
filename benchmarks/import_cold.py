"""The processor time and memory of importing the client at the start of a program.

Each client is imported in a new Python process without other imports, and with compiled modules. aiodockerapi is imported as
users do: ``from aiodockerapi import Docker``. The floor is aiohttp, on which two of the three clients depend.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial

from benchmarks._harness import Case, Client, Goal, Meter, Size, run

_PROBE = """
import time
def held():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1])
before = held()
start = time.process_time()
{statement}
print(time.process_time() - start, held() - before)
"""


def _measure_import(statement: str, _host: str, size: Size, meter: Meter) -> object:
    """Import the client in new processes and record the minimum, since the first process may read files from disk."""
    times, sizes = [], []
    for _ in range(size["times"]):
        probe = [sys.executable, "-c", _PROBE.format(statement=statement)]
        seconds, kilobytes = subprocess.run(probe, check=True, capture_output=True, text=True).stdout.split()
        times.append(float(seconds))
        sizes.append(int(kilobytes))
    meter.extra["import_ms"] = 1000 * min(times)
    meter.extra["megabytes"] = min(sizes) / 1024
    return "imported"


def _client(statement: str) -> Client:
    return partial(_measure_import, statement)


CASE = Case(
    name="import_cold",
    title="A cold import",
    size={"times": 3},
    quick={"times": 1},
    clients={
        "aiodockerapi": _client("from aiodockerapi import Docker"),
        "floor": _client("import aiohttp"),
        "aiodocker": _client("from aiodocker import Docker"),
        "docker-py": _client("from docker import DockerClient"),
    },
    figure="import_ms",
    unit="ms of CPU",
    extras={"import_ms": "ms of CPU", "megabytes": "MB of memory"},
    goal=Goal("floor", 1.1),
)

if __name__ == "__main__":
    run(CASE)
