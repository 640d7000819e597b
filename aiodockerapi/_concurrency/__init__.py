"""Work beside the event loop: one-time preparation in a thread, blocking calls, and steps shielded from cancellation."""

from .preparation import ANYIO, Preparation, ReadingStep, Step, begin, prepared
from .shielding import in_thread, run_shielded, shielded

__all__ = ["ANYIO", "Preparation", "ReadingStep", "Step", "begin", "in_thread", "prepared", "run_shielded", "shielded"]
