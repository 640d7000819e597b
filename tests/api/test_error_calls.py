"""Errors name the request that failed, also in the middle of a stream, and show no secrets."""

from __future__ import annotations

import asyncio
import base64
import copy
import pickle
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from aiodockerapi import (
    APIError,
    ConnectFailed,
    DecodingError,
    Docker,
    DockerError,
    Endpoint,
    MalformedStream,
    OperationFailed,
    StreamError,
    TransportError,
    TruncatedStream,
)
from aiodockerapi._transport.diagnostics.translation import raise_translated
from tests.support.calls import drained, frame
from tests.support.server import Reply, json_reply, raw_serving

if TYPE_CHECKING:
    from tests.support.server import Server

Call = Callable[[Docker], Awaitable[Any]]

MULTIPLEXED = {"Content-Type": "application/vnd.docker.multiplexed-stream"}
FAILED = b'{"status":"Pulling"}\r\n{"errorDetail":{"code":5,"message":"no space left"},"error":"no space left"}\r\n'
DIGEST = "sha256:" + "0" * 64


async def waited(docker: Docker) -> Any:
    """Return the result of a wait that is entered first."""
    async with docker.containers.wait("web") as waiting:
        return await waiting.result()


async def halfway(docker: Docker) -> Any:
    """Return the result of a pull whose progress was not read completely."""
    async with docker.images.pull("busybox") as progress:
        pass
    return await progress.result()


# -- operations


OPERATIONS: dict[str, tuple[Call, str]] = {
    "pull": (lambda d: d.images.pull("busybox"), "POST /images/create, busybox:latest"),
    "pull, progress read": (lambda d: drained(d.images.pull("busybox:1.36")), "POST /images/create, busybox:1.36"),
    "pull by digest": (lambda d: d.images.pull(f"busybox@{DIGEST}"), f"POST /images/create, busybox@{DIGEST}"),
    "push": (lambda d: d.images.push("lab:5000/web"), "POST /images/lab:5000/web/push, lab:5000/web:latest"),
    "push all": (lambda d: d.images.push("lab/web", all_tags=True), "POST /images/lab/web/push, lab/web"),
    "import": (
        lambda d: d.images.import_image(b"tar", repository="web", tag="1"),
        "POST /images/create, web:1",
    ),
    "import without a name": (lambda d: d.images.import_image(b"tar"), "POST /images/create"),
    "load": (lambda d: d.images.load(b"tar"), "POST /images/load"),
    "build": (lambda d: d.images.build(b"tar", tags=["web:1", "web:2"]), "POST /build, web:1, web:2"),
    "build of a remote context": (
        lambda d: d.images.build(remote="https://x.org/?token=secret", tags="web"),
        "POST /build, web",
    ),
    "build without a name": (lambda d: d.images.build(b"tar"), "POST /build"),
    "plugin": (lambda d: d.plugins.pull("lab/net:1", alias="net"), "POST /plugins/pull, lab/net:1"),
    "plugin upgrade": (lambda d: d.plugins.upgrade("net", "lab/net:2"), "POST /plugins/net/upgrade, lab/net:2"),
    "plugin push": (lambda d: d.plugins.push("lab/net"), "POST /plugins/lab/net/push"),
}


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_failed_operation_names_its_request(operation: str, server: Server) -> None:
    call, where = OPERATIONS[operation]
    async with Docker(server.host, api_version="1.44") as docker:
        server.default = Reply(200, FAILED)
        with pytest.raises(OperationFailed) as failed:
            await call(docker)
        server.default = json_reply({"message": "no such thing"}, 404)
        with pytest.raises(APIError) as refused:
            await call(docker)
    assert str(failed.value) == f"no space left ({where})"
    assert (failed.value.message, failed.value.code) == ("no space left", 5)
    assert str(refused.value) == f"404: no such thing ({where})"
    method, _, rest = where.partition(" ")
    path, _, reference = rest.partition(", ")
    for error in (failed.value, refused.value):
        assert (error.method, error.path, error.reference) == (method, path, reference)
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert (str(again), vars(again)) == (str(error), vars(error))


# -- streams


