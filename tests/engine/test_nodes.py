"""Nodes of real swarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, BadRequest, Docker, NotFound, StaleVersion, Unavailable
from aiodockerapi.models import Node, NodeSpec
from tests.support.swarm import eventually, running_task, service_spec, swarm_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.engine import Engine, Member


async def only(manager: Docker) -> Node:
    """Return the node of a swarm with a single node, once it is ready."""

    async def ready() -> Node | None:
        [node] = await manager.nodes.list()
        return node if node.status and node.status.state == "ready" and node.manager_status else None

    node: Node = await eventually(ready)
    return node


async def changed(manager: Docker, node: str, **settings: Any) -> Node:
    """Update the settings of a node, and return the updated node."""

    async def update() -> bool:
        found = await manager.nodes.inspect(node)
        assert found.spec is not None
        for name, value in settings.items():
            setattr(found.spec, name, value)
        try:
            await manager.nodes.update(node, found.spec, version=found.version)
        except StaleVersion:
            return False  # a new node still updates itself
        return True

    await eventually(update)
    return await manager.nodes.inspect(node)


async def test_a_node_has_its_description_and_status(manager: Docker) -> None:
    info = await manager.system.info()
    assert info.swarm is not None
    node = await only(manager)
    assert (await manager.nodes.inspect(node.id)).id == node.id == info.swarm.node_id
    assert node.spec == NodeSpec(role="manager", availability="active", labels={})
    assert node.description is not None
    assert node.description.hostname == info.name
    assert node.description.resources is not None
    assert node.description.resources.nano_cpus == info.ncpu * 10**9
    assert node.description.engine is not None
    assert node.description.engine.engine_version == info.server_version
    assert node.status is not None
    assert node.status.addr == "127.0.0.1"
    assert node.manager_status is not None
    assert (node.manager_status.leader, node.manager_status.reachability) == (True, "reachable")


async def test_lists_are_filtered(manager: Docker) -> None:
    node = await changed(manager, (await only(manager)).id, labels={"disk": "fast"})

    async def listed(**filters: Any) -> list[str]:
        return [found.id for found in await manager.nodes.list(filters=filters)]

    assert await listed(role=["manager"]) == [node.id]
    assert await listed(role="worker") == []
    assert await listed(**{"node.label": "disk=fast"}) == [node.id]
    assert await listed(id=node.id[:8]) == [node.id]
    with pytest.raises(BadRequest, match=r"(?i)invalid filter"):
        await listed(colour="red")


async def test_a_drained_node_gets_no_tasks(manager: Docker) -> None:
    node = await changed(manager, (await only(manager)).id, availability="drain", labels={"a": "b"})
    assert node.spec == NodeSpec(role="manager", availability="drain", labels={"a": "b"})
    await manager.services.create(service_spec("web"))

    async def pending() -> list[str]:
        return [task.status.err for task in await manager.tasks.list() if task.status and task.status.err]

    assert "no suitable node" in (await eventually(pending))[0]
    await changed(manager, node.id, availability="active")
    assert (await running_task(manager, "web")).node_id == node.id


async def test_an_update_with_an_old_version_is_stale(manager: Docker) -> None:
    before = await only(manager)
    assert before.spec is not None
    await changed(manager, before.id, labels={"a": "1"})
    with pytest.raises(StaleVersion, match="update out of sequence"):
        await manager.nodes.update(before.id, before.spec, version=before.version)
    spec = (await manager.nodes.inspect(before.id)).spec
    assert spec is not None
    assert spec.labels == {"a": "1"}


async def test_errors_of_the_daemon(manager: Docker, spare_engine: Engine) -> None:
    node = await only(manager)
    assert node.version is not None
    spec = {"Role": "manager", "Availability": "active"}
    cases: list[tuple[Callable[[], Any], type[APIError], str]] = [
        (lambda: manager.nodes.inspect("none"), NotFound, "none"),
        (lambda: manager.nodes.remove("none"), NotFound, "none"),
        (lambda: manager.nodes.update("none", spec, version=1), NotFound, "none"),
        (lambda: manager.nodes.update(node.id, {**spec, "Role": "boss"}, version=1), BadRequest, "boss"),
        (lambda: manager.nodes.update(node.id, {**spec, "Availability": "no"}, version=1), BadRequest, "no"),
        (lambda: manager.nodes.remove(node.id, force=True), BadRequest, "must be demoted"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            await call()
    await manager.swarm.leave(force=True)
    with pytest.raises(Unavailable, match="not a swarm manager"):
        await manager.nodes.list()


async def test_nodes_are_promoted_demoted_and_removed(members: list[Member]) -> None:
    async with swarm_of(members) as (manager, second, third):
        ids = {}
        for docker in (second, third):
            info = await docker.system.info()
            assert info.swarm is not None
            ids[docker] = info.swarm.node_id

        node = manager.node(ids[second])
        assert (await changed(manager, node.id, role="manager")).manager_status is None

        async def is_manager() -> bool:
            return (await node.inspect()).manager_status is not None

        await eventually(is_manager)
        await changed(manager, node.id, role="worker")

        async def is_worker() -> bool:
            return not await is_manager()

        await eventually(is_worker)

        with pytest.raises(BadRequest, match="not down"):
            await manager.nodes.remove(ids[third])
        await third.swarm.leave()

        async def down() -> bool:
            status = (await manager.nodes.inspect(ids[third])).status
            return status is not None and status.state == "down"

        await eventually(down)
        await manager.nodes.remove(ids[third])
        with pytest.raises(NotFound):
            await manager.nodes.inspect(ids[third])
        await node.remove(force=True)
        assert len(await manager.nodes.list()) == 1
