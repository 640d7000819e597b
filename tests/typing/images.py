"""Typing of `docker.images` and `docker.distribution`. Checked, not run."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import assert_type

from aiodockerapi import (
    BuildResult,
    ByteStream,
    Docker,
    ImageHandle,
    ImportResult,
    LoadResult,
    OperationFailed,
    ProgressStream,
    PullResult,
    PushResult,
    SavedImages,
)
from aiodockerapi.models import (
    AttestationStatement,
    AuthConfig,
    BuildInfo,
    BuildPruneResponse,
    CreateImageInfo,
    DistributionInspect,
    ImageDeleteResponseItem,
    ImageHistoryResponseItem,
    ImageInspect,
    ImagePruneResponse,
    ImageSearchResponseItem,
    ImageSummary,
    OCIPlatform,
    PushImageInfo,
)


async def awaited(docker: Docker, context: AsyncIterator[bytes]) -> None:
    assert_type(await docker.images.pull("busybox", auth=AuthConfig(username="u"), platform="linux/arm64"), PullResult)
    assert_type(await docker.images.push("web", tag="1", auth={"username": "u"}), PushResult)
    assert_type(await docker.images.build(context, tags="web", build_args={"A": None}, version="2"), BuildResult)
    assert_type(await docker.images.build(remote="https://host/repo.git", tags=["a", "b"]), BuildResult)
    assert_type(await docker.images.load(Path("images.tar")), LoadResult)
    assert_type(await docker.images.load(io.BytesIO(b"")), LoadResult)
    assert_type(await docker.images.import_image("https://host/files.tar", changes=["CMD sh"]), ImportResult)
    assert_type(await docker.images.save(["a", "b"], platform=["linux/amd64", OCIPlatform(os="linux")]), bytes)


async def entered(docker: Docker) -> None:
    async with docker.images.pull("busybox") as pulling:
        assert_type(pulling, ProgressStream[CreateImageInfo, PullResult])
        async for message in pulling:
            assert_type(message, CreateImageInfo)
        assert_type((await pulling.result()).digest, str)
    async with docker.images.push("web") as pushing:
        assert_type(await anext(pushing), PushImageInfo)
    async with docker.images.build(b"") as building:
        assert_type([line.stream async for line in building], list[str | None])
        assert_type(await building.result(), BuildResult)
    async with docker.images.load(b"") as loading:
        assert_type(await anext(loading), BuildInfo)
    async with docker.images.save("web") as saved:
        assert_type(saved, SavedImages)
        assert_type(await saved.write_to("web.tar"), int)
    async with docker.system.session() as session:
        assert_type(session, ByteStream)
        assert_type([data async for data in session], list[bytes])


async def store(docker: Docker) -> None:
    assert_type(await docker.images.list(filters={"dangling": True, "label": ["a", "b"]}), list[ImageSummary])
    assert_type(await docker.images.inspect("web", platform={"os": "linux", "architecture": "amd64"}), ImageInspect)
    assert_type(await docker.images.history("web"), list[ImageHistoryResponseItem])
    assert_type(await docker.images.attestations("web", type="a"), list[AttestationStatement])
    assert_type(await docker.images.tag("web", "other", tag="1"), None)
    assert_type(await docker.images.remove("web", platforms=["linux/amd64"]), list[ImageDeleteResponseItem])
    assert_type(await docker.images.search("web", limit=3), list[ImageSearchResponseItem])
    assert_type(await docker.images.prune(), ImagePruneResponse)
    assert_type(await docker.images.prune_build_cache(reserved_space=1_000), BuildPruneResponse)
    assert_type(await docker.distribution.inspect("web"), DistributionInspect)


async def handle(docker: Docker) -> None:
    image = docker.image("web")
    assert_type(image, ImageHandle)
    assert_type(await image.inspect(manifests=True), ImageInspect)
    assert_type(await image.tag("other", tag="1"), None)
    assert_type(await image.push(all_tags=True), PushResult)
    assert_type(await image.pull(), PullResult)
    assert_type(await image.save(), bytes)
    assert_type(await image.remove(force=True), list[ImageDeleteResponseItem])
    assert_type(await image.distribution_inspect(auth=AuthConfig()), DistributionInspect)


async def failed(docker: Docker) -> None:
    try:
        await docker.images.build(b"")
    except OperationFailed as error:
        assert_type((error.message, error.code, error.log), tuple[str, int | None, str])
