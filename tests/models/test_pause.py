"""Automatic garbage collection is paused while a large body is read, and resumed afterwards."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from aiodockerapi import models
from aiodockerapi._codec import decode
from aiodockerapi._codec.json_bodies import uncollected
from aiodockerapi._wire.json_text import LARGE_BODY_SIZE, dumps


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Enable the garbage collector for the test, and restore its state afterwards."""
    enabled = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if enabled else gc.disable)()


def test_the_collector_is_disabled_during_the_call_and_enabled_afterwards() -> None:
    assert uncollected(lambda value: (value, gc.isenabled()), 1) == (1, False)
    assert gc.isenabled()


def test_the_collector_is_enabled_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        uncollected(lambda value: 1 // value, 0)
    assert gc.isenabled()


def test_a_disabled_collector_stays_disabled() -> None:
    gc.disable()
    uncollected(lambda value: value, 1)
    assert not gc.isenabled()


def test_a_nested_call_does_not_enable_the_collector() -> None:
    assert uncollected(lambda value: (uncollected(lambda one: one, value), gc.isenabled()), 1) == (1, False)
    assert gc.isenabled()


def test_concurrent_threads_leave_the_collector_enabled() -> None:
    inside = Barrier(4)

    def read(value: int) -> bool:
        inside.wait(30)
        return gc.isenabled()

    with ThreadPoolExecutor(4) as threads:
        for _ in range(20):
            assert not any(threads.map(lambda value: uncollected(read, value), range(4)))
            assert gc.isenabled()


def test_a_large_body_is_read_without_collections() -> None:
    body = dumps([{"Id": f"{i:064x}", "Names": [f"/c{i}"], "Ports": [{"PrivatePort": 80}]} for i in range(4000)])
    assert len(body) > LARGE_BODY_SIZE
    decode(body, list[models.ContainerSummary])  # generates the code, which is not measured
    gc.collect()
    before = [generation["collections"] for generation in gc.get_stats()]
    found = decode(body, list[models.ContainerSummary])
    after = [generation["collections"] for generation in gc.get_stats()]
    assert len(found) == 4000
    assert sum(after) - sum(before) <= 1
