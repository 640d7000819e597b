"""Shielded steps complete despite cancellation, also if it is repeated."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import anyio
import pytest

from aiodockerapi._concurrency import anyio_shield, in_thread, run_shielded


class Step:
    """A step that waits until it is released."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.released = asyncio.Event()
        self.done = False

    async def __call__(self, error: Exception | None = None) -> str:
        self.begun.set()
        await self.released.wait()
        self.done = True
        if error is not None:
            raise error
        return "result"


async def test_the_result_is_returned() -> None:
    step = Step()
    step.released.set()
    assert await run_shielded(step()) == "result"


async def test_an_error_is_raised() -> None:
    step = Step()
    step.released.set()
    with pytest.raises(KeyError):
        await run_shielded(step(KeyError()))


@pytest.mark.parametrize("error", [None, KeyError()])
@pytest.mark.parametrize("times", [1, 3])
async def test_a_cancellation_is_raised_after_the_step_in_place_of_its_result(
    times: int, error: Exception | None
) -> None:
    step, calls = Step(), list[str]()
    task = asyncio.ensure_future(run_shielded(step(error), lambda: calls.append("cancelled")))
    await step.begun.wait()
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    step.released.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert step.done
    assert calls == ["cancelled"] * times


async def test_asyncio_timeout() -> None:
    step = Step()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await run_shielded(step(), step.released.set)
    assert step.done


async def test_an_anyio_scope() -> None:
    step = Step()
    with anyio.move_on_after(0.01) as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(release_later, step)
            await run_shielded(step())
    assert scope.cancelled_caught
    assert step.done


async def release_later(step: Step) -> None:
    try:
        await anyio.sleep_forever()
    finally:
        step.released.set()


async def test_a_cancelled_task_waits_for_its_thread_and_may_stop_it() -> None:
    begun, stop, done = threading.Event(), threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        assert stop.wait(30)
        done.set()
        return "result"

    task = asyncio.ensure_future(in_thread(work, stop.set))
    await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done.is_set()


async def test_the_result_and_the_error_of_a_thread() -> None:
    assert await in_thread(lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)


async def test_anyio_does_not_cancel_a_shielded_step() -> None:
    done = False
    with anyio.CancelScope() as scope:
        scope.cancel()
        with anyio_shield():
            await asyncio.sleep(0)
            done = True
    assert done


def test_nothing_is_shielded_in_a_process_without_anyio() -> None:
    code = """
import sys
from aiodockerapi._concurrency import anyio_shield
with anyio_shield():
    pass
assert "anyio" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True)
