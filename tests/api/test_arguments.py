"""Arguments that no request can be made of: refused in words that help, and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType
from aiodockerapi.models import ContainerCreateRequest, HostConfig

if TYPE_CHECKING:
    from tests.support.server import Server


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda d: d.containers.inspect(""), InvalidArgument, "the container is empty"),
        (lambda d: d.containers.inspect("/"), InvalidArgument, "the container is empty"),
        (lambda d: d.containers.start("a/b"), InvalidArgument, "contains '/'"),
        (lambda d: d.containers.start(".."), InvalidArgument, "consists of dots"),
        (lambda d: d.containers.start(None), InvalidArgumentType, "container must be a string"),
        (lambda d: d.containers.stop("web", timeout=-2), InvalidArgument, "timeout must be at least -1"),
        (lambda d: d.containers.stop("web", timeout=float("inf")), InvalidArgument, "-1 waits forever"),
        (lambda d: d.containers.stop("web", timeout=True), InvalidArgumentType, "timeout must be a whole number"),
        (lambda d: d.containers.kill("web", signal=""), InvalidArgument, "the signal is empty"),
        (lambda d: d.containers.kill("web", signal=True), InvalidArgumentType, "a name or a number"),
        (lambda d: d.containers.rename("web", ""), InvalidArgument, "the name is empty"),
        (lambda d: d.containers.create({"Image": "a"}, name=""), InvalidArgument, "the name is empty"),
        (lambda d: d.containers.create({"Cmd": ["sh"]}), InvalidArgument, "needs an image"),
        (lambda d: d.containers.create(ContainerCreateRequest()), InvalidArgument, "needs an image"),
        (lambda d: d.containers.create("busybox"), InvalidArgumentType, "ContainerCreateRequest or a mapping"),
        (lambda d: d.containers.create(HostConfig()), InvalidArgumentType, "ContainerCreateRequest or a mapping"),
        (lambda d: d.containers.create({"Image": b"a"}), InvalidArgument, "bytes has no JSON form"),
        (lambda d: d.containers.create({"Image": "a", "X": float("nan")}), InvalidArgument, "as JSON"),
        (lambda d: d.containers.update("web", None), InvalidArgumentType, "ContainerUpdateRequest or a mapping"),
        (lambda d: d.containers.commit("web", changes=[1]), InvalidArgumentType, "each of changes must be a string"),
        (lambda d: d.containers.commit("a/b"), InvalidArgument, "contains '/'"),
        (lambda d: d.containers.list(all=1), InvalidArgumentType, "all must be True or False"),
        (lambda d: d.containers.list(limit="3"), InvalidArgumentType, "limit must be a whole number"),
        (lambda d: d.containers.list(filters=["a"]), InvalidArgumentType, "filters must be a mapping"),
        (lambda d: d.containers.prune(filters={"a": 1}), InvalidArgumentType, "filter 'a' takes"),
        (lambda d: d.containers.remove("web", force="yes"), InvalidArgumentType, "force must be True or False"),
        (lambda d: d.containers.resize("web", -1, 80), InvalidArgument, "height must be at least 0"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    call: Callable[[Docker], Any], error: type[Exception], words: str, server: Server
) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error, match=words):
            await call(docker)
    assert server.received == []
