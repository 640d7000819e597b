"""What listens at the address and is no Docker daemon: each kind has its own words."""

from __future__ import annotations

import gzip
import os
import socket
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    APIError,
    ConnectFailed,
    Docker,
    DockerError,
    NotFound,
    TransportError,
    Unauthorized,
    UnsupportedVersion,
    UpgradeRefused,
)
from tests.support.calls import drained
from tests.support.server import Reply, json_reply, raw_serving

if TYPE_CHECKING:
    from tests.support.server import Server

Call = Callable[[Docker], Awaitable[Any]]

CALLS: dict[str, Call] = {
    "empty": lambda d: d.containers.pause("web"),
    "json": lambda d: d.containers.inspect("web"),
    "download": lambda d: drained(d.containers.export("web")),
    "stream": lambda d: drained(d.containers.logs("web")),
    "hijack": lambda d: drained(d.containers.attach("web")),
    "upload": lambda d: d.images.load(b"tar"),
    "websocket": lambda d: drained(d.containers.attach_websocket("web")),
}
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"<!DOCTYPE html>\n<html><head><title>Welcome\n to nginx!</title></head></html>"
VERSIONS = pytest.mark.parametrize("version", [None, "1.44"], ids=["negotiated", "pinned"])
ROADS = pytest.mark.parametrize("road", CALLS)


def everything(server: Server, reply: Reply) -> None:
    """Answer all requests so, pings too."""
    server.default = reply
    server.routes |= {"HEAD /_ping": reply, "GET /_ping": reply}


