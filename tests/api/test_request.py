"""`docker.request`: requests for operations that have no method."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import DecodingError, Docker, InvalidArgument, InvalidArgumentType, NotFound, Response
from aiodockerapi.models import ContainerSummary, HostConfig
from tests.support.calls import drained
from tests.support.server import Reply, json_reply

if TYPE_CHECKING:
    from tests.support.server import Received, Server


async def send(server: Server, *arguments: Any, **named: Any) -> tuple[Received, Response]:
    """Send one request; return it as received by the server, and the response."""
    async with Docker(server.host, api_version="1.41") as docker:
        response = await docker.request(*arguments, **named)
    [received] = server.received
    return received, response


async def test_a_plain_request(server: Server) -> None:
    server.default = json_reply([{"Id": "4fa6"}], headers={"X-Some": "thing"})
    received, response = await send(server, "GET", "/containers/json")
    assert received.line == "GET /v1.41/containers/json"
    assert received.query == []
    assert received.body == b""
    assert (response.status, response.body) == (200, b'[{"Id": "4fa6"}]')
    assert response.headers["x-some"] == response.headers["X-Some"] == "thing"
    assert response.text == '[{"Id": "4fa6"}]'
    assert response.json() == [{"Id": "4fa6"}]
    assert response.decode(list[ContainerSummary]) == [ContainerSummary(id="4fa6")]


async def test_parameters(server: Server) -> None:
    given = {"none": None, "off": False, "on": True, "zero": 0, "empty": "", "text": "a b&c/é", "many": ["x", "y"]}
    received, _ = await send(server, "get", "/images/json", parameters=given | {"nothing": []})
    assert received.query == [
        ("off", "false"),
        ("on", "true"),
        ("zero", "0"),
        ("empty", ""),
        ("text", "a b&c/é"),
        ("many", "x"),
        ("many", "y"),
    ]


async def test_without_version(server: Server) -> None:
    received, response = await send(server, "HEAD", "/_ping", versioned=False)
    assert received.line == "HEAD /_ping"
    assert response.status == 200


async def test_not_modified_is_not_an_error(server: Server) -> None:
    server.default = Reply(304)
    _, response = await send(server, "POST", "/containers/web/start")
    assert response.status == 304


async def test_errors_are_raised(server: Server) -> None:
    server.default = json_reply({"message": "no such thing"}, 404)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(NotFound, match="no such thing") as caught:
            await docker.request("DELETE", "/things/1", parameters={"force": True})
    assert (caught.value.method, caught.value.path) == ("DELETE", "/things/1")


@pytest.mark.parametrize(
    ("body", "sent", "content_type"),
    [
        ({}, b"{}", "application/json"),
        ([], b"[]", "application/json"),
        ({"A": None, "B": [1, {"C": "é"}]}, '{"A":null,"B":[1,{"C":"é"}]}'.encode(), "application/json"),
        (HostConfig(auto_remove=False), b'{"AutoRemove":false}', "application/json"),
        ({"HostConfig": HostConfig()}, b'{"HostConfig":{}}', "application/json"),
        (b"raw", b"raw", "application/octet-stream"),
        (bytearray(b"raw"), b"raw", "application/octet-stream"),
        (io.BytesIO(b"raw"), b"raw", "application/octet-stream"),
    ],
)
async def test_bodies(body: Any, sent: bytes, content_type: str, server: Server) -> None:
    received, _ = await send(server, "POST", "/things", body=body)
    assert received.body == sent
    assert received.headers["content-type"] == content_type


async def test_a_body_given_by_its_path(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 700_000)
    received, _ = await send(server, "POST", "/things", body=path)
    assert received.body == b"x" * 700_000


async def test_explicit_headers_take_precedence(server: Server) -> None:
    headers = {"content-TYPE": "application/vnd.some+json", "X-Registry-Auth": "e30=", "User-Agent": "mine"}
    received, _ = await send(server, "POST", "/things", body={}, headers=headers)
    found = {name: received.headers[name] for name in ("content-type", "x-registry-auth", "user-agent")}
    assert found == {"content-type": "application/vnd.some+json", "x-registry-auth": "e30=", "user-agent": "mine"}


@pytest.mark.parametrize("path", ["/images/a/b:c/json", "/x%2Fy", "/networks/a b", "/é"])
async def test_a_path_is_encoded_once(path: str, server: Server) -> None:
    received, _ = await send(server, "GET", path)
    assert received.path == "/v1.41" + path.replace(" ", "%20").replace("é", "%C3%A9")


async def test_an_entered_request_yields_the_body_in_chunks(server: Server, tmp_path: Path) -> None:
    server.default = Reply(200, b"body")
    async with Docker(server.host, api_version="1.41") as docker:
        assert b"".join(await drained(docker.request("GET", "/things"))) == b"body"
        async with docker.request("GET", "/things") as download:
            assert await download.write_to(tmp_path / "out") == 4
    assert (tmp_path / "out").read_bytes() == b"body"


async def test_a_body_that_is_not_json(server: Server) -> None:
    server.default = Reply(200, b"<html>")
    _, response = await send(server, "GET", "/things")
    with pytest.raises(DecodingError, match="not JSON"):
        response.json()
    with pytest.raises(DecodingError, match="not JSON"):
        response.decode(dict)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: d.request("G ET", "/x"), InvalidArgument, "is not an HTTP method"),
        (lambda d: d.request("", "/x"), InvalidArgument, "is not an HTTP method"),
        (lambda d: d.request("GET", "x"), InvalidArgument, "must start with a slash"),
        (lambda d: d.request("GET", "/x?y=1"), InvalidArgument, "must not contain a query"),
        (lambda d: d.request("GET", "/x#y"), InvalidArgument, "must not contain a query"),
        (lambda d: d.request("GET", "/a/../b"), InvalidArgument, "must not contain . or .."),
        (lambda d: d.request("GET", 5), InvalidArgumentType, "path must be a string"),
        (lambda d: d.request("GET", "/x", parameters={"a": {"b": 1}}), InvalidArgumentType, "a must be a list"),
        (lambda d: d.request("GET", "/x", parameters={"a": [1]}), InvalidArgumentType, "a must be a string"),
        (lambda d: d.request("GET", "/x", headers={"a": 1}), InvalidArgumentType, "header a must be a string"),
        (lambda d: d.request("POST", "/x", body="text"), InvalidArgumentType, "body must be bytes"),
        (lambda d: d.request("POST", "/x", body=5), InvalidArgumentType, "body must be bytes"),
        (lambda d: d.request("POST", "/x", body={1: 2}), InvalidArgumentType, "keys of a mapping must be strings"),
        (lambda d: d.request("GET", "/x", headers={"a": "b\r\nc: d"}), InvalidArgument, "cannot be sent"),
        (lambda d: d.request("GET", "/x", headers={"a b": "c"}), InvalidArgument, "not a valid header name"),
        (lambda d: d.request("GET", "/x", headers={"": "c"}), InvalidArgument, "not a valid header name"),
        (lambda d: d.request("GÉT", "/x"), InvalidArgument, "is not an HTTP method"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    call: Callable[[Docker], Any], error: type[Exception], message: str, server: Server
) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(error, match=message):
            await call(docker)
    assert server.received == []
