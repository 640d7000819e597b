"""Many objects at once, without the garbage collector in between."""

import gc
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

__all__ = ["uncollected"]

T = TypeVar("T")
A = TypeVar("A")

_lock = Lock()
_running = 0
_enabled = False


def uncollected(read: Callable[[A], T], value: A) -> T:
    """`read(value)`, with automatic garbage collection put off until it is done.

    Each few hundred new objects set off a collection, and every so many of these one of all objects that the program has.
    A long list makes tens of thousands that are all in use: nothing can be found, and the search takes up to half of the
    time. The next collection afterwards sees them once.

    Threads may be in here together: the first one stops the collector, the last one starts it again, and a collector that
    the program has switched off stays so.
    """
    global _enabled, _running  # noqa: PLW0603 - the collector is one for the whole process
    with _lock:
        if not _running:
            _enabled = gc.isenabled()
            gc.disable()
        _running += 1
    try:
        return read(value)
    finally:
        with _lock:
            _running -= 1
            if not _running and _enabled:
                gc.enable()
