"""The calls of `docker.networks`: requests and results."""

from __future__ import annotations

import copy
import datetime
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType, UnsupportedFeature
from aiodockerapi.models import (
    IPAM,
    ConfigReference,
    EndpointIPAMConfig,
    EndpointResource,
    EndpointSettings,
    IPAMConfig,
    NetworkCreateRequest,
    NetworkCreateResponse,
    NetworkInspect,
    NetworkPruneResponse,
    NetworkSummary,
)
from tests.support.calls import Case, Refusal, check, check_refused, check_unsupported
from tests.support.server import json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

CREATED = NetworkCreateResponse(id="7d86")
CREATED_REPLY = json_reply({"Id": "7d86", "Warning": ""}, 201)


def disconnected(force: bool) -> Case:
    """Return a disconnect with an explicit force."""
    return Case(
        f"disconnect force={force}",
        lambda d: d.networks.disconnect("backend", "web", force=force),
        "POST /networks/backend/disconnect",
        body={"Container": "web", "Force": force},
    )


CASES = [
    Case("list", lambda d: d.networks.list(), "GET /networks", reply=json_reply([]), result=[]),
    Case(
        "list filtered",
        lambda d: d.networks.list(filters={"dangling": True, "driver": ["bridge", "overlay"]}),
        "GET /networks",
        {"filters": '{"dangling":["true"],"driver":["bridge","overlay"]}'},
        reply=json_reply([{"Name": "backend", "Id": "7d86", "Scope": "local"}]),
        result=[NetworkSummary(name="backend", id="7d86", scope="local")],
    ),
    Case(
        "inspect",
        lambda d: d.networks.inspect("backend"),
        "GET /networks/backend",
        reply=json_reply({"Name": "backend", "Containers": {"4fa6": {"Name": "web", "IPv4Address": "10.1.0.2/24"}}}),
        result=NetworkInspect(
            name="backend", containers={"4fa6": EndpointResource(name="web", ipv4_address="10.1.0.2/24")}
        ),
    ),
    Case(
        "inspect all",
        lambda d: d.networks.inspect("backend", verbose=True, scope="swarm"),
        "GET /networks/backend",
        {"verbose": "true", "scope": "swarm"},
        reply=json_reply({"Containers": None}),
        result=NetworkInspect(),
    ),
    Case(
        "inspect explicit nothing",
        lambda d: d.networks.inspect("backend", verbose=False, scope=""),
        "GET /networks/backend",
        {"verbose": "false", "scope": ""},
        reply=json_reply({}),
        result=NetworkInspect(),
    ),
    Case(
        "a name with spaces, as on Windows",
        lambda d: d.networks.inspect("Default Switch 100%"),
        "GET /networks/Default%20Switch%20100%25",
        reply=json_reply({}),
        result=NetworkInspect(),
    ),
    Case("remove", lambda d: d.networks.remove("backend"), "DELETE /networks/backend"),
    Case(
        "create from a model",
        lambda d: d.networks.create(
            NetworkCreateRequest(
                name="backend",
                driver="bridge",
                internal=False,
                ipam=IPAM(config=[IPAMConfig(subnet="10.1.0.0/24")], options={}),
                config_from=ConfigReference(network="base"),
                labels={},
            )
        ),
        "POST /networks/create",
        body={
            "Name": "backend",
            "Driver": "bridge",
            "Internal": False,
            "IPAM": {"Config": [{"Subnet": "10.1.0.0/24"}], "Options": {}},
            "ConfigFrom": {"Network": "base"},
            "Labels": {},
        },
        reply=CREATED_REPLY,
        result=CREATED,
    ),
    Case(
        "create from a mapping",
        lambda d: d.networks.create({"Name": "backend", "Later": [1]}),
        "POST /networks/create",
        body={"Name": "backend", "Later": [1]},
        reply=CREATED_REPLY,
        result=CREATED,
    ),
    Case(
        "connect",
        lambda d: d.networks.connect("backend", "web"),
        "POST /networks/backend/connect",
        body={"Container": "web"},
    ),
    Case(
        "connect with settings",
        lambda d: d.networks.connect(
            "backend",
            "web",
            endpoint_config=EndpointSettings(
                aliases=["db", "db.local"], links=[], ipam_config=EndpointIPAMConfig(ipv4_address="10.1.0.7")
            ),
        ),
        "POST /networks/backend/connect",
        body={
            "Container": "web",
            "EndpointConfig": {
                "Aliases": ["db", "db.local"],
                "Links": [],
                "IPAMConfig": {"IPv4Address": "10.1.0.7"},
            },
        },
    ),
    Case(
        "connect with a mapping",
        lambda d: d.networks.connect("backend", "web", endpoint_config={}),
        "POST /networks/backend/connect",
        body={"Container": "web", "EndpointConfig": {}},
    ),
    Case(
        "disconnect",
        lambda d: d.networks.disconnect("backend", "web"),
        "POST /networks/backend/disconnect",
        body={"Container": "web"},
    ),
    disconnected(True),
    disconnected(False),
    Case(
        "prune",
        lambda d: d.networks.prune(),
        "POST /networks/prune",
        reply=json_reply({"NetworksDeleted": None}),
        result=NetworkPruneResponse(),
    ),
    Case(
        "prune filtered",
        lambda d: d.networks.prune(filters={"until": "10m", "label!": ["keep"]}),
        "POST /networks/prune",
        {"filters": '{"until":["10m"],"label!":["keep"]}'},
        reply=json_reply({"NetworksDeleted": ["old"]}),
        result=NetworkPruneResponse(networks_deleted=["old"]),
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
            ("", "network must be a name or ID"),
            ("a/b", "contains '/'"),
            ("a?b", "contains '\\?'"),
            ("a#b", "contains '#'"),
            ("..", "must be a name or ID"),
            ("a\nb", "contains"),
        ]
        for call in (
            lambda d, name=name: d.networks.inspect(name),
            lambda d, name=name: d.networks.remove(name),
            lambda d, name=name: d.networks.connect(name, "web"),
            lambda d, name=name: d.networks.disconnect(name, "web"),
        )
    ),
    Refusal(lambda d: d.networks.inspect(None), InvalidArgumentType, "network must be a string"),
    Refusal(lambda d: d.networks.inspect("a", verbose="yes"), InvalidArgumentType, "verbose must be True or False"),
    Refusal(lambda d: d.networks.inspect("a", scope=1), InvalidArgumentType, "scope must be a string"),
    Refusal(lambda d: d.networks.list(filters="name=a"), InvalidArgumentType, "filters must be a mapping"),
    Refusal(lambda d: d.networks.list(filters={"name": 1}), InvalidArgumentType, "filter 'name' must be"),
    Refusal(lambda d: d.networks.prune(filters={"label": [b"a"]}), InvalidArgumentType, "filter 'label' must be"),
    Refusal(lambda d: d.networks.create({"Driver": "bridge"}), InvalidArgument, "a network requires a name"),
    Refusal(lambda d: d.networks.create(NetworkCreateRequest(name="")), InvalidArgument, "a network requires a name"),
    Refusal(lambda d: d.networks.create("backend"), InvalidArgumentType, "NetworkCreateRequest or a mapping"),
    Refusal(lambda d: d.networks.connect("a", ""), InvalidArgument, "the container is empty"),
    Refusal(lambda d: d.networks.connect("a", 1), InvalidArgumentType, "container must be a string"),
    Refusal(
        lambda d: d.networks.connect("a", "b", endpoint_config="c"),
        InvalidArgumentType,
        "EndpointSettings or a mapping",
    ),
    Refusal(lambda d: d.networks.disconnect("a", "b", force=1), InvalidArgumentType, "force must be True or False"),
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)


