"""Disk usage: the totals agree with the objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from aiodockerapi import Docker
from tests.support.containers import ended, started
from tests.support.images import context, imported

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names


async def test_totals_agree_with_the_objects(spare_engine: Engine, name: Names) -> None:
    async with Docker(spare_engine.host) as docker:
        await docker.containers.prune()  # left by other tests
        image = await imported(docker, name)
        await docker.images.build(context("FROM scratch\nCOPY a /b\n", {"a": b"content"}), version="2")
        exited = await ended(docker, name, "yes | head -c 10000 > /file")
        running = await started(docker, name, "yes | head -c 3000 > /file; sleep 600", StopSignal="SIGKILL")
        with anyio.fail_after(60):
            while (await docker.containers.inspect(running, size=True)).size_rw != 3000:  # noqa: ASYNC110
                await anyio.sleep(0.01)
        usage = await docker.system.disk_usage(
            verbose=True if await docker.supports("system.disk_usage.verbose") else None
        )
        await docker.containers.remove(running, force=True)
        await docker.containers.remove(exited)
        await docker.images.remove(image)

    assert usage.image_usage is not None
    assert f"{image}:latest" in [tag for one in usage.images for tag in one.repo_tags]
    assert usage.image_usage.total_count == len(usage.images)
    assert usage.image_usage.active_count == 1
    assert usage.layers_size == usage.image_usage.total_size >= max(one.size for one in usage.images)
    [busybox] = [one for one in usage.images if "busybox:latest" in one.repo_tags]
    used = busybox.size - busybox.shared_size
    assert usage.image_usage.reclaimable == usage.image_usage.total_size - used > 0

    assert usage.container_usage is not None
    assert {one.id for one in usage.containers} == {exited, running}
    assert (usage.container_usage.total_count, usage.container_usage.active_count) == (2, 1)
    assert (usage.container_usage.total_size, usage.container_usage.reclaimable) == (13000, 10000)

    assert usage.volume_usage is not None
    assert usage.volume_usage.total_count == len(usage.volumes)
    assert usage.build_cache_usage is not None
    assert usage.build_cache_usage.total_count == len(usage.build_cache) > 0
    assert usage.build_cache_usage.items == usage.build_cache
