"""The limit of concurrent calls in a mode where each connection requires a login."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from aiodockerapi._transport.ssh.login_limit import LoginLimiter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOGINS = 4


class Calls:
    """Twenty calls that start together and wait for `end`."""

    def __init__(self, limiter: LoginLimiter) -> None:
        self._limiter = limiter
        self._end = asyncio.Queue[None]()
        self.begun = self.ended = 0
        self.tasks = [asyncio.ensure_future(self._call()) for _ in range(20)]

    async def _call(self) -> None:
        async with self._limiter:
            self.begun += 1
            await self._end.get()
            self.ended += 1

    async def end(self, many: int) -> None:
        for _ in range(many):
            self._end.put_nowait(None)
        await settled()


async def settled() -> None:
    for _ in range(100):
        await asyncio.sleep(0)


@pytest.fixture
def limiter() -> LoginLimiter:
    return LoginLimiter(LOGINS)


@pytest.fixture
async def calls(limiter: LoginLimiter) -> AsyncIterator[Calls]:
    calls = Calls(limiter)
    await settled()
    yield calls
    for task in calls.tasks:
        task.cancel()
    await asyncio.gather(*calls.tasks, return_exceptions=True)
    async with asyncio.timeout(5), limiter:
        pass  # no call is still admitted


async def test_before_the_first_connection_one_call_is_admitted(calls: Calls) -> None:
    assert calls.begun == 1


async def test_each_connection_admits_one_more_call(limiter: LoginLimiter, calls: Calls) -> None:
    with ExitStack() as connections:
        for open_connections in range(1, 10):
            connections.enter_context(limiter.connection())
            await settled()
            assert calls.begun == open_connections + LOGINS


async def test_a_call_that_ends_admits_the_next(limiter: LoginLimiter, calls: Calls) -> None:
    with limiter.connection():
        for ended in range(1, 16):
            await calls.end(1)
            assert (calls.begun, calls.ended) == (1 + LOGINS + ended, ended)


async def test_without_a_connection_calls_are_admitted_one_by_one(calls: Calls) -> None:
    await calls.end(19)
    assert (calls.begun, calls.ended) == (20, 19)


async def test_cancelled_calls_do_not_block_others(limiter: LoginLimiter, calls: Calls) -> None:
    for task in calls.tasks[1:10]:
        task.cancel()
    await settled()
    with limiter.connection():
        await settled()
        assert calls.begun == 1 + LOGINS
        await calls.end(10)
        assert calls.begun == 11


async def test_the_admission_of_a_cancelled_call_passes_to_the_next(limiter: LoginLimiter, calls: Calls) -> None:
    calls.tasks[0].cancel()
    await asyncio.sleep(0)  # it has ended, and the next one has been admitted, but has not run yet
    calls.tasks[1].cancel()
    await settled()
    assert calls.begun == 2
    assert calls.tasks[1].cancelled()
    assert not calls.tasks[2].done()


async def test_the_admission_of_a_call_that_is_being_cancelled_passes_to_the_next(
    limiter: LoginLimiter, calls: Calls
) -> None:
    calls.tasks[1].cancel()  # not delivered yet
    with limiter.connection():
        await settled()
        assert calls.tasks[1].cancelled()
        assert calls.begun == 1 + LOGINS
