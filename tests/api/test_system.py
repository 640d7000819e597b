"""The calls of `docker.system`: requests and results."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    DecodingError,
    Docker,
    InvalidArgument,
    InvalidArgumentType,
    OperationFailed,
    TruncatedStream,
    UnsupportedFeature,
)
from aiodockerapi.models import (
    AuthConfig,
    AuthResponse,
    BuildCacheDiskUsage,
    ContainersDiskUsage,
    EventActor,
    EventMessage,
    ImagesDiskUsage,
    Ping,
    SystemDataUsageResponse,
    SystemInfo,
    SystemVersion,
    VolumesDiskUsage,
)
from tests.support.calls import Case, check, drained
from tests.support.server import Peer, Reply, json_reply, raw_serving
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

ACCEPT = {"accept": "application/jsonl, application/x-ndjson;q=0.9, application/json;q=0.8"}
STARTED = (
    b'{"Type":"container","Action":"start","Actor":{"ID":"4fa6"},"time":1714564800,"timeNano":1714564800000000001}'
)
START = EventMessage(
    type="container",
    action="start",
    actor=EventActor(id="4fa6"),
    time=datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC),
    time_nano=1714564800000000001,
)
MOMENT = datetime.datetime(2024, 5, 1, 12, 0, 0, 1, tzinfo=datetime.UTC)
TABLE = [
    Case(
        "version",
        lambda d: d.system.version(),
        "GET /version",
        reply=json_reply({"Version": "20.10.24", "ApiVersion": "1.41", "Components": None}),
        result=SystemVersion(version="20.10.24", api_version="1.41"),
    ),
    Case(
        "info",
        lambda d: d.system.info(),
        "GET /info",
        reply=json_reply({"ID": "x", "NCPU": 2, "MemTotal": 4096, "OperatingSystem": "Debian"}),
        result=SystemInfo(id="x", ncpu=2, mem_total=4096, operating_system="Debian"),
    ),
    Case(
        "disk usage",
        lambda d: d.system.disk_usage(),
        "GET /system/df",
        reply=json_reply({"LayersSize": 5, "Images": None}),
        result=SystemDataUsageResponse(
            layers_size=5,
            image_usage=ImagesDiskUsage(total_size=5, reclaimable=5),
            container_usage=ContainersDiskUsage(),
            volume_usage=VolumesDiskUsage(),
            build_cache_usage=BuildCacheDiskUsage(),
        ),
    ),
    Case(
        "auth",
        lambda d: d.system.auth(AuthConfig(username="u", password="p", serveraddress="127.0.0.1:5000")),
        "POST /auth",
        body={"username": "u", "password": "p", "serveraddress": "127.0.0.1:5000"},
        reply=json_reply({"Status": "Login Succeeded", "IdentityToken": ""}),
        result=AuthResponse(status="Login Succeeded", identity_token=""),
    ),
    Case(
        "auth from a mapping",
        lambda d: d.system.auth({"identitytoken": "t"}),
        "POST /auth",
        body={"identitytoken": "t"},
        reply=json_reply({"Status": "Login Succeeded"}),
        result=AuthResponse(status="Login Succeeded"),
    ),
    Case(
        "events",
        lambda d: d.system.events(since=MOMENT, until=1714564801, filters={"type": "container", "event": ["start"]}),
        "GET /events",
        {
            "since": "1714564800.000001000",
            "until": "1714564801",
            "filters": '{"type":["container"],"event":["start"]}',
        },
        headers=ACCEPT,
        reply=Reply(200, STARTED + b"\n"),
        result=[START],
    ),
    Case(
        "events, entered",
        lambda d: drained(d.system.events()),
        "GET /events",
        headers=ACCEPT,
        reply=Reply(200, b"\x1e" + STARTED + b"\n\x1e" + STARTED + b"\n"),
        result=[START, START],
    ),
    Case(
        "no events",
        lambda d: d.system.events(until=0.5),
        "GET /events",
        {"until": "0.500000000"},
        reply=Reply(200),
        result=[],
    ),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", TABLE, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


GATED = [
    (
        "1.42",
        Case(
            "disk usage of a kind",
            lambda d: d.system.disk_usage(type="build-cache"),
            "GET /system/df",
            {"type": "build-cache"},
            reply=json_reply({}),
            result=SystemDataUsageResponse(build_cache_usage=BuildCacheDiskUsage()),
        ),
    ),
    (
        "1.42",
        Case(
            "disk usage of kinds",
            lambda d: d.system.disk_usage(type=["image", "volume"]),
            "GET /system/df",
            {"type": ["image", "volume"]},
            reply=json_reply({}),
            result=SystemDataUsageResponse(image_usage=ImagesDiskUsage(), volume_usage=VolumesDiskUsage()),
        ),
    ),
    (
        "1.42",
        Case(
            "disk usage of no kind",
            lambda d: d.system.disk_usage(type=[]),
            "GET /system/df",
            reply=json_reply({}),
            result=SystemDataUsageResponse(
                image_usage=ImagesDiskUsage(),
                container_usage=ContainersDiskUsage(),
                volume_usage=VolumesDiskUsage(),
                build_cache_usage=BuildCacheDiskUsage(),
            ),
        ),
    ),
    *(
        (
            "1.52",
            Case(
                f"disk usage, verbose {value}",
                call,
                "GET /system/df",
                {"type": "image", "verbose": value},
                reply=json_reply({"ImageUsage": {"TotalCount": 2, "TotalSize": 7}}),
                result=SystemDataUsageResponse(image_usage=ImagesDiskUsage(total_count=2, total_size=7), layers_size=7),
            ),
        )
        for value, call in (
            ("true", lambda d: d.system.disk_usage(type="image", verbose=True)),
            ("false", lambda d: d.system.disk_usage(type="image", verbose=False)),
        )
    ),
]


@pytest.mark.parametrize(("since", "case"), GATED, ids=str)
async def test_an_option_is_sent_to_an_engine_that_supports_it(since: str, case: Case, server: Server) -> None:
    for version in (since, NEWEST):
        server.received.clear()
        await check(case, server, version)


@pytest.mark.parametrize(("since", "case"), GATED, ids=str)
async def test_an_option_that_the_engine_does_not_support_is_refused(since: str, case: Case, server: Server) -> None:
    before = {"1.42": "1.41", "1.52": "1.51"}[since]
    async with Docker(server.host, api_version=before) as docker:
        with pytest.raises(UnsupportedFeature) as caught:
            await case.call(docker)
    assert (caught.value.needs, caught.value.has) == (since, before)
    assert server.received == []


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: d.system.events(since="yesterday"), InvalidArgument, "since must be seconds since 1970, a time"),
        (lambda d: d.system.events(since=-1), InvalidArgument, "since must be seconds since 1970"),
        (lambda d: d.system.events(until=True), InvalidArgumentType, "until must be a datetime"),
        (lambda d: d.system.events(filters="type=container"), InvalidArgumentType, "filters must be a mapping"),
        (lambda d: d.system.events(), InvalidArgument, "events never end without until="),
        (lambda d: d.system.disk_usage(verbose=1), InvalidArgumentType, "verbose must be True or False"),
        (lambda d: d.system.auth("user:password"), InvalidArgumentType, "AuthConfig or a mapping"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    call: Callable[[Docker], Any], error: type[Exception], message: str, server: Server
) -> None:
    async with Docker(server.host, api_version=NEWEST) as docker:
        with pytest.raises(error, match=message):
            await call(docker)
    assert server.received == []


async def test_ping_is_unversioned_and_returns_the_headers(server: Server) -> None:
    headers = {
        "Api-Version": "1.44",
        "Ostype": "linux",
        "Server": "Docker/25.0.0 (linux)",
        "Docker-Experimental": "True",
        "Builder-Version": "2",
        "Swarm": "active/manager",
    }
    server.routes["HEAD /_ping"] = Reply(200, headers=headers)
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.system.ping() == Ping(
            api_version="1.44",
            os_type="linux",
            server="Docker/25.0.0 (linux)",
            experimental=True,
            builder_version="2",
            swarm="active/manager",
        )
    assert [one.line for one in server.received] == ["HEAD /_ping"]


async def test_a_ping_response_without_headers() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    async with raw_serving(answer, api_version=None) as server, Docker(server.host, api_version="1.41") as docker:
        assert await docker.system.ping() == Ping(
            api_version="", os_type="", server="", experimental=False, builder_version="", swarm=""
        )


async def test_events_arrive_as_they_occur_and_leaving_closes_the_connection() -> None:
    closed = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        await peer.send(b"%x\r\n%s\n\r\n" % (len(STARTED) + 1, STARTED))
        assert await peer.reader.read() == b""
        closed.set()

    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        async with docker.system.events() as events:
            assert await anext(events) == START
        await asyncio.wait_for(closed.wait(), 30)


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (STARTED + b'\n{"Type":', TruncatedStream, "inside a JSON value"),
        (STARTED + b'\n{"Type":5}\n', DecodingError, "Type: expected a string, found an integer"),
        (STARTED + b'\n{"errorDetail":{"message":"no more","code":7},"error":"x"}\n', OperationFailed, "no more"),
    ],
)
async def test_events_before_an_error_are_returned(
    body: bytes, error: type[Exception], message: str, server: Server
) -> None:
    server.default = Reply(200, body)
    found: list[EventMessage] = []
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error, match=message):
            await drained(docker.system.events(), found)
    assert found == [START]


async def test_a_ping_uses_get_if_a_proxy_closes_the_connection_on_head() -> None:
    async def script(peer: Peer) -> None:
        if peer.request.method == "GET":
            await peer.send(b"HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 0\r\n\r\n")

    async with raw_serving(script, api_version=None) as server, Docker(server.host) as docker:
        assert (await docker.system.ping()).api_version == "1.44"