@pytest.mark.parametrize(
    ("settings", "option", "needs"),
    [
        ({"EnableIPv4": False}, "networks.create.enable_ipv4", "1.48"),
    ],
)
async def test_a_setting_of_a_network_requires_an_engine_that_supports_it(
    settings: dict[str, Any], option: str, needs: str, server: Server
) -> None:
    body = {"Name": "backend", **settings}
    case = Case(
        option, lambda d: d.networks.create(body), "POST /networks/create", {}, body, {}, CREATED_REPLY, CREATED
    )
    await check_unsupported(case, server, option, needs)


@pytest.mark.parametrize(
    ("settings", "option", "needs"),
    [
        ({"GwPriority": 0}, "networks.connect.endpoint_config.gw_priority", "1.48"),
        ({"MacAddress": "02:42:ac:11:00:02"}, "networks.connect.endpoint_config.mac_address", "1.54"),
    ],
)
async def test_a_setting_of_an_endpoint_requires_an_engine_that_supports_it(
    settings: dict[str, Any], option: str, needs: str, server: Server
) -> None:
    body = {"Container": "web", "EndpointConfig": settings}
    line = "POST /networks/backend/connect"
    case = Case(option, lambda d: d.networks.connect("backend", "web", endpoint_config=settings), line, {}, body)
    await check_unsupported(case, server, option, needs)