STREAMS: dict[str, tuple[Call, Reply, type[StreamError], str]] = {
    "logs": (
        lambda d: d.containers.logs("web"),
        Reply(200, frame(1, b"a") + frame(3, b"Error grabbing logs"), MULTIPLEXED),
        OperationFailed,
        "Error grabbing logs (GET /containers/web/logs)",
    ),
    "lines": (
        lambda d: drained(d.services.logs("web")),
        Reply(200, b"\x07" * 8, MULTIPLEXED),
        MalformedStream,
        "(GET /services/web/logs)",
    ),
    "hijack": (
        lambda d: d.exec.start("abc"),
        Reply(200, frame(1, b"abc")[:-1], MULTIPLEXED),
        TruncatedStream,
        "(POST /exec/abc/start)",
    ),
    "events": (lambda d: drained(d.system.events()), Reply(200, b"not JSON"), MalformedStream, "(GET /events)"),
    "stats": (
        lambda d: drained(d.containers.stats("web")),
        Reply(200, FAILED),
        OperationFailed,
        "no space left (GET /containers/web/stats)",
    ),
    "wait": (
        waited,
        json_reply({"StatusCode": -1, "Error": {"Message": "removal failed"}}),
        OperationFailed,
        "removal failed (POST /containers/web/wait)",
    ),
    "wait, malformed": (waited, Reply(200, b"not JSON"), MalformedStream, "(POST /containers/web/wait)"),
    "save": (
        lambda d: d.images.save("web"),
        Reply(200, b'tar{"errorDetail":{"message":"the disk is broken"}}'),
        OperationFailed,
        "the disk is broken (GET /images/web/get)",
    ),
    "save, cut": (lambda d: d.images.save("web"), Reply(200, b"tar"), TruncatedStream, "(GET /images/web/get)"),
    "result": (halfway, Reply(200, FAILED), TruncatedStream, "(POST /images/create, busybox:latest)"),
    "archive": (
        lambda d: d.containers.get_archive("web", "/").__aenter__(),
        Reply(200, b"tar"),
        MalformedStream,
        "X-Docker-Container-Path-Stat (GET /containers/web/archive)",
    ),
    "archive_info": (
        lambda d: d.containers.archive_info("web", "/"),
        Reply(200, b"", {"X-Docker-Container-Path-Stat": "!"}),
        MalformedStream,
        "(HEAD /containers/web/archive)",
    ),
}


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_failed_stream_names_its_request(stream: str, server: Server) -> None:
    call, server.default, cls, suffix = STREAMS[stream]
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(cls) as caught:
            await call(docker)
    assert str(caught.value).endswith(suffix)
    assert f"({caught.value.method} {caught.value.path}" in suffix


CUT: dict[str, tuple[Call, str]] = {
    "download": (lambda d: d.containers.export("web"), "GET /containers/web/export"),
    "progress": (lambda d: d.images.load(b"tar"), "POST /images/load"),
    "logs": (lambda d: d.containers.logs("web"), "GET /containers/web/logs"),
    "events": (lambda d: drained(d.system.events()), "GET /events"),
    "wait": (waited, "POST /containers/web/wait"),
    "session": (lambda d: drained(d.system.session()), "POST /session"),
    "request": (lambda d: drained(d.request("GET", "/x")), "GET /x"),
}


@pytest.mark.parametrize("kind", CUT)
async def test_a_truncated_stream_names_its_request(kind: str) -> None:
    call, where = CUT[kind]
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nx"
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TruncatedStream) as caught:
            await call(docker)
    assert str(caught.value).endswith(f"({where})")


@pytest.mark.parametrize("body", [b"", b"not JSON", b'{"Id":5}'])
async def test_a_response_that_cannot_be_decoded_names_its_request(body: bytes, server: Server) -> None:
    server.default = Reply(200, body)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(DecodingError) as caught:
            await docker.containers.inspect("web")
    assert caught.value.call == "GET /containers/web/json"
    assert str(caught.value).endswith(" (GET /containers/web/json)")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


async def test_an_event_that_cannot_be_decoded_names_its_request(server: Server) -> None:
    server.default = Reply(200, b"[]\n")
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(DecodingError, match=r"\(GET /events\)$"):
            await drained(docker.system.events())


# -- secrets


SECRET = "s3cr3t-s3cr3t-s3cr3t"
SECRETS = [SECRET, base64.b64encode(SECRET.encode())[4:-4].decode()]


