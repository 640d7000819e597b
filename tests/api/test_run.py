"""`containers.run`: what a real engine cannot be brought to say in reasonable time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker, NotFound
from tests.support.server import json_reply

if TYPE_CHECKING:
    from tests.support.server import Server

CREATE = "POST /v1.44/containers/create"


async def test_what_is_missing_need_not_be_the_image(server: Server) -> None:
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
