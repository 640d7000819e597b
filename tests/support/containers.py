"""Containers for tests: busybox with a shell script, without a network, with labels for their removal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiodockerapi import Docker
    from tests.support.names import Names

__all__ = ["OFFLINE", "commands", "config", "created", "ended", "offline", "started", "talking"]

OFFLINE: dict[str, Any] = {"NetworkDisabled": True, "HostConfig": {"NetworkMode": "none"}}
"""A container without a network, in wire form. It starts about twice as fast: the daemon runs a separate program to set up a
network, even for the network mode "none", unless NetworkDisabled is set."""


def offline(names: Names, **more: Any) -> dict[str, Any]:
    """Return the config of a container with labels and no network; `more` in wire form."""
    host = {**OFFLINE["HostConfig"], **more.pop("HostConfig", {})}
    return {
        "Labels": names.labels,
        "NetworkDisabled": host["NetworkMode"] == "none",
        "HostConfig": host,
        **more,
    }


def config(names: Names, script: str, **more: Any) -> dict[str, Any]:
    """Return the config of a container that runs a shell script; `more` in wire form."""
    host = {"Init": False, **more.pop("HostConfig", {})}
    return {"Image": "busybox", "Cmd": ["sh", "-c", script], **offline(names, HostConfig=host, **more)}


async def created(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """Create a container, and return its ID."""
    return (await docker.containers.create(config(names, script, **more))).id


async def started(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """Create and start a container, and return its ID."""
    container = await created(docker, names, script, **more)
    await docker.containers.start(container)
    return container


async def ended(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """Run a container until it exits, and return its ID."""
    container = await started(docker, names, script, **more)
    await docker.containers.wait(container)
    return container


async def talking(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """Start a container, wait for its first output, and return its ID; an attached stream then has only later output."""
    container = await started(docker, names, script, **more)
    async with docker.containers.logs(container, follow=True) as log:
        await anext(log)
    return container


async def commands(docker: Docker, container: str) -> set[str]:
    """Return the commands that run in a container: the last column of `ps`, or the rest of a line that was not split."""
    processes = (await docker.containers.top(container)).processes
    return {re.sub(r"^\d+ \w+ +", "", process[-1]) for process in processes}
