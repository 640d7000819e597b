"""The first call of a kind in a process: slow preparation runs in a thread, not in the event loop."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.server import Server, json_reply, serving

ROOT = Path(__file__).parent.parent
RECORDED = ROOT / "tests" / "data" / "engine-1.45"

# Makes one call in a new interpreter, and prints the modules loaded and the code compiled in the thread of the event loop
# in the meantime.
SCRIPT = """
import asyncio, sys, threading
from aiodockerapi import Docker
from aiodockerapi.api import containers, images, raw, secrets, services, system  # a few milliseconds at first use each

loop_thread = threading.get_ident()
seen = []

def hook(event, arguments):
    if event in ("import", "compile") and threading.get_ident() == loop_thread:
        seen.append(f"{event} {arguments[0 if event == 'import' else 1]}")

async def first(call):
    async with call as stream:
        async for item in stream:
            return item

async def main():
    async with docker:
        assert await (CALL) is not None

docker = Docker(sys.argv[1])
sys.addaudithook(hook)
asyncio.run(main())
found = list(seen)
print("\\n".join(found))
"""
SERVICE = {"ID": "s1", "Version": {"Index": 5}, "Spec": {"TaskTemplate": {"ContainerSpec": {"Image": "busybox"}}}}
ROUTES = {
    "GET /v1.44/version": "version.json",
    "GET /v1.44/info": "info.json",
    "GET /v1.44/containers/json": "containers.json",
    "GET /v1.44/containers/web/json": "container.json",
    "GET /v1.44/containers/web/stats": "stats.json",
    "GET /v1.44/images/json": "images.json",
    "GET /v1.44/system/df": "df.json",
    "GET /v1.44/events": {"Type": "container", "Action": "start", "Actor": {"ID": "4fa6"}, "timeNano": 1},
    "POST /v1.44/build": {"stream": "Successfully built 0123456789ab\n"},
    "POST /v1.44/containers/create": {"Id": "4fa6", "Warnings": []},
    "POST /v1.44/containers/web/wait": {"StatusCode": 0},
    "GET /v1.44/services/web": SERVICE,
    "POST /v1.44/services/create": {"ID": "s1"},
    "POST /v1.44/secrets/create": {"ID": "s1"},
}
CALLS = [
    "docker.system.ping()",
    "docker.system.version()",
    "docker.system.info()",
    "docker.system.disk_usage()",
    "first(docker.system.events())",
    "docker.containers.list()",
    "docker.containers.inspect('web')",
    "docker.containers.stats('web')",
    "docker.containers.wait('web')",
    "docker.containers.create({'Image': 'busybox', 'HostConfig': {'AutoRemove': True}})",
    "docker.images.list()",
    "docker.images.build(remote='https://example.org/context')",
    "docker.services.inspect('web')",
    "docker.services.create({'TaskTemplate': {'ContainerSpec': {'Image': 'busybox'}}})",
    "docker.secrets.create({'Name': 'key', 'Data': 'eA=='})",
    "docker.request('GET', '/info')",
]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as running:
        for line, answer in ROUTES.items():
            value = json.loads((RECORDED / answer).read_text()) if isinstance(answer, str) else answer
            running.routes[line] = json_reply(value)
        yield running


# Prints which of three libraries are loaded after a number of calls.
LOADED = """
import asyncio, sys
from aiodockerapi import Docker

async def first(call):
    async with call as stream:
        async for item in stream:
            return item

async def main():
    async with Docker(sys.argv[1]) as docker:
        for _ in range(TIMES):
            await (CALL)

asyncio.run(main())
print(*sorted({"anyio", "cattrs", "msgspec"} & sys.modules.keys()))
"""


async def _output(script: str, server: Server) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, server.host]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


@pytest.mark.parametrize("call", CALLS)
async def test_nothing_is_loaded_or_compiled_in_the_thread_of_the_event_loop(server: Server, call: str) -> None:
    output = await _output(SCRIPT.replace("CALL", call), server)
    assert output.split("\n") == ["", ""]


@pytest.mark.parametrize(
    ("call", "times", "loaded"),
    [
        ("docker.containers.list()", 1, ""),
        ("docker.containers.inspect('web')", 1, ""),
        ("docker.containers.inspect('web')", 100, "msgspec"),
        ("first(docker.system.events())", 1, "anyio msgspec"),
    ],
)
async def test_libraries_are_loaded_when_they_are_worthwhile(
    server: Server, call: str, times: int, loaded: str
) -> None:
    output = await _output(LOADED.replace("CALL", call).replace("TIMES", str(times)), server)
    assert output.split("\n") == [loaded, ""]
