"""bytess from a thread: files are read and packed beside the event loop, not in it."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from typing import Final

__all__ = ["ThreadedBlocks"]

_AHEAD: Final = 4  # blocks that wait to be taken, so that neither side waits for the other's every step


class ThreadedBlocks:
    """What a generator makes in a thread of its own, a few blocks ahead of who takes them, and never more.

    The thread begins when the first block is asked for. It ends with the generator, or soon after `aclose`: what the thread is
    reading just then it reads to its end, and closes the generator. An empty block is not handed over: with one, a generator
    that finds nothing for a long time gives the thread a chance to end.
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
            # A thread of its own, since it lives as long as the upload, which would keep others from a shared one; and one that
            # does not keep the interpreter from ending.
            threading.Thread(target=_run, args=(self._shared, self._blocks), name=self._noun, daemon=True).start()
        block = await self._shared.take()
        if block is None:
            self._ended = True
            if self._shared.failure is not None:
                raise self._shared.failure
            raise StopAsyncIteration
        return block

    def restarted(self) -> "ThreadedBlocks":
        """All of it from the beginning, where it is `repeatable`. This one hands over nothing more."""
        self._close()
        return ThreadedBlocks(self._blocks, self._noun)

    async def aclose(self) -> None:
        """Let the thread end, and forget what has not been taken. May be called again."""
        self._close()

    def _close(self) -> None:
        self._ended = True
        if self._shared is not None:
            self._shared.close()

    def __del__(self) -> None:
        self._close()


class _Shared:
    """What the thread and the loop both hold. The thread knows nothing else, so that an `ThreadedBlocks` that is dropped ends it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.failure: Exception | None = None
        self.closed = False
        self._loop = loop
        self._made: deque[bytes | None] = deque()
        from queue import SimpleQueue

        self._room: SimpleQueue[None] = SimpleQueue()
        for _ in range(_AHEAD):
            self._room.put(None)
        self._waiter: asyncio.Future[None] | None = None

    async def take(self) -> bytes | None:
        """The next block; None is the end."""
        while not self._made:
            self._waiter = self._loop.create_future()
            try:
                if not self._made:  # again: the thread looks for the waiter after it has put something down
                    await self._waiter
            finally:
                self._waiter = None
        self._room.put(None)
        return self._made.popleft()

    def put(self, block: bytes | None) -> bool:
        """For the thread: hand a block over when there is room; False says that nobody wants any more."""
        self._room.get()
        if self.closed:
            return False
        self._made.append(block)
        if self._waiter is not None:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._wake)
        return True

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        self.closed = True
        self._made.clear()
        self._made.append(None)
        self._wake()
        self._room.put(None)


def _run(shared: _Shared, make: Callable[[], Generator[bytes, None, None]]) -> None:
    try:
        with closing(make()) as blocks:
            for block in blocks:
                if shared.closed or (block and not shared.put(block)):
                    return
    except Exception as error:  # noqa: BLE001 - raised where the blocks are taken
        shared.failure = error
    shared.put(None)
