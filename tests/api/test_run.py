"""`containers.run` with responses that are hard to provoke from a real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Conflict, Docker, NotFound
from tests.support.server import Peer, json_reply, raw_serving

if TYPE_CHECKING:
    from tests.support.server import Server

CREATE = "POST /v1.44/containers/create"
PODMAN = 'preparing container 12 for attach: runc: exec: "nope": executable file not found in $PATH'


async def test_not_found_for_something_other_than_the_image_does_not_pull(server: Server) -> None:
    server.routes[CREATE] = json_reply({"message": 'error looking up volume plugin x: plugin "x" not found'}, 404)
    async with Docker(server.host) as docker:
        with pytest.raises(NotFound, match="volume plugin"):
            await docker.containers.run("busybox", ["true"])
    assert [call.line for call in server.calls] == [CREATE]


async def test_an_image_that_is_missing_after_the_pull_is_not_pulled_again(server: Server) -> None:
    server.routes[CREATE] = json_reply({"message": "No such image: busybox:latest"}, 404)
    server.routes["POST /v1.44/images/create"] = json_reply({"status": "Status: Downloaded"})
    async with Docker(server.host) as docker:
        with pytest.raises(NotFound, match="No such image"):
            await docker.containers.run("busybox", ["true"])
    assert [call.line for call in server.calls] == [CREATE, "POST /v1.44/images/create", CREATE]


@pytest.mark.parametrize(("auto_remove", "removed"), [(True, ["DELETE /v1.44/containers/12"]), (False, [])])
async def test_podman_reports_a_missing_command_on_attach(
    server: Server, auto_remove: bool, removed: list[str]
) -> None:
    server.routes[CREATE] = json_reply({"Id": "12", "Warnings": []}, 201)
    server.routes["GET /v1.44/containers/12/json"] = json_reply({"Id": "12", "Config": {}})
    server.routes["POST /v1.44/containers/12/attach"] = json_reply({"message": PODMAN}, 409)
    async with Docker(server.host) as docker:
        result = await docker.containers.run("busybox", ["nope"], auto_remove=auto_remove)
    assert (result.exit_code, result.error) == (127, PODMAN)
    assert [call.line for call in server.calls if call.method == "DELETE"] == removed


async def test_any_other_error_of_attach_is_raised_and_removes_the_container(server: Server) -> None:
    server.routes[CREATE] = json_reply({"Id": "12", "Warnings": []}, 201)
    server.routes["POST /v1.44/containers/12/attach"] = json_reply({"message": "it is paused"}, 409)
    async with Docker(server.host) as docker:
        with pytest.raises(Conflict, match="it is paused"):
            await docker.containers.run("busybox", ["nope"])
    assert server.calls[-1].line == "DELETE /v1.44/containers/12"


async def test_the_exit_code_is_not_taken_from_the_wait_for_removal() -> None:
    async def podman(peer: Peer) -> None:
        if peer.request.path.endswith("/attach"):
            await peer.send(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        elif peer.request.path.endswith("/wait"):
            code = 0 if ("condition", "removed") in peer.request.query else 3
            await peer.send(_json(b'{"StatusCode":%d,"Error":null}' % code))
        elif peer.request.path.endswith("/start"):
            await peer.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        else:
            await peer.send(_json(b'{"Id":"12","Warnings":[],"Config":{}}'))

    async with raw_serving(podman) as server, Docker(server.host, api_version="1.41") as docker:
        result = await docker.containers.run("busybox", ["sh", "-c", "exit 3"], auto_remove=True)
    assert result.exit_code == 3


def _json(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body