def shown(error: BaseException) -> str:
    """Return all that a traceback or a debugger shows of an error and its causes."""
    found = ["".join(traceback.format_exception(error))]
    one: BaseException | None = error
    while one is not None:
        found += [repr(one), str(one), repr(one.args), repr(vars(one))]
        one = one.__cause__ or one.__context__
    return "\n".join(found)


WITH_SECRETS: dict[str, Call] = {
    "build": lambda d: d.images.build(b"tar", build_args={"TOKEN": SECRET}, auth={"lab": {"password": SECRET}}),
    "build of a remote context": lambda d: d.images.build(remote=f"https://x.org/?token={SECRET}"),
    "pull": lambda d: d.images.pull("lab/web", auth={"username": "me", "password": f"..{SECRET}.."}),
    "login": lambda d: d.system.auth({"username": "me", "password": SECRET, "serveraddress": "lab"}),
    "secret": lambda d: d.secrets.create({"Name": "one", "Data": SECRET}),
    "create": lambda d: d.containers.create({"Image": "web", "Env": [f"TOKEN={SECRET}"]}),
    "empty": lambda d: d.containers.pause("web"),
    "websocket": lambda d: drained(d.containers.attach_websocket("web")),
    "hijack": lambda d: d.exec.start("abc"),
}
ANSWERS: dict[str, bytes] = {
    "nothing": b"",
    "not HTTP": b"\0\0\x06\x04\0\0\0\0\0\0\x05\0\0@\0",
    "not a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
    "not JSON": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{",
    "refusal": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("kind", WITH_SECRETS)
async def test_no_error_shows_a_secret_in_its_causes(kind: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CUSTOM_HEADERS", f"Authorization=Bearer {SECRET}")
    async with raw_serving(ANSWERS[answer]) as server, Docker(server.tcp, api_version="1.44") as docker:
        try:
            await WITH_SECRETS[kind](docker)
        except DockerError as error:
            found = shown(error)
        else:
            found = ""  # for some calls this is a valid response
    assert not [secret for secret in SECRETS if secret in found]


def test_no_error_shows_the_query_of_a_failed_upload() -> None:
    broken = aiohttp.ClientOSError(32, f"Can not write request body for http://lab/v1.44/build?buildargs={SECRET}")
    with pytest.raises(TransportError) as caught:
        raise_translated(broken, Endpoint("tcp", host="lab", port=2375), None)
    assert caught.value.__cause__ is broken
    assert SECRET not in shown(caught.value)


# -- copies


async def test_copies_keep_the_error_number(tmp_path: Path) -> None:
    async with Docker(f"unix://{tmp_path}/none.sock") as docker:
        with pytest.raises(ConnectFailed) as caught:
            await docker.system.ping()
    assert caught.value.errno == 2
    for again in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value), copy.deepcopy(caught.value)):
        assert (again.errno, str(again)) == (2, str(caught.value))


SENT_AGAIN: dict[str, Call] = {
    "DELETE": lambda d: d.containers.remove("web"),
    "PUT": lambda d: d.containers.put_archive("web", "/", b"tar"),
}


@pytest.mark.parametrize("method", SENT_AGAIN)
async def test_a_request_that_reached_a_stopped_daemon_is_not_reported_as_unsent(method: str) -> None:
    """On a reused connection, aiohttp sends these again; the second time, nothing listens."""
    seen = []

    async def respond_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        seen.append(await reader.readuntil(b" "))
        listening.close()
        writer.transport.abort()

    listening = await asyncio.start_server(respond_once, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with Docker(f"tcp://127.0.0.1:{port}", api_version="1.44") as docker:
        await docker.containers.pause("web")
        with pytest.raises(TransportError) as caught:
            await SENT_AGAIN[method](docker)
    assert not isinstance(caught.value, ConnectFailed)
    assert seen == [f"{method} ".encode()]


async def test_an_unexpected_informational_status(server: Server) -> None:
    answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"
    calls: list[Call] = [
        lambda d: d.containers.pause("web"),
        lambda d: d.containers.inspect("web"),
        lambda d: d.images.load(b"tar"),
        lambda d: d.containers.export("web"),
        lambda d: drained(d.system.events()),
    ]
    pattern = r"unix://.* does not respond as a Docker daemon: (unexpected status 101|it switches to another protocol)"
    async with raw_serving(answer) as odd, Docker(odd.host, api_version="1.44") as docker:
        for call in calls:
            with pytest.raises(TransportError, match=pattern):
                await call(docker)
