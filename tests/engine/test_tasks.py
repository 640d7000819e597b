"""Tasks of a real swarm."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import BadRequest, Docker, Frame, NotFound, Unavailable
from tests.support.swarm import running_task, service_spec, task_in

if TYPE_CHECKING:
    from tests.support.engine import Engine

TWO_STREAMS = "echo out; sleep 0.1; echo err >&2"


async def test_a_task_has_its_spec_and_status(manager: Docker) -> None:
    service = await manager.services.create(service_spec("web"))
    [node] = await manager.nodes.list()
    listed = await running_task(manager, "web")
    task = await manager.tasks.inspect(listed.id)
    assert (task.id, task.service_id, task.node_id, task.slot) == (listed.id, service.id, node.id, 1)
    assert task.desired_state == "running"
    assert task.spec is not None
    assert task.spec.container_spec is not None
    assert task.spec.container_spec.image == "busybox:latest"
    assert task.status is not None
    assert (task.status.state, task.status.err) == ("running", "")
    assert task.status.timestamp is not None
    assert abs(datetime.datetime.now(datetime.UTC) - task.status.timestamp) < datetime.timedelta(minutes=10)
    assert task.status.container_status is not None
    container = await manager.containers.inspect(task.status.container_status.container_id)
    assert container.state is not None
    assert container.state.pid == task.status.container_status.pid


async def test_a_failed_task_has_its_error(manager: Docker) -> None:
    await manager.services.create(service_spec("web", "exit 3"))
    task = await task_in(manager, "web", "failed")
    assert task.status is not None
    assert task.status.err == "task: non-zero exit (3)"
    assert task.status.container_status is not None
    assert task.status.container_status.exit_code == 3


async def test_lists_are_filtered(manager: Docker) -> None:
    await manager.services.create(service_spec("one"))
    await manager.services.create(service_spec("two", "true"))
    one, two = await running_task(manager, "one"), await task_in(manager, "two", "complete")
    [node] = await manager.nodes.list()

    async def listed(**filters: Any) -> set[str]:
        return {task.id for task in await manager.tasks.list(filters=filters)}

    assert await listed() == {one.id, two.id}
    assert await listed(service="one") == {one.id}
    assert await listed(service=["one", "two"], node=node.id) == {one.id, two.id}
    assert await listed(**{"desired-state": "running"}, id=one.id) == {one.id}
    with pytest.raises(BadRequest, match=r"(?i)invalid filter"):
        await listed(colour="red")


async def test_logs_have_the_output_of_the_task(manager: Docker) -> None:
    await manager.services.create(service_spec("web", TWO_STREAMS))
    task = await task_in(manager, "web", "complete")
    output = await manager.tasks.logs(task.id)
    assert (output.stdout, output.stderr) == (b"out\n", b"err\n")
    async with manager.tasks.logs(task.id, tail=1) as log:
        assert [frame async for frame in log] == [Frame("stderr", b"err\n")]
    detailed = await manager.tasks.logs(task.id, details=True, timestamps=True, since=datetime.timedelta(hours=1))
    assert f"com.docker.swarm.task.id={task.id}".encode() in detailed.stdout
    assert (await manager.tasks.logs(task.id, since=datetime.timedelta(0))).stdout == b""


async def test_with_a_terminal_logs_have_no_frames(manager: Docker) -> None:
    await manager.services.create(service_spec("web", TWO_STREAMS, TTY=True))
    task = await task_in(manager, "web", "complete")
    output = await manager.tasks.logs(task.id)
    assert output.stderr == b""
    assert output.stdout.splitlines() == [b"out", b"err"]


async def test_a_missing_task_is_not_found(manager: Docker, spare_engine: Engine) -> None:
    for call in (manager.tasks.inspect, manager.tasks.logs):
        with pytest.raises(NotFound, match="nothing"):
            await call("nothing")
    await manager.swarm.leave(force=True)
    with pytest.raises(Unavailable, match="not a swarm manager"):
        await manager.tasks.list()


async def test_a_handle_has_the_same_methods(manager: Docker) -> None:
    await manager.services.create(service_spec("web", TWO_STREAMS))
    task = manager.task((await task_in(manager, "web", "complete")).id)
    assert (await task.inspect()).id == task.id
    assert (await task.logs(stdout=False)).stderr == b"err\n"
