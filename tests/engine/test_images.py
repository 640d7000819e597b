"""Images on a host: inspect, tag, remove, save, load and import."""

from __future__ import annotations

import asyncio
import io
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aiodockerapi import APIError, Conflict, Docker, NotFound, OperationFailed, UnsupportedFeature
from aiodockerapi.models import ImageDeleteResponseItem
from tests.support.calls import drained
from tests.support.containers import created
from tests.support.images import imported, tar

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names


async def test_an_image_is_listed_inspected_and_has_a_history(docker: Docker, name: Names) -> None:
    image = await imported(docker, name)
    found = await docker.images.inspect(image)
    assert found.id.startswith("sha256:")
    assert found.repo_tags == [f"{image}:latest"]
    assert found.config is not None
    assert found.config.cmd == ["/file"]
    assert found.config.labels == name.labels
    [listed] = await docker.images.list(filters={"reference": image})
    assert (listed.id, listed.repo_tags, listed.labels) == (found.id, found.repo_tags, name.labels)
    [step] = await docker.images.history(image)
    assert (step.id, step.tags) == (found.id, found.repo_tags)
    assert await docker.image(found.id).inspect() == found
    assert await docker.image(found.id.removeprefix("sha256:")[:12]).inspect() == found


async def test_filters_and_details_of_the_list(docker: Docker, name: Names) -> None:
    image = await imported(docker, name)
    ((key, value),) = name.labels.items()
    for filters in ({"label": f"{key}={value}"}, {"label": [key, f"{key}={value}"]}, {"reference": [image, "nowhere"]}):
        found = await docker.images.list(filters=filters)
        assert f"{image}:latest" in [tag for one in found for tag in one.repo_tags], filters
    assert await docker.images.list(filters={"label": "no.such.label"}) == []
    assert await docker.images.list(filters={"dangling": True, "reference": image}) == []
    everything = await docker.images.list(all=True, digests=True)
    assert {one.id for one in everything} >= {one.id for one in await docker.images.list()}


async def test_an_unknown_filter_is_an_error(docker: Docker) -> None:
    with pytest.raises(APIError, match="nofilter"):
        await docker.images.list(filters={"nofilter": "1"})


async def test_tags_are_added_and_removed(docker: Docker, name: Names) -> None:
    image, other = await imported(docker, name), name("other")
    await docker.images.tag(image, other)
    await docker.images.tag(image, other, tag="1.2")
    await docker.images.tag(image, f"127.0.0.1:5000/a/{other}:3")
    found = await docker.images.inspect(image)
    names = {f"{image}:latest", f"{other}:latest", f"{other}:1.2", f"127.0.0.1:5000/a/{other}:3"}
    assert set(found.repo_tags) == names
    with pytest.raises(Conflict, match="multiple repositories"):
        await docker.images.remove(found.id)
    assert await docker.images.remove(f"{other}:1.2") == [ImageDeleteResponseItem(untagged=f"{other}:1.2")]
    gone = await docker.images.remove(found.id, force=True)
    assert {one.untagged for one in gone if one.untagged} == names - {f"{other}:1.2"}
    assert ImageDeleteResponseItem(deleted=found.id) in gone
    with pytest.raises(NotFound, match=image):
        await docker.images.inspect(image)


async def test_an_image_in_use_is_not_removed(docker: Docker, name: Names) -> None:
    image = await imported(docker, name)
    await created(docker, name, "true", Image=image)
    with pytest.raises(Conflict, match="container"):
        await docker.images.remove(image)
    await docker.images.remove(image, force=True)


async def test_a_missing_image_is_not_found(docker: Docker, name: Names) -> None:
    absent = name("absent")
    for call in (
        docker.images.inspect(absent),
        docker.images.history(absent),
        docker.images.tag(absent, "web"),
        docker.images.remove(absent),
        docker.images.save(absent),
        docker.images.save(["busybox", absent]),
    ):
        with pytest.raises(NotFound, match=absent):
            await call
    with pytest.raises(OperationFailed, match="does not exist locally with the tag"):
        await docker.images.push(absent)


async def test_a_saved_image_can_be_loaded_again(docker: Docker, name: Names, tmp_path: Path) -> None:
    image = await imported(docker, name)
    before = await docker.images.inspect(image)
    archive = tmp_path / "image.tar"
    async with docker.images.save(image) as saved:
        written = await saved.write_to(archive)
    assert tarfile.is_tarfile(archive)
    assert written == archive.stat().st_size
    await docker.images.remove(image)
    assert (await docker.images.load(archive)).images == (f"{image}:latest",)
    after = await docker.images.inspect(image)
    assert (after.id, after.config, after.root_fs) == (before.id, before.config, before.root_fs)


