"""Blocks of bytes from a thread: files are read and packed without blocking the event loop."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from typing import Final

__all__ = ["ThreadedBlocks"]

_MAX_AHEAD: Final = 4  # blocks made ahead of the reader, so that the two sides need not alternate


class ThreadedBlocks:
    """An async iterator over the blocks of a generator, which runs in a separate thread, a limited number of blocks ahead.

    The thread starts when the first block is requested. It ends with the generator, or soon after `aclose`: after its current
    read it closes the generator. Empty blocks are skipped; a generator that finds nothing for a long time yields them so that
    the thread can end.

    :param blocks: returns the generator.
    :param noun: the name of the thread.
    :param repeatable: whether `blocks` can be called again for the same blocks.
    """

    def __init__(
        self, blocks: Callable[[], Generator[bytes, None, None]], noun: str, *, repeatable: bool = True
    ) -> None:
        self._blocks = blocks
        self._noun = noun
        self.repeatable: bool = repeatable
        self._shared: _Shared | None = None
        self._ended = False

    def __aiter__(self) -> "ThreadedBlocks":
        return self

    async def __anext__(self) -> bytes:
        if self._ended:
            raise StopAsyncIteration
        if self._shared is None:
            self._shared = _Shared(asyncio.get_running_loop())
            # Not a thread of a pool, which would be occupied for the whole upload. A daemon thread, so that the interpreter can
            # exit.
            threading.Thread(target=_run, args=(self._shared, self._blocks), name=self._noun, daemon=True).start()
        block = await self._shared.take()
        if block is None:
            self._ended = True
            if self._shared.failure is not None:
                raise self._shared.failure
            raise StopAsyncIteration
        return block

    def restarted(self) -> "ThreadedBlocks":
        """Return an iterator over the same blocks from the beginning, if they are `repeatable`, and close this one."""
        self._close()
        return ThreadedBlocks(self._blocks, self._noun)

    async def aclose(self) -> None:
        """Let the thread end, and discard the blocks that have not been read. It may be called repeatedly."""
        self._close()

    def _close(self) -> None:
        self._ended = True
        if self._shared is not None:
            self._shared.close()

    def __del__(self) -> None:
        self._close()


class _Shared:
    """The state shared by the thread and the event loop.

    The thread has no reference to the `ThreadedBlocks`, so that it ends when that is garbage-collected.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.failure: Exception | None = None
        self.closed = False
        self._loop = loop
        self._blocks: deque[bytes | None] = deque()
        from queue import SimpleQueue

        self._free_slots: SimpleQueue[None] = SimpleQueue()
        for _ in range(_MAX_AHEAD):
            self._free_slots.put(None)
        self._waiter: asyncio.Future[None] | None = None

    async def take(self) -> bytes | None:
        """Return the next block; None at the end."""
        while not self._blocks:
            self._waiter = self._loop.create_future()
            try:
                if not self._blocks:  # checked again: the thread looks for a waiter only after it has added a block
                    await self._waiter
            finally:
                self._waiter = None
        self._free_slots.put(None)
        return self._blocks.popleft()

    def put(self, block: bytes | None) -> bool:
        """Add a block as soon as the limit allows it; called in the thread. Returns False if the iterator was closed."""
        self._free_slots.get()
        if self.closed:
            return False
        self._blocks.append(block)
        if self._waiter is not None:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._wake)
        return True

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        self.closed = True
        self._blocks.clear()
        self._blocks.append(None)
        self._wake()
        self._free_slots.put(None)


def _run(shared: _Shared, create: Callable[[], Generator[bytes, None, None]]) -> None:
    try:
        with closing(create()) as blocks:
            for block in blocks:
                if shared.closed or (block and not shared.put(block)):
                    return
    except Exception as error:  # noqa: BLE001 - raised to the reader of the blocks
        shared.failure = error
    shared.put(None)
