"""What the daemon refuses: each status and each kind of body becomes one of our errors, on every road."""

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
# One call per road to the daemon: the answer in memory, in JSON, in chunks, as a stream, and both ways.
CALLS: dict[str, tuple[Call, str, str]] = {
    "empty": (lambda d: d.containers.pause("web"), "POST", "/containers/web/pause"),
    "json": (lambda d: d.containers.inspect("web"), "GET", "/containers/web/json"),
    "download": (lambda d: drained(d.containers.export("web")), "GET", "/containers/web/export"),
    "stream": (lambda d: drained(d.containers.logs("web")), "GET", "/containers/web/logs"),
    "hijack": (lambda d: drained(d.containers.attach("web")), "POST", "/containers/web/attach"),
    "websocket": (lambda d: drained(d.containers.attach_websocket("web")), "GET", "/containers/web/attach/ws"),
}
JSON = "application/json"
SILENT = "the daemon gave no reason; or it is no Docker daemon, as it tells no API version. Check the address {address}"
PAGE = "it is a web page: a web server, or a proxy in front of the daemon, answers here. Check the address {address}"
BODIES = [
    (b'{"message":"no such thing: web"}\n', JSON, "no such thing: web"),
    (b'{"message":"no such thing: web"}', "application/json; charset=utf-8", "no such thing: web"),
    (b'{"message":"w\xc3\xa9b"}', "", "w\u00e9b"),
    (b'{"cause":"read-only"}', JSON, "read-only"),
    (b"page not found\n", "text/plain", "page not found"),
    (b"<html><h1>Bad Gateway</h1></html>", "text/html", PAGE),
    (b"\xff\xfe", "text/plain", "\ufffd\ufffd"),
    (b"", JSON, SILENT),
    (b" \n", "text/plain", SILENT),
    (b'{"message":""}', JSON, SILENT),
    (b'{"message":null}', JSON, SILENT),
    (b"{}", JSON, SILENT),
    (b'{"message":', JSON, '{{"message":'),
    (b'{"error":"other words"}', "text/plain", '{{"error":"other words"}}'),
    (b'["a list"]', JSON, '["a list"]'),
]


@pytest.mark.parametrize("road", CALLS)
@pytest.mark.parametrize(("status", "error"), STATUSES, ids=str)
async def test_each_status_has_its_class(status: int, error: type[APIError], road: str, server: Server) -> None:
    call, method, path = CALLS[road]
    server.default = json_reply({"message": "not so"}, status, headers={"Location": "/elsewhere"})
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(APIError) as caught:
            await call(docker)
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.method, caught.value.path) == (status, method, path)
    assert len(server.received) == 1, "a redirect is not followed, and nothing is tried again"
    words = "redirects this request" if status < 400 else "not so"
    assert words in caught.value.message
    assert str(caught.value) == f"{status}: {caught.value.message} ({method} {path})"


@pytest.mark.parametrize("road", CALLS)
@pytest.mark.parametrize(("body", "content_type", "message"), BODIES)
async def test_the_message_out_of_each_kind_of_body(
    body: bytes, content_type: str, message: str, road: str, server: Server
) -> None:
    server.default = Reply(409, body, {"Content-Type": content_type} if content_type else {})
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(Conflict) as caught:
            await CALLS[road][0](docker)
    assert caught.value.message == message.format(address=server.host)


@pytest.mark.parametrize("road", ["stream", "hijack"])
async def test_plain_text_until_the_connection_closes(road: str) -> None:
    answer = (
        b"HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nNo such container: web\r\n"
    )
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(NotFound) as caught:
            await CALLS[road][0](docker)
    assert caught.value.message == "No such container: web"


@pytest.mark.parametrize("road", ["stream", "hijack"])
@pytest.mark.parametrize(
    "head", [b"Content-Length: 100\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n64\r\n"], ids=["length", "chunked"]
)
async def test_an_error_that_is_cut_short_is_still_that_error(head: bytes, road: str) -> None:
    answer = b"HTTP/1.1 500 Internal Server Error\r\n" + head + b"the disk is f"
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(ServerError, match="the disk is f"):
            await CALLS[road][0](docker)


@pytest.mark.parametrize("road", ["download", "stream", "hijack"])
async def test_an_endless_error_is_not_read_to_its_end(road: str) -> None:
    async def endless(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 500 Internal Server Error\r\n\r\n")
        while True:  # until the client has hung up
            await peer.send(b"x" * (1 << 16))

    async with raw_serving(endless) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(ServerError) as caught:
            await CALLS[road][0](docker)
    assert re.fullmatch(r"x{2000}\.\.\. \(\d{7} characters\)", caught.value.message)


async def test_a_long_error_is_shortened_unless_it_is_the_daemons_message(server: Server) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        server.default = Reply(500, b"x" * 2001)
        with pytest.raises(ServerError) as caught:
            await docker.containers.pause("web")
        assert caught.value.message == "x" * 2000 + "... (2001 characters)"
        server.default = json_reply({"message": "x" * 2001}, 500)
        with pytest.raises(ServerError) as caught:
            await docker.containers.pause("web")
        assert caught.value.message == "x" * 2001


@pytest.mark.parametrize("road", CALLS)
async def test_not_found_without_a_word_is_an_operation_that_the_engine_lacks(road: str, server: Server) -> None:
    server.default = Reply(404)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(NotFound, match="does not know this operation in the API version in use"):
            await CALLS[road][0](docker)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_stale_version_is_known_by_its_words(status: int, server: Server) -> None:
    server.default = json_reply({"message": "rpc error: code = Unknown desc = update out of sequence"}, status)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(StaleVersion) as caught:
            await docker.request("POST", "/services/x/update", parameters={"version": 1}, body={})
    assert caught.value.status == status


@pytest.mark.parametrize("road", CALLS)
@pytest.mark.parametrize(
    "message",
    [
        "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client",
        "client version 1.55 is too new. Maximum supported API version is 1.41",
    ],
)
async def test_a_version_that_the_engine_does_not_take(message: str, road: str, server: Server) -> None:
    server.default = json_reply({"message": message}, 400)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedVersion) as caught:
            await CALLS[road][0](docker)
    assert str(caught.value).startswith(f"{message} (unix://")


@pytest.mark.parametrize(
    "body", [b"", b"<b>bold</b>", b"[]", b'{"Id":', b'{"Id":5}', b'"text"', b'{"State":[]}', b"\xff"], ids=repr
)
async def test_an_answer_that_does_not_fit_its_model(body: bytes, server: Server) -> None:
    server.default = Reply(200, body)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(DecodingError):
            await docker.containers.inspect("web")


async def test_a_stream_is_answered_with_200_and_nothing_else(server: Server) -> None:
    server.default = Reply(204)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match="204 is no answer to GET /containers/web/logs"):
            await drained(docker.containers.logs("web"))
        with pytest.raises(UpgradeRefused, match="204 is no upgrade for POST /containers/web/attach"):
            await drained(docker.containers.attach("web"))


@pytest.mark.parametrize("road", CALLS)
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "closed the connection without"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "closed the connection without"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not answer as a Docker daemon does: an SSH server"),
        (b"\x15\x03\x01\x00\x02\x02\x16", "the daemon expects TLS on this port, and was spoken to without"),
    ],
)
async def test_what_answers_is_no_daemon(answer: bytes, words: str, road: str) -> None:
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TransportError, match=words) as caught:
            await CALLS[road][0](docker)
    assert caught.value.__cause__ is not None or road in ("stream", "hijack")  # these are read by ourselves
