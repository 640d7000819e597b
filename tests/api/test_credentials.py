"""Credentials never appear in errors, tracebacks or reprs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, InvalidArgumentType, NotFound
from aiodockerapi._engine.request import request
from aiodockerapi.models import AuthConfig
from tests.support.server import json_reply

if TYPE_CHECKING:
    from tests.support.server import Server


@pytest.mark.parametrize(
    "auth",
    ["u:hunter2", b"hunter2", {"password": b"hunter2"}, {"password": 2}, AuthConfig(password=b"hunter2")],  # type: ignore[arg-type]
)
async def test_invalid_credentials_are_refused_and_not_shown(auth: Any, server: Server) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        for call in (docker.images.pull, docker.images.push, docker.images.search):
            with pytest.raises(InvalidArgumentType, match="auth") as caught:
                await call("web", auth=auth)
            assert "hunter2" not in str(caught.getrepr(style="native", chain=True))
    assert server.received == []


@pytest.mark.parametrize("auth", ["u:hunter2", b"hunter2", {"password": b"hunter2"}])
async def test_credentials_to_check_are_not_shown(auth: Any, server: Server) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(InvalidArgumentType) as caught:
            await docker.system.auth(auth)
    assert "hunter2" not in str(caught.getrepr(style="native", chain=True))


def test_reprs_of_requests_and_models_do_not_contain_them() -> None:
    auth = AuthConfig(username="user", password="hunter2", identitytoken="hunter2", registrytoken="hunter2")
    call = request("GET", "/", headers={"X-Registry-Auth": "hunter2"}, body=b"hunter2")
    assert "hunter2" not in f"{auth} {auth!r} {call} {call!r}"


async def test_the_error_of_a_call_does_not_contain_them(server: Server) -> None:
    server.default = json_reply({"message": "pull access denied"}, 404)
    async with Docker(server.host, api_version="1.41") as docker:
        call = docker.images.pull("web", auth=AuthConfig(username="user", password="hunter2"))
        assert "hunter2" not in repr(call)
        with pytest.raises(NotFound) as caught:
            await call
    [received] = server.received
    shown = str(caught.getrepr(style="native", chain=True))
    assert "hunter2" not in shown
    assert received.headers["x-registry-auth"] not in shown
