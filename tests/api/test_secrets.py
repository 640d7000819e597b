"""The calls of `docker.secrets`: requests and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType, StaleVersion
from aiodockerapi.models import Driver, IDResponse, ObjectVersion, Secret, SecretSpec
from tests.support.calls import Case, Refusal, check, check_refused
from tests.support.server import json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

KEY = Secret(id="k1", version=ObjectVersion(index=11), spec=SecretSpec(name="key", labels={}))
KEY_RAW = {"ID": "k1", "Version": {"Index": 11}, "Spec": {"Name": "key", "Labels": {}}}
CREATED = IDResponse(id="k1")

CASES = [
    Case("list", lambda d: d.secrets.list(), "GET /secrets", reply=json_reply(None), result=[]),
    Case(
        "list filtered",
        lambda d: d.secrets.list(filters={"name": ["key", "cert"], "label": "a=b"}),
        "GET /secrets",
        {"filters": '{"name":["key","cert"],"label":["a=b"]}'},
        reply=json_reply([KEY_RAW]),
        result=[KEY],
    ),
    Case(
        "create from a model",
        lambda d: d.secrets.create(SecretSpec(name="key", data="YWJj", labels={})),
        "POST /secrets/create",
        body={"Name": "key", "Data": "YWJj", "Labels": {}},
        reply=json_reply({"ID": "k1"}, 201),
        result=CREATED,
    ),
    Case(
        "create from a mapping",
        lambda d: d.secrets.create({"Name": "key", "Data": "YWJj", "Later": 1}),
        "POST /secrets/create",
        body={"Name": "key", "Data": "YWJj", "Later": 1},
        reply=json_reply({"Id": "k1"}, 201),
        result=CREATED,
    ),
    Case(
        "create with a driver",
        lambda d: d.secrets.create(SecretSpec(name="key", driver=Driver(name="vault"))),
        "POST /secrets/create",
        body={"Name": "key", "Driver": {"Name": "vault"}},
        reply=json_reply({"ID": "k1"}, 201),
        result=CREATED,
    ),
    Case("inspect", lambda d: d.secrets.inspect("key"), "GET /secrets/key", reply=json_reply(KEY_RAW), result=KEY),
    Case(
        "update",
        lambda d: d.secrets.update("k1", SecretSpec(name="key", labels={"a": "b"}), version=ObjectVersion(index=11)),
        "POST /secrets/k1/update",
        {"version": "11"},
        {"Name": "key", "Labels": {"a": "b"}},
    ),
    Case(
        "update from a mapping",
        lambda d: d.secrets.update("k1", {"Name": "key", "Later": 1}, version=0),
        "POST /secrets/k1/update",
        {"version": "0"},
        {"Name": "key", "Later": 1},
    ),
    Case("remove", lambda d: d.secrets.remove("key"), "DELETE /secrets/key"),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


REFUSED = [
    *(
        Refusal(call, InvalidArgument, message)
        for name, message in [
            ("", "secret must be a name or ID"),
            ("a/b", "contains '/'"),
            ("a?b", "contains '\\?'"),
            ("a#b", "contains '#'"),
            ("..", "must be a name or ID"),
        ]
        for call in (
            lambda d, name=name: d.secrets.inspect(name),
            lambda d, name=name: d.secrets.remove(name),
            lambda d, name=name: d.secrets.update(name, {"Name": "key"}, version=1),
        )
    ),
    Refusal(lambda d: d.secrets.inspect(7), InvalidArgumentType, "secret must be a string"),
    Refusal(lambda d: d.secrets.list(filters={"name": 7}), InvalidArgumentType, "filter 'name' must be"),
    Refusal(lambda d: d.secrets.create({"Data": "YWJj"}), InvalidArgument, "a secret requires a name"),
    Refusal(lambda d: d.secrets.create(SecretSpec(name="", data="YWJj")), InvalidArgument, "a secret requires a name"),
    Refusal(lambda d: d.secrets.create({"Name": "key"}), InvalidArgument, "a secret requires data"),
    Refusal(lambda d: d.secrets.create({"Name": "key", "Data": b"a"}), InvalidArgumentType, "bytes has no JSON form"),
    Refusal(lambda d: d.secrets.create("key"), InvalidArgumentType, "SecretSpec or a mapping"),
    Refusal(lambda d: d.secrets.update("key", KEY, version=1), InvalidArgumentType, "SecretSpec or a mapping"),
    Refusal(
        lambda d: d.secrets.update("key", {}, version=None),
        InvalidArgument,
        "requires the version of the inspected secret",
    ),
    Refusal(lambda d: d.secrets.update("key", {}, version="1"), InvalidArgumentType, "version must be an integer"),
    Refusal(lambda d: d.secrets.update("key", {}, version=-1), InvalidArgument, "version must be at least 0"),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_stale_version_is_recognized_by_its_message(status: int, server: Server) -> None:
    server.default = json_reply({"message": "rpc error: code = Unknown desc = update out of sequence"}, status)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(StaleVersion) as caught:
            await docker.secrets.update("k1", {"Name": "key"}, version=1)
    assert caught.value.status == status
