"""A check for leaks: sockets, tasks, and objects that warn when they are garbage-collected."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

__all__ = ["nothing_left", "sockets"]

_TIMEOUT = 10.0


def sockets() -> int:
    """Return the number of open sockets of this process."""
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the descriptor of the listing itself
            count += str(entry.readlink()).startswith("socket:")
    return count


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Check that the block leaves no sockets and tasks; closing them may take a few iterations of the event loop."""
    gc.collect()
    had_sockets, had_tasks = sockets(), asyncio.all_tasks()
    yield
    deadline = time.monotonic() + _TIMEOUT
    while sockets() > had_sockets or asyncio.all_tasks() - had_tasks:
        assert time.monotonic() < deadline, (
            f"left: {sockets() - had_sockets} sockets, tasks {asyncio.all_tasks() - had_tasks}"
        )
        await asyncio.sleep(0.01)
    gc.collect()  # trigger warnings of leaked objects
