"""Attaching over a WebSocket: both directions, its ends, and its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from aiodockerapi import (
    APIError,
    BadRequest,
    Docker,
    Frame,
    Line,
    NotFound,
    Output,
    TransportError,
    TruncatedStream,
    UnsupportedFeature,
)
from tests.support.server import NO_CONTENT, Reply, json_reply

if TYPE_CHECKING:
    from tests.support.server import Server


async def greet(request: web.BaseRequest) -> web.WebSocketResponse:
    """Send two messages, and whatever comes back until `bye`."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_bytes(b"one\n")
    await socket.send_str("tw\u00f6\n")
    async for message in socket:
        data = message.data if isinstance(message.data, bytes) else message.data.encode()
        if data == b"bye":
            break
        await socket.send_bytes(data)
    await socket.close()
    return socket


async def hang_up(request: web.BaseRequest) -> web.WebSocketResponse:
    """Break the connection after one message."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_bytes(b"cut")
    assert request.transport is not None
    request.transport.abort()
    return socket


async def part(request: web.BaseRequest) -> web.WebSocketResponse:
    """Send one message, and close."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_bytes(b"one\n")
    await socket.close()
    return socket


async def test_both_directions(server: Server) -> None:
    server.default = greet
    async with (
        Docker(server.host, api_version="1.44") as docker,
        docker.containers.attach_websocket("web", stdin=True, stdout=False, logs=False, detach_keys="") as attached,
    ):
        await attached.send("text")
        await attached.send(b"bytes")
        await attached.send("bye")
        frames = [one async for one in attached]
    assert frames == [Frame("stdout", data) for data in (b"one\n", "tw\u00f6\n".encode(), b"text", b"bytes")]
    [request] = server.received
    assert request.line == "GET /v1.44/containers/web/attach/ws"
    assert request.query == [
        ("detachKeys", ""),
        ("logs", "false"),
        ("stream", "true"),
        ("stdin", "true"),
        ("stdout", "false"),
        ("stderr", "true"),
    ]
    assert request.headers["upgrade"].lower() == "websocket"


async def test_awaited_it_gives_the_whole_output(server: Server) -> None:
    server.default = part
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.containers.attach_websocket("web") == Output(b"one\n", b"")


async def test_lines(server: Server) -> None:
    server.default = part
    async with (
        Docker(server.host, api_version="1.44") as docker,
        docker.containers.attach_websocket("web") as attached,
    ):
        assert [one async for one in attached.lines()] == [Line("stdout", "one")]


async def test_a_broken_connection_is_no_end(server: Server) -> None:
    server.default = hang_up
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TruncatedStream):
            await docker.containers.attach_websocket("web")


async def test_sending_after_the_end(server: Server) -> None:
    server.default = part
    async with (
        Docker(server.host, api_version="1.44") as docker,
        docker.containers.attach_websocket("web") as attached,
    ):
        assert [one async for one in attached]
        with pytest.raises(TransportError):
            await attached.send(b"late")


@pytest.mark.parametrize(("status", "error"), [(400, BadRequest), (404, NotFound)])
async def test_refusals(status: int, error: type[Exception], server: Server) -> None:
    server.default = Reply(status)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error):
            await docker.containers.attach_websocket("web")


async def test_the_words_of_a_refusal(server: Server) -> None:
    server.default = json_reply({"message": "No such container: web"}, 404)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(NotFound, match=r"404: No such container: web \(GET /containers/web/attach/ws\)"):
            await docker.containers.attach_websocket("web")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirection_is_followed(status: int, server: Server) -> None:
    """What is sent there would be sent to somebody else: the headers of the configuration, for one."""
    server.default = Reply(status, b"", {"Location": "/elsewhere?token=secret"})
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(APIError, match="redirects this request to /elsewhere, which no daemon does") as caught:
            await docker.containers.attach_websocket("web")
    assert caught.value.status == status
    assert [one.path for one in server.received] == ["/v1.44/containers/web/attach/ws"]


async def test_an_answer_that_is_no_websocket(server: Server) -> None:
    server.default = NO_CONTENT
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(Exception, match="no WebSocket") as caught:
            await docker.containers.attach_websocket("web")
    assert type(caught.value).__module__ == "aiodockerapi.errors"


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
async def test_streams_cannot_be_chosen_on_an_old_engine(name: str, value: bool, server: Server) -> None:
    given: dict[str, bool | None] = {"stdin": None, "stdout": None, "stderr": None, name: value}
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature, match=rf"containers\.attach_websocket\.{name} needs"):
            await docker.containers.attach_websocket(
                "web", stdin=given["stdin"], stdout=given["stdout"], stderr=given["stderr"]
            )
    assert server.received == []
