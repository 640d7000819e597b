"""The calls of `docker.containers`: requests and results. Streams, files and `run` have separate tests."""

from __future__ import annotations

import datetime
import signal
from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker, UnsupportedFeature
from aiodockerapi.models import (
    ContainerConfig,
    ContainerCreateRequest,
    ContainerCreateResponse,
    ContainerInspectResponse,
    ContainerPruneResponse,
    ContainerState,
    ContainerSummary,
    ContainerTopResponse,
    ContainerUpdateRequest,
    ContainerUpdateResponse,
    FilesystemChange,
    HostConfig,
    IDResponse,
    RestartPolicy,
)
from tests.support.calls import Case, check
from tests.support.server import Reply, json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

VERSIONS = ["1.41", "1.44", NEWEST]

NOT_MODIFIED = Reply(304)
CREATED = ContainerCreateResponse(id="4fa6", warnings=["no swap"])
CREATED_REPLY = json_reply({"Id": "4fa6", "Warnings": ["no swap"]}, 201)
STATE = {"Id": "4fa6", "State": {"Status": "running", "Running": True, "Pid": 7}}
IMAGE_REPLY = json_reply({"Id": "sha256:1"}, 201)
IMAGE = IDResponse(id="sha256:1")


LISTS = [
    Case("list", lambda d: d.containers.list(), "GET /containers/json", reply=json_reply([]), result=[]),
    Case("null", lambda d: d.containers.list(), "GET /containers/json", reply=json_reply(None), result=[]),
    Case(
        "list all",
        lambda d: d.containers.list(
            all=True, limit=3, size=True, filters={"status": ["exited", "dead"], "label": "a=b"}
        ),
        "GET /containers/json",
        {"all": "true", "limit": "3", "size": "true", "filters": '{"status":["exited","dead"],"label":["a=b"]}'},
        reply=json_reply([{"Id": "4fa6", "Names": ["/web"], "State": "exited"}]),
        result=[ContainerSummary(id="4fa6", names=["/web"], state="exited")],
    ),
    Case(
        "list with empty values",
        lambda d: d.containers.list(all=False, limit=0, size=False, filters={"is-task": False, "name": []}),
        "GET /containers/json",
        {"all": "false", "limit": "0", "size": "false", "filters": '{"is-task":["false"],"name":[]}'},
        reply=json_reply([]),
        result=[],
    ),
    Case(
        "inspect",
        lambda d: d.containers.inspect("web"),
        "GET /containers/web/json",
        reply=json_reply(STATE),
        result=ContainerInspectResponse(id="4fa6", state=ContainerState(status="running", running=True, pid=7)),
    ),
    Case(
        "inspect size",
        lambda d: d.containers.inspect("/web", size=False),
        "GET /containers/web/json",
        {"size": "false"},
        reply=json_reply({"Id": "4fa6", "SizeRw": 5}),
        result=ContainerInspectResponse(id="4fa6", size_rw=5),
    ),
    Case(
        "top",
        lambda d: d.containers.top("web"),
        "GET /containers/web/top",
        reply=json_reply({"Titles": ["PID"], "Processes": [["7"]]}),
        result=ContainerTopResponse(titles=["PID"], processes=[["7"]]),
    ),
    Case(
        "top ps_args",
        lambda d: d.containers.top("web", ps_args="-o pid,cmd & x"),
        "GET /containers/web/top",
        {"ps_args": "-o pid,cmd & x"},
        reply=json_reply({}),
        result=ContainerTopResponse(),
    ),
    Case(
        "changes",
        lambda d: d.containers.changes("web"),
        "GET /containers/web/changes",
        reply=json_reply([{"Path": "/etc", "Kind": 0}]),
        result=[FilesystemChange(path="/etc", kind=0)],
    ),
    Case(
        "no changes",
        lambda d: d.containers.changes("web"),
        "GET /containers/web/changes",
        reply=json_reply(None),
        result=[],
    ),
]
CREATES = [
    Case(
        "create from a mapping",
        lambda d: d.containers.create({"Image": "busybox", "Cmd": [], "Later": {"a": 1}}),
        "POST /containers/create",
        body={"Image": "busybox", "Cmd": [], "Later": {"a": 1}},
        reply=CREATED_REPLY,
        result=CREATED,
    ),
    Case(
        "create from a model",
        lambda d: d.containers.create(
            ContainerCreateRequest(image="busybox", tty=False, env=[], host_config=HostConfig(auto_remove=True)),
            name="web",
            platform="linux/arm64",
        ),
        "POST /containers/create",
        {"name": "web", "platform": "linux/arm64"},
        {"Image": "busybox", "Tty": False, "Env": [], "HostConfig": {"AutoRemove": True}},
        reply=json_reply({"Id": "4fa6", "Warnings": None}, 201),
        result=ContainerCreateResponse(id="4fa6"),
    ),
    Case(
        "create with an empty platform",
        lambda d: d.containers.create({"Image": "busybox"}, platform=""),
        "POST /containers/create",
        {"platform": ""},
        {"Image": "busybox"},
        reply=CREATED_REPLY,
        result=CREATED,
    ),
    Case(
        "update",
        lambda d: d.containers.update(
            "web", ContainerUpdateRequest(memory=0, restart_policy=RestartPolicy(name="always"))
        ),
        "POST /containers/web/update",
        body={"Memory": 0, "RestartPolicy": {"Name": "always"}},
        reply=json_reply({"Warnings": ["w"]}),
        result=ContainerUpdateResponse(warnings=["w"]),
    ),
    Case(
        "update from a mapping",
        lambda d: d.containers.update("web", {"CpuShares": 512}),
        "POST /containers/web/update",
        body={"CpuShares": 512},
        reply=json_reply({}),
        result=ContainerUpdateResponse(),
    ),
    Case(
        "commit",
        lambda d: d.containers.commit("/web"),
        "POST /commit",
        {"container": "web"},
        {},
        reply=IMAGE_REPLY,
        result=IMAGE,
    ),
    Case(
        "commit all",
        lambda d: d.containers.commit(
            "web",
            config=ContainerConfig(cmd=["sh"]),
            repository="r",
            tag="t",
            comment="c d",
            author="A <a@b>",
            pause=True,
            changes=['CMD ["sh"]', "USER x"],
        ),
        "POST /commit",
        {
            "container": "web",
            "repo": "r",
            "tag": "t",
            "comment": "c d",
            "author": "A <a@b>",
            "pause": "true",
            "changes": 'CMD ["sh"]\nUSER x',
        },
        {"Cmd": ["sh"]},
        reply=IMAGE_REPLY,
        result=IMAGE,
    ),
    Case(
        "commit with empty values",
        lambda d: d.containers.commit("web", repository="", comment="", pause=False, changes=[], config={}),
        "POST /commit",
        {"container": "web", "repo": "", "comment": "", "pause": "false", "changes": ""},
        {},
        reply=IMAGE_REPLY,
        result=IMAGE,
    ),
    Case(
        "prune",
        lambda d: d.containers.prune(),
        "POST /containers/prune",
        reply=json_reply({"ContainersDeleted": None, "SpaceReclaimed": 0}),
        result=ContainerPruneResponse(space_reclaimed=0),
    ),
    Case(
        "prune filtered",
        lambda d: d.containers.prune(filters={"until": "10m", "label!": ["keep"]}),
        "POST /containers/prune",
        {"filters": '{"until":["10m"],"label!":["keep"]}'},
        reply=json_reply({"ContainersDeleted": ["a"], "SpaceReclaimed": 3}),
        result=ContainerPruneResponse(containers_deleted=["a"], space_reclaimed=3),
    ),
]


