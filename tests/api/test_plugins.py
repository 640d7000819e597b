"""The calls of `docker.plugins`: requests and results."""

from __future__ import annotations

import base64
import datetime
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    Docker,
    InvalidArgument,
    InvalidArgumentType,
    OperationFailed,
    PluginPullResult,
    PluginPushResult,
    TruncatedStream,
)
from aiodockerapi.models import AuthConfig, Plugin, PluginPrivilege
from tests.support.calls import Case, Refusal, check, check_refused, drained
from tests.support.server import Reply, json_reply, raw_serving
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server


def messages(*values: Any) -> Reply:
    """Return progress messages as a daemon sends them."""
    lines = b"".join(json.dumps(value).encode() + b"\r\n" for value in values)
    return Reply(200, lines, {"Content-Type": "application/json"})


DIGEST = "sha256:" + "ce" * 32
NAME = "127.0.0.1:5000/w/plug:1.0"
PATH = f"/plugins/{NAME}"
PLUGIN = Plugin(id="5a1e", name=NAME, enabled=True)
PLUGIN_RAW = {"Id": "5a1e", "Name": NAME, "Enabled": True}
PULLED = messages(
    {"status": "Pulling from w/plug", "id": "latest"},
    {"status": f"Digest: {DIGEST}"},
    {"status": "Waiting", "progressDetail": {}, "id": "925a"},
    {"status": "Complete", "progressDetail": {}, "id": "925a"},
)
PUSHED = messages(
    {"status": "The push refers to repository [w/plug]"},
    {"progressDetail": {}, "aux": {"Tag": "1.0", "Digest": DIGEST, "Size": 414}},
)
AUTH = base64.urlsafe_b64encode(b'{"username":"me","password":"pw?>"}').decode()
CREDENTIALS = AuthConfig(username="me", password="pw?>")
REQUIRED = [PluginPrivilege(name="network", description="", value=["host"])]
REQUIRED_RAW = [{"Name": "network", "Description": "", "Value": ["host"]}]


