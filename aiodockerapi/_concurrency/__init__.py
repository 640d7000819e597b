"""Work beside the event loop: one-time preparation in a thread, blocking calls, and steps shielded from cancellation."""

from .preparation import ANYIO, Preparation, ReadingStep, Step, begin, prepared
from .shielding import anyio_shield, in_thread, run_shielded

__all__ = [
    "ANYIO",
    "Preparation",
    "ReadingStep",
    "Step",
    "anyio_shield",
    "begin",
    "in_thread",
    "prepared",
    "run_shielded",
]
