"""Volumes of a real engine."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, BadRequest, Conflict, Docker, NotFound, StaleVersion, UnsupportedFeature
from aiodockerapi.models import ClusterVolumeAccessMode, ClusterVolumeSpec
from tests.support.containers import created

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names


async def test_create_applies_the_options(docker: Docker, name: Names) -> None:
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}
    made = await docker.volumes.create(name("data"), driver="local", driver_opts=options, labels=name.labels)
    assert (made.driver, made.scope, made.options, made.labels) == ("local", "local", options, name.labels)
    assert made.mountpoint.endswith(f"/{made.name}/_data")
    assert made.created_at is not None
    assert abs(datetime.datetime.now(datetime.UTC) - made.created_at) < datetime.timedelta(minutes=10)
    assert await docker.volumes.inspect(made.name) == made
    assert await docker.volumes.create(made.name, labels={"other": "1"}) == made


async def test_a_name_is_generated_by_default(docker: Docker) -> None:
    made = await docker.volumes.create()
    assert len(made.name) == 64
    await docker.volumes.remove(made.name)


async def test_lists_are_filtered(docker: Docker, name: Names) -> None:
    first, second = [(await docker.volumes.create(name("data"), labels=name.labels)).name for _ in range(2)]
    await created(docker, name, "", HostConfig={"Binds": [f"{first}:/data"]})
    [label] = [f"{key}={value}" for key, value in name.labels.items()]

    async def listed(**filters: Any) -> list[str]:
        found = await docker.volumes.list(filters={"label": label, **filters})
        return sorted(volume.name for volume in found.volumes)

    assert await listed() == sorted([first, second])
    assert await listed(dangling=True) == [second]
    assert await listed(dangling=False) == [first]
    assert await listed(name=[first]) == [first]
    assert await listed(driver="no-such-driver") == []
    everything = await docker.volumes.list()
    assert {first, second} <= {volume.name for volume in everything.volumes}
    assert everything.warnings == []


async def test_a_volume_in_use_is_not_removed(docker: Docker, name: Names) -> None:
    volume = name("data")
    container = await created(docker, name, "", HostConfig={"Binds": [f"{volume}:/data"]})
    assert (await docker.volumes.inspect(volume)).name == volume
    for force in (False, True):
        with pytest.raises(Conflict, match="in use"):
            await docker.volumes.remove(volume, force=force)
    await docker.containers.remove(container)
    await docker.volumes.remove(volume)
    with pytest.raises(NotFound, match=volume):
        await docker.volumes.remove(volume)
    await docker.volumes.remove(volume, force=True)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: d.volumes.inspect("no-such-volume"), NotFound, "no-such-volume"),
        (lambda d: d.volumes.create("a/b"), BadRequest, "includes invalid characters"),
        (lambda d: d.volumes.create("x"), BadRequest, "too short"),
        (lambda d: d.volumes.create("xx", driver_opts={"no-such-option": "1"}), BadRequest, "no-such-option"),
        (lambda d: d.volumes.create("xx", labels={"a": 1}), BadRequest, "unmarshal"),
        (lambda d: d.volumes.list(filters={"colour": "red"}), BadRequest, "(?i)invalid filter"),
        (lambda d: d.volumes.prune(filters={"colour": "red"}), BadRequest, "(?i)invalid filter"),
    ],
)
async def test_errors_of_the_daemon(docker: Docker, call: Any, error: type[APIError], message: str) -> None:
    with pytest.raises(error, match=message):
        await call(docker)


async def test_cluster_volumes_are_refused_below_1_42(engine_host: str) -> None:
    async with Docker(engine_host, api_version="1.41") as docker:
        spec = ClusterVolumeSpec(availability="drain")
        with pytest.raises(UnsupportedFeature, match=r"volumes\.update requires"):
            await docker.volumes.update("data", spec, version=1)
        with pytest.raises(UnsupportedFeature, match=r"volumes\.create\.cluster_volume_spec"):
            await docker.volumes.create("data", cluster_volume_spec=spec)


async def test_cluster_volumes_are_updated_if_supported(manager: Docker) -> None:
    mode = ClusterVolumeAccessMode(scope="single", sharing="none", block_volume={})
    wanted = ClusterVolumeSpec(group="g", access_mode=mode, availability="active")
    creation = manager.volumes.create("data", driver="no-such-csi-plugin", cluster_volume_spec=wanted)
    if not await manager.supports("volumes.update"):
        with pytest.raises(UnsupportedFeature):
            await creation
        return
    made = (await creation).cluster_volume
    assert made is not None
    assert made.spec is not None
    assert (made.spec.group, made.spec.availability) == ("g", "active")
    made.spec.availability = "drain"
    await manager.volumes.update(made.id, made.spec, version=made.version)
    found = await manager.volumes.inspect("data")
    assert found.scope == "global"
    assert found.created_at is not None
    assert found.cluster_volume is not None
    assert found.cluster_volume.spec is not None
    assert found.cluster_volume.spec.availability == "drain"
    with pytest.raises(StaleVersion):
        await manager.volumes.update(made.id, made.spec, version=made.version)
    with pytest.raises(NotFound, match="none"):
        await manager.volumes.update("none", made.spec, version=1)
    await manager.volumes.remove("data", force=True)


async def test_prune_removes_unused_volumes(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host, api_version="1.41") as docker:
        for volume in ("used", "unused", "kept"):
            await docker.volumes.create(volume, labels={"keep": "1"} if volume == "kept" else None)
        body = {"Image": "busybox", "HostConfig": {"Binds": ["used:/data"]}}
        container = (await docker.containers.create(body)).id
        try:
            pruned = await docker.volumes.prune(filters={"label!": ["keep"]})
            assert pruned.volumes_deleted == ["unused"]
            assert pruned.space_reclaimed == 0
            assert (await docker.volumes.prune()).volumes_deleted == ["kept"]
        finally:
            await docker.containers.remove(container)
            await docker.volumes.remove("used")


async def test_a_handle_has_the_same_methods(docker: Docker, name: Names) -> None:
    volume = docker.volume((await docker.volumes.create(name("data"))).name)
    assert (await volume.inspect()).name == volume.id
    await volume.remove(force=True)
    with pytest.raises(NotFound):
        await volume.inspect()
