"""Deadlines of both kinds that a caller may set, at a moment that the test chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import anyio

__all__ = ["KINDS", "Deadline", "until"]

KINDS = ("asyncio", "anyio")
_PATIENCE = 30.0
_PAUSE = 0.001


class Deadline:
    """An `asyncio.timeout` or an anyio cancel scope that is over when `come` is called."""

    def __init__(self, kind: str) -> None:
        self._timeout = asyncio.timeout(None) if kind == "asyncio" else None
        self._scope = anyio.CancelScope()

    async def over(self, step: Awaitable[Any]) -> bool:
        """Await a step; tell whether the deadline came before its end."""
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
        """Let the time be over."""
        if self._timeout is None:
            self._scope.cancel()
        else:
            self._timeout.reschedule(asyncio.get_running_loop().time())


async def until(condition: Callable[[], Awaitable[Any]]) -> None:
    """Ask again and again until it is so, where nothing tells when it becomes so."""
    async with asyncio.timeout(_PATIENCE):
        while not await condition():  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(_PAUSE)
