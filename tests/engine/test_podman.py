"""Podman's service in the daemon's place: the main job works with it, though it says many things in its own words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from aiodockerapi import Docker, NotFound
from tests.support import podman

OFFLINE = {"HostConfig": {"NetworkMode": "none"}}
SLEEPER = {"Image": "busybox", "Cmd": ["sleep", "1000"], **OFFLINE}


@pytest.fixture(scope="module")
def podman_host() -> Iterator[str]:
    with podman.running() as host:
        yield host


@pytest.fixture
async def pods(podman_host: str) -> AsyncIterator[Docker]:
    """A client of Podman; nothing that a test does with it may take longer than this."""
    async with asyncio.timeout(40), Docker(podman_host) as docker:
        yield docker


async def test_containers_live_and_end(pods: Docker) -> None:
    assert str(await pods.negotiate()) == "1.41"
    command = ["sh", "-c", "echo out; echo err >&2; exit 3"]
    created = await pods.containers.create({"Image": "busybox", "Cmd": command, **OFFLINE}, name="life")
    assert await pods.containers.start("life")
    assert (await pods.containers.wait("life")).status_code == 3
    output = await pods.containers.logs("life", stdout=True, stderr=True)
    assert (output.stdout, output.stderr) == (b"out\n", b"err\n")
    found = await pods.containers.inspect("life")
    assert (found.id, found.name.removeprefix("/")) == (created.id, "life")
    assert created.id in [container.id for container in await pods.containers.list(all=True)]
    await pods.containers.remove("life")
    with pytest.raises(NotFound):
        await pods.containers.inspect("life")


async def test_a_container_is_fed_and_read(pods: Docker) -> None:
    result = await pods.containers.run("busybox", ["sh", "-c", "cat; exit 4"], config=OFFLINE, stdin=b"x" * 200_000)
    assert (result.exit_code, result.stdout) == (4, b"x" * 200_000)


async def test_commands_run_in_a_container(pods: Docker) -> None:
    created = await pods.containers.create(SLEEPER)
    await pods.containers.start(created.id)
    result = await pods.exec.run(created.id, ["sh", "-c", "cat; echo err >&2; exit 5"], stdin=b"words")
    assert (result.exit_code, result.stdout, result.stderr) == (5, b"words", b"err\n")
    await pods.containers.remove(created.id, force=True)


async def test_images_are_named_and_saved(pods: Docker) -> None:
    image = await pods.images.inspect("busybox")
    assert image.id in [found.id for found in await pods.images.list()]
    await pods.images.tag("busybox", "localhost/other:1")
    assert (await pods.images.inspect("localhost/other:1")).id == image.id
    async with pods.images.save("localhost/other:1") as archive:
        assert sum([len(chunk) async for chunk in archive]) > 100_000
    await pods.images.remove("localhost/other:1")
    with pytest.raises(NotFound):
        await pods.images.inspect("localhost/other:1")


async def test_networks_and_volumes(pods: Docker) -> None:
    await pods.networks.create({"Name": "net-of-pods"})
    assert "net-of-pods" in [network.name for network in await pods.networks.list()]
    await pods.networks.remove("net-of-pods")
    await pods.volumes.create("data-of-pods")
    assert (await pods.volumes.inspect("data-of-pods")).name == "data-of-pods"
    await pods.volumes.remove("data-of-pods")
    with pytest.raises(NotFound):
        await pods.volumes.inspect("data-of-pods")


async def test_events_come(pods: Docker) -> None:
    async with pods.system.events(filters={"type": "container"}) as events:
        created = await pods.containers.create(SLEEPER)
        seen = ""
        async for event in events:
            if event.actor is not None and event.actor.id == created.id:
                seen = event.action
                break
    assert seen == "create"
    await pods.containers.remove(created.id)
