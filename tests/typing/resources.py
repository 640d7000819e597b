"""Typing of networks, volumes and plugins. Checked, not run."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import assert_type

from aiodockerapi import (
    Docker,
    NetworkHandle,
    PluginHandle,
    PluginPullResult,
    PluginPushResult,
    ProgressStream,
    VolumeHandle,
    models,
)
from aiodockerapi.models import (
    IPAM,
    ClusterVolumeSpec,
    CreateImageInfo,
    EndpointSettings,
    IPAMConfig,
    NetworkCreateRequest,
    NetworkCreateResponse,
    NetworkInspect,
    NetworkPruneResponse,
    NetworkSummary,
    PluginPrivilege,
    PushImageInfo,
    VolumeListResponse,
    VolumePruneResponse,
)


async def networks(docker: Docker) -> None:
    assert_type(await docker.networks.list(filters={"dangling": True, "driver": ["bridge"]}), list[NetworkSummary])
    created = await docker.networks.create(
        NetworkCreateRequest(name="backend", ipam=IPAM(config=[IPAMConfig(subnet="10.1.0.0/24")]))
    )
    assert_type(created, NetworkCreateResponse)
    await docker.networks.create({"Name": "backend"})
    found = await docker.networks.inspect(created.id, verbose=True, scope="local")
    assert_type(found, NetworkInspect)
    assert_type(found.created, datetime | None)
    for container, endpoint in found.containers.items():
        assert_type(container, str)
        assert_type(endpoint.ipv4_address, str)
    await docker.networks.connect("backend", "web", endpoint_config=EndpointSettings(aliases=["db"]))
    await docker.networks.connect("backend", "web", endpoint_config={"Aliases": ["db"]})
    await docker.networks.disconnect("backend", "web", force=True)
    assert_type(await docker.networks.prune(filters={"until": "10m"}), NetworkPruneResponse)
    backend = docker.network("backend")
    assert_type(backend, NetworkHandle)
    assert_type(await backend.inspect(), NetworkInspect)
    await backend.connect("web")
    await backend.disconnect("web")
    await backend.remove()


async def volumes(docker: Docker) -> None:
    assert_type(await docker.volumes.list(), VolumeListResponse)
    made = await docker.volumes.create("data", driver="local", driver_opts={"type": "tmpfs"}, labels={})
    assert_type(made, models.Volume)
    assert_type(made.created_at, datetime | None)
    shared = await docker.volumes.create(cluster_volume_spec=ClusterVolumeSpec(group="g"))
    if shared.cluster_volume is not None and shared.cluster_volume.spec is not None:
        cluster = shared.cluster_volume
        shared.cluster_volume.spec.availability = "drain"
        await docker.volumes.update(cluster.id, shared.cluster_volume.spec, version=cluster.version)
    assert_type(await docker.volumes.prune(filters={"all": True}), VolumePruneResponse)
    data = docker.volume("data")
    assert_type(data, VolumeHandle)
    assert_type(await data.inspect(), models.Volume)
    await data.remove(force=True)


async def plugins(docker: Docker) -> None:
    assert_type(await docker.plugins.list(), list[models.Plugin])
    wanted = await docker.plugins.privileges("vieux/sshfs", auth={"username": "u", "password": "p"})
    assert_type(wanted, list[PluginPrivilege])
    assert_type(await docker.plugins.pull("vieux/sshfs", alias="sshfs", privileges=wanted), PluginPullResult)
    async with docker.plugins.pull("vieux/sshfs") as pulling:
        assert_type(pulling, ProgressStream[CreateImageInfo, PluginPullResult])
        async for message in pulling:
            assert_type(message, CreateImageInfo)
        assert_type((await pulling.result()).digest, str)
    await docker.plugins.create("me/mine", Path("mine.tar"))
    sshfs = docker.plugin("sshfs")
    assert_type(sshfs, PluginHandle)
    assert_type(await sshfs.inspect(), models.Plugin)
    await sshfs.set(["DEBUG=1"])
    await sshfs.enable(timeout=timedelta(seconds=5))
    await sshfs.disable(force=True)
    assert_type(await sshfs.upgrade("vieux/sshfs:next", privileges=[{"Name": "network"}]), PluginPullResult)
    assert_type(await sshfs.push(), PluginPushResult)
    async with sshfs.push() as pushing:
        assert_type(pushing, ProgressStream[PushImageInfo, PluginPushResult])
    await sshfs.remove()
