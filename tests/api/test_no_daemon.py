"""What listens at the address and is no Docker daemon: each kind has its own words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, Docker, DockerError, NotFound, TransportError
from tests.support.calls import drained
from tests.support.server import Reply, raw_serving

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
async def test_a_registry(road: str, server: Server) -> None:
    server.default = Reply(404)
    registry = Reply(404, b"404 page not found\n", {"Docker-Distribution-Api-Version": "registry/2.0"})
    server.routes |= {"HEAD /_ping": registry, "GET /_ping": registry}
    error = await told(server.host, road, None)
    assert type(error) is NotFound
    assert "this is a registry, which holds images, and no Docker daemon" in error.message


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
