"""The calls of `docker.services`: requests and results."""

from __future__ import annotations

import base64
import copy
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, Frame, InvalidArgument, InvalidArgumentType, Output, StaleVersion
from aiodockerapi.models import (
    AuthConfig,
    ContainerSpec,
    ObjectVersion,
    ReplicatedService,
    Service,
    ServiceCreateResponse,
    ServiceMode,
    ServiceSpec,
    ServiceStatus,
    ServiceUpdateResponse,
    TaskSpec,
)
from tests.support.calls import Case, Refusal, check, check_refused, check_unsupported, drained, frame
from tests.support.server import Reply, json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

SPEC = ServiceSpec(
    name="web",
    task_template=TaskSpec(container_spec=ContainerSpec(image="busybox", args=[], env=["A=b"])),
    mode=ServiceMode(replicated=ReplicatedService(replicas=0)),
    labels={},
)
SPEC_RAW: dict[str, Any] = {
    "Name": "web",
    "TaskTemplate": {"ContainerSpec": {"Image": "busybox", "Args": [], "Env": ["A=b"]}},
    "Mode": {"Replicated": {"Replicas": 0}},
    "Labels": {},
}
WEB = Service(id="s1", version=ObjectVersion(index=16), spec=SPEC)
WEB_RAW = {"ID": "s1", "Version": {"Index": 16}, "Spec": SPEC_RAW}
AUTH = base64.urlsafe_b64encode(b'{"username":"me","password":"pw?>"}').decode()

