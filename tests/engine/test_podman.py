"""Podman's service in place of dockerd: the main features work, although many of its responses differ."""

from __future__ import annotations

import asyncio
import io
import tarfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from aiodockerapi import Docker, Frame, NotFound, OperationFailed
from tests.support import podman, registry
from tests.support.images import context, tar

OFFLINE = {"HostConfig": {"NetworkMode": "none"}}
SLEEPER = {"Image": "busybox", "Cmd": ["sleep", "1000"], **OFFLINE}


@pytest.fixture(scope="module")
def podman_host() -> Iterator[str]:
    with podman.running() as host:
        yield host


@pytest.fixture
async def pods(podman_host: str) -> AsyncIterator[Docker]:
    """A client of Podman, with a timeout for the test."""
    async with asyncio.timeout(40), Docker(podman_host) as docker:
        yield docker


async def test_the_lifecycle_of_a_container(pods: Docker) -> None:
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


async def test_stdin_and_stdout_of_a_container(pods: Docker) -> None:
    result = await pods.containers.run("busybox", ["sh", "-c", "cat; exit 4"], config=OFFLINE, stdin=b"x" * 200_000)
    assert (result.exit_code, result.stdout) == (4, b"x" * 200_000)


async def test_exec_in_a_container(pods: Docker) -> None:
    created = await pods.containers.create(SLEEPER)
    await pods.containers.start(created.id)
    result = await pods.exec.run(created.id, ["sh", "-c", "cat; echo err >&2; exit 5"], stdin=b"words")
    assert (result.exit_code, result.stdout, result.stderr) == (5, b"words", b"err\n")
    await pods.containers.remove(created.id, force=True)


async def test_images_are_tagged_and_saved(pods: Docker) -> None:
    image = await pods.images.inspect("busybox")
    assert image.id in [found.id for found in await pods.images.list()]
    await pods.images.tag("busybox", "localhost/other:1")
    assert (await pods.images.inspect("localhost/other:1")).id == image.id
    async with pods.images.save("localhost/other:1") as archive:
        assert sum([len(chunk) async for chunk in archive]) > 100_000
    await pods.images.remove("localhost/other:1")
    with pytest.raises(NotFound):
        await pods.images.inspect("localhost/other:1")


async def test_images_are_imported_saved_and_loaded(pods: Docker) -> None:
    for image in ("localhost/one:2", "localhost/three:4"):
        await pods.images.import_image(tar({image: b"x"}), repository=image, changes=["LABEL a=b", "LABEL c=d"])
    assert len(await pods.images.list(filters={"label": ["a=b", "c"]})) == 2
    assert len(await pods.images.list(filters={"reference": ["localhost/one", "localhost/nothing"]})) == 1
    archive = await pods.images.save(["localhost/one:2", "localhost/three:4"])
    for image in ("localhost/one:2", "localhost/three:4"):
        await pods.images.remove(image)
    loaded = await pods.images.load(archive)
    assert sorted(loaded.images) == ["localhost/one:2", "localhost/three:4"]
    for image in loaded.images:
        await pods.images.remove(image)


@pytest.mark.parametrize("quiet", [False, True])
async def test_images_are_built(pods: Docker, quiet: bool) -> None:
    built = await pods.images.build(context("FROM busybox\nCMD true\n"), tags="localhost/built:1", quiet=quiet)
    assert built.image_id == (await pods.images.inspect("localhost/built:1")).id
    with pytest.raises(OperationFailed) as caught:
        await pods.images.build(context("FROM busybox\nRUN exit 3\n"), quiet=quiet)
    assert caught.value.message.endswith("exit status 3")
    await pods.images.remove("localhost/built:1")


async def test_images_are_pushed_and_pulled(pods: Docker) -> None:
    user = {"username": "user", "password": "secret"}
    with registry.running(htpasswd={"user": "secret"}) as locked:
        image = locked.name("web")
        await pods.images.tag("busybox", image, tag="1")
        with pytest.raises(OperationFailed, match="unauthorized"):
            await pods.images.push(f"{image}:1")
        pushed = await pods.images.push(f"{image}:1", auth=user)
        assert (pushed.repository, pushed.tag) == (image, "1")
        await pods.images.remove(f"{image}:1")
        with pytest.raises(OperationFailed, match="unauthorized"):
            await pods.images.pull(f"{image}:1")
        pulled = await pods.images.pull(f"{image}@{pushed.digest}", auth=user)
        assert pulled.digest == pushed.digest
        assert f"{image}@{pushed.digest}" in (await pods.images.inspect(f"{image}@{pushed.digest}")).repo_digests
        await pods.images.remove(f"{image}@{pushed.digest}")


