"""Stats of containers and waiting for their exit, on a real engine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import pytest

from aiodockerapi import Docker, InvalidArgument, NotFound, TruncatedStream
from tests.support import engine as engines
from tests.support.containers import created, ended, started

if TYPE_CHECKING:
    from tests.support.names import Names

BUSY = "while :; do :; done"


# -- stats


async def test_awaited_it_returns_one_sample_with_the_previous_cpu_usage(docker: Docker, name: Names) -> None:
    container = await started(docker, name, BUSY)
    sample = await docker.containers.stats(container)
    assert sample.id == container
    assert sample.read is not None
    assert sample.cpu_stats is not None
    assert sample.cpu_stats.cpu_usage is not None
    assert sample.precpu_stats is not None
    assert sample.precpu_stats.cpu_usage is not None
    assert sample.cpu_stats.cpu_usage.total_usage > sample.precpu_stats.cpu_usage.total_usage > 0
    assert sample.memory_stats is not None
    assert (sample.memory_stats.usage or 0) > 0


async def test_entered_it_yields_samples(docker: Docker, name: Names) -> None:
    container = await started(docker, name, BUSY)
    async with docker.containers.stats(container) as samples:
        three = [await anext(samples) for _ in range(3)]
    times = [sample.read for sample in three if sample.read is not None]
    assert len(times) == 3
    assert times == sorted(set(times))


async def test_one_shot_has_no_previous_sample(docker: Docker, name: Names) -> None:
    container = await started(docker, name, BUSY)
    sample = await docker.containers.stats(container, one_shot=True)
    assert sample.cpu_stats is not None
    assert sample.cpu_stats.cpu_usage is not None
    assert sample.cpu_stats.cpu_usage.total_usage > 0
    assert sample.preread is None


@pytest.mark.parametrize("options", [{"stream": False}, {"one_shot": True}], ids=str)
async def test_entered_for_a_single_sample_it_ends_after_it(docker: Docker, name: Names, options: Any) -> None:
    container = await started(docker, name, BUSY)
    async with docker.containers.stats(container, **options) as samples:
        assert [sample.id or container async for sample in samples] == [container]  # 26.1 omits the id here


async def test_the_sample_of_a_stopped_container_is_empty(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "true")
    sample = await docker.containers.stats(container)
    assert sample.id == container
    assert sample.read is None
    assert sample.memory_stats is None or sample.memory_stats.usage is None


async def test_one_shot_cannot_be_combined_with_stream(docker: Docker, name: Names) -> None:
    with pytest.raises(InvalidArgument, match="one_shot"):
        docker.containers.stats(name("any"), stream=True, one_shot=True)


async def test_stats_of_a_missing_container_are_not_found(docker: Docker, name: Names) -> None:
    missing = name("missing")
    with pytest.raises(NotFound, match=missing):
        await docker.containers.stats(missing)
    with pytest.raises(NotFound, match=missing):
        async with docker.containers.stats(missing):
            raise AssertionError("entered although the container does not exist")


async def test_stats_continue_after_the_exit(docker: Docker, name: Names) -> None:
    container = await started(docker, name, BUSY)
    async with docker.containers.stats(container) as samples:
        assert (await anext(samples)).read is not None
        await docker.containers.kill(container)
        async with asyncio.timeout(20):
            while (await anext(samples)).read is not None:
                pass  # sampled before the exit


# -- wait


async def test_wait_returns_at_once_for_a_stopped_container(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "exit 7")
    assert (await docker.containers.wait(container)).status_code == 7
    assert (await docker.containers.wait(container, condition="not-running")).status_code == 7


async def test_an_armed_wait_does_not_miss_an_immediate_exit(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "exit 3")
    async with docker.containers.wait(container, condition="next-exit") as waiting:
        await docker.containers.start(container)
        await docker.containers.wait(container)  # it has exited
        assert (await waiting.result()).status_code == 3
        assert (await waiting.result()).status_code == 3


async def test_next_exit_ignores_the_previous_exit(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "test -e /tmp/again && exit 2; touch /tmp/again; exit 1")
    async with docker.containers.wait(container, condition="next-exit") as waiting:
        await docker.containers.start(container)
        assert (await waiting.result()).status_code == 2


async def test_removed_waits_for_the_removal(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "exit 5", HostConfig={"AutoRemove": True})
    async with docker.containers.wait(container, condition="removed") as waiting:
        await docker.containers.start(container)
        assert (await waiting.result()).status_code == 5
    with pytest.raises(NotFound):
        await docker.containers.inspect(container)


@pytest.mark.parametrize("condition", ["not-running", "next-exit", "removed"])
async def test_forced_removal_ends_every_wait(docker: Docker, name: Names, condition: Any) -> None:
    container = await started(docker, name, "exec sleep 1000")
    async with docker.containers.wait(container, condition=condition) as waiting:
        await docker.containers.remove(container, force=True)
        async with asyncio.timeout(20):
            assert (await waiting.result()).status_code == 137


async def test_a_cancelled_wait_can_be_continued(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "exec sleep 1000")
    async with docker.containers.wait(container) as waiting:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await waiting.result()
        await docker.containers.kill(container)
        assert (await waiting.result()).status_code == 137


async def test_an_unknown_condition_is_refused_before_a_request_is_sent(docker: Docker, name: Names) -> None:
    condition: Any = "paused"
    with pytest.raises(InvalidArgument, match="not-running, next-exit, removed"):
        docker.containers.wait(name("any"), condition=condition)


async def test_wait_for_a_missing_container_is_not_found(docker: Docker, name: Names) -> None:
    missing = name("missing")
    with pytest.raises(NotFound, match=missing):
        await docker.containers.wait(missing)


async def test_a_stopping_daemon_ends_the_wait_with_an_error(spare_engine: engines.Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        made = await docker.containers.create({"Image": "busybox", "Cmd": ["true"]})
        async with docker.containers.wait(made.id, condition="next-exit") as waiting:
            await anyio.to_thread.run_sync(engines.restart, spare_engine.host)
            async with asyncio.timeout(20):
                with pytest.raises(TruncatedStream):
                    await waiting.result()
        assert (await docker.containers.inspect(made.id)).id == made.id  # the client works with the restarted daemon
        await docker.containers.remove(made.id)
