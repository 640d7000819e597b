"""Containers for tests: busybox, a script, no network (which starts faster), and the labels by which they are removed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiodockerapi import Docker
    from tests.support.names import Names

__all__ = ["OFFLINE", "commands", "config", "created", "ended", "offline", "started", "talking"]

OFFLINE: dict[str, Any] = {"NetworkDisabled": True, "HostConfig": {"NetworkMode": "none"}}
"""A container without a network, in wire form. That halves what its start costs a daemon, which starts a program of its own
for every network, be it that of one who asked for none; NetworkDisabled spares it."""


def offline(names: Names, **more: Any) -> dict[str, Any]:
    """Labels and no network, for what makes a container of them; `more` in wire form."""
    host = {**OFFLINE["HostConfig"], **more.pop("HostConfig", {})}
    return {
        "Labels": names.labels,
        "NetworkDisabled": host["NetworkMode"] == "none",
        "HostConfig": host,
        **more,
    }


def config(names: Names, script: str, **more: Any) -> dict[str, Any]:
    """What `containers.create` takes for a container that runs a shell script; `more` in wire form."""
    host = {"Init": False, **more.pop("HostConfig", {})}
    return {"Image": "busybox", "Cmd": ["sh", "-c", script], **offline(names, HostConfig=host, **more)}


async def created(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """The id of a new container that does not run yet."""
    return (await docker.containers.create(config(names, script, **more))).id


async def started(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """The id of a new container that runs."""
    container = await created(docker, names, script, **more)
    await docker.containers.start(container)
    return container


async def ended(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """The id of a new container that has run to its end."""
    container = await started(docker, names, script, **more)
    await docker.containers.wait(container)
    return container


async def talking(docker: Docker, names: Names, script: str, **more: Any) -> str:
    """The id of a new container that runs, and whose first words are in its log: who attaches now hears only what follows."""
    container = await started(docker, names, script, **more)
    async with docker.containers.logs(container, follow=True) as log:
        await anext(log)
    return container


async def commands(docker: Docker, container: str) -> set[str]:
    """What runs in a container: the last column of what `ps` shows, or the rest of a line that the daemon does not split."""
    processes = (await docker.containers.top(container)).processes
    return {re.sub(r"^\d+ \w+ +", "", process[-1]) for process in processes}
