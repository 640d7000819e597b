"""Preparation steps: each runs once, in a thread, before dependent code continues."""

from __future__ import annotations

import asyncio
import threading

import pytest

from aiodockerapi._concurrency import ReadingStep, Step, begin, prepared


class Work:
    """A step that blocks until it is released; it may fail the first time."""

    def __init__(self, *errors: BaseException) -> None:
        self.begun = threading.Event()
        self.released = threading.Event()
        self.threads: list[threading.Thread] = []
        self._errors = list(errors)

    def __call__(self) -> None:
        self.threads.append(threading.current_thread())
        self.begun.set()
        assert self.released.wait(30)
        if self._errors:
            raise self._errors.pop()


async def test_a_step_runs_once_for_all_waiting_tasks_and_outside_the_event_loop() -> None:
    step = Work()
    once = Step(step)
    waiting = [asyncio.create_task(prepared(once)) for _ in range(5)]
    await asyncio.sleep(0)
    step.released.set()
    await asyncio.gather(*waiting)
    await prepared(once)
    begin(once)
    assert once.ready
    assert len(step.threads) == 1
    assert step.threads[0] is not threading.current_thread()


async def test_the_event_loop_is_not_blocked() -> None:
    step = Work()
    waiting = asyncio.create_task(prepared(Step(step)))
    await asyncio.to_thread(step.begun.wait, 30)
    assert not waiting.done()
    step.released.set()
    await waiting


async def test_one_thread_runs_all_steps_in_order_and_ends() -> None:
    steps = [Work() for _ in range(3)]
    once = [Step(step) for step in steps]
    waiting = asyncio.create_task(prepared(*once))
    await asyncio.to_thread(steps[0].begun.wait, 30)
    assert not steps[1].begun.is_set()
    for step in steps:
        step.released.set()
    await waiting
    [thread] = {step.threads[0] for step in steps}
    await asyncio.to_thread(thread.join, 30)
    assert not thread.is_alive()


async def test_a_slow_reading_step_does_not_delay_other_steps() -> None:
    slow, quick = Work(), Work()
    reading, once = ReadingStep(slow), Step(quick)
    waiting = [asyncio.create_task(prepared(reading)) for _ in range(3)]
    await asyncio.to_thread(slow.begun.wait, 30)
    quick.released.set()
    await asyncio.wait_for(prepared(once), 30)
    assert not any(task.done() for task in waiting)
    [thread] = slow.threads
    assert thread.daemon, "the process can exit while it runs"
    slow.released.set()
    await asyncio.gather(*waiting)
    assert len(slow.threads) == 1


async def test_a_thread_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    step = Work()
    step.released.set()
    reading = ReadingStep(step)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="start new thread"):
                await asyncio.wait_for(prepared(reading), 30)
    await asyncio.wait_for(prepared(reading), 30)
    assert len(step.threads) == 1


async def test_a_cancelled_task_stops_waiting_and_the_others_do_not() -> None:
    step = Work()
    once = Step(step)
    waiting = [asyncio.create_task(prepared(once)) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    step.released.set()
    await waiting[1]
    assert len(step.threads) == 1


async def test_an_error_is_raised_in_all_waiting_tasks_and_the_next_one_repeats_the_step() -> None:
    step = Work(ImportError("a module is missing"))
    once = Step(step)
    waiting = [asyncio.create_task(prepared(once)) for _ in range(2)]
    await asyncio.sleep(0)
    step.released.set()
    for task in waiting:
        with pytest.raises(ImportError, match="a module"):
            await task
    assert not once.ready
    await prepared(once)
    assert once.ready


async def test_a_step_that_failed_in_the_background_is_repeated() -> None:
    step = Work(ImportError("a module is missing"))
    once = Step(step)
    step.released.set()
    begin(once)
    await asyncio.to_thread(step.begun.wait, 30)
    await asyncio.to_thread(step.threads[0].join, 30)
    await prepared(once)
    assert len(step.threads) == 2


async def test_an_event_loop_that_has_ended_does_not_block_waiting_tasks() -> None:
    step = Work()
    once = Step(step)

    def elsewhere() -> None:
        async def wait() -> None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(prepared(once), 0.01)

        asyncio.run(wait())

    await asyncio.to_thread(elsewhere)
    waiting = asyncio.create_task(prepared(once))
    await asyncio.sleep(0)
    step.released.set()
    await waiting
    assert len(step.threads) == 1
