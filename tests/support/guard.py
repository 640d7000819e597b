"""A deadline for each test: one that hangs is a red test, whose fixtures are taken down, and not the end of the run.

It ends what awaits. What blocks the whole process is ended by pytest's `faulthandler_timeout`, and the process with it, which
pytest-xdist replaces by another.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

__all__ = ["DEADLINE", "guarded"]

DEADLINE = 120.0
"""Seconds; several times what the slowest test takes on a busy machine."""


def guarded(test: Callable[..., Awaitable[None]], deadline: float = DEADLINE) -> Callable[..., Awaitable[None]]:
    """The same test, which fails when its deadline passes; the cause of the failure shows what it waited for."""

    @functools.wraps(test)
    async def run(*arguments: Any, **more: Any) -> None:
        try:
            async with asyncio.timeout(deadline) as timeout:
                await test(*arguments, **more)
        except TimeoutError as error:
            if timeout.expired():
                raise AssertionError(f"the test has not ended after {deadline:g} seconds") from error
            raise

    return run
