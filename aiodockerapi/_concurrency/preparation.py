"""One-time preparation in a thread: imports and code generation, which would otherwise block the event loop.

Importing modules and generating code for models takes up to a tenth of a second. A single thread does all of it: several
threads would compete for the interpreter with each other and with the event loop. A step that reads files has a thread of its
own, because it may wait for a disk.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol, TypeAlias

__all__ = ["ANYIO", "Preparation", "ReadingStep", "Step", "begin", "prepared"]


class Preparation(Protocol):
    """Something to be done once, in any thread, before something else can be used."""

    @property
    def ready(self) -> bool:
        """Whether it has been done."""
        ...

    def prepare(self) -> None:
        """Do it. Repeating it has no effect."""
        ...


class Step:
    """A preparation made of one function."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function
        self.ready: bool = False

    def prepare(self) -> None:
        """Call the function."""
        self._function()
        self.ready = True


class ReadingStep(Step):
    """A step that reads files, in a thread of its own; neither other steps nor the interpreter's exit wait for it."""


_Waiter: TypeAlias = "tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]"

_lock: Final = threading.Lock()
# What is to be prepared, in this order, and the futures that wait for it: all event loops of the process share the thread.
_queue: Final[dict[Preparation, list[_Waiter]]] = {}
_thread: threading.Thread | None = None


def begin(*steps: Preparation) -> None:
    """Start the given preparations without waiting for them."""
    global _thread  # noqa: PLW0603 - the thread ends when its queue is empty
    with _lock:
        for step in steps:
            if not step.ready and step not in _queue:
                if isinstance(step, ReadingStep):  # queued only if the thread starts: otherwise its waiters would hang
                    threading.Thread(target=_run, args=(step,), name="aiodockerapi-reads", daemon=True).start()
                _queue[step] = []
        if _next() is not None and not (_thread is not None and _thread.is_alive()):
            _thread = threading.Thread(target=_work, name="aiodockerapi-prepares")
            _thread.start()


async def prepared(*steps: Preparation) -> None:
    """Run the given preparations and wait for them. A cancelled caller only stops waiting.

    An exception in a preparation is raised here; the next call tries again.
    """
    begin(*steps)
    for step in steps:
        while not step.ready:
            begin(step)
            await _done(step)


async def _done(step: Preparation) -> None:
    loop = asyncio.get_running_loop()
    waiter = loop.create_future()
    with _lock:
        if step not in _queue:
            return
        _queue[step].append((loop, waiter))
    await waiter


def _work() -> None:
    global _thread  # noqa: PLW0603 - see `begin`
    while True:
        with _lock:
            step = _next()
            if step is None:
                _thread = None
                return
        _run(step)


def _next() -> Preparation | None:
    return next((step for step in _queue if not isinstance(step, ReadingStep)), None)


def _run(step: Preparation) -> None:
    error: BaseException | None = None
    try:
        step.prepare()
    except BaseException as caught:  # noqa: BLE001 - raised in the waiting tasks
        error = caught
    with _lock:
        waiters = _queue.pop(step)
    for loop, waiter in waiters:
        with suppress(RuntimeError):  # that event loop is closed
            loop.call_soon_threadsafe(_wake, waiter, error)


def _wake(waiter: "asyncio.Future[None]", error: BaseException | None) -> None:
    if waiter.done():
        return
    if error is None:
        waiter.set_result(None)
    else:
        waiter.set_exception(error)


async def _use_anyio() -> None:
    import anyio.to_thread

    await anyio.to_thread.run_sync(int)


def _load_anyio() -> None:
    import anyio

    anyio.run(_use_anyio)


ANYIO: Final = Step(_load_anyio)
"""Loads anyio and its asyncio backend. A function that uses anyio imports it itself, and has this prepared before."""