async def test_a_mac_address_is_supported_at_creation_earlier_than_at_connect(server: Server) -> None:
    networking = {"EndpointsConfig": {"backend": {"MacAddress": "02:42:ac:11:00:02"}}}
    server.default = json_reply({"Id": "4fa6"}, 201)
    async with Docker(server.host, api_version="1.44") as docker:
        await docker.containers.create({"Image": "busybox", "NetworkingConfig": networking})
    assert server.received[0].json()["NetworkingConfig"] == networking


async def test_a_check_for_duplicates_is_sent_only_to_engines_that_allow_duplicates(server: Server) -> None:
    server.default = CREATED_REPLY
    wanted = {"Name": "backend", "CheckDuplicate": True}
    before = copy.deepcopy(wanted)
    for version in ("1.43", "1.44", NEWEST):
        async with Docker(server.host, api_version=version) as docker:
            assert await docker.networks.create(wanted) == CREATED
    assert wanted == before
    assert [one.json() for one in server.received] == [wanted, {"Name": "backend"}, {"Name": "backend"}]


async def test_duplicates_cannot_be_requested_from_newer_engines(server: Server) -> None:
    async with Docker(server.host, api_version=NEWEST) as docker:
        with pytest.raises(UnsupportedFeature, match=r"networks\.create\.check_duplicate"):
            await docker.networks.create({"Name": "backend", "CheckDuplicate": False})
    assert server.received == []


COMMON = {
    "Name": "backend",
    "Id": "7d86",
    "Created": "2024-05-01T12:00:00Z",
    "Scope": "local",
    "Driver": "bridge",
    "EnableIPv6": False,
    "IPAM": {"Driver": "default", "Options": None, "Config": [{"Subnet": "10.1.0.0/24"}]},
    "ConfigFrom": {"Network": ""},
    "Options": {},
    "Labels": {"a": "b"},
}
BEFORE_1_52 = {**COMMON, "Containers": {}}
FROM_1_52 = {**COMMON, "EnableIPv4": True}
STATUS = {"IPAM": {"Subnets": {"10.1.0.0/24": {"IPsInUse": 3, "DynamicIPsAvailable": 253}}}}


@pytest.mark.parametrize("raw", [BEFORE_1_52, FROM_1_52], ids=["before 1.52", "from 1.52"])
async def test_networks_are_the_same_on_every_engine(raw: dict[str, Any], server: Server) -> None:
    server.default = json_reply([raw])
    async with Docker(server.host, api_version="1.44") as docker:
        [listed] = await docker.networks.list()
        server.default = json_reply({**raw, "Status": STATUS} if raw is FROM_1_52 else raw)
        inspected = await docker.networks.inspect("backend")
    for network in (listed, inspected):
        assert (network.name, network.id, network.driver) == ("backend", "7d86", "bridge")
        assert network.created == datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)
        assert network.ipam is not None
        assert [subnet.subnet for subnet in network.ipam.config] == ["10.1.0.0/24"]
        assert network.labels == {"a": "b"}
    assert inspected.containers == {}
    assert inspected.services == {}
