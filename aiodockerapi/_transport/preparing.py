"""What takes long the first time, and only then: it is done in a thread, while the event loop goes on with everything else.

That is loading modules and writing code for models: up to a tenth of a second, in which a service would answer nobody. One
thread does it all: several would take turns at the interpreter, and the event loop would have to wait for each of them.
What waits for a disk instead has a thread of its own.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol, TypeAlias

__all__ = ["ANYIO", "Once", "Preparation", "Reading", "begin", "prepared"]


class Preparation(Protocol):
    """Something to be done once, in any thread, before something else can be used."""

    @property
    def ready(self) -> bool:
        """Whether it has been done."""
        ...

    def prepare(self) -> None:
        """Do it. Doing it again changes nothing."""
        ...


class Once:
    """A step that is to be taken once."""

    def __init__(self, step: Callable[[], object]) -> None:
        self._step = step
        self.ready: bool = False

    def prepare(self) -> None:
        """Take the step."""
        self._step()
        self.ready = True


class Reading(Once):
    """A step that reads files, and takes as long as the disk: neither other steps nor the end of the process wait for it."""


_Waiter: TypeAlias = "tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]"

_lock: Final = threading.Lock()
# What is to be prepared, in this order, and who waits for it: all event loops of the process share the thread.
_queue: Final[dict[Preparation, list[_Waiter]]] = {}
_thread: threading.Thread | None = None


def begin(*steps: Preparation) -> None:
    """Have these prepared; does not wait for it."""
    global _thread  # noqa: PLW0603 - it ends when it has nothing left to do
    with _lock:
        for step in steps:
            if not step.ready and step not in _queue:
                if isinstance(step, Reading):  # where no thread can be started, nobody is to wait for it
                    threading.Thread(target=_take, args=(step,), name="aiodockerapi-reads", daemon=True).start()
                _queue[step] = []
        if _next() is not None and not (_thread is not None and _thread.is_alive()):
            _thread = threading.Thread(target=_work, name="aiodockerapi-prepares")
            _thread.start()


async def prepared(*steps: Preparation) -> None:
    """Have these prepared, and wait for it. Whoever is cancelled meanwhile just stops waiting.

    What preparing them raises is raised here, and tried again the next time.
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
        _take(step)


def _next() -> Preparation | None:
    return next((step for step in _queue if not isinstance(step, Reading)), None)


def _take(step: Preparation) -> None:
    error: BaseException | None = None
    try:
        step.prepare()
    except BaseException as caught:  # noqa: BLE001 - it is raised where somebody waits
        error = caught
    with _lock:
        waiters = _queue.pop(step)
    for loop, waiter in waiters:
        with suppress(RuntimeError):  # that loop has been closed: nobody waits any more
            loop.call_soon_threadsafe(_tell, waiter, error)


def _tell(waiter: "asyncio.Future[None]", error: BaseException | None) -> None:
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


ANYIO: Final = Once(_load_anyio)
"""Loads anyio and its asyncio backend. A function that uses anyio imports it itself, and has this prepared before."""
