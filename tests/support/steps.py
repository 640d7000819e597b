"""Cancellation of a call at an exact step: when it waits for the n-th time, or after an event."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Generic, Literal, TypeAlias, TypeVar

import anyio

__all__ = ["CANCELLING", "Cancelling", "cancelled_at", "cancelled_when"]

T = TypeVar("T")

Cancelling: TypeAlias = Literal["timeout", "scope", "task"]
"""The source of the cancellation: `asyncio.timeout`, an anyio scope, or `Task.cancel`."""

CANCELLING: tuple[Cancelling, ...] = ("timeout", "scope", "task")


class _Stepped(Generic[T]):
    """Awaits a coroutine, and calls `reached` when it waits for the n-th time, counted from 0."""

    def __init__(self, coroutine: Coroutine[Any, Any, T], number: int, reached: Callable[[], object]) -> None:
        self._coroutine, self._number, self._reached = coroutine, number, reached

    def __await__(self) -> Generator[Any, Any, T]:
        taken, error = 0, None
        while True:
            try:
                waiting = self._coroutine.send(None) if error is None else self._coroutine.throw(error)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if taken == self._number:
                self._reached()
            taken, error = taken + 1, None
            try:
                yield waiting
            except BaseException as thrown:  # noqa: BLE001 - it is passed to the coroutine
                error = thrown


async def _under(kind: Cancelling, wrapped: Callable[[Callable[[], object]], Awaitable[T]]) -> tuple[T | None, bool]:
    """Run `wrapped` with a function that cancels it; return its result, and whether it was cancelled."""
    if kind == "timeout":
        try:
            async with asyncio.timeout(None) as deadline:
                return await wrapped(lambda: deadline.reschedule(0)), False
        except TimeoutError:
            return None, True
    if kind == "scope":
        with anyio.CancelScope() as scope:
            return await wrapped(scope.cancel), False
        return None, True
    task = asyncio.current_task()
    assert task is not None
    try:
        return await wrapped(task.cancel), False
    except asyncio.CancelledError:
        task.uncancel()
        return None, True


async def cancelled_at(number: int, kind: Cancelling, coroutine: Coroutine[Any, Any, T]) -> tuple[T | None, bool]:
    """Await a coroutine, cancelled when it waits for the n-th time; return its result, and whether it was cancelled."""
    return await asyncio.create_task(_under(kind, lambda cancel: _Stepped(coroutine, number, cancel)))


async def cancelled_when(
    happened: Awaitable[object], kind: Cancelling, coroutine: Coroutine[Any, Any, T]
) -> tuple[T | None, bool]:
    """Await a coroutine, cancelled after `happened`; return its result, and whether it was cancelled."""

    async def watched(cancel: Callable[[], object]) -> T:
        async def watch() -> None:
            await happened
            cancel()

        watcher = asyncio.ensure_future(watch())
        try:
            return await coroutine
        finally:
            watcher.cancel()

    return await asyncio.create_task(_under(kind, watched))
