"""How many calls go at once where each connection takes a login."""

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
    """Twenty calls that begin together, and end when they are told to."""

    def __init__(self, pace: LoginLimiter) -> None:
        self._pace = pace
        self._end = asyncio.Queue[None]()
        self.begun = self.ended = 0
        self.tasks = [asyncio.ensure_future(self._call()) for _ in range(20)]

    async def _call(self) -> None:
        async with self._pace:
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
def pace() -> LoginLimiter:
    return LoginLimiter(LOGINS)


@pytest.fixture
async def calls(pace: LoginLimiter) -> AsyncIterator[Calls]:
    calls = Calls(pace)
    await settled()
    yield calls
    for task in calls.tasks:
        task.cancel()
    await asyncio.gather(*calls.tasks, return_exceptions=True)
    async with asyncio.timeout(5), pace:
        pass  # nothing is held


async def test_the_first_call_goes_alone(calls: Calls) -> None:
    assert calls.begun == 1


async def test_each_connection_lets_one_more_call_go(pace: LoginLimiter, calls: Calls) -> None:
    with ExitStack() as connections:
        for there_are in range(1, 10):
            connections.enter_context(pace.connection())
            await settled()
            assert calls.begun == there_are + LOGINS


async def test_a_call_that_ends_lets_the_next_go(pace: LoginLimiter, calls: Calls) -> None:
    with pace.connection():
        for ended in range(1, 16):
            await calls.end(1)
            assert (calls.begun, calls.ended) == (1 + LOGINS + ended, ended)


async def test_without_a_connection_calls_still_take_their_turn(calls: Calls) -> None:
    await calls.end(19)
    assert (calls.begun, calls.ended) == (20, 19)


async def test_calls_that_give_up_hold_nobody_up(pace: LoginLimiter, calls: Calls) -> None:
    for task in calls.tasks[1:10]:
        task.cancel()
    await settled()
    with pace.connection():
        await settled()
        assert calls.begun == 1 + LOGINS
        await calls.end(10)
        assert calls.begun == 11


async def test_a_turn_that_comes_too_late_goes_to_the_next(pace: LoginLimiter, calls: Calls) -> None:
    calls.tasks[0].cancel()
    await asyncio.sleep(0)  # it has ended, and the next has been let go, but has not noticed yet
    calls.tasks[1].cancel()
    await settled()
    assert calls.begun == 2
    assert calls.tasks[1].cancelled()
    assert not calls.tasks[2].done()


async def test_a_turn_that_comes_while_its_call_gives_up_goes_to_the_next(pace: LoginLimiter, calls: Calls) -> None:
    calls.tasks[1].cancel()  # which has not noticed yet
    with pace.connection():
        await settled()
        assert calls.tasks[1].cancelled()
        assert calls.begun == 1 + LOGINS
