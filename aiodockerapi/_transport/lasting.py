"""Steps that must not be left half done, even when the caller is cancelled meanwhile."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from .preparing import ANYIO, prepared

__all__ = ["in_thread", "shielded", "to_the_end"]

T = TypeVar("T")


async def to_the_end(
    step: Coroutine[Any, Any, T], on_cancel: Callable[[], object] | None = None, *, patience: float | None = None
) -> T:
    """Run a step to its end; a cancellation that arrives meanwhile calls `on_cancel`, and is raised afterwards.

    A shielded cancel scope alone does not do: it holds off anyio's cancellations, not those of `asyncio.timeout` or
    `asyncio.Task.cancel`.

    :param patience: so many seconds after the cancellation the step is cancelled too, for steps that depend on a daemon: it
        may have stopped answering, and that may be why the caller was cancelled.
    """
    task = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    caller = asyncio.current_task()
    if patience is not None and caller is not None and caller.cancelling():
        _limit(task, patience)
    while not task.done():
        try:
            if cancelled is None:
                await asyncio.wait((task,))
            else:  # an anyio scope cancels once more at every await: it has been heard, and is held off
                with shielded():
                    await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            if patience is not None and cancelled is None:
                _limit(task, patience)
            cancelled = error
            if on_cancel is not None:
                on_cancel()
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # seen; the cancellation goes first
        raise cancelled
    return task.result()


def shielded() -> AbstractContextManager[object]:
    """Return a context in which anyio does not cancel.

    It does nothing in a process that has not loaded anyio: without its cancel scopes nothing has to be shielded, and loading
    anyio takes as long as the first call of a client.
    """
    if "anyio" not in sys.modules:
        return nullcontext()
    import anyio

    return anyio.CancelScope(shield=True)


def _limit(task: "asyncio.Future[Any]", seconds: float) -> None:
    timer = asyncio.get_running_loop().call_later(seconds, task.cancel)
    task.add_done_callback(lambda _: timer.cancel())


async def in_thread(step: Callable[[], T], on_cancel: Callable[[], object] | None = None) -> T:
    """Run blocking code in a worker thread, to its end; `on_cancel` may tell it to come to one."""
    return await to_the_end(_threaded(step), on_cancel)


async def _threaded(step: Callable[[], T]) -> T:
    await prepared(ANYIO)
    import anyio.to_thread

    return await anyio.to_thread.run_sync(step)
