"""Blocks from a thread: their order, their limit, and the end of the thread."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Generator
from itertools import count

import anyio
import pytest

from aiodockerapi._transport.upload.threaded_blocks import ThreadedBlocks
from tests.support.leaks import nothing_left

NAME = "making blocks"


class Maker:
    """Yields numbered blocks, and counts them."""

    def __init__(self, blocks: int | None = None, error: Exception | None = None) -> None:
        self.blocks, self.error = blocks, error
        self.made = 0
        self.closed = False

    def __call__(self) -> Generator[bytes, None, None]:
        try:
            for number in count() if self.blocks is None else range(self.blocks):
                yield b"%d" % number
                self.made += 1
            if self.error is not None:
                raise self.error
        finally:
            self.closed = True


def threads() -> int:
    return sum(thread.name == NAME for thread in threading.enumerate())


async def until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(20):
        while not condition():  # noqa: ASYNC110 - a thread cannot be awaited
            await anyio.sleep(0.005)


@pytest.mark.parametrize("pause", [0, 0.001])
async def test_blocks_arrive_in_order(pause: float) -> None:
    maker, taken = Maker(50), []
    async for block in ThreadedBlocks(maker, NAME):
        taken.append(int(block))
        await anyio.sleep(pause)
    assert taken == list(range(50))
    await until(lambda: threads() == 0)


async def test_no_blocks() -> None:
    assert [block async for block in ThreadedBlocks(Maker(0), NAME)] == []


async def test_empty_blocks_are_skipped() -> None:
    def make() -> Generator[bytes, None, None]:
        yield from (b"", b"a", b"", b"", b"b", b"")

    assert [block async for block in ThreadedBlocks(make, NAME)] == [b"a", b"b"]


async def test_the_thread_starts_with_the_first_request() -> None:
    maker = Maker()
    blocks = ThreadedBlocks(maker, NAME)
    assert threads() == 0
    await blocks.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(blocks)
    assert (threads(), maker.made) == (0, 0)


async def test_the_number_of_blocks_ahead_is_limited() -> None:
    maker = Maker()
    blocks = ThreadedBlocks(maker, NAME)
    await anext(blocks)
    await until(lambda: maker.made == 5)
    await anyio.sleep(0.05)
    assert maker.made == 5
    await blocks.aclose()


async def test_an_error_is_raised_after_the_preceding_blocks() -> None:
    blocks = ThreadedBlocks(Maker(3, KeyError("mine")), NAME)
    assert [await anext(blocks) for _ in range(3)] == [b"0", b"1", b"2"]
    with pytest.raises(KeyError, match="mine"):
        await anext(blocks)
    with pytest.raises(StopAsyncIteration):
        await anext(blocks)


async def test_closing_ends_the_thread_and_closes_the_generator() -> None:
    maker = Maker()
    blocks = ThreadedBlocks(maker, NAME)
    await anext(blocks)
    await blocks.aclose()
    await blocks.aclose()
    await until(lambda: maker.closed and threads() == 0)
    with pytest.raises(StopAsyncIteration):
        await anext(blocks)


async def test_closing_ends_a_generator_that_finds_nothing() -> None:
    running = threading.Event()

    def make() -> Generator[bytes, None, None]:
        while True:
            running.set()
            yield b""

    blocks = ThreadedBlocks(make, NAME)
    waiting = asyncio.ensure_future(anext(blocks))
    await until(running.is_set)
    await blocks.aclose()
    with pytest.raises(StopAsyncIteration):
        await waiting
    await until(lambda: threads() == 0)


async def test_garbage_collection_ends_the_thread() -> None:
    maker = Maker()
    blocks = ThreadedBlocks(maker, NAME)
    await anext(blocks)
    del blocks
    gc.collect()
    await until(lambda: maker.closed and threads() == 0)


async def test_a_cancelled_wait_loses_nothing() -> None:
    go = threading.Event()

    def make() -> Generator[bytes, None, None]:
        go.wait(20)
        yield b"a"
        yield b"b"

    async with nothing_left():
        blocks = ThreadedBlocks(make, NAME)
        with anyio.move_on_after(0.05):
            await anext(blocks)
        go.set()
        assert [block async for block in blocks] == [b"a", b"b"]


def test_the_thread_ends_after_its_loop_was_closed() -> None:
    maker = Maker()

    async def take() -> ThreadedBlocks:
        blocks = ThreadedBlocks(maker, NAME)
        await anext(blocks)
        return blocks

    blocks = asyncio.run(take())
    del blocks
    gc.collect()
    asyncio.run(until(lambda: maker.closed and threads() == 0))
