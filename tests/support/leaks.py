"""Proof that nothing stays behind: no socket, no task, nothing that warns when it is collected."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

__all__ = ["nothing_left", "sockets"]

_PATIENCE = 10.0


def sockets() -> int:
    """How many sockets this process holds."""
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the listing's own descriptor
            count += str(entry.readlink()).startswith("socket:")
    return count


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Hold that the block leaves as many sockets and tasks as it found; closing may take the loop a few rounds."""
    gc.collect()
    had_sockets, had_tasks = sockets(), asyncio.all_tasks()
    yield
    deadline = time.monotonic() + _PATIENCE
    while sockets() > had_sockets or asyncio.all_tasks() - had_tasks:
        assert time.monotonic() < deadline, (
            f"left: {sockets() - had_sockets} sockets, tasks {asyncio.all_tasks() - had_tasks}"
        )
        await asyncio.sleep(0.01)
    gc.collect()  # whatever warns when it goes, warns now
