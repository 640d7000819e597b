"""How long an event loop, or a process, was kept from doing anything else."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

__all__ = ["Gaps", "ThreadGaps"]

_PAUSE = 0.0005


class _Watch:
    """The gaps between the moments at which `note` is called, in milliseconds, and what they come to."""

    def __init__(self) -> None:
        self.longest = 0.0
        """The longest, without the time for which the thread was ready and other processes had the processors."""
        self.by_clock = 0.0
        """The longest, by the clock: what is felt where many share a machine."""
        self._file: IO[bytes] | None = None
        with suppress(OSError):  # other systems do not tell
            self._file = Path("/proc/thread-self/schedstat").open("rb", buffering=0)  # noqa: SIM115
        self._last = self._clocks()

    def _clocks(self) -> tuple[float, float]:
        """The time, and for how long this thread has been kept waiting for a processor so far, in seconds."""
        waited = 0.0
        if self._file is not None:
            self._file.seek(0)
            waited = int(self._file.read(100).split()[1]) / 1e9
        return time.perf_counter(), waited

    def start(self) -> None:
        self._last = self._clocks()

    def note(self, meant: float = 0.0) -> None:
        """The end of a gap, of which `meant` seconds were no wait."""
        now, waited = self._clocks()
        gap = now - self._last[0] - meant
        self.by_clock = max(self.by_clock, 1000 * gap)
        self.longest = max(self.longest, 1000 * (gap - (waited - self._last[1])))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Gaps(_Watch):
    """``async with Gaps() as gaps``: a task beside the block that wants to run all the time."""

    _ticker: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self._ticker = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.note()  # what came last in the block has not been seen by the ticker
        self._ticker.cancel()
        await asyncio.wait([self._ticker])
        self.close()

    async def _tick(self) -> None:
        while True:
            self.start()
            await asyncio.sleep(_PAUSE)
            self.note(_PAUSE)


class ThreadGaps:
    """``with ThreadGaps() as gaps``: the same for code without a loop: what another thread feels."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.by_clock = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tick)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _tick(self) -> None:
        watch = _Watch()
        while not self._over.wait(_PAUSE):
            watch.note(_PAUSE)
            watch.start()
        self.longest, self.by_clock = watch.longest, watch.by_clock
        watch.close()
