"""Measure functions side by side: interleaved rounds in one process, CPU time, medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def compare(cases: Mapping[str, Callable[[], object]], *, rounds: int = 9, unit: float = 1.0, label: str = "s") -> None:
    """Run each case in turn, `rounds` times over; print medians, spread and the ratio to the first case.

    :param unit: what a run's seconds are divided by, for example the gigabytes that it handles.
    """
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            gc.collect()
            start = time.process_time()
            case()
            times[name].append((time.process_time() - start) / unit)
    floor = statistics.median(next(iter(times.values())))
    for name, values in times.items():
        median = statistics.median(values)
        print(
            f"{name:<40} {median:10.4f} {label}   {min(values):.4f} to {max(values):.4f}   {median / floor:5.2f} x the first"
        )
