"""The calls of `docker.nodes`: requests and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import InvalidArgument, InvalidArgumentType
from aiodockerapi.models import Node, NodeSpec, ObjectVersion
from tests.support.calls import Case, Refusal, check, check_refused
from tests.support.server import json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

WORKER = {"Role": "worker", "Availability": "active"}
NODE = Node(id="n1", version=ObjectVersion(index=9), spec=NodeSpec(role="worker", availability="active"))
NODE_RAW = {"ID": "n1", "Version": {"Index": 9}, "Spec": WORKER}

CASES = [
    Case("list", lambda d: d.nodes.list(), "GET /nodes", reply=json_reply([NODE_RAW]), result=[NODE]),
    Case(
        "list filtered",
        lambda d: d.nodes.list(filters={"role": "manager", "node.label": ["disk=fast"]}),
        "GET /nodes",
        {"filters": '{"role":["manager"],"node.label":["disk=fast"]}'},
        reply=json_reply([]),
        result=[],
    ),
    Case("inspect", lambda d: d.nodes.inspect("n1"), "GET /nodes/n1", reply=json_reply(NODE_RAW), result=NODE),
    Case("remove", lambda d: d.nodes.remove("n1"), "DELETE /nodes/n1"),
    Case("force", lambda d: d.nodes.remove("n1", force=True), "DELETE /nodes/n1", {"force": "true"}),
    Case("no force", lambda d: d.nodes.remove("n1", force=False), "DELETE /nodes/n1", {"force": "false"}),
    Case(
        "update",
        lambda d: d.nodes.update("n1", NodeSpec(role="worker", availability="drain", labels={}), version=NODE.version),
        "POST /nodes/n1/update",
        {"version": "9"},
        {"Role": "worker", "Availability": "drain", "Labels": {}},
    ),
    Case(
        "update from a mapping",
        lambda d: d.nodes.update("n1", {**WORKER, "Later": {"a": []}}, version=10),
        "POST /nodes/n1/update",
        {"version": "10"},
        {**WORKER, "Later": {"a": []}},
    ),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


REFUSED = [
    *(
        Refusal(call, InvalidArgument, message)
        for name, message in [
            ("", "node must be a name or ID"),
            ("a/b", "contains '/'"),
            ("a?b", "contains '\\?'"),
            ("a#b", "contains '#'"),
            ("..", "must be a name or ID"),
        ]
        for call in (
            lambda d, name=name: d.nodes.inspect(name),
            lambda d, name=name: d.nodes.remove(name),
            lambda d, name=name: d.nodes.update(name, WORKER, version=1),
        )
    ),
    Refusal(lambda d: d.nodes.list(filters={"role": 1}), InvalidArgumentType, "filter 'role' must be"),
    Refusal(lambda d: d.nodes.remove("n1", force=1), InvalidArgumentType, "force must be True or False"),
    Refusal(lambda d: d.nodes.update("n1", {"Role": "worker"}, version=1), InvalidArgument, "requires availability"),
    Refusal(lambda d: d.nodes.update("n1", NodeSpec(labels={"a": "b"}), version=1), InvalidArgument, "requires role"),
    Refusal(lambda d: d.nodes.update("n1", NODE, version=1), InvalidArgumentType, "NodeSpec or a mapping"),
    Refusal(
        lambda d: d.nodes.update("n1", WORKER, version=None),
        InvalidArgument,
        "requires the version of the inspected node",
    ),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)
