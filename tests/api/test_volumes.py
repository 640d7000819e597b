"""The calls of `docker.volumes`: requests and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import InvalidArgument, InvalidArgumentType
from aiodockerapi.models import (
    ClusterVolumeSpec,
    ObjectVersion,
    Volume,
    VolumeListResponse,
    VolumePruneResponse,
)
from tests.support.calls import Case, Refusal, check, check_refused, check_unsupported
from tests.support.server import json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

DATA = Volume(name="data", driver="local")
DATA_REPLY = json_reply({"Name": "data", "Driver": "local", "Labels": None, "Options": None}, 201)

CASES = [
    Case(
        "list",
        lambda d: d.volumes.list(),
        "GET /volumes",
        reply=json_reply({"Volumes": [{"Name": "data", "Driver": "local"}], "Warnings": None}),
        result=VolumeListResponse(volumes=[DATA]),
    ),
    Case(
        "list filtered",
        lambda d: d.volumes.list(filters={"dangling": False, "name": "data"}),
        "GET /volumes",
        {"filters": '{"dangling":["false"],"name":["data"]}'},
        reply=json_reply({"Volumes": None, "Warnings": ["w"]}),
        result=VolumeListResponse(warnings=["w"]),
    ),
    Case("create", lambda d: d.volumes.create(), "POST /volumes/create", body={}, reply=DATA_REPLY, result=DATA),
    Case(
        "create all",
        lambda d: d.volumes.create(
            "data", driver="local", driver_opts={"type": "tmpfs", "device": "tmpfs"}, labels={"a": "b"}
        ),
        "POST /volumes/create",
        body={
            "Name": "data",
            "Driver": "local",
            "DriverOpts": {"type": "tmpfs", "device": "tmpfs"},
            "Labels": {"a": "b"},
        },
        reply=DATA_REPLY,
        result=DATA,
    ),
    Case(
        "create explicit nothing",
        lambda d: d.volumes.create("", driver="", driver_opts={}, labels={}),
        "POST /volumes/create",
        body={"Name": "", "Driver": "", "DriverOpts": {}, "Labels": {}},
        reply=DATA_REPLY,
        result=DATA,
    ),
    Case("inspect", lambda d: d.volumes.inspect("data"), "GET /volumes/data", reply=DATA_REPLY, result=DATA),
    Case("remove", lambda d: d.volumes.remove("data"), "DELETE /volumes/data"),
    Case("force", lambda d: d.volumes.remove("data", force=True), "DELETE /volumes/data", {"force": "true"}),
    Case("no force", lambda d: d.volumes.remove("data", force=False), "DELETE /volumes/data", {"force": "false"}),
    Case(
        "prune",
        lambda d: d.volumes.prune(),
        "POST /volumes/prune",
        reply=json_reply({"VolumesDeleted": None, "SpaceReclaimed": 0}),
        result=VolumePruneResponse(space_reclaimed=0),
    ),
    Case(
        "prune filtered",
        lambda d: d.volumes.prune(filters={"all": True, "label": "a=b"}),
        "POST /volumes/prune",
        {"filters": '{"all":["true"],"label":["a=b"]}'},
        reply=json_reply({"VolumesDeleted": ["data"], "SpaceReclaimed": 7}),
        result=VolumePruneResponse(volumes_deleted=["data"], space_reclaimed=7),
    ),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


CLUSTER = Case(
    "create in the swarm",
    lambda d: d.volumes.create("data", driver="csi", cluster_volume_spec=ClusterVolumeSpec(group="g", secrets=[])),
    "POST /volumes/create",
    body={"Name": "data", "Driver": "csi", "ClusterVolumeSpec": {"Group": "g", "Secrets": []}},
    reply=DATA_REPLY,
    result=DATA,
)
UPDATES = [
    Case(
        "update",
        lambda d: d.volumes.update("data", ClusterVolumeSpec(availability="drain"), version=ObjectVersion(index=7)),
        "PUT /volumes/data",
        {"version": "7"},
        {"Spec": {"Availability": "drain"}},
    ),
    Case(
        "update from a mapping",
        lambda d: d.volumes.update("data", {"Availability": "pause", "Later": 1}, version=0),
        "PUT /volumes/data",
        {"version": "0"},
        {"Spec": {"Availability": "pause", "Later": 1}},
    ),
]


@pytest.mark.parametrize("case", UPDATES, ids=str)
async def test_updates_require_an_engine_that_supports_them(case: Case, server: Server) -> None:
    await check_unsupported(case, server, "volumes.update", "1.42")


async def test_cluster_volumes_require_an_engine_that_supports_them(server: Server) -> None:
    await check_unsupported(CLUSTER, server, "volumes.create.cluster_volume_spec", "1.42")


REFUSED = [
    *(
        Refusal(call, InvalidArgument, message)
        for name, message in [
            ("", "volume must be a name or ID"),
            ("a/b", "contains '/'"),
            ("a?b", "contains '\\?'"),
            ("a#b", "contains '#'"),
            ("..", "must be a name or ID"),
            ("a b", "contains ' '"),
        ]
        for call in (
            lambda d, name=name: d.volumes.inspect(name),
            lambda d, name=name: d.volumes.remove(name),
            lambda d, name=name: d.volumes.update(name, {}, version=1),
        )
    ),
    Refusal(lambda d: d.volumes.inspect(b"a"), InvalidArgumentType, "volume must be a string"),
    Refusal(lambda d: d.volumes.create(1), InvalidArgumentType, "name must be a string"),
    Refusal(lambda d: d.volumes.create("a", driver=1), InvalidArgumentType, "driver must be a string"),
    Refusal(lambda d: d.volumes.create("a", labels=["b"]), InvalidArgumentType, "labels must be a mapping"),
    Refusal(lambda d: d.volumes.create("a", driver_opts="b"), InvalidArgumentType, "driver_opts must be a mapping"),
    Refusal(
        lambda d: d.volumes.create("a", cluster_volume_spec=1), InvalidArgumentType, "ClusterVolumeSpec or a mapping"
    ),
    Refusal(lambda d: d.volumes.update("a", None, version=1), InvalidArgumentType, "ClusterVolumeSpec or a mapping"),
    Refusal(lambda d: d.volumes.update("a", {}, version=None), InvalidArgument, "version is None"),
    Refusal(lambda d: d.volumes.update("a", {}, version=-1), InvalidArgument, "version must be at least 0"),
    Refusal(lambda d: d.volumes.remove("a", force="no"), InvalidArgumentType, "force must be True or False"),
    Refusal(lambda d: d.volumes.list(filters=[("a", "b")]), InvalidArgumentType, "filters must be a mapping"),
    Refusal(lambda d: d.volumes.prune(filters={"label": None}), InvalidArgumentType, "filter 'label' must be"),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)
