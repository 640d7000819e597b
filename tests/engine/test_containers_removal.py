"""Removing and pruning containers, on a real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import BadRequest, Conflict, Docker, NotFound, ServerError
from tests.support.containers import config, created, ended, started

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names

SLEEP = "exec sleep 1000"


async def test_a_running_container_is_removed_by_force_only(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    with pytest.raises(Conflict, match=r"container is running|cannot remove a running container"):
        await docker.containers.remove(container)
    await docker.containers.pause(container)
    with pytest.raises(Conflict, match=r"container is paused|cannot remove a paused container"):
        await docker.containers.remove(container)
    await docker.containers.remove(container, force=True)
    with pytest.raises(NotFound):
        await docker.containers.remove(container)


@pytest.mark.parametrize("volumes", [False, True])
async def test_anonymous_volumes_are_removed_with_volumes_only(docker: Docker, name: Names, volumes: bool) -> None:
    container = await created(docker, name, SLEEP, Volumes={"/data": {}})
    [mount] = (await docker.containers.inspect(container)).mounts
    await docker.containers.remove(container, volumes=volumes)
    removal = docker.request("DELETE", f"/volumes/{mount.name}")
    if volumes:
        with pytest.raises(NotFound):
            await removal
    else:
        assert (await removal).status == 204


async def test_a_legacy_link_is_removed_by_its_path(docker: Docker, name: Names) -> None:
    database, web = name("db"), name("web")
    await docker.containers.create(config(name, SLEEP, HostConfig={"NetworkMode": "bridge"}), name=database)
    linked = {"NetworkMode": "bridge", "Links": [f"{database}:store"]}
    await docker.containers.create(config(name, SLEEP, HostConfig=linked), name=web)

    async def names() -> list[str]:
        [found] = await docker.containers.list(all=True, filters={"name": f"^/{database}$"})
        return sorted(found.names)

    assert await names() == sorted([f"/{database}", f"/{web}/store"])
    with pytest.raises(ServerError, match="cannot remove the default link name"):
        await docker.containers.remove(web, link=True)
    await docker.containers.remove(f"{web}/store", link=True)
    assert await names() == [f"/{database}"]


async def test_prune_removes_stopped_containers(spare_engine: Engine, name: Names) -> None:
    async with Docker(spare_engine.host) as docker:
        label = {"Labels": {"kind": "old"}}
        running = await started(docker, name, SLEEP, **label)
        old = await ended(docker, name, "echo 12345 > /tmp/five", **label)
        plain = await created(docker, name, SLEEP, Labels={})
        try:
            pruned = await docker.containers.prune(filters={"label": "kind=old"})
            assert (pruned.containers_deleted, pruned.space_reclaimed) == ([old], 6)
            assert plain not in (await docker.containers.prune(filters={"until": "1h"})).containers_deleted
            assert plain in (await docker.containers.prune()).containers_deleted
            left = [one.id for one in await docker.containers.list(all=True)]
            assert running in left
            assert plain not in left
        finally:
            await docker.containers.remove(running, force=True)


async def test_a_prune_with_an_invalid_filter_is_an_error(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        with pytest.raises(BadRequest, match=r"(?i)invalid filter 'nope'"):
            await docker.containers.prune(filters={"nope": "x"})
        with pytest.raises((BadRequest, ServerError), match="failed to parse value as time or duration"):
            await docker.containers.prune(filters={"until": "yesterday"})
