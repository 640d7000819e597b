"""Copying files to and from containers, on a real engine."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import random
import stat
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, Docker, InvalidArgument, InvalidArgumentType, NotFound, ServerError
from tests.support.containers import created, ended
from tests.support.deadline import KINDS, Deadline, until
from tests.support.leaks import nothing_left

if TYPE_CHECKING:
    from tests.support.names import Names

MEGABYTE = 1 << 20


def tar(files: dict[str, bytes], **attributes: Any) -> bytes:
    """Return an archive of files, given by name; `attributes` are set on each member."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for key, value in attributes.items():
                setattr(member, key, value)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def members(archive: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return {member.name: member for member in opened}


def content(archive: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        file = opened.extractfile(name)
        assert file is not None
        return file.read()


async def pieces(data: bytes, size: int = 65_521) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, str]:
    """Return the contents of a directory by relative path: text of files, targets of links, / for directories."""
    found = {}
    for path in sorted(folder.rglob("*")):
        key = str(path.relative_to(folder))
        found[key] = f"-> {path.readlink()}" if path.is_symlink() else "/" if path.is_dir() else path.read_text()
    return found


# --- put_archive

HELLO = tar({"hello": b"hello\n"})
FORMS: dict[str, Callable[[Path], Any]] = {
    "bytes": lambda path: HELLO,
    "bytearray": lambda path: bytearray(HELLO),
    "memoryview": lambda path: memoryview(HELLO),
    "gzip": lambda path: gzip.compress(HELLO),
    "file in memory": lambda path: io.BytesIO(HELLO),
    "path": lambda path: path,
    "async iterator": lambda path: pieces(HELLO, 7),
}


@pytest.mark.parametrize("form", FORMS)
async def test_put_archive_accepts_many_types(docker: Docker, name: Names, tmp_path: Path, form: str) -> None:
    path = tmp_path / "hello.tar"
    path.write_bytes(HELLO)
    container = await created(docker, name, "")
    await docker.containers.put_archive(container, "/tmp", FORMS[form](path))
    assert content(await docker.containers.get_archive(container, "/tmp/hello"), "hello") == b"hello\n"


async def test_an_open_file_is_read_from_its_position_and_left_open(
    docker: Docker, name: Names, tmp_path: Path
) -> None:
    path = tmp_path / "hello.tar"
    path.write_bytes(b"no archive" + HELLO)
    container = await created(docker, name, "")
    with path.open("rb") as file:
        file.seek(10)
        await docker.containers.put_archive(container, "/tmp", file)
        assert not file.closed
    assert (await docker.containers.archive_info(container, "/tmp/hello")).size == 6


async def test_twenty_megabytes_are_copied_in_and_out(docker: Docker, name: Names) -> None:
    data = random.Random(7).randbytes(20 * MEGABYTE)
    container = await created(docker, name, "")
    await docker.containers.put_archive(container, "/tmp", pieces(tar({"big": data})))
    assert (await docker.containers.archive_info(container, "/tmp/big")).size == len(data)
    async with docker.containers.get_archive(container, "/tmp/big") as archive:
        back = b"".join([chunk async for chunk in archive])
    assert hashlib.sha256(content(back, "big")).digest() == hashlib.sha256(data).digest()


async def test_an_error_of_the_iterator_is_raised(docker: Docker, name: Names) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield HELLO[:100]
        raise LookupError("no more")

    container = await created(docker, name, "")
    with pytest.raises(LookupError, match="no more"):
        await docker.containers.put_archive(container, "/tmp", failing())
    await docker.containers.put_archive(container, "/tmp", HELLO)
    assert (await docker.containers.archive_info(container, "/tmp/hello")).size == 6


@pytest.mark.parametrize(("copy", "owner"), [(None, 1234), (False, 1234), (True, 65534)])
async def test_files_keep_their_owner_or_get_the_user_of_the_container(
    docker: Docker, name: Names, copy: bool | None, owner: int
) -> None:
    container = await created(docker, name, "", User="nobody")
    await docker.containers.put_archive(container, "/tmp", tar({"a": b""}, uid=1234, mode=0o640), copy_uid_gid=copy)
    member = members(await docker.containers.get_archive(container, "/tmp/a"))["a"]
    assert (member.uid, member.mode & 0o7777) == (owner, 0o640)


@pytest.mark.parametrize(
    ("path", "archive", "options", "error", "message"),
    [
        ("/nowhere", HELLO, {}, NotFound, "Could not find the file /nowhere"),
        ("/etc/passwd", HELLO, {}, ServerError, "not a directory"),
        ("/tmp", b"no archive" * 1000, {}, ServerError, "invalid tar header"),
        ("/tmp", HELLO[:515], {}, ServerError, "unexpected EOF"),
        ("/", tar({"etc": b""}), {"no_overwrite_dir_non_dir": True}, ServerError, "cannot overwrite directory"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_put_archive_errors(
    docker: Docker, name: Names, path: str, archive: bytes, options: dict[str, Any], error: type[APIError], message: str
) -> None:
    container = await created(docker, name, "")
    with pytest.raises(error, match=message):
        await docker.containers.put_archive(container, path, archive, **options)


async def test_a_read_only_container_is_an_error(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "", HostConfig={"ReadonlyRootfs": True})
    with pytest.raises(ServerError, match="read-only"):
        await docker.containers.put_archive(container, "/tmp", HELLO)


@pytest.mark.parametrize(
    "wrong",
    ["a path as text", None, 7, ["list"], {"mapping": b""}, io.StringIO("text"), iter([b"not async"])],
    ids=lambda wrong: type(wrong).__name__,
)
async def test_an_archive_of_another_type_is_refused(docker: Docker, name: Names, wrong: Any) -> None:
    container = await created(docker, name, "")
    with pytest.raises(InvalidArgumentType, match=r"must be bytes, a binary file|opened for text"):
        await docker.containers.put_archive(container, "/tmp", wrong)


@pytest.mark.parametrize(
    ("path", "error"), [("", InvalidArgument), (None, InvalidArgumentType), (b"/", InvalidArgumentType)]
)
async def test_an_invalid_path_is_refused(docker: Docker, path: Any, error: type[Exception]) -> None:
    for call in (docker.containers.get_archive, docker.containers.archive_info):
        with pytest.raises(error):
            await call("web", path)
    with pytest.raises(error):
        await docker.containers.put_archive("web", path, HELLO)


# --- archive_info

TREE = (
    "mkdir -p /data/sub; echo one > /data/one; echo two > /data/sub/two; chmod 1751 /data/sub; chmod 4755 /data/one;"
    "ln -s /etc/passwd /data/absolute; ln -s sub/two /data/relative; touch '/data/ü ?#%2f'"
)


async def test_archive_info_of_file_directory_and_link(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TREE)
    file = await docker.containers.archive_info(container, "/data/one")
    assert (file.name, file.size, file.permissions) == ("one", 4, 0o4755)
    assert (file.is_dir, file.is_symlink, file.link_target) == (False, False, "")
    assert file.mtime is not None
    assert file.mtime.tzinfo is not None

    folder = await docker.containers.archive_info(container, "data/sub")
    assert (folder.name, folder.is_dir, folder.is_symlink, folder.permissions) == ("sub", True, False, 0o1751)

    for path, target in {"/data/absolute": "/etc/passwd", "/data/relative": "/data/sub/two"}.items():
        link = await docker.containers.archive_info(container, path)
        assert (link.is_symlink, link.is_dir, link.link_target) == (True, False, target)


@pytest.mark.parametrize("path", ["/data/ü ?#%2f", "/data/../data/ü ?#%2f"])
async def test_a_path_can_contain_any_character(docker: Docker, name: Names, path: str) -> None:
    container = await ended(docker, name, TREE)
    assert (await docker.containers.archive_info(container, path)).name == "ü ?#%2f"
    assert members(await docker.containers.get_archive(container, path)).keys() == {"ü ?#%2f"}


async def test_a_missing_path_is_not_found(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "")
    with pytest.raises(NotFound, match="responses to HEAD have no body"):
        await docker.containers.archive_info(container, "/nowhere")
    with pytest.raises(NotFound, match="Could not find the file /nowhere"):
        await docker.containers.get_archive(container, "/nowhere")
    with pytest.raises(NotFound, match="Could not find the file /nowhere"):
        async with docker.containers.get_archive(container, "/nowhere"):
            raise AssertionError("entered although the path does not exist")


# --- get_archive and export


async def test_get_archive_includes_the_contents_of_a_directory(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TREE)
    async with docker.containers.get_archive(container, "/data") as archive:
        assert (archive.stat.name, archive.stat.is_dir) == ("data", True)
        chunks = [chunk async for chunk in archive]
    data = b"".join(chunks)
    assert data == await docker.containers.get_archive(container, "/data")
    found = members(data)
    assert found.keys() == {
        "data", "data/sub", "data/sub/two", "data/one", "data/absolute", "data/relative", "data/ü ?#%2f",
    }  # fmt: skip
    assert found["data/absolute"].linkname == "/etc/passwd"


async def test_export_returns_the_whole_file_system(docker: Docker, name: Names, tmp_path: Path) -> None:
    container = await ended(docker, name, TREE)
    data = await docker.containers.export(container)
    assert {"etc/passwd", "bin/busybox", "data/one"} <= members(data).keys()
    async with docker.containers.export(container) as export:
        assert await export.write_to(tmp_path / "all.tar") == len(data)
    assert entries(tmp_path) == ["all.tar"]
    assert members((tmp_path / "all.tar").read_bytes()).keys() == members(data).keys()


async def test_write_to_replaces_an_existing_file(docker: Docker, name: Names, tmp_path: Path) -> None:
    target = tmp_path / "one.tar"
    target.write_text("older")
    container = await ended(docker, name, TREE)
    async with docker.containers.get_archive(container, "/data/one") as archive:
        assert await archive.write_to(target) == target.stat().st_size
    assert content(target.read_bytes(), "one") == b"one\n"
    async with docker.containers.get_archive(container, "/data/one") as archive:
        with pytest.raises(FileNotFoundError):
            await archive.write_to(tmp_path / "no such folder" / "one.tar")
    assert entries(tmp_path) == ["one.tar"]


async def test_extract_merges_directories_and_replaces_files(docker: Docker, name: Names, tmp_path: Path) -> None:
    container = await ended(docker, name, TREE)
    target = tmp_path / "out"
    (target / "data" / "sub").mkdir(parents=True)
    (target / "data" / "kept").write_text("kept")
    (target / "data" / "one").write_text("older")
    expected = {
        "data": "/",
        "data/absolute": "-> /etc/passwd",
        "data/kept": "kept",
        "data/one": "one\n",
        "data/relative": "-> sub/two",
        "data/sub": "/",
        "data/sub/two": "two\n",
        "data/ü ?#%2f": "",
    }
    for _ in range(2):  # the second time, all files already exist, including the absolute link
        async with docker.containers.get_archive(container, "/data") as archive:
            await archive.extract(target)
        assert contents(target) == expected
    assert stat.S_IMODE((target / "data" / "one").stat().st_mode) & 0o777 == 0o755


async def test_an_archive_rejected_by_the_filter_extracts_nothing(docker: Docker, name: Names, tmp_path: Path) -> None:
    container = await ended(docker, name, TREE)
    target = tmp_path / "out"
    async with docker.containers.get_archive(container, "/data") as archive:
        with pytest.raises(tarfile.FilterError):
            await archive.extract(target, filter="data")
    assert contents(target) == {}


# --- leaving early


async def test_the_client_remains_usable_after_leaving_early(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "truncate -s 64M /big")
    await docker.containers.inspect(container)
    async with nothing_left():
        for call in (docker.containers.get_archive(container, "/big"), docker.containers.export(container)):
            async with call as download:
                assert await anext(aiter(download))
            assert (await docker.containers.inspect(container)).id == container


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", ["write_to", "extract, downloading", "extract, unpacking"])
async def test_cancellation_leaves_no_files_or_connections(
    docker: Docker, name: Names, tmp_path: Path, step: str, kind: str
) -> None:
    many = "mkdir /data; i=0; while [ $i -lt 1500 ]; do echo $i > /data/$i; i=$((i+1)); done"
    script = many if step.endswith("unpacking") else "truncate -s 400M /data"
    container = await ended(docker, name, script)
    traces = {
        "write_to": ".data.*.part",
        "extract, downloading": ".unpack-*/.archive.tar.*",
        "extract, unpacking": ".unpack-*/content/data",
    }

    async def underway() -> bool:
        return any(tmp_path.glob(traces[step]))  # noqa: ASYNC240 - quick

    deadline = Deadline(kind)
    async with nothing_left():
        async with docker.containers.get_archive(container, "/data") as archive:
            call = archive.write_to(tmp_path / "data") if step == "write_to" else archive.extract(tmp_path)
            async with asyncio.TaskGroup() as tasks:
                ended_early = tasks.create_task(deadline.over(call))
                await until(underway)
                deadline.come()
        assert ended_early.result()
        assert entries(tmp_path) == []
    assert (await docker.containers.inspect(container)).id == container
