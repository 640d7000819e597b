"""What importing the client costs a program that starts: processor time and memory.

Each is imported by a Python of its own that has imported nothing else, and whose modules are compiled already. Ours is imported
as users do it, class and all: ``from aiodockerapi import Docker``. The floor is aiohttp, which two of the three stand on.
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


def _imported(statement: str, _host: str, size: Size, meter: Meter) -> object:
    """Import it in fresh processes; the least that it took: the first time, files are read from the disk."""
    times, sizes = [], []
    for _ in range(size["times"]):
        probe = [sys.executable, "-c", _PROBE.format(statement=statement)]
        taken, kilobytes = subprocess.run(probe, check=True, capture_output=True, text=True).stdout.split()
        times.append(float(taken))
        sizes.append(int(kilobytes))
    meter.extra["import_ms"] = 1000 * min(times)
    meter.extra["megabytes"] = min(sizes) / 1024
    return "imported"


def _client(statement: str) -> Client:
    return partial(_imported, statement)


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