def within(name: str, timeout: float | datetime.timedelta, sent: str) -> Case:
    """Return the case of a stop or restart with a grace period."""
    return Case(
        f"{name} within {timeout}",
        lambda d: getattr(d.containers, name)("web", timeout=timeout),
        f"POST /containers/web/{name}",
        {"t": sent},
        result={"stop": True}.get(name),
    )


def killed(given: str | int, sent: str) -> Case:
    """Return the case of a kill with a signal."""
    return Case(
        f"kill with {given!r}",
        lambda d: d.containers.kill("web", signal=given),
        "POST /containers/web/kill",
        {"signal": sent},
    )


def signalled(name: str) -> Case:
    """Return the case of a stop or restart with a signal, which requires API 1.42."""
    return Case(
        f"{name} with a signal",
        lambda d: getattr(d.containers, name)("web", signal=signal.SIGINT),
        f"POST /containers/web/{name}",
        {"signal": "SIGINT"},
        result={"stop": True}.get(name),
    )


ACTIONS = [
    Case("start", lambda d: d.containers.start("web"), "POST /containers/web/start", result=True),
    Case(
        "start with keys",
        lambda d: d.containers.start("web", detach_keys=""),
        "POST /containers/web/start",
        query={"detachKeys": ""},
        result=True,
    ),
    Case(
        "start a running container",
        lambda d: d.containers.start("web"),
        "POST /containers/web/start",
        reply=NOT_MODIFIED,
        result=False,
    ),
    Case("stop", lambda d: d.containers.stop("web"), "POST /containers/web/stop", result=True),
    Case(
        "stop a stopped container",
        lambda d: d.containers.stop("web"),
        "POST /containers/web/stop",
        reply=NOT_MODIFIED,
        result=False,
    ),
    *(
        within(name, timeout, sent)
        for name in ("stop", "restart")
        for timeout, sent in ((0, "0"), (-1, "-1"), (2.1, "3"), (datetime.timedelta(minutes=1), "60"))
    ),
    Case("restart", lambda d: d.containers.restart("web"), "POST /containers/web/restart"),
    Case("kill", lambda d: d.containers.kill("web"), "POST /containers/web/kill"),
    *(killed(*row) for row in (("SIGHUP", "SIGHUP"), (9, "9"), (0, "0"), (signal.SIGINT, "SIGINT"))),
    Case("rename", lambda d: d.containers.rename("web", "new"), "POST /containers/web/rename", query={"name": "new"}),
    Case("pause", lambda d: d.containers.pause("web"), "POST /containers/web/pause"),
    Case("unpause", lambda d: d.containers.unpause("web"), "POST /containers/web/unpause"),
    Case("remove", lambda d: d.containers.remove("web"), "DELETE /containers/web"),
    Case(
        "remove all",
        lambda d: d.containers.remove("web", volumes=True, force=True, link=True),
        "DELETE /containers/web",
        query={"v": "true", "force": "true", "link": "true"},
    ),
    Case(
        "remove with empty values",
        lambda d: d.containers.remove("web", volumes=False, force=False, link=False),
        "DELETE /containers/web",
        query={"v": "false", "force": "false", "link": "false"},
    ),
    Case(
        "resize",
        lambda d: d.containers.resize("web", 24, 80),
        "POST /containers/web/resize",
        query={"h": "24", "w": "80"},
    ),
    Case(
        "a name with characters to encode",
        lambda d: d.containers.pause("wéb+1@2:3"),
        "POST /containers/w%C3%A9b%2B1%402%3A3/pause",
    ),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", [*LISTS, *CREATES, *ACTIONS], ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


GATED = [signalled("stop"), signalled("restart")]


@pytest.mark.parametrize("version", ["1.42", "1.44", NEWEST])
@pytest.mark.parametrize("case", GATED, ids=str)
async def test_an_option_is_sent_to_an_engine_that_supports_it(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


@pytest.mark.parametrize("case", GATED, ids=str)
async def test_an_option_that_the_engine_does_not_support_is_not_sent(case: Case, server: Server) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature) as caught:
            await case.call(docker)
    assert (caught.value.needs, caught.value.has) == ("1.42", "1.41")
    assert caught.value.option == f"containers.{case.line.rpartition('/')[2]}.signal"
    assert server.received == []
