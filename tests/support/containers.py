"""Containers for tests: busybox, a script, no network (which starts faster), and the labels by which they are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiodockerapi import Docker
    from tests.support.names import Names

__all__ = ["config", "created", "ended", "started"]


def config(names: Names, script: str, **more: Any) -> dict[str, Any]:
    """What `containers.create` takes for a container that runs a shell script; `more` in wire form."""
    host = {"NetworkMode": "none", "Init": False, **more.pop("HostConfig", {})}
    return {"Image": "busybox", "Cmd": ["sh", "-c", script], "Labels": names.labels, "HostConfig": host, **more}


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
