"""Error responses: the exception class and message for each status and each kind of body, with every kind of call."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    APIError,
    BadRequest,
    Conflict,
    DecodingError,
    Docker,
    Forbidden,
    NotFound,
    NotImplementedByDaemon,
    ServerError,
    StaleVersion,
    TransportError,
    Unauthorized,
    Unavailable,
    UnsupportedVersion,
    UpgradeRefused,
)
from tests.support.calls import drained
from tests.support.server import Peer, Reply, json_reply, raw_serving

if TYPE_CHECKING:
    from tests.support.server import Server

Call = Callable[[Docker], Awaitable[Any]]

STATUSES = [
    (302, APIError),
    (307, APIError),
    (400, BadRequest),
    (401, Unauthorized),
    (403, Forbidden),
    (404, NotFound),
    (409, Conflict),
    (412, APIError),
    (418, APIError),
    (429, APIError),
    (500, ServerError),
    (501, NotImplementedByDaemon),
    (502, ServerError),
    (503, Unavailable),
    (507, ServerError),
]
# One call of each kind: a response without content, JSON, a download, a stream, a hijack and a WebSocket.
CALLS: dict[str, tuple[Call, str, str]] = {
    "empty": (lambda d: d.containers.pause("web"), "POST", "/containers/web/pause"),
    "json": (lambda d: d.containers.inspect("web"), "GET", "/containers/web/json"),
    "download": (lambda d: drained(d.containers.export("web")), "GET", "/containers/web/export"),
    "stream": (lambda d: drained(d.containers.logs("web")), "GET", "/containers/web/logs"),
    "hijack": (lambda d: drained(d.containers.attach("web")), "POST", "/containers/web/attach"),
    "websocket": (lambda d: drained(d.containers.attach_websocket("web")), "GET", "/containers/web/attach/ws"),
}
JSON = "application/json"
NO_MESSAGE = (
    "the daemon gave no reason; or this is not a Docker daemon, as the response has no API version. "
    "Check the address {address}"
)
PAGE = "the response is a web page of a web server or of a proxy in front of the daemon. Check the address {address}"
BODIES = [
    (b'{"message":"no such thing: web"}\n', JSON, "no such thing: web"),
    (b'{"message":"no such thing: web"}', "application/json; charset=utf-8", "no such thing: web"),
    (b'{"message":"w\xc3\xa9b"}', "", "w\u00e9b"),
    (b'{"cause":"read-only"}', JSON, "read-only"),
    (b"page not found\n", "text/plain", "page not found"),
    (b"<html><h1>Bad Gateway</h1></html>", "text/html", PAGE),
    (b"\xff\xfe", "text/plain", "\ufffd\ufffd"),
    (b"", JSON, NO_MESSAGE),
    (b" \n", "text/plain", NO_MESSAGE),
    (b'{"message":""}', JSON, NO_MESSAGE),
    (b'{"message":null}', JSON, NO_MESSAGE),
    (b"{}", JSON, NO_MESSAGE),
    (b'{"message":', JSON, '{{"message":'),
    (b'{"error":"another field"}', "text/plain", '{{"error":"another field"}}'),
    (b'["a list"]', JSON, '["a list"]'),
]


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize(("status", "error"), STATUSES, ids=str)
async def test_the_exception_class_for_each_status(
    status: int, error: type[APIError], kind: str, server: Server
) -> None:
    call, method, path = CALLS[kind]
    server.default = json_reply({"message": "not so"}, status, headers={"Location": "/elsewhere"})
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(APIError) as caught:
            await call(docker)
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.method, caught.value.path) == (status, method, path)
    assert len(server.received) == 1, "redirects are not followed, and the request is not repeated"
    expected = "unexpected redirect to /elsewhere" if status < 400 else "not so"
    assert expected in caught.value.message
    assert str(caught.value) == f"{status}: {caught.value.message} ({method} {path})"


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize(("body", "content_type", "message"), BODIES)
async def test_the_message_from_each_kind_of_body(
    body: bytes, content_type: str, message: str, kind: str, server: Server
) -> None:
    server.default = Reply(409, body, {"Content-Type": content_type} if content_type else {})
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(Conflict) as caught:
            await CALLS[kind][0](docker)
    assert caught.value.message == message.format(address=server.host)


@pytest.mark.parametrize("kind", ["stream", "hijack"])
async def test_a_message_that_ends_with_the_connection(kind: str) -> None:
    answer = (
        b"HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nNo such container: web\r\n"
    )
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(NotFound) as caught:
            await CALLS[kind][0](docker)
    assert caught.value.message == "No such container: web"


@pytest.mark.parametrize("kind", ["stream", "hijack"])
@pytest.mark.parametrize(
    "head", [b"Content-Length: 100\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n64\r\n"], ids=["length", "chunked"]
)
async def test_a_truncated_error_response_is_still_an_error_response(head: bytes, kind: str) -> None:
    answer = b"HTTP/1.1 500 Internal Server Error\r\n" + head + b"the disk is f"
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(ServerError, match="the disk is f"):
            await CALLS[kind][0](docker)


@pytest.mark.parametrize("kind", ["download", "stream", "hijack"])
async def test_an_endless_error_response_is_read_up_to_a_limit(kind: str) -> None:
    async def endless(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 500 Internal Server Error\r\n\r\n")
        while True:  # until the client closes the connection
            await peer.send(b"x" * (1 << 16))

    async with raw_serving(endless) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(ServerError) as caught:
            await CALLS[kind][0](docker)
    assert re.fullmatch(r"x{2000}\.\.\. \(\d{7} characters\)", caught.value.message)


async def test_a_long_body_is_shortened_unless_it_is_a_message_of_the_daemon(server: Server) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        server.default = Reply(500, b"x" * 2001)
        with pytest.raises(ServerError) as caught:
            await docker.containers.pause("web")
        assert caught.value.message == "x" * 2000 + "... (2001 characters)"
        server.default = json_reply({"message": "x" * 2001}, 500)
        with pytest.raises(ServerError) as caught:
            await docker.containers.pause("web")
        assert caught.value.message == "x" * 2001


@pytest.mark.parametrize("kind", CALLS)
async def test_404_without_a_message_names_both_possible_reasons(kind: str, server: Server) -> None:
    server.default = Reply(404)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(
            NotFound, match="the object does not exist, or the operation is not supported in the API version in use"
        ):
            await CALLS[kind][0](docker)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_stale_version_is_detected_by_its_message(status: int, server: Server) -> None:
    server.default = json_reply({"message": "rpc error: code = Unknown desc = update out of sequence"}, status)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(StaleVersion) as caught:
            await docker.request("POST", "/services/x/update", parameters={"version": 1}, body={})
    assert caught.value.status == status


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize(
    "message",
    [
        "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client",
        "client version 1.55 is too new. Maximum supported API version is 1.41",
    ],
)
async def test_a_refused_api_version(message: str, kind: str, server: Server) -> None:
    server.default = json_reply({"message": message}, 400)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedVersion) as caught:
            await CALLS[kind][0](docker)
    assert str(caught.value).startswith(f"{message} (unix://")


@pytest.mark.parametrize(
    "body", [b"", b"<b>bold</b>", b"[]", b'{"Id":', b'{"Id":5}', b'"text"', b'{"State":[]}', b"\xff"], ids=repr
)
async def test_a_response_that_does_not_fit_its_model(body: bytes, server: Server) -> None:
    server.default = Reply(200, body)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(DecodingError):
            await docker.containers.inspect("web")


async def test_a_stream_requires_status_200(server: Server) -> None:
    server.default = Reply(204)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match="unexpected status 204 for GET /containers/web/logs"):
            await drained(docker.containers.logs("web"))
        with pytest.raises(
            UpgradeRefused, match="status 204 does not upgrade the connection of POST /containers/web/attach"
        ):
            await drained(docker.containers.attach("web"))


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", "closed the connection without"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "closed the connection without"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not respond as a Docker daemon: it is an SSH server"),
        (b"\x15\x03\x01\x00\x02\x02\x16", "the daemon expects TLS on this port"),
    ],
)
async def test_a_peer_that_is_not_a_daemon(answer: bytes, expected: str, kind: str) -> None:
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match=expected) as caught:
            await CALLS[kind][0](docker)
    assert caught.value.__cause__ is not None or kind in ("stream", "hijack")  # without aiohttp
