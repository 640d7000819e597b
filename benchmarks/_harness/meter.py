"""What a client's process takes for the part that counts."""

from __future__ import annotations

import gc
import resource
import time
from typing import Self

__all__ = ["Meter"]


class Meter:
    """Measures its block: processor time of the process with all of its threads and ended children, and wall time.

    Entered again, it adds up.
    """

    def __init__(self) -> None:
        self.cpu = 0.0
        self.wall = 0.0
        self.extra: dict[str, float] = {}
        """Further figures, by their names."""
        self._began = (0.0, 0.0)

    def __enter__(self) -> Self:
        gc.collect()  # what getting ready has left is not the block's to clear away
        self._began = (_cpu(), time.perf_counter())
        return self

    def __exit__(self, *_: object) -> None:
        cpu, wall = _cpu(), time.perf_counter()
        self.cpu += cpu - self._began[0]
        self.wall += wall - self._began[1]


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