async def test_networks_and_volumes(pods: Docker) -> None:
    await pods.networks.create({"Name": "net-of-pods"})
    assert "net-of-pods" in [network.name for network in await pods.networks.list()]
    await pods.networks.remove("net-of-pods")
    await pods.volumes.create("data-of-pods")
    assert (await pods.volumes.inspect("data-of-pods")).name == "data-of-pods"
    await pods.volumes.remove("data-of-pods")
    with pytest.raises(NotFound):
        await pods.volumes.inspect("data-of-pods")


async def test_events(pods: Docker) -> None:
    async with pods.system.events(filters={"type": "container"}) as events:
        created = await pods.containers.create(SLEEPER)
        seen = ""
        async for event in events:
            if event.actor is not None and event.actor.id == created.id:
                seen = event.action
                break
    assert seen == "create"
    await pods.containers.remove(created.id)


@pytest.mark.parametrize("auto_remove", [True, False])
async def test_exit_codes_are_those_of_the_command(pods: Docker, auto_remove: bool) -> None:
    for command, code in ((["sh", "-c", "exit 3"], 3), (["nowhere"], 127), (["/etc"], 126)):
        result = await pods.containers.run("busybox", command, config=OFFLINE, auto_remove=auto_remove)
        assert (result.exit_code, bool(result.error)) == (code, code > 3)
        there = [container.id for container in await pods.containers.list(all=True)]
        assert (result.container_id in there) is not auto_remove
        if not auto_remove:
            await pods.containers.remove(result.container_id)


async def test_a_command_that_cannot_run_is_a_result(pods: Docker) -> None:
    created = await pods.containers.create(SLEEPER)
    await pods.containers.start(created.id)
    result = await pods.exec.run(created.id, ["nowhere"])
    assert result.exit_code == 127
    assert "executable file not found" in result.error
    await pods.containers.remove(created.id, force=True)


async def test_half_close_of_an_attached_container(pods: Docker) -> None:
    config = {
        "Image": "busybox",
        "Cmd": ["sh", "-c", "cat; echo bye >&2"],
        "OpenStdin": True,
        "StdinOnce": True,
        **OFFLINE,
    }
    created = await pods.containers.create(config)
    async with pods.containers.attach(created.id, stdin=True) as attached:
        await pods.containers.start(created.id)
        await attached.send("hello\n")
        assert await anext(attached) == Frame("stdout", b"hello\n")
        await attached.send_eof()
        assert [frame async for frame in attached] == [Frame("stderr", b"bye\n")]
    await pods.containers.remove(created.id, force=True)


async def test_a_log_is_followed_until_its_end(pods: Docker) -> None:
    command = ["sh", "-c", "for number in 1 2 3; do echo $number; sleep 0.1; done"]
    created = await pods.containers.create({"Image": "busybox", "Cmd": command, **OFFLINE})
    await pods.containers.start(created.id)
    async with pods.containers.logs(created.id, follow=True) as log:
        assert [line.text async for line in log.lines()] == ["1", "2", "3"]
    await pods.containers.remove(created.id, force=True)


async def test_files_are_copied_into_and_out_of_a_container(pods: Docker, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "sent", "w") as sent:
        entry = tarfile.TarInfo("words")
        entry.size = 5
        sent.addfile(entry, io.BytesIO(b"hello"))
    created = await pods.containers.create(SLEEPER)
    await pods.containers.put_archive(created.id, "/tmp", tmp_path / "sent")
    async with pods.containers.get_archive(created.id, "/tmp/words") as archive:
        await archive.extract(tmp_path / "received")
    assert (tmp_path / "received" / "words").read_text() == "hello"
    await pods.containers.remove(created.id, force=True)


async def test_stats_of_a_container(pods: Docker) -> None:
    created = await pods.containers.create(SLEEPER)
    await pods.containers.start(created.id)
    sample = await pods.containers.stats(created.id)
    assert sample.cpu_stats is not None
    assert sample.read is not None
    await pods.containers.remove(created.id, force=True)
