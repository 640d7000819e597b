"""Record responses of an engine for `tests/models/test_recorded.py`, in `engine-VERSION/`, a file for each response.

    python -m tests.data.record                         # the engine of this machine
    ENGINE_SUITE=trixie python -m tests.data.record     # that of another Debian release

It starts a private engine, creates containers, an image, a volume and a network, sends the requests about them, and removes
them. The responses are stored unchanged, except for the names of the machine, its kernel and its directories.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiodockerapi import Docker
from tests.support.engine import Spec, alone, release

FOLDER = Path(__file__).parent
LABEL = "org.example.recorded"
WEB, IDLE, VOLUME, NETWORK, REPOSITORY = (
    "recorded-web",
    "recorded-idle",
    "recorded-data",
    "recorded-net",
    "recorded-image",
)
CONFIG: dict[str, Any] = {
    "Image": "busybox",
    "Cmd": ["sh", "-c", "echo > /new; rm /etc/group; echo >> /etc/passwd; exec sleep 1000"],
    "Env": ["A=1"],
    "Labels": {LABEL: "yes"},
    "ExposedPorts": {"80/tcp": {}, "81/udp": {}},
    "Volumes": {"/more": {}},
    "Healthcheck": {"Test": ["CMD", "true"], "Interval": 1_000_000_000},
    "StopTimeout": 0,
    "HostConfig": {
        "NetworkMode": NETWORK,
        "Binds": [f"{VOLUME}:/data:ro"],
        "Mounts": [{"Type": "tmpfs", "Target": "/scratch", "TmpfsOptions": {"SizeBytes": 65536}}],
        "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]},
        "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2},
        "Ulimits": [{"Name": "nofile", "Soft": 512, "Hard": 1024}],
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}},
        "Memory": 1 << 26,
    },
}


@asynccontextmanager
async def scene(docker: Docker) -> AsyncIterator[dict[str, str]]:
    """A container that runs, one that does not, commands in the first, an image, a volume and a network: their ids."""
    for kind, name in {"volumes": VOLUME, "networks": NETWORK}.items():
        await docker.request("POST", f"/{kind}/create", body={"Name": name, "Labels": {LABEL: "yes"}})
    web = (await docker.containers.create(CONFIG, name=WEB)).id
    idle = (await docker.containers.create({"Image": "busybox", "Labels": {LABEL: "yes"}}, name=IDLE)).id
    await docker.containers.start(web)
    ids: dict[str, str] = {}
    for name in ("prepared", "running", "ended"):
        command = ["sleep", "1000"] if name == "running" else ["sh", "-c", "exit 3"]
        ids[name] = (await docker.exec.create(web, {"Cmd": command, "AttachStdout": True, "User": "nobody"})).id
        if name != "prepared":
            await docker.exec.start(ids[name], detach=True)
    await docker.containers.commit(web, repository=REPOSITORY, tag="v1", author="Jane Doe", comment="recorded")
    await asyncio.sleep(2.5)  # until some health checks have run
    try:
        yield ids
    finally:
        for container in (web, idle):
            await docker.containers.remove(container, force=True, volumes=True)
        for path in (f"images/{REPOSITORY}:v1", f"networks/{NETWORK}", f"volumes/{VOLUME}"):
            await docker.request("DELETE", f"/{path}")


def requests(ids: dict[str, str], since: float) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return path and parameters of each request, by the name of the file."""
    return {
        "version": ("version", {}),
        "info": ("info", {}),
        "df": ("system/df", {}),
        "events": ("events", {"since": f"{since:.3f}", "until": f"{time.time():.3f}"}),
        "containers": ("containers/json", {"all": True, "size": True}),
        "container": (f"containers/{WEB}/json", {"size": True}),
        "container-idle": (f"containers/{IDLE}/json", {}),
        "stats": (f"containers/{WEB}/stats", {"stream": False}),
        "stats-idle": (f"containers/{IDLE}/stats", {"stream": False}),
        "top": (f"containers/{WEB}/top", {}),
        "changes": (f"containers/{WEB}/changes", {}),
        "changes-idle": (f"containers/{IDLE}/changes", {}),
        "exec-prepared": (f"exec/{ids['prepared']}/json", {}),
        "exec-running": (f"exec/{ids['running']}/json", {}),
        "exec-ended": (f"exec/{ids['ended']}/json", {}),
        "image": (f"images/{REPOSITORY}:v1/json", {}),
        "images": ("images/json", {}),
        "image-history": (f"images/{REPOSITORY}:v1/history", {}),
        "network": (f"networks/{NETWORK}", {"verbose": True}),
        "networks": ("networks", {}),
        "volume": (f"volumes/{VOLUME}", {}),
        "volumes": ("volumes", {}),
    }


def write(folder: Path, name: str, text: str) -> None:
    """Write a response with one property per line."""
    value = [json.loads(line) for line in text.splitlines()] if name == "events" else json.loads(text)
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


async def record(host: str) -> None:
    """Send all requests to the engine at that address, and write the responses."""
    since = time.time()
    async with Docker(host) as docker, scene(docker) as ids:
        info = await docker.system.info()
        root = Path(info.docker_root_dir)
        replaced = {str(root): "/var/lib/docker", str(root.parent): "/var/run/docker", info.kernel_version: "6.1.0"}
        replaced[f'"{info.name}"'] = '"engine"'
        folder = FOLDER / f"engine-{await docker.negotiate()}"
        for name, (path, parameters) in requests(ids, since).items():
            answer = (await docker.request("GET", f"/{path}", parameters=parameters)).body.decode()
            for ours, plain in replaced.items():
                answer = answer.replace(ours, plain)
            write(folder, name, answer)


def main() -> None:
    spec = Spec("recorded", suite=os.environ.get("ENGINE_SUITE", ""))
    try:
        with alone(os.getpid(), spec) as engine:
            asyncio.run(record(engine.host))
    finally:
        release(os.getpid(), spec)


if __name__ == "__main__":
    main()
