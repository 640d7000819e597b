"""Servers that are not Docker daemons: each kind has its own error message."""

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
KINDS = pytest.mark.parametrize("kind", CALLS)


def respond_always(server: Server, reply: Reply) -> None:
    """Set the response to all requests, including pings."""
    server.default = reply
    server.routes |= {"HEAD /_ping": reply, "GET /_ping": reply}


@contextmanager
def other_files() -> Iterator[str]:
    """A directory with files of other types in place of a socket."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
        os.mkfifo(f"{folder}/pipe")
        for link, target in {"device": os.devnull, "loop": "loop", "link": "nowhere"}.items():
            Path(folder, link).symlink_to(target)
        datagrams.bind(f"{folder}/datagrams")
        yield folder


async def error_of(host: str, kind: str, version: str | None) -> DockerError:
    """Return the error of a call to a server."""
    async with Docker(host, api_version=version) as docker:
        with pytest.raises(DockerError) as caught:
            await CALLS[kind](docker)
    return caught.value


@KINDS
@VERSIONS
async def test_a_web_server_that_returns_a_page_for_every_path(version: str | None, kind: str, server: Server) -> None:
    page = Reply(200, PAGE, HTML)
    server.default = page
    server.routes |= {"HEAD /_ping": page, "GET /_ping": page}
    error = await error_of(server.host, kind, version)
    assert type(error) is TransportError
    assert "does not respond as a Docker daemon: the response is a web page" in str(error)
    assert "Check the address" in str(error)


@KINDS
@VERSIONS
@pytest.mark.parametrize("status", [403, 404, 502])
async def test_a_web_server_that_returns_error_pages(
    status: int, version: str | None, kind: str, server: Server
) -> None:
    page = Reply(status, PAGE, HTML)
    server.default = page
    server.routes |= {"HEAD /_ping": page, "GET /_ping": page}
    error = await error_of(server.host, kind, version)
    assert isinstance(error, APIError)
    assert error.status == status
    if status == 404 and version is None:
        assert "/_ping does not exist, so this is not a Docker daemon" in error.message
    else:
        assert error.message.startswith(
            "the response is a web page ('Welcome to nginx!') of a web server or of a proxy in front of the daemon"
        )
    assert f"Check the address {server.host}" in error.message
    assert ("Is the daemon behind it running?" in error.message) is (status == 502)


@KINDS
@pytest.mark.parametrize("status", [301, 302, 307, 308])
@VERSIONS
async def test_a_redirect_names_its_target(version: str | None, status: int, kind: str, server: Server) -> None:
    elsewhere = Reply(status, b"", {"Location": "https://user:secret@login.example.org/in?token=secret"})
    server.default = elsewhere
    server.routes |= {"HEAD /_ping": elsewhere, "GET /_ping": elsewhere}
    error = await error_of(server.host, kind, version)
    assert isinstance(error, APIError)
    assert "unexpected redirect to https://login.example.org/in: is there a proxy" in error.message
    assert "secret" not in str(error)


@pytest.mark.parametrize("location", ["", "http://[", "/elsewhere?secret"])
async def test_a_redirect_with_an_unusual_target(location: str, server: Server) -> None:
    server.default = Reply(302, b"", {"Location": location})
    error = await error_of(server.host, "json", "1.44")
    assert "is there a proxy in front of the daemon? Check the address" in str(error)
    assert "secret" not in str(error)


@KINDS
@VERSIONS
@pytest.mark.parametrize(
    ("status", "body"), [(404, b"404 page not found\n"), (401, b'{"errors":[{"code":"UNAUTHORIZED"}]}')]
)
async def test_a_registry(status: int, body: bytes, version: str | None, kind: str, server: Server) -> None:
    respond_always(server, Reply(status, body, {"Docker-Distribution-Api-Version": "registry/2.0"}))
    error = await error_of(server.host, kind, version)
    assert type(error) is (NotFound if status == 404 else Unauthorized)
    assert "this is an image registry, not a Docker daemon. Check the address unix://" in error.message


@KINDS
@VERSIONS
async def test_a_kubernetes_api_server(version: str | None, kind: str, server: Server) -> None:
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "Unauthorized", "code": 401}
    respond_always(server, json_reply(status, 401))
    error = await error_of(server.host, kind, version)
    assert type(error) is Unauthorized
    assert error.message.startswith("Unauthorized. This is a Kubernetes API server, not a Docker daemon. Check the")


@KINDS
@VERSIONS
@pytest.mark.parametrize(
    ("status", "header", "scheme"),
    [(401, "WWW-Authenticate", "Basic"), (407, "Proxy-Authenticate", "Negotiate"), (401, "WWW-Authenticate", "Bearer")],
)
async def test_a_proxy_that_requires_authentication(
    status: int, header: str, scheme: str, version: str | None, kind: str, server: Server
) -> None:
    respond_always(server, Reply(status, PAGE, {**HTML, header: f'{scheme} realm="docker"'}))
    error = await error_of(server.host, kind, version)
    assert isinstance(error, APIError)
    assert (
        f"It requires HTTP authentication ({scheme}): set HttpHeaders in config.json, or DOCKER_CUSTOM_HEADERS"
        in str(error)
    )


@KINDS
@pytest.mark.parametrize("status", [400, 407, 429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"upstream connect error"])
async def test_an_error_response_to_the_ping_without_an_api_version(
    body: bytes, status: int, kind: str, server: Server
) -> None:
    respond_always(server, Reply(status, body))
    error = await error_of(server.host, kind, None)
    assert isinstance(error, APIError)
    assert "response has no API version" in error.message
    assert f"Check the address {server.host}" in error.message


@KINDS
@pytest.mark.parametrize("body", [b"404 page not found\n", b"Not Found", b""])
async def test_a_404_for_the_path_may_be_from_another_server(body: bytes, kind: str, server: Server) -> None:
    server.default = Reply(404, body)
    error = await error_of(server.host, kind, "1.44")
    assert type(error) is NotFound
    assert ("does not support this operation" if body else "the operation is not supported") in error.message
    assert (
        f"or this is not a Docker daemon, as the response has no API version. Check the address {server.host}"
        in str(error)
    )
    server.default = Reply(404, body, {"Api-Version": "1.44"})
    assert "not a Docker daemon" not in str(await error_of(server.host, kind, "1.44"))


async def test_an_operation_that_dockerd_does_not_support(server: Server) -> None:
    server.default = json_reply({"message": "page not found"}, 404)  # the one response of dockerd without a version
    error = await error_of(server.host, "json", "1.44")
    assert str(error) == (
        "404: page not found: the daemon does not support this operation in the API version in use "
        "(GET /containers/web/json)"
    )


@KINDS
async def test_a_redirect_to_tls_on_the_same_host(kind: str, server: Server) -> None:
    server.default = Reply(301, b"", {"Location": "https://127.0.0.1/v1.44/containers"})
    error = await error_of(server.tcp, kind, "1.44")
    assert "is there a proxy in front of the daemon? Use TLS: tls=, DOCKER_TLS_VERIFY or https://. Check the" in str(
        error
    )


async def test_a_body_that_is_too_large_for_a_proxy(server: Server) -> None:
    server.default = Reply(413, b"<html><title>413 Request Entity Too Large</title></html>", HTML)
    assert "It limits the size of bodies: raise its limit" in str(await error_of(server.host, "upload", "1.44"))


@KINDS
async def test_an_error_response_compressed_by_a_proxy(kind: str, server: Server) -> None:
    compressed = {"Content-Encoding": "gzip"}
    server.default = Reply(409, gzip.compress(b'{"message":"in use"}'), compressed)
    error = await error_of(server.host, kind, "1.44")
    assert isinstance(error, APIError)
    assert error.message == "in use"
    server.default = Reply(409, b"not gzip", compressed)
    assert "the daemon gave no reason" in str(await error_of(server.host, kind, "1.44"))


@pytest.mark.parametrize("kind", ["json", "download", "stream", "upload"])
async def test_a_successful_response_compressed_by_a_proxy(kind: str, server: Server) -> None:
    server.default = Reply(200, gzip.compress(b"{}"), {"Content-Encoding": "gzip"})
    error = await error_of(server.host, kind, "1.44")
    assert type(error) is TransportError
    assert "is compressed (gzip), which was not requested" in str(error)
    assert server.host in str(error)


async def test_a_download_with_requested_compression(server: Server) -> None:
    body = gzip.compress(b"{}")
    server.default = Reply(200, body, {"Content-Encoding": "gzip"})
    async with Docker(server.host, api_version="1.44") as docker:
        call = docker.request("GET", "/containers/web/export", headers={"accept-encoding": "gzip"})
        async with call as download:
            assert await download.read() == body


@KINDS
async def test_plain_http_on_a_tls_port_names_the_address(kind: str) -> None:
    async with raw_serving(b"\x15\x03\x01\x00\x02\x02\x16") as server:
        error = await error_of(server.tcp, kind, "1.44")
    assert type(error) is ConnectFailed
    assert str(error).startswith(f"cannot connect to {server.tcp}: the daemon expects TLS on this port")


async def test_a_missing_upgrade_names_the_address(server: Server) -> None:
    server.default = Reply(204)
    for kind in ("hijack", "websocket"):
        error = await error_of(server.host, kind, "1.44")
        assert type(error) is UpgradeRefused
        assert f"does a proxy in front of {server.host} block upgrades?" in str(error)
    error = await error_of(server.host, "stream", "1.44")
    assert (
        str(error)
        == f"{server.host} does not respond as a Docker daemon: unexpected status 204 for GET /containers/web/logs"
    )


@KINDS
async def test_a_refused_version_names_the_address(kind: str, server: Server) -> None:
    server.default = json_reply(
        {"message": "client version 1.44 is too new. Maximum supported API version is 1.41"}, 400
    )
    error = await error_of(server.host, kind, "1.44")
    assert type(error) is UnsupportedVersion
    assert server.host in str(error)


@KINDS
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pipe", "the path is a pipe, not a socket. Set DOCKER_HOST or host= to the path of the daemon's socket"),
        ("device", "the path is a device, not a socket"),
        ("loop", "the path contains a loop of symbolic links. Set DOCKER_HOST"),
        ("datagrams", "not a stream socket. Set DOCKER_HOST"),
        ("link", "no such socket. Is the Docker daemon running?"),
    ],
)
async def test_a_path_that_is_not_a_daemon_socket(name: str, reason: str, kind: str) -> None:
    with other_files() as folder:
        error = await error_of(f"unix://{folder}/{name}", kind, "1.44")
    assert type(error) is ConnectFailed
    assert reason in str(error)


@KINDS
async def test_a_server_that_reports_no_api_version(kind: str, server: Server) -> None:
    server.api_version = None
    server.default = Reply(200, b"{}", {"Content-Type": "application/json"})
    error = await error_of(server.host, kind, None)
    assert type(error) is TransportError
    assert "it reports no API version. Check the address" in str(error)


@KINDS
@VERSIONS
@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "it is an SSH server. For a daemon behind it, use ssh://"),
        (b"220 mail.example.org ESMTP Postfix\r\n", "it is a mail or FTP server. Check the host and port"),
        (b"+OK POP3 ready\r\n", "it is a mail or FTP server. Check the host and port"),
    ],
    ids=["ssh", "smtp", "pop3"],
)
async def test_a_server_of_another_protocol(greeting: bytes, reason: str, version: str | None, kind: str) -> None:
    async with raw_serving(greeting, api_version=None) as server:
        error = await error_of(server.tcp, kind, version)
    assert type(error) is TransportError
    assert reason in str(error)


@KINDS
@VERSIONS
async def test_a_server_that_closes_the_connection(version: str | None, kind: str) -> None:
    async with raw_serving(b"", api_version=None) as server:
        error = await error_of(server.tcp, kind, version)
    assert type(error) is TransportError
    assert "closed the connection without" in str(error)
