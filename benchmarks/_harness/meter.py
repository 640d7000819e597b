"""Measurement of processor time and wall time in the process of a client."""

from __future__ import annotations

import gc
import resource
import time
from typing import Self

__all__ = ["Meter"]


class Meter:
    """A context manager that measures the processor time and wall time of its block.

    Processor time includes all threads of the process and its terminated children. Repeated use adds up.
    """

    def __init__(self) -> None:
        self.cpu = 0.0
        self.wall = 0.0
        self.extra: dict[str, float] = {}
        """Further figures by name."""
        self._began = (0.0, 0.0)

    def __enter__(self) -> Self:
        gc.collect()  # so that garbage of the preparation is not collected in the block
        self._began = (_cpu(), time.perf_counter())
        return self

    def __exit__(self, *_: object) -> None:
        cpu, wall = _cpu(), time.perf_counter()
        self.cpu += cpu - self._began[0]
        self.wall += wall - self._began[1]


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
