"""Checks after a fault: the client works, and no connection, file or task is left."""

import asyncio
from dataclasses import dataclass
from typing import Any

import anyio

from aiodockerapi import Docker
from aiodockerapi.errors import DockerError
from tests.faults.calls import Call, World
from tests.support.faults import Proxy, open_descriptors

__all__ = ["TIMEOUT", "Aftermath", "Outcome", "outcome"]

TIMEOUT = 20.0
"""Seconds after which a call counts as hanging; every call here takes less than one."""


@dataclass
class Outcome:
    """How a call ended."""

    result: Any = None
    error: DockerError | None = None


async def outcome(call: Call, docker: Docker, world: World) -> Outcome:
    """Make a call; any exception but a `DockerError` fails the test, as does a call that hangs."""
    with anyio.fail_after(TIMEOUT):
        try:
            return Outcome(await call.run(docker, world))
        except DockerError as error:
            return Outcome(error=error)


class Aftermath:
    """Compares the open files and tasks with those before the test."""

    def __init__(self, proxy: Proxy, docker: Docker) -> None:
        self._proxy = proxy
        self._docker = docker
        self._files = len(self._descriptors()) - proxy.open
        self._tasks = asyncio.all_tasks()

    def _descriptors(self) -> set[int]:
        return open_descriptors() - self._proxy.descriptors

    def _running(self) -> set[asyncio.Task[Any]]:
        new = asyncio.all_tasks() - self._tasks - self._proxy.tasks - {asyncio.current_task()}
        return {task for task in new if not repr(task.get_coro()).startswith("<coroutine object TestRunner.")}

    async def is_clean(self) -> None:
        """Check that the next call works, and that nothing but one idle connection is left."""
        with anyio.fail_after(TIMEOUT):
            await self._docker.system.ping()
            await self._proxy.until(lambda: self._proxy.open <= 1)
            while running := self._running():
                await asyncio.wait(running)
        assert self._proxy.open == 1
        assert len(self._descriptors()) == self._files + 1

    async def is_clean_over_tcp(self) -> None:
        """Check the same, without the connections of the proxy: over TCP it cannot distinguish close and half-close."""
        with anyio.fail_after(TIMEOUT):
            await self._docker.system.ping()
            while running := self._running():
                await asyncio.wait(running)
            while len(self._descriptors()) > self._files + 1:  # noqa: ASYNC110 - a close has no event
                await asyncio.sleep(0)
