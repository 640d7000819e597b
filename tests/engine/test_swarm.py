"""Swarms of real engines: create, join, update, lock and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    APIError,
    BadRequest,
    Docker,
    ServerError,
    StaleVersion,
    Unavailable,
)
from aiodockerapi.models import (
    EncryptionConfig,
    OrchestrationConfig,
    Swarm,
    SwarmInitRequest,
    SwarmJoinRequest,
    SwarmSpec,
)
from tests.support import engine as engines
from tests.support.swarm import eventually, join_request, service_spec, single_node_swarm, swarm_of

if TYPE_CHECKING:
    from tests.support.engine import Engine, Member

LOCAL = {"ListenAddr": "127.0.0.1:0", "AdvertiseAddr": "127.0.0.1"}


async def state(docker: Docker) -> str:
    """Return the state of the engine in the swarm."""
    swarm = (await docker.system.info()).swarm
    assert swarm is not None
    return swarm.local_node_state


async def changed(manager: Docker, **settings: Any) -> Swarm:
    """Update the settings of the swarm, and return the updated swarm."""

    async def update() -> bool:
        swarm = await manager.swarm.inspect()
        assert swarm.spec is not None
        for name, value in settings.items():
            setattr(swarm.spec, name, value)
        try:
            await manager.swarm.update(swarm.spec, version=swarm.version)
        except StaleVersion:
            return False  # a new swarm still updates itself
        return True

    await eventually(update)
    return await manager.swarm.inspect()


async def test_init_inspect_and_leave(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        assert await state(docker) == "inactive"
        request = SwarmInitRequest(
            listen_addr="127.0.0.1:0",
            advertise_addr="127.0.0.1",
            default_addr_pool=["10.240.0.0/16"],
            subnet_size=25,
            data_path_port=4790,
            availability="drain",
            spec=SwarmSpec(orchestration=OrchestrationConfig(task_history_retention_limit=2)),
        )
        node = await docker.swarm.init(request)
        try:
            assert await state(docker) == "active"
            [listed] = await docker.nodes.list()
            assert listed.id == node
            assert listed.spec is not None
            assert listed.spec.availability == "drain"
            swarm = await docker.swarm.inspect()
            assert swarm.id
            assert (swarm.default_addr_pool, swarm.subnet_size) == (["10.240.0.0/16"], 25)
            assert swarm.data_path_port == 4790
            assert swarm.spec is not None
            assert swarm.spec.orchestration == OrchestrationConfig(task_history_retention_limit=2)
            assert swarm.join_tokens is not None
            assert swarm.join_tokens.worker.startswith("SWMTKN-1-")
            assert swarm.join_tokens.worker != swarm.join_tokens.manager
            with pytest.raises(Unavailable, match="already part of a swarm"):
                await docker.swarm.init(request)
            with pytest.raises(Unavailable, match="already part of a swarm"):
                await docker.swarm.join({**LOCAL, "RemoteAddrs": ["127.0.0.1:1"], "JoinToken": "x"})
            with pytest.raises(Unavailable, match=r"(?i)force"):
                await docker.swarm.leave()
        finally:
            await docker.swarm.leave(force=True)
        assert await state(docker) == "inactive"
        with pytest.raises(Unavailable, match="not part of a swarm"):
            await docker.swarm.leave(force=True)


async def test_settings_are_changed(manager: Docker) -> None:
    swarm = await changed(manager, orchestration=OrchestrationConfig(task_history_retention_limit=0), labels={"a": "b"})
    assert swarm.spec is not None
    assert swarm.spec.labels == {"a": "b"}
    assert swarm.spec.orchestration == OrchestrationConfig(task_history_retention_limit=0)


async def test_an_update_with_an_old_version_is_stale(manager: Docker) -> None:
    before = await manager.swarm.inspect()
    assert before.spec is not None
    await changed(manager, labels={"a": "1"})
    with pytest.raises(StaleVersion, match="update out of sequence"):
        await manager.swarm.update(before.spec, version=before.version)


async def test_tokens_are_rotated_on_request(manager: Docker) -> None:
    before = await changed(manager, labels={"settled": "1"})
    assert before.spec is not None
    assert before.join_tokens is not None
    await manager.swarm.update(before.spec, version=before.version, rotate_worker_token=True)
    between = await manager.swarm.inspect()
    assert between.join_tokens is not None
    assert between.join_tokens.worker != before.join_tokens.worker
    assert between.join_tokens.manager == before.join_tokens.manager
    await manager.swarm.update(before.spec, version=between.version, rotate_manager_token=True)
    after = await manager.swarm.inspect()
    assert after.join_tokens is not None
    assert after.join_tokens.worker == between.join_tokens.worker
    assert after.join_tokens.manager != between.join_tokens.manager


async def test_a_locked_manager_requires_its_key_after_a_restart(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker, single_node_swarm(docker):
        assert (await docker.swarm.unlock_key()).unlock_key == ""
        swarm = await changed(docker, encryption_config=EncryptionConfig(auto_lock_managers=True))
        first = (await docker.swarm.unlock_key()).unlock_key
        assert first.startswith("SWMKEY-1-")
        assert swarm.spec is not None
        await docker.swarm.update(swarm.spec, version=swarm.version, rotate_manager_unlock_key=True)
        key = (await docker.swarm.unlock_key()).unlock_key
        assert key != first
        await docker.secrets.create({"Name": "kept", "Data": "YWJj"})

        engines.restart(spare_engine.host)
        assert await state(docker) == "locked"
        with pytest.raises(Unavailable, match="encrypted and needs to be unlocked"):
            await docker.swarm.inspect()
        with pytest.raises(APIError, match=r"(?i)invalid key"):
            await docker.swarm.unlock(first)
        with pytest.raises(APIError, match=r"(?i)key"):
            await docker.swarm.unlock("no key at all")
        await docker.swarm.unlock(key)
        assert await state(docker) == "active"

        async def kept() -> bool:
            try:
                return [one.spec and one.spec.name for one in await docker.secrets.list()] == ["kept"]
            except ServerError:
                return False  # the manager is still electing itself

        assert await eventually(kept)
        with pytest.raises(APIError, match=r"(?i)not locked"):
            await docker.swarm.unlock(key)


async def test_workers_and_managers_join_by_their_tokens(members: list[Member]) -> None:
    async with swarm_of(members[:2]) as (manager, worker), Docker(members[2].host) as third:
        assert await state(worker) == "active"
        with pytest.raises(Unavailable, match=r"(?i)worker nodes can't be used"):
            await worker.swarm.inspect()
        tokens = (await manager.swarm.inspect()).join_tokens
        assert tokens is not None
        await third.swarm.join(SwarmJoinRequest(extra=join_request(members[2], members[0], tokens.manager)))
        assert (await third.swarm.inspect()).id == (await manager.swarm.inspect()).id

        async def names() -> dict[str, str]:
            nodes = await third.nodes.list()
            ready = all(node.status is not None and node.status.state == "ready" for node in nodes)
            found = {
                node.description.hostname: node.spec.role or "" for node in nodes if node.description and node.spec
            }
            return found if ready and len(found) == 3 else {}

        assert await eventually(names) == {"machine1": "manager", "machine2": "worker", "machine3": "manager"}
        await worker.swarm.leave()
        assert await state(worker) == "inactive"
        with pytest.raises(Unavailable, match=r"(?i)force"):
            await third.swarm.leave()


async def test_a_service_runs_on_every_node(members: list[Member]) -> None:
    async with swarm_of(members) as (manager, *workers):
        await manager.services.create({**service_spec("all", "echo done"), "Mode": {"GlobalJob": {}}})

        async def done() -> bool:
            tasks = await manager.tasks.list(filters={"service": "all"})
            return [task.status.state for task in tasks if task.status] == ["complete"] * 3

        await eventually(done)
        counts = [len(await docker.containers.list(all=True)) for docker in (manager, *workers)]
        assert counts == [1, 1, 1]


async def test_errors_of_the_daemon(members: list[Member]) -> None:
    host, other = members[0], members[1]
    async with Docker(host.host) as docker:
        with pytest.raises(APIError, match=r"(?i)address"):
            await docker.swarm.init({"ListenAddr": "no such address"})
        with pytest.raises(BadRequest, match="unmarshal"):
            await docker.swarm.init({"ListenAddr": "127.0.0.1:0", "SubnetSize": -1})
        with pytest.raises(APIError, match=r"(?i)token"):
            await docker.swarm.join(join_request(host, other, "no token"))
        assert await state(docker) == "inactive"
