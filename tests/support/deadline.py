"""Timeouts of asyncio and anyio that expire when the test chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import anyio

__all__ = ["KINDS", "Deadline", "until"]

KINDS = ("asyncio", "anyio")
_TIMEOUT = 30.0
_PAUSE = 0.001


class Deadline:
    """An `asyncio.timeout` or an anyio cancel scope that expires when `come` is called."""

    def __init__(self, kind: str) -> None:
        self._timeout = asyncio.timeout(None) if kind == "asyncio" else None
        self._scope = anyio.CancelScope()

    async def over(self, step: Awaitable[Any]) -> bool:
        """Await a step; return whether the deadline expired before its end."""
        if self._timeout is None:
            with self._scope:
                await step
            return self._scope.cancelled_caught
        try:
            async with self._timeout:
                await step
        except TimeoutError:
            return True
        return False

    def come(self) -> None:
        """Expire now."""
        if self._timeout is None:
            self._scope.cancel()
        else:
            self._timeout.reschedule(asyncio.get_running_loop().time())


async def until(condition: Callable[[], Awaitable[Any]]) -> None:
    """Poll a condition until it is true, where there is no event for it."""
    async with asyncio.timeout(_TIMEOUT):
        while not await condition():  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(_PAUSE)