@pytest.mark.parametrize("quiet", [None, True, False])
async def test_several_images_in_one_archive(docker: Docker, name: Names, quiet: bool | None) -> None:
    images = [await imported(docker, name), await imported(docker, name)]
    archive = await docker.images.save(images)
    for image in images:
        await docker.images.remove(image)
    async with docker.images.load(archive, quiet=quiet) as progress:
        messages = [message async for message in progress]
        result = await progress.result()
    assert sorted(result.images) == sorted(f"{image}:latest" for image in images)
    assert any(message.progress_detail is not None for message in messages) == (quiet is False)
    for image in images:
        await docker.images.inspect(image)


async def test_an_image_without_a_name_is_loaded_by_its_id(docker: Docker, name: Names) -> None:
    image = await imported(docker, name)
    found = await docker.images.inspect(image)
    archive = await docker.image(found.id).save()
    await docker.images.remove(image)

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(archive), 4096):
            yield archive[start : start + 4096]

    assert (await docker.images.load(parts())).images == (found.id,)
    assert (await docker.images.inspect(found.id)).config == found.config
    await docker.images.remove(found.id)


@pytest.mark.parametrize("archive", [b"", b"no archive at all", tar({"file": b"no image"})])
async def test_an_invalid_archive_is_not_loaded(docker: Docker, archive: bytes) -> None:
    with pytest.raises(OperationFailed):
        await docker.images.load(archive)
    with pytest.raises(OperationFailed):
        await drained(docker.images.load(io.BytesIO(archive)))


async def test_files_are_imported_as_an_image(docker: Docker, name: Names) -> None:
    image = name("imported")
    files = tar({"etc/motd": b"hello"})
    result = await docker.images.import_image(
        files, repository=f"{image}:1", message="by hand", changes=["ENV A=b", "WORKDIR /etc"]
    )
    found = await docker.images.inspect(f"{image}:1")
    assert (found.id, found.comment) == (result.image_id, "by hand")
    assert found.config is not None
    assert (found.config.env, found.config.working_dir) == (["A=b"], "/etc")
    nameless = await docker.images.import_image(
        tar({"a": b"x"}), changes=[f"LABEL {k}={v}" for k, v in name.labels.items()]
    )
    assert not [tag for tag in (await docker.images.inspect(nameless.image_id)).repo_tags if tag != "<none>:<none>"]


async def test_an_unknown_instruction_is_refused(docker: Docker) -> None:
    with pytest.raises(APIError, match=r"(?i)nonsense"):
        await docker.images.import_image(tar({"a": b"x"}), changes=["NONSENSE a"])


async def test_files_are_fetched_by_the_daemon(docker: Docker, name: Names) -> None:
    files = tar({"a": b"x" * 5000})

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, *_ = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        found = b"/files.tar" in line
        head = b"HTTP/1.1 200 OK" if found else b"HTTP/1.1 404 Not Found"
        body = files if found else b"nothing here"
        writer.write(head + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        image = name("fetched")
        async with docker.images.import_image(f"{address}/files.tar", repository=image) as progress:
            statuses = [message.status async for message in progress]
            result = await progress.result()
        assert statuses[0] == f"Downloading from {address}/files.tar"
        assert (await docker.images.inspect(image)).id == result.image_id
        with pytest.raises(APIError, match="404"):
            await docker.images.import_image(f"{address}/nothing.tar")


async def test_prune_removes_unused_images(spare_engine: Engine, name: Names) -> None:
    async with Docker(spare_engine.host) as docker:
        image = await imported(docker, name)
        found = await docker.images.inspect(image)
        assert found.id not in str((await docker.images.prune()).images_deleted)
        pruned = await docker.images.prune(
            filters={"dangling": False, "label": [f"{k}={v}" for k, v in name.labels.items()]}
        )
        assert ImageDeleteResponseItem(deleted=found.id) in pruned.images_deleted
        assert pruned.space_reclaimed > 0
        with pytest.raises(NotFound):
            await docker.images.inspect(image)


async def test_options_of_newer_engines_are_used_if_supported(docker: Docker) -> None:
    for option, call in (
        ("images.list.shared_size", docker.images.list(shared_size=True)),
        ("images.list.manifests", docker.images.list(manifests=True)),
        ("images.list.identity", docker.images.list(identity=True)),
        ("images.inspect.manifests", docker.images.inspect("busybox", manifests=True)),
        ("images.inspect.platform", docker.images.inspect("busybox", platform="linux/amd64")),
        ("images.save.platform", docker.images.save("busybox", platform="linux/amd64")),
        ("images.history.platform", docker.images.history("busybox", platform="linux/amd64")),
        ("images.attestations", docker.images.attestations("busybox")),
    ):
        if await docker.supports(option):
            await call
        else:
            with pytest.raises(UnsupportedFeature, match=option):
                await call