CASES = [
    Case("list", lambda d: d.plugins.list(), "GET /plugins", reply=json_reply([PLUGIN_RAW]), result=[PLUGIN]),
    Case(
        "list filtered",
        lambda d: d.plugins.list(filters={"enabled": True, "capability": "volumedriver"}),
        "GET /plugins",
        {"filters": '{"enabled":["true"],"capability":["volumedriver"]}'},
        reply=json_reply(None),
        result=[],
    ),
    Case(
        "privileges",
        lambda d: d.plugins.privileges(NAME, auth=CREDENTIALS),
        "GET /plugins/privileges",
        {"remote": NAME},
        headers={"x-registry-auth": AUTH},
        reply=json_reply(REQUIRED_RAW),
        result=REQUIRED,
    ),
    Case(
        "no privileges",
        lambda d: d.plugins.privileges(NAME),
        "GET /plugins/privileges",
        {"remote": NAME},
        reply=json_reply(None),
        result=[],
    ),
    Case(
        "pull",
        lambda d: d.plugins.pull(NAME),
        "POST /plugins/pull",
        {"remote": NAME},
        [],
        reply=PULLED,
        result=PluginPullResult(NAME, DIGEST),
    ),
    Case(
        "pull all",
        lambda d: d.plugins.pull(NAME, alias="mine", auth=CREDENTIALS, privileges=REQUIRED),
        "POST /plugins/pull",
        {"remote": NAME, "name": "mine"},
        REQUIRED_RAW,
        {"x-registry-auth": AUTH},
        messages(),
        PluginPullResult("mine", ""),
    ),
    Case("inspect", lambda d: d.plugins.inspect(NAME), f"GET {PATH}/json", reply=json_reply(PLUGIN_RAW), result=PLUGIN),
    Case("remove", lambda d: d.plugins.remove(NAME), f"DELETE {PATH}"),
    Case("remove force", lambda d: d.plugins.remove("a/b", force=True), "DELETE /plugins/a/b", {"force": "true"}),
    Case("remove no force", lambda d: d.plugins.remove("a", force=False), "DELETE /plugins/a", {"force": "false"}),
    Case("enable", lambda d: d.plugins.enable(NAME), f"POST {PATH}/enable", {"timeout": "0"}),
    Case(
        "enable with a timeout",
        lambda d: d.plugins.enable("a", timeout=2.5),
        "POST /plugins/a/enable",
        {"timeout": "3"},
    ),
    Case(
        "enable with a timedelta",
        lambda d: d.plugins.enable("a", timeout=datetime.timedelta(minutes=1)),
        "POST /plugins/a/enable",
        {"timeout": "60"},
    ),
    Case("disable", lambda d: d.plugins.disable(NAME), f"POST {PATH}/disable"),
    Case("disable force", lambda d: d.plugins.disable("a", force=True), "POST /plugins/a/disable", {"force": "true"}),
    Case(
        "disable no force", lambda d: d.plugins.disable("a", force=False), "POST /plugins/a/disable", {"force": "false"}
    ),
    Case(
        "upgrade",
        lambda d: d.plugins.upgrade("mine", NAME),
        "POST /plugins/mine/upgrade",
        {"remote": NAME},
        [],
        reply=PULLED,
        result=PluginPullResult("mine", DIGEST),
    ),
    Case(
        "upgrade all",
        lambda d: d.plugins.upgrade("mine", NAME, auth=CREDENTIALS, privileges=iter(REQUIRED_RAW)),
        "POST /plugins/mine/upgrade",
        {"remote": NAME},
        REQUIRED_RAW,
        {"x-registry-auth": AUTH},
        PULLED,
        PluginPullResult("mine", DIGEST),
    ),
    Case(
        "create",
        lambda d: d.plugins.create(NAME, b"tar"),
        "POST /plugins/create",
        {"name": NAME},
        b"tar",
        {"content-type": "application/x-tar"},
    ),
    Case(
        "create from a file",
        lambda d: d.plugins.create("mine", io.BytesIO(b"tar")),
        "POST /plugins/create",
        {"name": "mine"},
        b"tar",
        {"content-type": "application/x-tar", "transfer-encoding": "chunked"},
    ),
    Case(
        "push",
        lambda d: d.plugins.push(NAME),
        f"POST {PATH}/push",
        reply=PUSHED,
        result=PluginPushResult(NAME, DIGEST, 414),
    ),
    Case(
        "push with credentials",
        lambda d: d.plugins.push("mine", auth={"username": "me", "password": "pw?>"}),
        "POST /plugins/mine/push",
        headers={"x-registry-auth": AUTH},
        reply=messages({"status": "done"}),
        result=PluginPushResult("mine", "", 0),
    ),
    Case("set", lambda d: d.plugins.set(NAME, ["DEBUG=1", "a="]), f"POST {PATH}/set", body=["DEBUG=1", "a="]),
    Case("set nothing", lambda d: d.plugins.set("mine", ()), "POST /plugins/mine/set", body=[]),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


async def test_an_entered_pull_yields_messages_and_then_its_result(server: Server) -> None:
    server.default = PULLED
    async with Docker(server.host, api_version="1.41") as docker, docker.plugins.pull(NAME) as pulling:
        seen = [message.status async for message in pulling]
        assert await pulling.result() == PluginPullResult(NAME, DIGEST)
    assert seen == ["Pulling from w/plug", f"Digest: {DIGEST}", "Waiting", "Complete"]


@pytest.mark.parametrize(
    "call",
    [
        lambda d: d.plugins.pull(NAME),
        lambda d: d.plugins.upgrade("mine", NAME),
        lambda d: d.plugins.push(NAME),
        lambda d: drained(d.plugins.push(NAME)),
    ],
    ids=["pull", "upgrade", "push", "push entered"],
)
async def test_an_error_in_the_stream_is_raised(call: Any, server: Server) -> None:
    server.default = messages({"status": "Preparing"}, {"errorDetail": {"message": "no such host"}, "error": "no"})
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(OperationFailed, match="no such host"):
            await call(docker)


async def test_a_truncated_pull_has_no_result() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with (
        raw_serving(head + b'12\r\n{"status":"begun"}\r\n') as server,
        Docker(server.host, api_version="1.41") as docker,
    ):
        with pytest.raises(TruncatedStream):
            await docker.plugins.pull(NAME)


REFUSED = [
    *(
        Refusal(call, InvalidArgument, "invalid plugin reference")
        for name in ("", "..", "a/../b", "/a", "a/", "a?b", "a#b", "a b", "Upper", "a:b:c", "a/json?x")
        for call in (
            lambda d, name=name: d.plugins.inspect(name),
            lambda d, name=name: d.plugins.remove(name),
            lambda d, name=name: d.plugins.enable(name),
            lambda d, name=name: d.plugins.disable(name),
            lambda d, name=name: d.plugins.set(name, []),
            lambda d, name=name: drained(d.plugins.push(name)),
            lambda d, name=name: d.plugins.create(name, b""),
            lambda d, name=name: drained(d.plugins.pull(name)),
            lambda d, name=name: drained(d.plugins.pull("a", alias=name)),
            lambda d, name=name: drained(d.plugins.upgrade(name, "a")),
            lambda d, name=name: drained(d.plugins.upgrade("a", name)),
            lambda d, name=name: d.plugins.privileges(name),
        )
    ),
    Refusal(lambda d: d.plugins.inspect(None), InvalidArgumentType, "plugin reference must be a string"),
    Refusal(lambda d: d.plugins.list(filters={"enabled": 1}), InvalidArgumentType, "filter 'enabled' must be"),
    Refusal(lambda d: d.plugins.enable("a", timeout=-1), InvalidArgument, "timeout must be at least 0"),
    Refusal(lambda d: d.plugins.enable("a", timeout="1"), InvalidArgumentType, "timeout must be an integer"),
    Refusal(lambda d: d.plugins.set("a", "DEBUG=1"), InvalidArgumentType, "settings must be a list"),
    Refusal(lambda d: d.plugins.set("a", [1]), InvalidArgumentType, "each of settings must be a string"),
    Refusal(lambda d: d.plugins.create("a", "plugin.tar"), InvalidArgumentType, "archive must be bytes"),
    Refusal(lambda d: drained(d.plugins.pull("a", auth="me")), InvalidArgumentType, "auth must be an AuthConfig"),
    Refusal(lambda d: drained(d.plugins.pull("a", privileges={})), InvalidArgumentType, "privileges must be a list"),
    Refusal(
        lambda d: drained(d.plugins.pull("a", privileges=["network"])), InvalidArgumentType, "PluginPrivilege or a"
    ),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)