CASES = [
    Case("list", lambda d: d.services.list(), "GET /services", reply=json_reply([WEB_RAW]), result=[WEB]),
    Case(
        "list all",
        lambda d: d.services.list(filters={"mode": ["global"], "name": "web"}, status=True),
        "GET /services",
        {"filters": '{"mode":["global"],"name":["web"]}', "status": "true"},
        reply=json_reply([{"ID": "s1", "ServiceStatus": {"RunningTasks": 1, "DesiredTasks": 2}}]),
        result=[Service(id="s1", service_status=ServiceStatus(running_tasks=1, desired_tasks=2))],
    ),
    Case(
        "list explicit nothing",
        lambda d: d.services.list(filters={}, status=False),
        "GET /services",
        {"status": "false"},
        reply=json_reply(None),
        result=[],
    ),
    Case(
        "create",
        lambda d: d.services.create(SPEC),
        "POST /services/create",
        body=SPEC_RAW,
        reply=json_reply({"ID": "s1", "Warnings": None}, 201),
        result=ServiceCreateResponse(id="s1"),
    ),
    Case(
        "create with credentials",
        lambda d: d.services.create({**SPEC_RAW, "Later": 1}, auth=AuthConfig(username="me", password="pw?>")),
        "POST /services/create",
        body={**SPEC_RAW, "Later": 1},
        headers={"x-registry-auth": AUTH},
        reply=json_reply({"ID": "s1", "Warnings": ["w"]}, 201),
        result=ServiceCreateResponse(id="s1", warnings=["w"]),
    ),
    Case("inspect", lambda d: d.services.inspect("web"), "GET /services/web", reply=json_reply(WEB_RAW), result=WEB),
    Case(
        "inspect with defaults",
        lambda d: d.services.inspect("web", insert_defaults=True),
        "GET /services/web",
        {"insertDefaults": "true"},
        reply=json_reply(WEB_RAW),
        result=WEB,
    ),
    Case(
        "update",
        lambda d: d.services.update("s1", SPEC, version=WEB.version),
        "POST /services/s1/update",
        {"version": "16"},
        SPEC_RAW,
        reply=json_reply({"Warnings": None}),
        result=ServiceUpdateResponse(),
    ),
    Case(
        "update all",
        lambda d: d.services.update(
            "s1",
            SPEC_RAW,
            version=16,
            registry_auth_from="previous-spec",
            rollback="previous",
            auth={"username": "me", "password": "pw?>"},
        ),
        "POST /services/s1/update",
        {"version": "16", "registryAuthFrom": "previous-spec", "rollback": "previous"},
        SPEC_RAW,
        {"x-registry-auth": AUTH},
        json_reply({"Warnings": ["w"]}),
        ServiceUpdateResponse(warnings=["w"]),
    ),
    Case("remove", lambda d: d.services.remove("web"), "DELETE /services/web"),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


def spec(**container: Any) -> dict[str, Any]:
    """Return a spec in wire form with those properties in its container spec."""
    return {"TaskTemplate": {"ContainerSpec": {"Image": "busybox", **container}}}


@pytest.mark.parametrize(
    ("wanted", "field", "needs"),
    [
        (spec(OomScoreAdj=0), "container_spec.oom_score_adj", "1.46"),
        (spec(Privileges={"NoNewPrivileges": False}), "container_spec.privileges.no_new_privileges", "1.44"),
        (spec(Mounts=[{"VolumeOptions": {"Subpath": "a"}}]), "container_spec.mounts.volume_options.subpath", "1.45"),
        (spec(Healthcheck={"StartInterval": 1}), "container_spec.healthcheck.start_interval", "1.44"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_setting_requires_an_engine_that_supports_it(
    wanted: Any, field: str, needs: str, server: Server
) -> None:
    reply, created = json_reply({"ID": "s1"}, 201), ServiceCreateResponse(id="s1")
    create = Case("", lambda d: d.services.create(wanted), "POST /services/create", {}, wanted, {}, reply, created)
    await check_unsupported(create, server, f"services.create.task_template.{field}", needs)


def with_mode(mode: dict[str, Any], error: type[Exception], message: str) -> Refusal:
    """Return a service with that invalid mode."""
    return Refusal(lambda d: d.services.create({**spec(), "Mode": mode}), error, message)


REFUSED = [
    *(
        Refusal(call, InvalidArgument, message)
        for name, message in [
            ("", "service must be a name or ID"),
            ("a/b", "contains '/'"),
            ("a?b", "contains '\\?'"),
            ("a#b", "contains '#'"),
            ("..", "must be a name or ID"),
        ]
        for call in (
            lambda d, name=name: d.services.inspect(name),
            lambda d, name=name: d.services.remove(name),
            lambda d, name=name: d.services.update(name, SPEC, version=1),
            lambda d, name=name: drained(d.services.logs(name)),
        )
    ),
    Refusal(lambda d: d.services.list(filters={"mode": 1}), InvalidArgumentType, "filter 'mode' must be"),
    Refusal(lambda d: d.services.list(status=1), InvalidArgumentType, "status must be True or False"),
    Refusal(lambda d: d.services.create({}), InvalidArgument, "requires a task template"),
    Refusal(lambda d: d.services.create(ServiceSpec(name="web")), InvalidArgument, "requires a task template"),
    Refusal(lambda d: d.services.create({"TaskTemplate": {}}), InvalidArgument, "requires a container spec"),
    Refusal(lambda d: d.services.create({"TaskTemplate": "busybox"}), InvalidArgumentType, "TaskTemplate must be"),
    Refusal(lambda d: d.services.create({"TaskTemplate": {"ContainerSpec": {}}}), InvalidArgument, "requires an image"),
    Refusal(lambda d: d.services.create("web"), InvalidArgumentType, "ServiceSpec or a mapping"),
    with_mode({"Replicated": {"Replicas": -1}}, InvalidArgument, "Replicas must be at least 0, not -1"),
    with_mode({"Replicated": {"Replicas": "2"}}, InvalidArgumentType, "Replicas must be an integer"),
    with_mode({"ReplicatedJob": {"MaxConcurrent": -1}}, InvalidArgument, "MaxConcurrent must be at least 0"),
    with_mode({"ReplicatedJob": {"TotalCompletions": -2}}, InvalidArgument, "TotalCompletions must be at least 0"),
    with_mode({"Replicated": 2}, InvalidArgumentType, "Replicated must be an object"),
    Refusal(
        lambda d: d.services.update(
            "web",
            ServiceSpec(task_template=SPEC.task_template, mode=ServiceMode(replicated=ReplicatedService(replicas=-3))),
            version=1,
        ),
        InvalidArgument,
        "Replicas must be at least 0, not -3",
    ),
    Refusal(
        lambda d: d.services.update("web", SPEC, version=None),
        InvalidArgument,
        "requires the version of the inspected service",
    ),
    Refusal(lambda d: d.services.update("web", SPEC, version=WEB), InvalidArgumentType, "must be an integer"),
    Refusal(lambda d: d.services.update("web", WEB, version=1), InvalidArgumentType, "ServiceSpec or a mapping"),
    Refusal(
        lambda d: d.services.update("web", SPEC, version=1, rollback=True),
        InvalidArgument,
        "rollback must be 'previous'",
    ),
    Refusal(
        lambda d: d.services.update("web", SPEC, version=1, registry_auth_from="old"),
        InvalidArgument,
        "registry_auth_from must be 'spec' or 'previous-spec'",
    ),
    Refusal(lambda d: d.services.create(SPEC, auth="me"), InvalidArgumentType, "auth must be an AuthConfig"),
    Refusal(lambda d: drained(d.services.logs("a", stdout=False, stderr=False)), InvalidArgument, "neither stdout"),
    Refusal(lambda d: drained(d.services.logs("a", tail="some")), InvalidArgument, "tail must be a number of lines"),
    Refusal(lambda d: drained(d.services.logs("a", details=1)), InvalidArgumentType, "details must be True or False"),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_stale_version_is_recognized_by_its_message(status: int, server: Server) -> None:
    server.default = json_reply({"message": "rpc error: code = Unknown desc = update out of sequence"}, status)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(StaleVersion) as caught:
            await docker.services.update("s1", SPEC, version=1)
    assert caught.value.status == status


async def test_unknown_properties_survive_an_update(server: Server) -> None:
    raw = copy.deepcopy(SPEC_RAW) | {"FromLater": {"Deep": [1, None]}}
    raw["TaskTemplate"]["ContainerSpec"] |= {"AlsoLater": [], "Init": None}
    server.default = json_reply({"ID": "s1", "Version": {"Index": 16}, "Spec": raw})
    async with Docker(server.host, api_version="1.41") as docker:
        service = await docker.services.inspect("web")
        assert service.spec is not None
        service.spec.labels["a"] = "b"
        server.default = json_reply({})
        await docker.services.update(service.id, service.spec, version=service.version)
    assert server.received[-1].json() == raw | {"Labels": {"a": "b"}}


async def test_arguments_are_not_modified(server: Server) -> None:
    server.default = json_reply({"ID": "s1"})
    wanted, raw = copy.deepcopy(SPEC), copy.deepcopy(SPEC_RAW)
    async with Docker(server.host, api_version="1.41") as docker:
        await docker.services.create(wanted)
        await docker.services.create(raw)
        await docker.services.update("web", raw, version=1)
    assert (wanted, raw) == (SPEC, SPEC_RAW)


MULTIPLEXED = {"Content-Type": "application/vnd.docker.multiplexed-stream"}
RAW = {"Content-Type": "application/vnd.docker.raw-stream"}
FRAMES = frame(1, b"out\n") + frame(2, b"err\n")


async def test_logs_send_all_arguments(server: Server) -> None:
    server.default = Reply(200, FRAMES, MULTIPLEXED)
    async with Docker(server.host, api_version="1.42") as docker:
        call = docker.services.logs(
            "web", details=True, follow=False, stdout=True, stderr=False, since=1, timestamps=True, tail=0
        )
        assert await call == Output(b"out\n", b"err\n")
    [request] = server.received
    assert request.line == "GET /v1.42/services/web/logs"
    assert request.query == [
        ("details", "true"),
        ("follow", "false"),
        ("stdout", "true"),
        ("stderr", "false"),
        ("since", "1"),
        ("timestamps", "true"),
        ("tail", "0"),
    ]


async def test_entered_logs_yield_frames(server: Server) -> None:
    server.default = Reply(200, FRAMES, MULTIPLEXED)
    async with Docker(server.host, api_version="1.42") as docker:
        frames = await drained(docker.services.logs("web"))
    assert frames == [Frame("stdout", b"out\n"), Frame("stderr", b"err\n")]


@pytest.mark.parametrize(("tty", "expected"), [(True, Output(FRAMES, b"")), (False, Output(b"out\n", b"err\n"))])
async def test_before_1_42_the_spec_determines_the_format(tty: bool, expected: Output, server: Server) -> None:
    server.routes["GET /v1.41/services/web"] = json_reply({"Spec": spec(TTY=tty)})
    server.default = Reply(200, FRAMES, RAW)
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.services.logs("web") == expected


async def test_since_1_42_the_content_type_determines_the_format(server: Server) -> None:
    server.default = Reply(200, FRAMES, RAW)
    async with Docker(server.host, api_version="1.42") as docker:
        assert await docker.services.logs("web") == Output(FRAMES, b"")
    assert [one.line for one in server.received] == ["GET /v1.42/services/web/logs"]
