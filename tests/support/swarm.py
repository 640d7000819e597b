"""Swarms of one or several engines for tests, and services for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import anyio

from aiodockerapi import Conflict, Docker, NotFound, ServerError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiodockerapi.models import Task
    from tests.support.engine import Member

__all__ = [
    "IDLE",
    "eventually",
    "join_request",
    "running_task",
    "service_spec",
    "single_node_swarm",
    "swarm_of",
    "task_in",
]

_TIMEOUT = 60.0

IDLE = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
"""A script that runs until SIGTERM, and then exits at once."""


@asynccontextmanager
async def single_node_swarm(docker: Docker) -> AsyncIterator[str]:
    """Make the engine the only node of a swarm until the end of the block; yield the ID of the node."""
    node = await docker.swarm.init({"ListenAddr": "127.0.0.1:0", "AdvertiseAddr": "127.0.0.1"})
    try:
        yield node
    finally:
        with anyio.CancelScope(shield=True):
            await _leave(docker)


def join_request(member: Member, manager: Member, token: str) -> dict[str, Any]:
    """Return the body of `swarm.join` with which an engine joins the swarm of a manager."""
    return {
        "ListenAddr": f"{member.address}:2377",
        "AdvertiseAddr": member.address,
        "RemoteAddrs": [f"{manager.address}:2377"],
        "JoinToken": token,
    }


@asynccontextmanager
async def swarm_of(members: Sequence[Member]) -> AsyncIterator[list[Docker]]:
    """Create a swarm of these engines, whose only manager is the first one; yield a client of each."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Docker(member.host)) for member in members]
        manager, *workers = clients
        first = members[0]
        await manager.swarm.init({"ListenAddr": f"{first.address}:2377", "AdvertiseAddr": first.address})
        tokens = (await manager.swarm.inspect()).join_tokens
        assert tokens is not None
        for worker, member in zip(workers, members[1:], strict=True):
            await worker.swarm.join(join_request(member, first, tokens.worker))
        yield clients


async def _leave(docker: Docker) -> None:
    """Leave a swarm of one engine, and remove its services first, since they would recreate their containers."""
    try:
        for service in await docker.services.list():
            await docker.services.remove(service.id)
        await docker.swarm.leave(force=True)
    except Unavailable:
        pass  # the test has left the swarm

    async def emptied() -> bool:
        for container in await docker.containers.list(all=True):
            with suppress(NotFound, Conflict, ServerError):  # the daemon is removing it
                await docker.containers.remove(container.id, force=True, volumes=True)
        return not await docker.containers.list(all=True)

    await eventually(emptied)


def service_spec(name: str, script: str = IDLE, **container: Any) -> dict[str, Any]:
    """Return the spec of a service with one task that runs a script; `container` is added to its container spec."""
    spec = {"Image": "busybox:latest", "Command": ["sh", "-c", script], "StopGracePeriod": 2 * 10**9, **container}
    return {"Name": name, "TaskTemplate": {"ContainerSpec": spec, "RestartPolicy": {"Condition": "none"}}}


async def eventually(poll: Callable[[], Awaitable[Any]]) -> Any:
    """Call `poll` until its result is true, and return the result; a swarm has no events for it."""
    with anyio.fail_after(_TIMEOUT):
        while not (result := await poll()):  # noqa: ASYNC110 - there is no event
            await anyio.sleep(0.05)
        return result


async def running_task(docker: Docker, service: str) -> Task:
    """Wait until a task of the service runs, and return it."""
    return await task_in(docker, service, "running")


async def task_in(docker: Docker, service: str, *states: str) -> Task:
    """Wait until a task of the service is in one of these states, and return it."""

    async def found() -> Task | None:
        tasks = await docker.tasks.list(filters={"service": service})
        return next((task for task in tasks if task.status is not None and task.status.state in states), None)

    task: Task = await eventually(found)
    return task
