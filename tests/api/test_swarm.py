"""The calls of `docker.swarm`: requests and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import InvalidArgument, InvalidArgumentType
from aiodockerapi.models import (
    EncryptionConfig,
    JoinTokens,
    ObjectVersion,
    OrchestrationConfig,
    Swarm,
    SwarmInitRequest,
    SwarmJoinRequest,
    SwarmSpec,
    UnlockKeyResponse,
)
from tests.support.calls import Case, Refusal, check, check_refused
from tests.support.server import json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

JOIN = {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": ["10.0.0.1:2377"], "JoinToken": "SWMTKN-1"}


def rotated(value: bool, sent: str) -> Case:
    """Return an update with explicit values for all rotations."""
    return Case(
        f"rotate {value}",
        lambda d: d.swarm.update(
            {"Later": 1},
            version=3,
            rotate_worker_token=value,
            rotate_manager_token=value,
            rotate_manager_unlock_key=value,
        ),
        "POST /swarm/update",
        {"version": "3", "rotateWorkerToken": sent, "rotateManagerToken": sent, "rotateManagerUnlockKey": sent},
        {"Later": 1},
    )


CASES = [
    Case(
        "inspect",
        lambda d: d.swarm.inspect(),
        "GET /swarm",
        reply=json_reply({"ID": "s1", "Version": {"Index": 10}, "JoinTokens": {"Worker": "w", "Manager": "m"}}),
        result=Swarm(id="s1", version=ObjectVersion(index=10), join_tokens=JoinTokens(worker="w", manager="m")),
    ),
    Case(
        "init",
        lambda d: d.swarm.init(
            SwarmInitRequest(
                listen_addr="0.0.0.0:2377",
                default_addr_pool=[],
                force_new_cluster=False,
                data_path_port=0,
                spec=SwarmSpec(encryption_config=EncryptionConfig(auto_lock_managers=True)),
            )
        ),
        "POST /swarm/init",
        body={
            "ListenAddr": "0.0.0.0:2377",
            "DefaultAddrPool": [],
            "ForceNewCluster": False,
            "DataPathPort": 0,
            "Spec": {"EncryptionConfig": {"AutoLockManagers": True}},
        },
        reply=json_reply("nk75"),
        result="nk75",
    ),
    Case(
        "init from a mapping",
        lambda d: d.swarm.init({"ListenAddr": "eth0", "Later": 1}),
        "POST /swarm/init",
        body={"ListenAddr": "eth0", "Later": 1},
        reply=json_reply("nk75"),
        result="nk75",
    ),
    Case(
        "join",
        lambda d: d.swarm.join(
            SwarmJoinRequest(listen_addr="0.0.0.0:2377", remote_addrs=["10.0.0.1:2377"], join_token="SWMTKN-1")
        ),
        "POST /swarm/join",
        body=JOIN,
    ),
    Case("join from a mapping", lambda d: d.swarm.join(JOIN), "POST /swarm/join", body=JOIN),
    Case("leave", lambda d: d.swarm.leave(), "POST /swarm/leave"),
    Case("force", lambda d: d.swarm.leave(force=True), "POST /swarm/leave", {"force": "true"}),
    Case("no force", lambda d: d.swarm.leave(force=False), "POST /swarm/leave", {"force": "false"}),
    Case(
        "update",
        lambda d: d.swarm.update(
            SwarmSpec(name="default", orchestration=OrchestrationConfig(task_history_retention_limit=0)),
            version=ObjectVersion(index=10),
        ),
        "POST /swarm/update",
        {"version": "10"},
        {"Name": "default", "Orchestration": {"TaskHistoryRetentionLimit": 0}},
    ),
    rotated(True, "true"),
    rotated(False, "false"),
    Case(
        "unlock_key",
        lambda d: d.swarm.unlock_key(),
        "GET /swarm/unlockkey",
        reply=json_reply({"UnlockKey": "SWMKEY-1"}),
        result=UnlockKeyResponse(unlock_key="SWMKEY-1"),
    ),
    Case("unlock", lambda d: d.swarm.unlock("SWMKEY-1"), "POST /swarm/unlock", body={"UnlockKey": "SWMKEY-1"}),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


def without(key: str) -> dict[str, object]:
    """Return the body of a join without one property."""
    return {name: value for name, value in JOIN.items() if name != key}


REFUSED = [
    Refusal(lambda d: d.swarm.init({}), InvalidArgument, "requires an address to listen on"),
    Refusal(lambda d: d.swarm.init(SwarmInitRequest()), InvalidArgument, "requires an address to listen on"),
    Refusal(lambda d: d.swarm.init("0.0.0.0:2377"), InvalidArgumentType, "SwarmInitRequest or a mapping"),
    Refusal(lambda d: d.swarm.join(without("ListenAddr")), InvalidArgument, "requires an address to listen on"),
    Refusal(lambda d: d.swarm.join(without("RemoteAddrs")), InvalidArgument, "requires the address of a manager"),
    Refusal(lambda d: d.swarm.join(without("JoinToken")), InvalidArgument, "requires a token"),
    Refusal(lambda d: d.swarm.join(SwarmSpec()), InvalidArgumentType, "SwarmJoinRequest or a mapping"),
    Refusal(lambda d: d.swarm.leave(force="yes"), InvalidArgumentType, "force must be True or False"),
    Refusal(lambda d: d.swarm.update(None, version=1), InvalidArgumentType, "SwarmSpec or a mapping"),
    Refusal(lambda d: d.swarm.update({}, version=None), InvalidArgument, "requires the version of the inspected swarm"),
    Refusal(
        lambda d: d.swarm.update({}, version=1, rotate_worker_token=1), InvalidArgumentType, "rotate_worker_token must"
    ),
    Refusal(lambda d: d.swarm.unlock(""), InvalidArgument, "the unlock key is empty"),
    Refusal(lambda d: d.swarm.unlock(None), InvalidArgumentType, "unlock_key must be a string"),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)


@pytest.mark.parametrize(
    "model",
    [SwarmJoinRequest(join_token="SWMTKN-1"), JoinTokens(worker="SWMTKN-1"), UnlockKeyResponse(unlock_key="SWMKEY-1")],
)
def test_reprs_do_not_contain_tokens_and_keys(model: object) -> None:
    assert "SWM" not in repr(model)
