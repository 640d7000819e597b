"""Typing of a swarm: nodes, services, tasks, secrets, configs. Checked, not run."""

from datetime import timedelta
from typing import assert_type

from aiodockerapi import (
    ConfigHandle,
    Docker,
    Frame,
    FrameStream,
    NodeHandle,
    Output,
    SecretHandle,
    ServiceHandle,
    StaleVersion,
    TaskHandle,
    models,
)
from aiodockerapi.models import (
    ConfigSpec,
    ContainerSpec,
    IDResponse,
    ObjectVersion,
    ReplicatedService,
    SecretSpec,
    ServiceCreateResponse,
    ServiceMode,
    ServiceSpec,
    ServiceUpdateResponse,
    SwarmInitRequest,
    SwarmJoinRequest,
    SwarmSpec,
    TaskSpec,
    UnlockKeyResponse,
)


async def the_swarm(docker: Docker) -> None:
    assert_type(await docker.swarm.init(SwarmInitRequest(listen_addr="0.0.0.0:2377")), str)
    await docker.swarm.join(SwarmJoinRequest(listen_addr="eth0", remote_addrs=["10.0.0.1:2377"], join_token="x"))
    swarm = await docker.swarm.inspect()
    assert_type(swarm, models.Swarm)
    if swarm.spec is not None:
        assert_type(swarm.spec, SwarmSpec)
        await docker.swarm.update(swarm.spec, version=swarm.version, rotate_worker_token=True)
    assert_type(await docker.swarm.unlock_key(), UnlockKeyResponse)
    await docker.swarm.unlock("SWMKEY-1-x")
    await docker.swarm.leave(force=True)


async def nodes(docker: Docker) -> None:
    for found in await docker.nodes.list(filters={"role": "worker"}):
        assert_type(found, models.Node)
        if found.spec is not None:
            found.spec.availability = "drain"
            await docker.nodes.update(found.id, found.spec, version=found.version)
    node = docker.node("id")
    assert_type(node, NodeHandle)
    assert_type(await node.inspect(), models.Node)
    await node.remove(force=True)


async def services(docker: Docker) -> None:
    spec = ServiceSpec(
        name="web",
        task_template=TaskSpec(container_spec=ContainerSpec(image="busybox", args=["httpd", "-f"])),
        mode=ServiceMode(replicated=ReplicatedService(replicas=2)),
    )
    created = await docker.services.create(spec, auth={"username": "u", "password": "p"})
    assert_type(created, ServiceCreateResponse)
    assert_type(await docker.services.list(status=True), list[models.Service])
    service = await docker.services.inspect(created.id, insert_defaults=True)
    assert_type(service, models.Service)
    try:
        updated = await docker.services.update("web", spec, version=service.version, registry_auth_from="spec")
        assert_type(updated, ServiceUpdateResponse)
        await docker.services.update("web", {"TaskTemplate": {}}, version=7, rollback="previous")
        await docker.services.update("web", spec, version=ObjectVersion(index=7))
    except StaleVersion as error:
        assert_type(error.status, int)
    assert_type(await docker.services.logs("web", details=True, since=timedelta(hours=1), tail="all"), Output)
    async with docker.services.logs("web", follow=True) as log:
        assert_type(log, FrameStream)
        async for frame in log:
            assert_type(frame, Frame)
    web = docker.service("web")
    assert_type(web, ServiceHandle)
    assert_type(await web.logs(), Output)
    await web.remove()


async def tasks(docker: Docker) -> None:
    for found in await docker.tasks.list(filters={"service": "web", "desired-state": "running"}):
        assert_type(found, models.Task)
        assert_type(found.node_id, str)
    task = docker.task("id")
    assert_type(task, TaskHandle)
    assert_type(await task.inspect(), models.Task)
    assert_type(await task.logs(stderr=False, tail=5), Output)


async def secrets_and_configs(docker: Docker) -> None:
    assert_type(await docker.secrets.create(SecretSpec(name="key", data="YWJj")), IDResponse)
    assert_type(await docker.configs.create({"Name": "key", "Data": "YWJj"}), IDResponse)
    assert_type(await docker.secrets.list(), list[models.Secret])
    assert_type(await docker.configs.list(filters={"name": ["key"]}), list[models.Config])
    secret, config = docker.secret("key"), docker.config("key")
    assert_type(secret, SecretHandle)
    assert_type(config, ConfigHandle)
    await secret.update(SecretSpec(name="key"), version=(await secret.inspect()).version)
    await config.update(ConfigSpec(name="key"), version=(await config.inspect()).version)
    await secret.remove()
    await config.remove()
