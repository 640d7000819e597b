"""Attach over a WebSocket: input and output, the end of the stream, and errors."""

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
    """Send two messages, then return each message until `bye`."""
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


async def abort(request: web.BaseRequest) -> web.WebSocketResponse:
    """Abort the connection after one message."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_bytes(b"cut")
    assert request.transport is not None
    request.transport.abort()
    return socket


async def send_one(request: web.BaseRequest) -> web.WebSocketResponse:
    """Send one message, and close the WebSocket."""
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


async def test_awaited_it_returns_all_output(server: Server) -> None:
    server.default = send_one
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.containers.attach_websocket("web") == Output(b"one\n", b"")


async def test_lines(server: Server) -> None:
    server.default = send_one
    async with (
        Docker(server.host, api_version="1.44") as docker,
        docker.containers.attach_websocket("web") as attached,
    ):
        assert [one async for one in attached.lines()] == [Line("stdout", "one")]


async def test_an_aborted_connection_is_an_error(server: Server) -> None:
    server.default = abort
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TruncatedStream):
            await docker.containers.attach_websocket("web")


async def test_sending_after_the_end_is_an_error(server: Server) -> None:
    server.default = send_one
    async with (
        Docker(server.host, api_version="1.44") as docker,
        docker.containers.attach_websocket("web") as attached,
    ):
        assert [one async for one in attached]
        with pytest.raises(TransportError):
            await attached.send(b"late")


@pytest.mark.parametrize(("status", "error"), [(400, BadRequest), (404, NotFound)])
async def test_an_error_status_is_raised(status: int, error: type[Exception], server: Server) -> None:
    server.default = Reply(status)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error):
            await docker.containers.attach_websocket("web")


async def test_the_message_of_an_error_is_raised(server: Server) -> None:
    server.default = json_reply({"message": "No such container: web"}, 404)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(NotFound, match=r"404: No such container: web \(GET /containers/web/attach/ws\)"):
            await docker.containers.attach_websocket("web")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int, server: Server) -> None:
    """Following one would send the configured headers to another server."""
    server.default = Reply(status, b"", {"Location": "/elsewhere?token=secret"})
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(APIError, match="unexpected redirect to /elsewhere") as caught:
            await docker.containers.attach_websocket("web")
    assert caught.value.status == status
    assert [one.path for one in server.received] == ["/v1.44/containers/web/attach/ws"]


async def test_a_response_that_is_not_a_websocket_is_an_error(server: Server) -> None:
    server.default = NO_CONTENT
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(Exception, match="does not upgrade the connection") as caught:
            await docker.containers.attach_websocket("web")
    assert type(caught.value).__module__ == "aiodockerapi.errors"


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
async def test_streams_cannot_be_selected_before_api_1_42(name: str, value: bool, server: Server) -> None:
    given: dict[str, bool | None] = {"stdin": None, "stdout": None, "stderr": None, name: value}
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature, match=rf"containers\.attach_websocket\.{name} requires"):
            await docker.containers.attach_websocket(
                "web", stdin=given["stdin"], stdout=given["stdout"], stderr=given["stderr"]
            )
    assert server.received == []
