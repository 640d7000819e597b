"""Builds with the classic builder and with BuildKit."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiodockerapi import APIError, BadRequest, Docker, DockerError, OperationFailed
from tests.support.calls import drained
from tests.support.containers import offline
from tests.support.images import context

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names

BUILDERS = ["1", "2"]
HELLO = context(
    "FROM busybox\nARG WHO=nobody\nCOPY word /word\nRUN echo hello $WHO > /hello\nCMD cat /hello\n", {"word": b"w"}
)
FAILING = context("FROM busybox\nRUN echo some words; exit 3\n")
SLOW = context("FROM busybox\nRUN echo begun; sleep 600\n")


@pytest.mark.parametrize("version", BUILDERS)
async def test_an_image_is_built(docker: Docker, name: Names, version: Any) -> None:
    image = name("built")
    result = await docker.images.build(
        HELLO,
        tags=[image, f"{image}:2"],
        build_args={"WHO": "you", "UNUSED": None},
        labels=name.labels,
        version=version,
    )
    found = await docker.images.inspect(image)
    assert found.id == result.image_id
    assert set(found.repo_tags) == {f"{image}:latest", f"{image}:2"}
    assert found.config is not None
    assert found.config.labels == name.labels
    ran = await docker.containers.run(image, config=offline(name))
    assert ran.stdout == b"hello you\n"


async def test_the_classic_builder_prints_its_steps(docker: Docker, name: Names) -> None:
    call = docker.images.build(HELLO, labels=name.labels, no_cache=True)
    async with call as progress:
        messages = [message async for message in progress]
        result = await progress.result()
    assert result.log == "".join(message.stream or "" for message in messages)
    assert "Step 4/6 : RUN echo hello $WHO > /hello" in result.log
    assert "Using cache" not in result.log
    assert (await docker.images.inspect(result.image_id)).id == result.image_id


@pytest.mark.parametrize("version", BUILDERS)
async def test_a_quiet_build_prints_only_the_id(docker: Docker, name: Names, version: Any) -> None:
    async with docker.images.build(HELLO, labels=name.labels, quiet=True, version=version) as progress:
        messages = [message async for message in progress]
        result = await progress.result()
    assert [message.stream for message in messages] == [f"{result.image_id}\n"]
    assert (await docker.images.inspect(result.image_id)).id == result.image_id


@pytest.mark.parametrize("kind", ["file", "path", "iterator"])
async def test_the_context_may_be_of_several_types(docker: Docker, name: Names, kind: str, tmp_path: Path) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(HELLO), 1000):
            yield HELLO[start : start + 1000]

    path = tmp_path / "context.tar"
    path.write_bytes(HELLO)
    source: Any = {"file": io.BytesIO(HELLO), "path": path, "iterator": parts()}[kind]
    result = await docker.images.build(source, labels=name.labels)
    assert (await docker.images.inspect(result.image_id)).id == result.image_id


async def test_a_context_at_a_url(docker: Docker, name: Names) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"FROM busybox\nCMD true\n"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n" % len(body))
        writer.write(b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        result = await docker.images.build(remote=f"http://127.0.0.1:{port}/Dockerfile", labels=name.labels)
    found = await docker.images.inspect(result.image_id)
    assert found.config is not None
    assert found.config.cmd == ["/bin/sh", "-c", "true"]


@pytest.mark.parametrize("version", BUILDERS)
async def test_a_failed_step_raises_the_message_of_the_daemon(docker: Docker, name: Names, version: Any) -> None:
    image = name("failed")
    for quiet in (None, True):
        call = docker.images.build(FAILING, tags=image, force_rm=True, version=version, quiet=quiet)
        with pytest.raises(OperationFailed, match="exit 3") as caught:
            await call
        assert "exit 3" in caught.value.message
    with pytest.raises(OperationFailed, match="exit 3"):
        await drained(docker.images.build(FAILING, tags=image, force_rm=True, version=version))
    assert await docker.images.list(filters={"reference": image}) == []


async def test_the_classic_builder_reports_the_exit_code_and_the_output(docker: Docker) -> None:
    with pytest.raises(OperationFailed) as caught:
        await docker.images.build(FAILING, force_rm=True)
    assert caught.value.code == 3
    assert "some words\n" in caught.value.log


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (context("FRM busybox\n"), "unknown instruction"),
        (context("FROM busybox\n", {}).replace(b"Dockerfile", b"Dockerfool"), "Dockerfile|header"),
        (b"no archive at all", "EOF|tar|header"),
    ],
)
async def test_an_invalid_context_is_an_error(docker: Docker, source: bytes, message: str) -> None:
    with pytest.raises((APIError, OperationFailed), match=message):
        await docker.images.build(source)


async def test_an_unavailable_base_image_is_an_error(docker: Docker) -> None:
    with pytest.raises(DockerError, match=r"127\.0\.0\.1:1"):
        await docker.images.build(context("FROM 127.0.0.1:1/nothing\n"))


async def test_an_option_that_the_daemon_does_not_support_is_a_bad_request(docker: Docker) -> None:
    with pytest.raises(BadRequest, match="experimental"):
        await docker.images.build(HELLO, squash=True)


async def test_the_build_stops_at_the_target(docker: Docker, name: Names) -> None:
    stages = context("FROM busybox AS one\nENV A=1\nFROM one AS two\nENV B=2\n")
    result = await docker.images.build(stages, target="one", labels=name.labels)
    found = await docker.images.inspect(result.image_id)
    assert found.config is not None
    assert [line for line in found.config.env if line[0] in "AB"] == ["A=1"]


async def until(docker: Docker, *, running: bool) -> None:
    """Wait until a step of a build runs, or until none runs."""
    with anyio.fail_after(60):
        while bool(await docker.containers.list()) != running:  # noqa: ASYNC110 - there is no event
            await anyio.sleep(0.05)


@pytest.mark.parametrize("how", ["cancelled", "left"])
async def test_a_build_stops_when_its_stream_is_closed(spare_engine: Engine, how: str) -> None:
    async with Docker(spare_engine.host) as docker:
        with anyio.CancelScope() as scope:
            async with docker.images.build(SLOW, force_rm=True) as progress:
                async for message in progress:
                    if message.stream == "begun\n":
                        break
                await until(docker, running=True)
                if how == "cancelled":
                    scope.cancel()
                    await progress.result()
        await until(docker, running=False)


async def test_the_build_cache_is_pruned(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        await docker.images.build(HELLO, version="2")
        cached = (await docker.system.disk_usage()).build_cache
        assert cached
        pruned = await docker.images.prune_build_cache(all=True, keep_storage=1 << 40)
        assert pruned.caches_deleted == []  # the whole cache is smaller than that
        found = await docker.images.prune_build_cache(filters={"id": cached[0].id}, all=True)
        assert set(found.caches_deleted) <= {cached[0].id}
        pruned = await docker.images.prune_build_cache(all=True, reserved_space=0)
        assert pruned.caches_deleted
        assert pruned.space_reclaimed > 0
        left = (await docker.system.disk_usage()).build_cache
        assert {one.id for one in left}.isdisjoint(pruned.caches_deleted)
