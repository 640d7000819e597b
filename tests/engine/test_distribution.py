"""Pushing images to registries, pulling them, and inspecting them in registries."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from aiodockerapi import APIError, Docker, DockerError, NotFound, OperationFailed, ServerError
from aiodockerapi.models import AuthConfig
from tests.support import registry as registries
from tests.support.containers import offline
from tests.support.images import context, imported
from tests.support.server import Reply, Server, json_reply, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.names import Names

USER = AuthConfig(username="user", password="secret")
WRONG_PASSWORD = AuthConfig(username="user", password="guess")
UNAUTHORIZED = "no basic auth credentials|unauthorized|authentication"


@pytest.fixture(scope="module")
def registry() -> Iterator[registries.Registry]:
    """A registry without authentication."""
    with registries.running() as found:
        yield found


@pytest.fixture(scope="module")
def locked() -> Iterator[registries.Registry]:
    """A registry that requires a password."""
    with registries.running(htpasswd={"user": "secret"}) as found:
        yield found


@pytest.fixture
def image(registry: registries.Registry, name: Names) -> str:
    return registry.name(name("image"))


async def test_an_image_is_pushed_and_pulled(docker: Docker, name: Names, image: str) -> None:
    await imported(docker, name, image)
    before = await docker.images.inspect(image)
    pushed = await docker.images.push(image)
    assert (pushed.repository, pushed.tag) == (image, "latest")
    assert pushed.digests == {"latest": pushed.digest}
    assert pushed.size > 0
    assert (await docker.images.inspect(image)).repo_digests == [f"{image}@{pushed.digest}"]
    await docker.images.remove(image)

    pulled = await docker.images.pull(image)
    assert (pulled.reference, pulled.digest) == (f"{image}:latest", pushed.digest)
    assert "Downloaded newer image" in pulled.status
    assert (await docker.images.inspect(image)).id == before.id
    assert "up to date" in (await docker.images.pull(image)).status


async def test_progress_is_reported_before_the_result(docker: Docker, name: Names, image: str) -> None:
    await imported(docker, name, image)
    async with docker.images.push(image) as progress:
        statuses = [message.status async for message in progress]
        pushed = await progress.result()
    assert "Pushed" in statuses
    await docker.images.remove(image)
    async with docker.images.pull(image) as progress_of_pull:
        messages = [message async for message in progress_of_pull]
        pulled = await progress_of_pull.result()
    assert pulled.digest == pushed.digest
    assert "Pull complete" in [message.status for message in messages]


async def test_an_image_is_pulled_by_its_digest(docker: Docker, name: Names, image: str) -> None:
    await imported(docker, name, image)
    digest = (await docker.images.push(image)).digest
    await docker.images.remove(image)
    pulled = await docker.images.pull(f"{image}@{digest}")
    assert (pulled.reference, pulled.digest) == (f"{image}@{digest}", digest)
    assert (await docker.images.inspect(f"{image}@{digest}")).repo_digests == [f"{image}@{digest}"]


async def test_a_single_tag_is_used_by_default(docker: Docker, name: Names, image: str) -> None:
    await imported(docker, name, image)
    await docker.images.tag(image, image, tag="2")
    assert (await docker.images.push(f"{image}:2")).tag == "2"
    with pytest.raises(NotFound):
        await docker.images.pull(image)
    everything = await docker.images.push(image, all_tags=True)
    assert set(everything.digests) == {"latest", "2"}
    for tag in ("latest", "2"):
        await docker.images.remove(f"{image}:{tag}")
    await docker.images.pull(image)
    with pytest.raises(NotFound):
        await docker.images.inspect(f"{image}:2")


async def test_an_image_missing_in_the_registry_is_not_found(docker: Docker, image: str) -> None:
    with pytest.raises(NotFound, match="not found"):
        await docker.images.pull(image)
    with pytest.raises(NotFound, match="not found"):
        async with docker.images.pull(f"{image}:2"):
            raise AssertionError("there is nothing to pull")
    with pytest.raises(APIError) as caught:
        await docker.distribution.inspect(image)
    assert "unknown" in caught.value.message


async def test_an_unreachable_registry_is_an_error(docker: Docker, name: Names) -> None:
    image = await imported(docker, name, f"127.0.0.1:1/{name('image')}")
    with pytest.raises(ServerError, match="refused"):
        await docker.images.pull(image)
    with pytest.raises(ServerError, match="refused"):
        await docker.distribution.inspect(image)
    with pytest.raises(OperationFailed, match="refused"):
        await docker.images.push(image)


async def test_inspect_returns_the_descriptor_and_the_platforms(docker: Docker, name: Names, image: str) -> None:
    await imported(docker, name, image)
    pushed = await docker.images.push(image, tag="latest")
    for reference in (image, f"{image}:latest", f"{image}@{pushed.digest}"):
        found = await docker.distribution.inspect(reference)
        assert found.descriptor is not None
        assert (found.descriptor.digest, found.descriptor.size) == (pushed.digest, pushed.size)
        assert [(one.os, one.architecture) for one in found.platforms] == [("linux", "amd64")]
    assert await docker.image(image).distribution_inspect() == await docker.distribution.inspect(image)


async def test_a_registry_with_a_password(docker: Docker, name: Names, locked: registries.Registry) -> None:
    image = await imported(docker, name, locked.name(name("image")))
    for auth in (None, WRONG_PASSWORD):
        with pytest.raises(OperationFailed, match=UNAUTHORIZED) as caught:
            await docker.images.push(image, auth=auth)
        assert "guess" not in str(caught.value)
    pushed = await docker.images.push(image, auth=USER)
    await docker.images.remove(image)
    for auth in (None, WRONG_PASSWORD):
        with pytest.raises(APIError, match=UNAUTHORIZED):
            await docker.images.pull(image, auth=auth)
        with pytest.raises(APIError, match=UNAUTHORIZED):
            await docker.distribution.inspect(image, auth=auth)
    assert (await docker.distribution.inspect(image, auth=USER)).descriptor is not None
    raw = {"username": "user", "password": "secret", "serveraddress": locked.address}
    assert (await docker.images.pull(image, auth=raw)).digest == pushed.digest
    await docker.images.remove(image)
    assert (await docker.containers.run(image, ["/file"], auth=USER, config=offline(name))).error


async def test_a_build_with_a_base_image_that_requires_credentials(
    docker: Docker, name: Names, locked: registries.Registry
) -> None:
    image = await imported(docker, name, locked.name(name("base")))
    await docker.images.push(image, auth=USER)
    await docker.images.remove(image)
    source = context(f"FROM {image}\nENV A=1\n")
    with pytest.raises(DockerError, match=UNAUTHORIZED):
        await docker.images.build(source, labels=name.labels)
    result = await docker.images.build(source, labels=name.labels, auth={locked.address: USER})
    assert (await docker.images.inspect(result.image_id)).id == result.image_id


async def test_credentials_are_checked(docker: Docker, locked: registries.Registry) -> None:
    where = {"serveraddress": locked.address}
    answer = await docker.system.auth({"username": "user", "password": "secret", **where})
    assert answer.status == "Login Succeeded"
    with pytest.raises(APIError, match="401 Unauthorized"):
        await docker.system.auth({"username": "user", "password": "guess", **where})


def blob(server: Server, repository: str, content: bytes, kind: str) -> dict[str, Any]:
    """Add a blob to the server, and return its descriptor for a manifest."""
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    server.routes[f"GET /v2/{repository}/blobs/{digest}"] = Reply(200, content)
    return {"mediaType": f"application/vnd.docker.{kind}", "size": len(content), "digest": digest}


@pytest.mark.parametrize("how", ["cancelled", "left"])
async def test_a_pull_stops_when_its_stream_is_closed(docker: Docker, name: Names, how: str) -> None:
    """The registry, which sends a layer slowly, detects that the daemon has closed the connection."""
    repository, begun, left = name("endless"), asyncio.Event(), asyncio.Event()

    async def trickle(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000000"})
        await answer.prepare(request)
        begun.set()
        with contextlib.suppress(ConnectionError):
            while True:
                await answer.write(b"x")
                await asyncio.sleep(0.01)
        left.set()
        return answer

    async with serving() as registry, asyncio.timeout(60):
        layer = blob(registry, repository, name("layer").encode(), "image.rootfs.diff.tar.gzip") | {"size": 1_000_000}
        registry.routes[f"GET /v2/{repository}/blobs/{layer['digest']}"] = trickle
        files = {"type": "layers", "diff_ids": [layer["digest"]]}
        config = json.dumps({"os": "linux", "architecture": "amd64", "rootfs": files, "config": {}}).encode()
        settings = blob(registry, repository, config, "container.image.v1+json")
        kind = "application/vnd.docker.distribution.manifest.v2+json"
        manifest = {"schemaVersion": 2, "mediaType": kind, "config": settings, "layers": [layer]}
        registry.default = json_reply(manifest, headers={"Content-Type": kind})
        async with docker.images.pull(f"127.0.0.1:{registry.port}/{repository}") as progress:
            await begun.wait()
            if how == "cancelled":
                waiting = asyncio.ensure_future(progress.result())
                await asyncio.sleep(0)
                waiting.cancel()
        await left.wait()
