"""Every kind of call, cancelled at every point at which it waits: nothing is left, and the client still works."""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

import anyio
import pytest

from aiodockerapi import Docker
from tests.faults.aftermath import TIMEOUT, Aftermath
from tests.faults.calls import KINDS, Call, World

_MOST = 500  # more than any call here waits


class _Step:
    """Runs a coroutine and cancels it when it waits for the n-th time.

    The cancellation comes at once or, if `late`, in the loop iteration in which the awaited result becomes available. Then
    the coroutine never gets the result, for example a new connection, which must not leak.
    """

    def __init__(self, number: int, cancel: Callable[[], object], *, late: bool) -> None:
        self._left = number
        self._cancel = cancel
        self._late = late
        self.reached = False

    @types.coroutine
    def drive(self, coroutine: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
        error: BaseException | None = None
        while True:
            try:
                awaited = coroutine.send(None) if error is None else coroutine.throw(error)
            except StopIteration as stop:
                return stop.value
            self._count(awaited)
            error = None
            try:
                yield awaited
            except BaseException as thrown:  # noqa: BLE001 - it is passed to the coroutine
                error = thrown

    def _count(self, awaited: Any) -> None:
        self._left -= 1
        if self._left:
            return
        self.reached = True
        if self._late and isinstance(awaited, asyncio.Future):
            awaited.add_done_callback(lambda _: self._cancel())
        else:
            asyncio.get_running_loop().call_soon(self._cancel)


async def _with_task(call: Call, docker: Docker, world: World, number: int, *, late: bool) -> bool:
    """Cancel with `Task.cancel`, as `asyncio.timeout` does; return whether the call waited that many times."""

    async def work() -> None:
        await step.drive(call.run(docker, world))

    task = asyncio.ensure_future(work())
    step = _Step(number, task.cancel, late=late)
    await asyncio.wait((task,), timeout=TIMEOUT)
    assert task.done()
    if not task.cancelled():
        task.result()
    return step.reached


async def _with_scope(call: Call, docker: Docker, world: World, number: int, *, late: bool) -> bool:
    """Cancel with an anyio cancel scope."""
    with anyio.fail_after(TIMEOUT), anyio.CancelScope() as scope:
        step = _Step(number, scope.cancel, late=late)
        await step.drive(call.run(docker, world))
    return step.reached


@pytest.mark.parametrize("call", KINDS, ids=str)
@pytest.mark.parametrize("late", [False, True], ids=["while-it-waits", "with-the-result"])
@pytest.mark.parametrize("cancelled", [_with_task, _with_scope], ids=["task", "scope"])
async def test_cancelled_anywhere(
    cancelled: Callable[..., Awaitable[bool]],
    late: bool,
    call: Call,
    faulty: Docker,
    world: World,
    aftermath: Aftermath,
) -> None:
    stride = 4 if call.points == "few" else 1
    number = 1
    while await cancelled(call, faulty, world, number, late=late):
        await aftermath.is_clean()
        number += stride
        assert number < _MOST
    assert number > 1
