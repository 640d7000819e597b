"""Services of a real swarm."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    APIError,
    BadRequest,
    Conflict,
    Docker,
    Frame,
    Line,
    NotFound,
    StaleVersion,
    Unavailable,
    UnsupportedFeature,
    unstructure,
)
from aiodockerapi.models import (
    ContainerSpec,
    Limit,
    Placement,
    ReplicatedJob,
    ReplicatedService,
    ResourceRequirements,
    Service,
    ServiceMode,
    ServiceSpec,
    ServiceUpdateConfig,
    TaskRestartPolicy,
    TaskSpec,
)
from tests.support.proxy import proxied
from tests.support.swarm import IDLE, eventually, running_task, service_spec, task_in

if TYPE_CHECKING:
    from tests.support.engine import Engine

TWO_STREAMS = "echo out; sleep 0.1; echo err >&2"


async def made(manager: Docker, spec: ServiceSpec | dict[str, Any]) -> Service:
    """Create a service, and return it."""
    return await manager.services.inspect((await manager.services.create(spec)).id)


def full_spec() -> ServiceSpec:
    """Return a spec with many properties and without tasks."""
    return ServiceSpec(
        name="web",
        labels={"a": "b"},
        task_template=TaskSpec(
            container_spec=ContainerSpec(
                image="busybox:latest",
                command=["sh", "-c"],
                args=[IDLE],
                env=["A=b"],
                init=True,
                hostname="{{.Node.ID}}",
            ),
            resources=ResourceRequirements(limits=Limit(memory_bytes=64 << 20, pids=50)),
            restart_policy=TaskRestartPolicy(condition="on-failure", delay=10**9, max_attempts=0),
            placement=Placement(constraints=["node.role==manager"]),
        ),
        mode=ServiceMode(replicated=ReplicatedService(replicas=0)),
        update_config=ServiceUpdateConfig(parallelism=0, order="start-first", max_failure_ratio=0.25),
    )


async def test_create_applies_the_spec(manager: Docker) -> None:
    wanted = full_spec()
    created = await manager.services.create(wanted)
    by_name = await manager.services.inspect("web")
    assert by_name == await manager.services.inspect(created.id)
    assert by_name.id == created.id
    spec = by_name.spec
    assert spec is not None
    assert (spec.name, spec.labels, spec.mode) == (wanted.name, wanted.labels, wanted.mode)
    assert spec.update_config is not None
    assert (spec.update_config.order, spec.update_config.max_failure_ratio) == ("start-first", 0.25)
    assert spec.task_template is not None
    container = spec.task_template.container_spec
    assert container is not None
    assert (container.image, container.command, container.args) == ("busybox:latest", ["sh", "-c"], [IDLE])
    assert (container.env, container.init, container.hostname) == (["A=b"], True, "{{.Node.ID}}")
    assert spec.task_template.resources is not None
    assert spec.task_template.resources.limits == Limit(memory_bytes=64 << 20, pids=50)
    assert by_name.previous_spec is None


async def test_defaults_are_inserted_on_request(manager: Docker) -> None:
    service = await made(manager, {**service_spec("web"), "Mode": {"Replicated": {"Replicas": 0}}})
    filled = await manager.services.inspect(service.id, insert_defaults=True)
    assert service.spec is not None
    assert service.spec.update_config is None
    assert filled.spec is not None
    assert filled.spec.update_config is not None
    assert filled.spec.update_config.parallelism == 1


async def test_a_spec_is_encoded_as_it_was_received(manager: Docker) -> None:
    service = await made(manager, full_spec())
    raw = (await manager.request("GET", f"/services/{service.id}")).json()
    assert unstructure(service.spec) == raw["Spec"]


async def test_lists_are_filtered_and_count_tasks(manager: Docker) -> None:
    await manager.services.create({**service_spec("one"), "Labels": {"kind": "a"}})
    await manager.services.create({**service_spec("two"), "Mode": {"Replicated": {"Replicas": 0}}})
    await manager.services.create({**service_spec("all"), "Mode": {"Global": {}}})

    async def listed(**filters: Any) -> set[str | None]:
        return {found.spec.name for found in await manager.services.list(filters=filters) if found.spec is not None}

    assert await listed() == {"one", "two", "all"}
    assert await listed(label="kind=a") == {"one"}
    assert await listed(mode=["global"]) == {"all"}
    assert await listed(name=["one", "two"]) == {"one", "two"}
    with pytest.raises(BadRequest, match=r"(?i)invalid filter"):
        await listed(colour="red")

    await running_task(manager, "one")
    [one] = await manager.services.list(filters={"name": "one"}, status=True)
    assert one.service_status is not None
    assert (one.service_status.running_tasks, one.service_status.desired_tasks) == (1, 1)
    assert {found.service_status for found in await manager.services.list(status=False)} == {None}


async def test_an_update_replaces_the_tasks(manager: Docker) -> None:
    service = await made(manager, service_spec("web", "echo first; " + IDLE))
    first = await running_task(manager, "web")
    assert service.spec is not None
    assert service.spec.task_template is not None
    assert service.spec.task_template.container_spec is not None
    current = await manager.services.inspect("web")
    service.spec.task_template.container_spec.command = ["sh", "-c", "echo second; " + IDLE]
    updated = await manager.services.update(service.id, service.spec, version=current.version)
    assert updated.warnings == []

    async def second() -> bool:
        tasks = await manager.tasks.list(filters={"service": "web", "desired-state": "running"})
        return any(task.id != first.id and task.status and task.status.state == "running" for task in tasks)

    await eventually(second)
    found = await manager.services.inspect("web")
    assert found.previous_spec is not None
    assert found.spec is not None
    assert found.spec.task_template is not None
    assert found.spec.task_template.container_spec == service.spec.task_template.container_spec

    await manager.services.update(service.id, found.spec, version=found.version, rollback="previous")
    back = await manager.services.inspect("web")
    assert back.spec is not None
    assert back.spec.task_template is not None
    assert back.spec.task_template.container_spec is not None
    assert back.spec.task_template.container_spec.command == ["sh", "-c", "echo first; " + IDLE]


async def test_unknown_properties_are_preserved_by_an_update(manager: Docker, spare_engine: Engine) -> None:
    async with proxied(spare_engine.host) as proxy, Docker(proxy.host) as docker:
        service = await made(docker, full_spec())
        before = (await docker.request("GET", f"/services/{service.id}")).json()["Spec"]
        spec = service.spec
        assert spec is not None
        assert spec.task_template is not None
        assert spec.task_template.container_spec is not None
        spec.extra["FromLater"] = {"Deep": [1, None, ""]}
        spec.task_template.container_spec.extra["AlsoLater"] = []
        spec.labels["changed"] = "1"
        await docker.services.update(service.id, spec, version=service.version)
        sent = bytes(proxy.conversations[0].sent).rpartition(b"\r\n\r\n")[2]
    expected = copy.deepcopy(before) | {"FromLater": {"Deep": [1, None, ""]}}
    expected["TaskTemplate"]["ContainerSpec"]["AlsoLater"] = []
    expected["Labels"]["changed"] = "1"
    assert json.loads(sent) == expected
    after = (await manager.request("GET", f"/services/{service.id}")).json()["Spec"]
    assert after == before | {"Labels": {"a": "b", "changed": "1"}}


async def test_an_update_with_an_old_version_is_stale(manager: Docker) -> None:
    service = await made(manager, full_spec())
    assert service.spec is not None
    await manager.services.update("web", {**unstructure(service.spec), "Labels": {"a": "1"}}, version=service.version)
    with pytest.raises(StaleVersion, match="update out of sequence"):
        await manager.services.update("web", service.spec, version=service.version)
    current = await manager.services.inspect("web")
    assert current.spec is not None
    assert current.spec.labels == {"a": "1"}


async def test_a_job_runs_until_it_completes(manager: Docker) -> None:
    spec = service_spec("job", "echo done")
    mode = ServiceMode(replicated_job=ReplicatedJob(max_concurrent=2, total_completions=2))
    await manager.services.create({**spec, "Mode": unstructure(mode)})

    async def completed() -> bool:
        [job] = await manager.services.list(status=True)
        return job.service_status is not None and job.service_status.completed_tasks == 2

    await eventually(completed)
    job = await manager.services.inspect("job")
    assert job.spec is not None
    assert job.spec.mode == mode
    assert job.job_status is not None
    assert (await manager.services.logs("job")).stdout == b"done\ndone\n"


async def test_logs_have_the_output_of_the_tasks(manager: Docker) -> None:
    service = await made(manager, service_spec("web", TWO_STREAMS))
    await task_in(manager, "web", "complete")
    output = await manager.services.logs("web")
    assert (output.stdout, output.stderr) == (b"out\n", b"err\n")
    async with manager.services.logs(service.id) as log:
        assert sorted([frame async for frame in log]) == [Frame("stderr", b"err\n"), Frame("stdout", b"out\n")]
    async with manager.services.logs("web", stdout=False) as log:
        assert [line async for line in log.lines()] == [Line("stderr", "err")]
    assert (await manager.services.logs("web", tail=0)).stdout == b""
    detailed = (await manager.services.logs("web", details=True, stderr=False)).stdout
    assert f"com.docker.swarm.service.id={service.id}".encode() in detailed
    assert detailed.endswith(b" out\n")
    stamped = (await manager.services.logs("web", timestamps=True, since=1, stderr=False)).stdout
    assert stamped.startswith(b"20")
    assert stamped.endswith(b"Z out\n")


async def test_with_a_terminal_logs_have_no_frames(manager: Docker) -> None:
    await manager.services.create(service_spec("web", TWO_STREAMS, TTY=True))
    await task_in(manager, "web", "complete")
    output = await manager.services.logs("web")
    assert output.stderr == b""
    assert output.stdout.splitlines() == [b"out", b"err"]


async def test_logs_are_followed(manager: Docker) -> None:
    await manager.services.create(service_spec("web", "i=0; while :; do echo $i; i=$((i+1)); sleep 0.1; done"))
    seen: list[str] = []
    async with manager.services.logs("web", follow=True) as log:
        async for line in log.lines():
            seen.append(line.text)
            if len(seen) == 5:
                break
    assert seen == ["0", "1", "2", "3", "4"]


async def test_ports_are_published_on_the_node(manager: Docker) -> None:
    wanted = {"TargetPort": 80, "PublishMode": "host", "Protocol": "tcp"}
    await manager.services.create({**service_spec("web"), "EndpointSpec": {"Mode": "dnsrr", "Ports": [wanted]}})
    task = await running_task(manager, "web")
    service = await manager.services.inspect("web")
    assert service.endpoint is not None
    [published] = service.endpoint.ports
    assert (published.target_port, published.publish_mode) == (80, "host")
    assert task.status is not None
    assert task.status.port_status is not None
    given = task.status.port_status.ports
    assert {port.target_port for port in given} == {80}
    assert all(port.published_port for port in given)


async def test_errors_of_the_daemon(manager: Docker) -> None:
    await manager.services.create({**service_spec("web"), "Mode": {"Replicated": {"Replicas": 0}}})
    other = service_spec("other")
    cases: list[tuple[Any, type[APIError], str]] = [
        (lambda: manager.services.create(service_spec("web")), Conflict, "name conflicts"),
        (lambda: manager.services.create(service_spec("a/b")), BadRequest, "name must be valid"),
        (lambda: manager.services.create({**other, "Mode": {"Global": {}, "Replicated": {}}}), BadRequest, "must"),
        (lambda: manager.services.create({**other, "Labels": ["a"]}), BadRequest, "unmarshal"),
        (lambda: manager.services.create({**other, "Networks": [{"Target": "no-such-net"}]}), APIError, "no-such-net"),
        (lambda: manager.services.create(service_spec("other", Image="UPPER case")), BadRequest, "not a valid"),
        (lambda: manager.services.inspect("none"), NotFound, "none"),
        (lambda: manager.services.remove("none"), NotFound, "none"),
        (lambda: manager.services.update("none", other, version=1), NotFound, "none"),
        (lambda: manager.services.logs("none"), NotFound, "none"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            await call()


async def test_options_that_the_daemon_would_ignore_are_refused(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature, match="oom_score_adj"):
            await docker.services.create(service_spec("web", OomScoreAdj=1))


async def test_without_a_swarm_they_are_unavailable(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        with pytest.raises(Unavailable, match="not a swarm manager"):
            await docker.services.create(service_spec("web"))


async def test_a_handle_has_the_same_methods(manager: Docker) -> None:
    await manager.services.create(service_spec("web", TWO_STREAMS))
    await task_in(manager, "web", "complete")
    service = manager.service("web")
    assert (await service.logs(stderr=False)).stdout == b"out\n"
    found = await service.inspect()
    assert found.spec is not None
    await service.update(found.spec, version=found.version)
    await service.remove()
    with pytest.raises(NotFound):
        await service.inspect()
