"""Invalid arguments: refused with a helpful message before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType
from aiodockerapi.models import ContainerCreateRequest, HostConfig

if TYPE_CHECKING:
    from tests.support.server import Server


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: d.containers.inspect(""), InvalidArgument, "container must be a name or ID"),
        (lambda d: d.containers.inspect("/"), InvalidArgument, "container must be a name or ID"),
        (lambda d: d.containers.start("a/b"), InvalidArgument, "contains '/'"),
        (lambda d: d.containers.start(".."), InvalidArgument, "must be a name or ID"),
        (lambda d: d.containers.start(None), InvalidArgumentType, "container must be a string"),
        (lambda d: d.containers.stop("web", timeout=-2), InvalidArgument, "timeout must be at least -1"),
        (lambda d: d.containers.stop("web", timeout=float("inf")), InvalidArgument, "-1 waits indefinitely"),
        (lambda d: d.containers.stop("web", timeout=True), InvalidArgumentType, "timeout must be an integer"),
        (lambda d: d.containers.kill("web", signal=""), InvalidArgument, "signal must be a name such as SIGTERM"),
        (lambda d: d.containers.kill("web", signal=True), InvalidArgumentType, "a name or a number"),
        (lambda d: d.containers.rename("web", ""), InvalidArgument, "name must not be empty"),
        (lambda d: d.containers.create({"Image": "a"}, name=""), InvalidArgument, "name must not be empty"),
        (lambda d: d.containers.create({"Cmd": ["sh"]}), InvalidArgument, "requires an image"),
        (lambda d: d.containers.create(ContainerCreateRequest()), InvalidArgument, "requires an image"),
        (lambda d: d.containers.create("busybox"), InvalidArgumentType, "ContainerCreateRequest or a mapping"),
        (lambda d: d.containers.create(HostConfig()), InvalidArgumentType, "ContainerCreateRequest or a mapping"),
        (lambda d: d.containers.create({"Image": b"a"}), InvalidArgument, "bytes has no JSON form"),
        (lambda d: d.containers.create({"Image": "a", "X": float("nan")}), InvalidArgument, "as JSON"),
        (lambda d: d.containers.update("web", None), InvalidArgumentType, "ContainerUpdateRequest or a mapping"),
        (lambda d: d.containers.commit("web", changes=[1]), InvalidArgumentType, "each of changes must be a string"),
        (lambda d: d.containers.commit("a/b"), InvalidArgument, "contains '/'"),
        (lambda d: d.containers.list(all=1), InvalidArgumentType, "all must be True or False"),
        (lambda d: d.containers.list(limit="3"), InvalidArgumentType, "limit must be an integer"),
        (lambda d: d.containers.list(filters=["a"]), InvalidArgumentType, "filters must be a mapping"),
        (lambda d: d.containers.prune(filters={"a": 1}), InvalidArgumentType, "filter 'a' must be"),
        (lambda d: d.containers.remove("web", force="yes"), InvalidArgumentType, "force must be True or False"),
        (lambda d: d.containers.resize("web", -1, 80), InvalidArgument, "height must be at least 0"),
        (lambda d: d.containers.resize("web", None, 80), InvalidArgumentType, "height must be a number"),
        (lambda d: d.containers.rename("web", None), InvalidArgumentType, "new_name must be a string"),
        (lambda d: d.containers.create({"Image": "a"}, platform=0), InvalidArgumentType, "platform must be a string"),
        (lambda d: d.containers.run(None), InvalidArgumentType, "image must be a string"),
        (lambda d: d.containers.run("a", config=[1]), InvalidArgumentType, "ContainerCreateRequest or a mapping"),
        (lambda d: d.containers.run("a", config={"HostConfig": ["x"]}), InvalidArgumentType, "must be an object"),
        (lambda d: d.images.build(b"", cache_from=5), InvalidArgumentType, "cache_from must be a list"),
        (lambda d: d.images.build(b"", tags=5), InvalidArgumentType, "tags must be a list"),
        (lambda d: d.images.build(b"", outputs=5), InvalidArgumentType, "outputs must be a list"),
        (lambda d: d.images.build(b"", dockerfile=5), InvalidArgumentType, "dockerfile must be a string"),
        (lambda d: d.images.build(b"", extra_hosts=[5]), InvalidArgumentType, "each of extra_hosts must be"),
        (lambda d: d.images.import_image(b"", message=5), InvalidArgumentType, "message must be a string"),
        (lambda d: d.images.import_image(b"", changes=5), InvalidArgumentType, "changes must be a list"),
        (lambda d: d.images.save(5), InvalidArgumentType, "images must be a list"),
        (lambda d: d.images.save(None), InvalidArgument, "images is empty"),
        (lambda d: d.images.pull("a", platform={"os": 5}), InvalidArgumentType, "'os' of the platform"),
        (
            lambda d: d.images.save("a", platform={"os": "b", "architecture": "c", "d": {1}}),
            InvalidArgumentType,
            "JSON",
        ),
        (lambda d: d.plugins.pull("a", privileges=5), InvalidArgumentType, "privileges must be a list"),
        (lambda d: d.system.disk_usage(type=5), InvalidArgumentType, "type must be a list"),
        (lambda d: d.networks.inspect("a", scope=0), InvalidArgumentType, "scope must be a string"),
        (lambda d: d.request("GET", "/a", headers=5), InvalidArgumentType, "headers must be a mapping"),
        (lambda d: d.request("GET", "/a", parameters=5), InvalidArgumentType, "parameters must be a mapping"),
        (lambda d: d.request("GET", "/\ud800"), InvalidArgument, "cannot be encoded as UTF-8"),
        (lambda d: d.system.session(headers={"a b": "c"}), InvalidArgument, "not a valid header name"),
        (lambda d: d.supports(5), InvalidArgumentType, "name must be a string"),
        (lambda d: d.supports("api_version.format"), InvalidArgument, "is not a call"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    call: Callable[[Docker], Any], error: type[Exception], message: str, server: Server
) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error, match=message):
            await call(docker)
    assert server.received == []


@pytest.mark.parametrize(
    "call",
    [
        lambda d: d.swarm.unlock(b"s3cret"),
        lambda d: d.request("GET", "/a", headers={"X-Registry-Auth": b"s3cret"}),
        lambda d: d.system.session(headers={"X-Registry-Auth": b"s3cret"}),
        lambda d: d.containers.create(ContainerCreateRequest(image="a", env={"PASSWORD": "s3cret"})),  # type: ignore[arg-type]
        lambda d: d.exec.run("a", ["b"], config={"Env": {"PASSWORD": "s3cret"}}, on_cancel="kill"),
    ],
)
async def test_a_value_that_may_be_a_credential_is_not_shown(call: Callable[[Docker], Any], server: Server) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(InvalidArgumentType) as caught:
            await call(docker)
    assert "s3cret" not in str(caught.value)
    assert server.received == []


async def test_a_parameter_name_is_encoded(server: Server) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        await docker.request("GET", "/a", parameters={"b&c=d": "e"})
    assert [dict(one.query) for one in server.received if one.path.endswith("/a")] == [{"b&c=d": "e"}]
