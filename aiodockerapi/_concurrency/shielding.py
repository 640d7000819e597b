"""Steps that must complete although their caller is cancelled, and blocking calls in worker threads."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from .preparation import ANYIO, prepared

__all__ = ["anyio_shield", "in_thread", "run_shielded"]

T = TypeVar("T")


async def run_shielded(
    step: Coroutine[Any, Any, T], on_cancel: Callable[[], object] | None = None, *, limit: float | None = None
) -> T:
    """Run a step until it completes; a cancellation meanwhile calls `on_cancel` and is raised afterwards.

    A shielded cancel scope alone is not enough: it holds back anyio's cancellation, but not that of `asyncio.timeout` or
    `asyncio.Task.cancel`.

    :param limit: the step is cancelled this many seconds after its caller. Set it for steps that depend on the daemon, which
        may have stopped responding.
    """
    task = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    caller = asyncio.current_task()
    if limit is not None and caller is not None and caller.cancelling():
        _cancel_later(task, limit)
    while not task.done():
        try:
            if cancelled is None:
                await asyncio.wait((task,))
            else:  # an anyio scope repeats its cancellation at every await
                with anyio_shield():
                    await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            if limit is not None and cancelled is None:
                _cancel_later(task, limit)
            cancelled = error
            if on_cancel is not None:
                on_cancel()
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # marks it as retrieved: the cancellation takes precedence
        raise cancelled
    return task.result()


def anyio_shield() -> AbstractContextManager[object]:
    """Return a context in which anyio does not cancel.

    It does nothing in a process that has not loaded anyio: without its cancel scopes there is nothing to shield from, and
    loading anyio takes as long as the first call of a client.
    """
    if "anyio" not in sys.modules:
        return nullcontext()
    import anyio

    return anyio.CancelScope(shield=True)


def _cancel_later(task: "asyncio.Future[Any]", seconds: float) -> None:
    timer = asyncio.get_running_loop().call_later(seconds, task.cancel)
    task.add_done_callback(lambda _: timer.cancel())


async def in_thread(function: Callable[[], T], on_cancel: Callable[[], object] | None = None) -> T:
    """Run a blocking function in a worker thread until it returns; `on_cancel` may ask it to return early."""
    return await run_shielded(_threaded(function), on_cancel)


async def _threaded(function: Callable[[], T]) -> T:
    await prepared(ANYIO)
    import anyio.to_thread

    return await anyio.to_thread.run_sync(function)
