"""A deadline for each test: a test that hangs fails, its fixtures are finalized, and the run continues.

This ends tests that await. Tests that block the process are ended by pytest's `faulthandler_timeout`, which exits the process;
pytest-xdist starts another one.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

__all__ = ["DEADLINE", "guarded"]

DEADLINE = 120.0
"""Seconds; several times the duration of the slowest test on a busy machine."""


def guarded(test: Callable[..., Awaitable[None]], deadline: float = DEADLINE) -> Callable[..., Awaitable[None]]:
    """Return the test with a deadline; the traceback of the failure shows what it waited for."""

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
