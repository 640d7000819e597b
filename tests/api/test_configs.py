"""The calls of `docker.configs`: requests and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType, StaleVersion
from aiodockerapi.models import Config, ConfigSpec, IDResponse, ObjectVersion
from tests.support.calls import Case, Refusal, check, check_refused
from tests.support.server import json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

KEY = Config(id="k1", version=ObjectVersion(index=11), spec=ConfigSpec(name="key", labels={}, data="YWJj"))
KEY_RAW = {"ID": "k1", "Version": {"Index": 11}, "Spec": {"Name": "key", "Labels": {}, "Data": "YWJj"}}
CREATED = IDResponse(id="k1")

CASES = [
    Case("list", lambda d: d.configs.list(), "GET /configs", reply=json_reply(None), result=[]),
    Case(
        "list filtered",
        lambda d: d.configs.list(filters={"name": ["key", "cert"], "label": "a=b"}),
        "GET /configs",
        {"filters": '{"name":["key","cert"],"label":["a=b"]}'},
        reply=json_reply([KEY_RAW]),
        result=[KEY],
    ),
    Case(
        "create from a model",
        lambda d: d.configs.create(ConfigSpec(name="key", data="YWJj", labels={})),
        "POST /configs/create",
        body={"Name": "key", "Data": "YWJj", "Labels": {}},
        reply=json_reply({"ID": "k1"}, 201),
        result=CREATED,
    ),
    Case(
        "create from a mapping",
        lambda d: d.configs.create({"Name": "key", "Data": "YWJj", "Later": 1}),
        "POST /configs/create",
        body={"Name": "key", "Data": "YWJj", "Later": 1},
        reply=json_reply({"Id": "k1"}, 201),
        result=CREATED,
    ),
    Case("inspect", lambda d: d.configs.inspect("key"), "GET /configs/key", reply=json_reply(KEY_RAW), result=KEY),
    Case(
        "update",
        lambda d: d.configs.update("k1", ConfigSpec(name="key", labels={"a": "b"}), version=ObjectVersion(index=11)),
        "POST /configs/k1/update",
        {"version": "11"},
        {"Name": "key", "Labels": {"a": "b"}},
    ),
    Case(
        "update from a mapping",
        lambda d: d.configs.update("k1", {"Name": "key", "Later": 1}, version=0),
        "POST /configs/k1/update",
        {"version": "0"},
        {"Name": "key", "Later": 1},
    ),
    Case("remove", lambda d: d.configs.remove("key"), "DELETE /configs/key"),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


REFUSED = [
    *(
        Refusal(call, InvalidArgument, message)
        for name, message in [
            ("", "config must be a name or ID"),
            ("a/b", "contains '/'"),
            ("a?b", "contains '\\?'"),
            ("a#b", "contains '#'"),
            ("..", "must be a name or ID"),
        ]
        for call in (
            lambda d, name=name: d.configs.inspect(name),
            lambda d, name=name: d.configs.remove(name),
            lambda d, name=name: d.configs.update(name, {"Name": "key"}, version=1),
        )
    ),
    Refusal(lambda d: d.configs.inspect(7), InvalidArgumentType, "config must be a string"),
    Refusal(lambda d: d.configs.list(filters={"name": 7}), InvalidArgumentType, "filter 'name' must be"),
    Refusal(lambda d: d.configs.create({"Data": "YWJj"}), InvalidArgument, "a config requires a name"),
    Refusal(lambda d: d.configs.create(ConfigSpec(name="", data="YWJj")), InvalidArgument, "a config requires a name"),
    Refusal(lambda d: d.configs.create({"Name": "key"}), InvalidArgument, "a config requires data"),
    Refusal(lambda d: d.configs.create({"Name": "key", "Data": b"a"}), InvalidArgumentType, "bytes has no JSON form"),
    Refusal(lambda d: d.configs.create("key"), InvalidArgumentType, "ConfigSpec or a mapping"),
    Refusal(lambda d: d.configs.update("key", KEY, version=1), InvalidArgumentType, "ConfigSpec or a mapping"),
    Refusal(
        lambda d: d.configs.update("key", {}, version=None),
        InvalidArgument,
        "requires the version of the inspected config",
    ),
    Refusal(lambda d: d.configs.update("key", {}, version="1"), InvalidArgumentType, "version must be an integer"),
    Refusal(lambda d: d.configs.update("key", {}, version=-1), InvalidArgument, "version must be at least 0"),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_stale_version_is_recognized_by_its_message(status: int, server: Server) -> None:
    server.default = json_reply({"message": "rpc error: code = Unknown desc = update out of sequence"}, status)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(StaleVersion) as caught:
            await docker.configs.update("k1", {"Name": "key"}, version=1)
    assert caught.value.status == status
