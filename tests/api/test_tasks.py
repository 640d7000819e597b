"""The calls of `docker.tasks`: requests and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker, Frame, InvalidArgument, InvalidArgumentType, Output
from aiodockerapi.models import Task, TaskStatus
from tests.support.calls import Case, Refusal, check, check_refused, drained, frame
from tests.support.server import Reply, json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

TASK = Task(id="t1", slot=1, status=TaskStatus(state="running"))
TASK_RAW = {"ID": "t1", "Slot": 1, "Status": {"State": "running"}}

CASES = [
    Case("list", lambda d: d.tasks.list(), "GET /tasks", reply=json_reply([TASK_RAW]), result=[TASK]),
    Case(
        "list filtered",
        lambda d: d.tasks.list(filters={"desired-state": "running", "service": ["web"]}),
        "GET /tasks",
        {"filters": '{"desired-state":["running"],"service":["web"]}'},
        reply=json_reply(None),
        result=[],
    ),
    Case("inspect", lambda d: d.tasks.inspect("t1"), "GET /tasks/t1", reply=json_reply(TASK_RAW), result=TASK),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


REFUSED = [
    *(
        Refusal(call, InvalidArgument, message)
        for name, message in [
            ("", "task must be a name or ID"),
            ("a/b", "contains '/'"),
            ("a?b", "contains '\\?'"),
            ("a#b", "contains '#'"),
            ("..", "must be a name or ID"),
        ]
        for call in (
            lambda d, name=name: d.tasks.inspect(name),
            lambda d, name=name: drained(d.tasks.logs(name)),
        )
    ),
    Refusal(lambda d: d.tasks.inspect(None), InvalidArgumentType, "task must be a string"),
    Refusal(lambda d: d.tasks.list(filters={"node": 1}), InvalidArgumentType, "filter 'node' must be"),
    Refusal(lambda d: drained(d.tasks.logs("a", tail=-1)), InvalidArgument, "tail must be at least 0"),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)


FRAMES = frame(1, b"out\n") + frame(2, b"err\n")
MULTIPLEXED = {"Content-Type": "application/vnd.docker.multiplexed-stream"}
RAW = {"Content-Type": "application/vnd.docker.raw-stream"}


async def test_logs(server: Server) -> None:
    server.default = Reply(200, FRAMES, MULTIPLEXED)
    async with Docker(server.host, api_version=NEWEST) as docker:
        assert await docker.tasks.logs("t1") == Output(b"out\n", b"err\n")
        frames = await drained(
            docker.tasks.logs("t1", details=False, follow=True, stderr=False, since="5.5", timestamps=False, tail="all")
        )
    assert frames == [Frame("stdout", b"out\n"), Frame("stderr", b"err\n")]
    assert [one.line for one in server.received] == [f"GET /v{NEWEST}/tasks/t1/logs"] * 2
    assert dict(server.received[0].query) == {"stdout": "true", "stderr": "true"}
    assert dict(server.received[1].query) == {
        "details": "false",
        "follow": "true",
        "stdout": "true",
        "stderr": "false",
        "since": "5.5",
        "timestamps": "false",
        "tail": "all",
    }


@pytest.mark.parametrize(("tty", "expected"), [(True, Output(FRAMES, b"")), (False, Output(b"out\n", b"err\n"))])
async def test_before_1_42_the_spec_determines_the_format(tty: bool, expected: Output, server: Server) -> None:
    server.routes["GET /v1.41/tasks/t1"] = json_reply({"Spec": {"ContainerSpec": {"TTY": tty}}})
    server.default = Reply(200, FRAMES, RAW)
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.tasks.logs("t1") == expected