@contextmanager
def no_sockets() -> Iterator[str]:
    """A directory of what may be found in a socket's place."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
        os.mkfifo(f"{folder}/pipe")
        for link, target in {"device": os.devnull, "loop": "loop", "link": "nowhere"}.items():
            Path(folder, link).symlink_to(target)
        datagrams.bind(f"{folder}/datagrams")
        yield folder


async def told(host: str, road: str, version: str | None) -> DockerError:
    """What a call says of a server."""
    async with Docker(host, api_version=version) as docker:
        with pytest.raises(DockerError) as caught:
            await CALLS[road](docker)
    return caught.value


@ROADS
@VERSIONS
async def test_a_web_server_that_always_finds_a_page(version: str | None, road: str, server: Server) -> None:
    page = Reply(200, PAGE, HTML)
    server.default = page
    server.routes |= {"HEAD /_ping": page, "GET /_ping": page}
    error = await told(server.host, road, version)
    assert type(error) is TransportError
    assert "does not answer as a Docker daemon does: it is a web page" in str(error)
    assert "Check the address" in str(error)


@ROADS
@VERSIONS
@pytest.mark.parametrize("status", [403, 404, 502])
async def test_a_web_server_that_finds_none(status: int, version: str | None, road: str, server: Server) -> None:
    page = Reply(status, PAGE, HTML)
    server.default = page
    server.routes |= {"HEAD /_ping": page, "GET /_ping": page}
    error = await told(server.host, road, version)
    assert isinstance(error, APIError)
    assert error.status == status
    if status == 404 and version is None:
        assert "there is no /_ping, which every Docker daemon has: something else answers here" in error.message
    else:
        assert error.message.startswith("it is a web page ('Welcome to nginx!'): a web server, or a proxy")
    assert f"Check the address {server.host}" in error.message
    assert ("Is the daemon behind it running?" in error.message) is (status == 502)


@ROADS
@pytest.mark.parametrize("status", [301, 302, 307, 308])
@VERSIONS
async def test_a_redirection_says_where_to(version: str | None, status: int, road: str, server: Server) -> None:
    elsewhere = Reply(status, b"", {"Location": "https://user:secret@login.example.org/in?token=secret"})
    server.default = elsewhere
    server.routes |= {"HEAD /_ping": elsewhere, "GET /_ping": elsewhere}
    error = await told(server.host, road, version)
    assert isinstance(error, APIError)
    assert "redirects this request to https://login.example.org/in, which no daemon does" in error.message
    assert "secret" not in str(error)


@pytest.mark.parametrize("location", ["", "http://[", "/elsewhere?secret"])
async def test_a_redirection_to_anywhere(location: str, server: Server) -> None:
    server.default = Reply(302, b"", {"Location": location})
    error = await told(server.host, "json", "1.44")
    assert "something else in front of it? Check the address" in str(error)
    assert "secret" not in str(error)


@ROADS
@VERSIONS
@pytest.mark.parametrize(
    ("status", "body"), [(404, b"404 page not found\n"), (401, b'{"errors":[{"code":"UNAUTHORIZED"}]}')]
)
async def test_a_registry(status: int, body: bytes, version: str | None, road: str, server: Server) -> None:
    everything(server, Reply(status, body, {"Docker-Distribution-Api-Version": "registry/2.0"}))
    error = await told(server.host, road, version)
    assert type(error) is (NotFound if status == 404 else Unauthorized)
    assert "this is a registry, which holds images, and no Docker daemon. Check the address unix://" in error.message


@ROADS
@VERSIONS
async def test_a_kubernetes_api_server(version: str | None, road: str, server: Server) -> None:
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "Unauthorized", "code": 401}
    everything(server, json_reply(status, 401))
    error = await told(server.host, road, version)
    assert type(error) is Unauthorized
    assert error.message.startswith("Unauthorized. This is a Kubernetes API server, and no Docker daemon. Check the")


@ROADS
@VERSIONS
@pytest.mark.parametrize(
    ("status", "header", "scheme"),
    [(401, "WWW-Authenticate", "Basic"), (407, "Proxy-Authenticate", "Negotiate"), (401, "WWW-Authenticate", "Bearer")],
)
async def test_a_proxy_that_wants_credentials(
    status: int, header: str, scheme: str, version: str | None, road: str, server: Server
) -> None:
    everything(server, Reply(status, PAGE, {**HTML, header: f'{scheme} realm="docker"'}))
    error = await told(server.host, road, version)
    assert isinstance(error, APIError)
    assert (
        f"It wants credentials of its own ({scheme}): HttpHeaders of config.json or DOCKER_CUSTOM_HEADERS can"
        in str(error)
    )


@ROADS
@pytest.mark.parametrize("status", [400, 407, 429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"upstream connect error"])
async def test_a_ping_that_is_refused_by_something_without_a_version(
    body: bytes, status: int, road: str, server: Server
) -> None:
    everything(server, Reply(status, body))
    error = await told(server.host, road, None)
    assert isinstance(error, APIError)
    assert "tells no API version" in error.message
    assert f"Check the address {server.host}" in error.message


@ROADS
@pytest.mark.parametrize("body", [b"404 page not found\n", b"Not Found", b""])
async def test_a_path_that_is_not_found_may_be_no_daemons(body: bytes, road: str, server: Server) -> None:
    server.default = Reply(404, body)
    error = await told(server.host, road, "1.44")
    assert type(error) is NotFound
    assert "does not know this operation" in error.message
    assert f"or it is no Docker daemon, as it tells no API version. Check the address {server.host}" in error.message
    server.default = Reply(404, body, {"Api-Version": "1.44"})
    assert "no Docker daemon" not in str(await told(server.host, road, "1.44"))


async def test_an_operation_that_dockerd_does_not_know(server: Server) -> None:
    server.default = json_reply({"message": "page not found"}, 404)  # the one answer that bears no version
    error = await told(server.host, "json", "1.44")
    assert str(error) == (
        "404: page not found: the daemon does not know this operation in the API version in use "
        "(GET /containers/web/json)"
    )


@ROADS
async def test_a_redirection_to_tls_at_the_same_host(road: str, server: Server) -> None:
    server.default = Reply(301, b"", {"Location": "https://127.0.0.1/v1.44/containers"})
    error = await told(server.tcp, road, "1.44")
    assert "something else in front of it? Ask for TLS: tls=, DOCKER_TLS_VERIFY or https://. Check the" in str(error)


async def test_bodies_that_are_too_large_for_a_proxy(server: Server) -> None:
    server.default = Reply(413, b"<html><title>413 Request Entity Too Large</title></html>", HTML)
    assert "It takes no body of that size: raise its limit" in str(await told(server.host, "upload", "1.44"))


@ROADS
async def test_answers_that_something_has_compressed(road: str, server: Server) -> None:
    compressed = {"Content-Encoding": "gzip"}
    server.default = Reply(409, gzip.compress(b'{"message":"in use"}'), compressed)
    error = await told(server.host, road, "1.44")
    assert isinstance(error, APIError)
    assert error.message == "in use"
    server.default = Reply(409, b"not gzip", compressed)
    assert "the daemon gave no reason" in str(await told(server.host, road, "1.44"))


@pytest.mark.parametrize("road", ["json", "download", "stream", "upload"])
async def test_a_success_that_something_has_compressed(road: str, server: Server) -> None:
    server.default = Reply(200, gzip.compress(b"{}"), {"Content-Encoding": "gzip"})
    error = await told(server.host, road, "1.44")
    assert type(error) is TransportError
    assert "is compressed (gzip), which was not asked for" in str(error)
    assert server.host in str(error)


async def test_a_download_that_was_asked_to_be_compressed(server: Server) -> None:
    body = gzip.compress(b"{}")
    server.default = Reply(200, body, {"Content-Encoding": "gzip"})
    async with Docker(server.host, api_version="1.44") as docker:
        call = docker.request("GET", "/containers/web/export", headers={"accept-encoding": "gzip"})
        async with call as download:
            assert await download.read() == body


@ROADS
async def test_a_port_for_tls_names_the_address(road: str) -> None:
    async with raw_serving(b"\x15\x03\x01\x00\x02\x02\x16") as server:
        error = await told(server.tcp, road, "1.44")
    assert type(error) is ConnectFailed
    assert str(error).startswith(f"cannot connect to {server.tcp}: the daemon expects TLS on this port")


async def test_an_upgrade_that_is_swallowed_names_the_address(server: Server) -> None:
    server.default = Reply(204)
    for road in ("hijack", "websocket"):
        error = await told(server.host, road, "1.44")
        assert type(error) is UpgradeRefused
        assert f"does something in front of {server.host} let no upgrades through?" in str(error)
    error = await told(server.host, "stream", "1.44")
    assert (
        str(error)
        == f"{server.host} does not answer as a Docker daemon does: 204 is no answer to GET /containers/web/logs"
    )


@ROADS
async def test_a_version_that_is_refused_names_the_address(road: str, server: Server) -> None:
    server.default = json_reply(
        {"message": "client version 1.44 is too new. Maximum supported API version is 1.41"}, 400
    )
    error = await told(server.host, road, "1.44")
    assert type(error) is UnsupportedVersion
    assert server.host in str(error)


@ROADS
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pipe", "that is a pipe, not a socket. Set DOCKER_HOST or host= to the path of the daemon's socket"),
        ("device", "that is a device, not a socket"),
        ("loop", "the path leads round in a circle of symbolic links. Set DOCKER_HOST"),
        ("datagrams", "that is a socket of another kind than a daemon has. Set DOCKER_HOST"),
        ("link", "there is no such socket. Is the Docker daemon running?"),
    ],
)
async def test_what_is_no_socket_of_a_daemon(name: str, words: str, road: str) -> None:
    with no_sockets() as folder:
        error = await told(f"unix://{folder}/{name}", road, "1.44")
    assert type(error) is ConnectFailed
    assert words in str(error)


@ROADS
async def test_a_ping_without_a_version_by_something_that_knows_no_version(road: str, server: Server) -> None:
    server.api_version = None
    server.default = Reply(200, b"{}", {"Content-Type": "application/json"})
    error = await told(server.host, road, None)
    assert type(error) is TransportError
    assert "it tells no API version. Check the address" in str(error)


@ROADS
@VERSIONS
@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "an SSH server answers there: for a daemon behind it, write ssh://"),
        (b"220 mail.example.org ESMTP Postfix\r\n", "a mail or file server answers there: check host and port"),
        (b"+OK POP3 ready\r\n", "a mail or file server answers there: check host and port"),
    ],
    ids=["ssh", "smtp", "pop3"],
)
async def test_a_server_that_speaks_no_http(greeting: bytes, words: str, version: str | None, road: str) -> None:
    async with raw_serving(greeting, api_version=None) as server:
        error = await told(server.tcp, road, version)
    assert type(error) is TransportError
    assert words.lower() in str(error).lower()


@ROADS
@VERSIONS
async def test_a_server_that_hangs_up(version: str | None, road: str) -> None:
    async with raw_serving(b"", api_version=None) as server:
        error = await told(server.tcp, road, version)
    assert type(error) is TransportError
    assert "closed the connection without" in str(error)
