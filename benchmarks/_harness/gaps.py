"""Measurement of the longest time that an event loop or a thread was blocked."""

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
    """The longest of the gaps between `start` and `note`, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        """The longest gap, excluding the time that the thread was runnable but waited for a processor."""
        self.by_clock = 0.0
        """The longest gap in wall-clock time, including the load of other processes on the machine."""
        self._file: IO[bytes] | None = None
        with suppress(OSError):  # the file exists on Linux only
            self._file = Path("/proc/thread-self/schedstat").open("rb", buffering=0)  # noqa: SIM115
        self._last = self._clocks()

    def _clocks(self) -> tuple[float, float]:
        """Return the time, and how long this thread has waited for a processor so far, in seconds."""
        waited = 0.0
        if self._file is not None:
            self._file.seek(0)
            waited = int(self._file.read(100).split()[1]) / 1e9
        return time.perf_counter(), waited

    def start(self) -> None:
        self._last = self._clocks()

    def note(self, expected: float = 0.0) -> None:
        """Record the end of a gap; `expected` seconds of it do not count."""
        now, waited = self._clocks()
        gap = now - self._last[0] - expected
        self.by_clock = max(self.by_clock, 1000 * gap)
        self.longest = max(self.longest, 1000 * (gap - (waited - self._last[1])))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Gaps(_Watch):
    """``async with Gaps() as gaps``: measure how long the block delays another task of the event loop."""

    _ticker: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self._ticker = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.note()  # the last part of the block, which the ticker has not recorded
        self._ticker.cancel()
        await asyncio.wait([self._ticker])
        self.close()

    async def _tick(self) -> None:
        while True:
            self.start()
            await asyncio.sleep(_PAUSE)
            self.note(_PAUSE)


class ThreadGaps:
    """``with ThreadGaps() as gaps``: measure how long the block delays another thread, for code without an event loop."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.by_clock = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tick)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _tick(self) -> None:
        watch = _Watch()
        while not self._stop.wait(_PAUSE):
            watch.note(_PAUSE)
            watch.start()
        self.longest, self.by_clock = watch.longest, watch.by_clock
        watch.close()
