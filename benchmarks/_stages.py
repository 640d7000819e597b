"""Processor time of the stages of the three hottest paths; each line adds one stage to the line above it.

python -m benchmarks._stages

The stages run in one process and without a socket, so they show the cost of this library alone. The difference from the
cases ``logs_small``, ``summaries`` and ``tiny_request`` is the cost of the kernel and the event loop.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

from aiodockerapi import models
from aiodockerapi._codec import decode
from aiodockerapi._engine.engine import Engine
from aiodockerapi._engine.lazy_types import LazyType
from aiodockerapi._engine.request import Request
from aiodockerapi._streams.output import FrameStream
from aiodockerapi._transport import Answer
from aiodockerapi._wire import json_text
from aiodockerapi._wire.frames import FrameDecoder
from aiodockerapi._wire.http_bodies import ChunkedDecoder
from aiodockerapi._wire.layered import ChunkedFrameDecoder
from aiodockerapi._wire.request_info import RequestInfo
from aiodockerapi._wire.versions import ApiVersion
from benchmarks._harness.server import data

FRAMES, LENGTH, BLOCK, ROUNDS = 200_000, 100, 1 << 17, 7
Stage = Callable[[], object]


def compare(title: str, unit: str, scale: float, stages: dict[str, Stage]) -> None:
    """Time all stages in turn for several rounds; print the medians and the difference from the previous stage."""
    times: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(ROUNDS):
        for name, stage in stages.items():
            gc.collect()
            begin = time.process_time()
            stage()
            times[name].append((time.process_time() - begin) * scale)
    print(f"\n{title}")
    before = 0.0
    for name, values in times.items():
        median = statistics.median(values)
        print(f"  {name:<58} {median:8.3f} {unit}   {median - before:+8.3f}")
        before = median


class _Memory:
    """A response body in memory."""

    request = RequestInfo("GET", "/containers/web/logs")

    def __init__(self, blocks: list[bytes]) -> None:
        self.body = ChunkedDecoder()
        self._blocks = iter([*blocks, b""])

    async def receive_block(self) -> bytes:
        return next(self._blocks)


def frames() -> None:
    """Measure frames of 100 bytes, each in a separate chunk, as dockerd sends them."""
    frame = bytes([1, 0, 0, 0]) + LENGTH.to_bytes(4, "big") + b"x" * (LENGTH - 1) + b"\n"
    body = b"%x\r\n%s\r\n" % (len(frame), frame) * FRAMES + b"0\r\n\r\n"
    blocks = [body[start : start + BLOCK] for start in range(0, len(body), BLOCK)]

    def decoded() -> None:
        decoder = ChunkedFrameDecoder(ChunkedDecoder(), FrameDecoder())
        assert sum(len(decoder.feed(block)) for block in blocks) == FRAMES

    def stream() -> FrameStream:
        return FrameStream(cast("Any", _Memory(blocks)), FrameDecoder())

    async def one_by_one() -> None:
        found = 0
        async for frame in stream():
            found += len(frame.data)
        assert found == FRAMES * LENGTH

    compare(
        "A frame of 100 bytes in a separate chunk",
        "us",
        1e6 / FRAMES,
        {
            "chunk size, frame header, payload: pairs": decoded,
            "Frame objects, by async for": lambda: asyncio.run(one_by_one()),
        },
    )


def summaries() -> None:
    """Measure a list of 1,000 containers, ten times in a row to include the cost of garbage collection."""
    import msgspec.json

    body = data.compact(data.summaries(1000))

    def ten(read: Callable[[bytes], Any]) -> Stage:
        def stage() -> None:
            kept = None
            for _ in range(10):
                kept = read(body)
            assert len(cast("list[Any]", kept)) == 1000

        return stage

    def typed(one: bytes) -> Any:
        return decode(one, list[models.ContainerSummary])

    for library, reader, loads in (
        ("the standard library", None, json.loads),
        ("msgspec", msgspec.json.Decoder(), msgspec.json.decode),
    ):
        json_text.set_decoder(reader)
        typed(body)
        stages = {"JSON to dicts": ten(loads), "JSON to models": ten(typed)}
        compare(f"A list of 1,000 containers, with {library}", "ms", 1e3 / 10, stages)
    json_text.set_decoder(None)


def tiny() -> None:
    """Measure a call with a small response and without a connection: the cost of this library in a call."""
    volume = b'{"CreatedAt":"2026-01-01T00:00:00Z","Driver":"local","Mountpoint":"/v/_data","Name":"v","Scope":"local"}'
    answer = Answer(200, {}, volume)

    async def at_once(*_: object) -> Answer:
        return answer

    transport = SimpleNamespace(request=at_once, prepare=at_once, endpoint=SimpleNamespace(base_path=""))
    engine = Engine(cast("Any", transport), ApiVersion(1, 41))
    shape = LazyType(lambda: models.Volume)
    shape.prepare()
    request = Request("GET", "/volumes/v")
    times = 20_000

    def repeated(once: Callable[[], Awaitable[object]]) -> Stage:
        async def loop() -> None:
            for _ in range(times):
                await once()

        return lambda: asyncio.run(loop())

    compare(
        "A call with a small response",
        "us",
        1e6 / times,
        {
            "await without work": repeated(at_once),
            "version prefix, status check": repeated(lambda: engine.answer(request)),
            "JSON, model": repeated(lambda: engine.json(request, shape)),
        },
    )


if __name__ == "__main__":
    frames()
    summaries()
    tiny()
