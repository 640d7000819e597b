"""Swarms for tests, of one engine or of several, and what runs in them."""

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

__all__ = ["IDLE", "eventually", "founded", "gathered", "join_request", "running_task", "service_spec", "task_in"]

_PATIENCE = 60.0

IDLE = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
"""A script that goes on until it is told to end, and then ends at once."""


@asynccontextmanager
async def founded(docker: Docker) -> AsyncIterator[str]:
    """Make the engine the only node of a swarm; gives the node's id."""
    node = await docker.swarm.init({"ListenAddr": "127.0.0.1:0", "AdvertiseAddr": "127.0.0.1"})
    try:
        yield node
    finally:
        with anyio.CancelScope(shield=True):
            await dissolved(docker)


def join_request(member: Member, manager: Member, token: str) -> dict[str, Any]:
    """What `swarm.join` takes for one engine to join that of another."""
    return {
        "ListenAddr": f"{member.address}:2377",
        "AdvertiseAddr": member.address,
        "RemoteAddrs": [f"{manager.address}:2377"],
        "JoinToken": token,
    }


@asynccontextmanager
async def gathered(members: Sequence[Member]) -> AsyncIterator[list[Docker]]:
    """Make the engines one swarm, the first of them its only manager; gives a client of each."""
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


async def dissolved(docker: Docker) -> None:
    """End a swarm of one engine, its services first: they would bring their containers back."""
    try:
        for service in await docker.services.list():
            await docker.services.remove(service.id)
        await docker.swarm.leave(force=True)
    except Unavailable:
        pass  # the test has left it

    async def emptied() -> bool:
        for container in await docker.containers.list(all=True):
            with suppress(NotFound, Conflict, ServerError):  # the daemon still removes them itself
                await docker.containers.remove(container.id, force=True, volumes=True)
        return not await docker.containers.list(all=True)

    await eventually(emptied)


def service_spec(name: str, script: str = IDLE, **container: Any) -> dict[str, Any]:
    """A service of one task that runs a script, in wire form; `container` goes into its container spec."""
    spec = {"Image": "busybox:latest", "Command": ["sh", "-c", script], "StopGracePeriod": 2 * 10**9, **container}
    return {"Name": name, "TaskTemplate": {"ContainerSpec": spec, "RestartPolicy": {"Condition": "none"}}}


async def eventually(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask until the answer is something; a swarm tells of no such event."""
    with anyio.fail_after(_PATIENCE):
        while not (answer := await ask()):  # noqa: ASYNC110 - there is no event: it must be asked
            await anyio.sleep(0.05)
        return answer


async def running_task(docker: Docker, service: str) -> Task:
    """A task of the service, once one has come so far."""
    return await task_in(docker, service, "running")


async def task_in(docker: Docker, service: str, *states: str) -> Task:
    """A task of the service, once one is in one of those states."""

    async def found() -> Task | None:
        tasks = await docker.tasks.list(filters={"service": service})
        return next((task for task in tasks if task.status is not None and task.status.state in states), None)

    task: Task = await eventually(found)
    return task
