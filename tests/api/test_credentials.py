"""Credentials never appear in errors, tracebacks or reprs."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType, NotFound
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


PAIR = base64.b64encode(b"user:hunter2:x").decode()


@pytest.mark.parametrize(
    ("auth", "sent"),
    [
        ({"auth": PAIR}, {"username": "user", "password": "hunter2:x"}),
        (
            {"auth": PAIR, "serveraddress": "reg:5000"},
            {"username": "user", "password": "hunter2:x", "serveraddress": "reg:5000"},
        ),
        ({"auth": "", "identitytoken": "t"}, {"identitytoken": "t"}),
        ({"username": "user", "password": "p", "email": "e"}, {"username": "user", "password": "p", "email": "e"}),
        ({}, {}),
    ],
)
async def test_the_form_of_the_configuration_file(auth: Any, sent: Any, server: Server) -> None:
    server.default = json_reply([])
    async with Docker(server.host, api_version="1.41") as docker:
        await docker.images.search("web", auth=auth)
    [received] = server.received
    assert json.loads(base64.urlsafe_b64decode(received.headers["x-registry-auth"])) == sent


@pytest.mark.parametrize(
    ("auth", "message"),
    [
        ({"user": "u", "password": "hunter2"}, "unknown key 'user'; known are username, password"),
        ({"Username": "hunter2"}, "unknown key 'Username'"),
        ({"auth": "hunter2"}, "auth must be username:password in base64"),
        ({"auth": base64.b64encode(b"hunter2").decode()}, "auth must be username:password in base64"),
        ({"auth": base64.b64encode(b"\xff:hunter2").decode()}, "auth must be username:password in base64"),
    ],
)
async def test_unknown_keys_and_undecodable_credentials_are_refused(auth: Any, message: str, server: Server) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(InvalidArgument, match=message) as caught:
            await docker.images.search("web", auth=auth)
        with pytest.raises(InvalidArgument, match=message):
            await docker.images.build(b"", auth={"reg:5000": auth})
    assert "hunter2" not in str(caught.value)
    assert server.received == []


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
