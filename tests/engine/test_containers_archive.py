"""Files into containers and out of them, on a real engine."""

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


def tar(files: dict[str, bytes], **more: Any) -> bytes:
    """An archive of files by their names; `more` for each member."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for key, value in more.items():
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


def below(folder: Path) -> dict[str, str]:
    """All that is in a directory: text of files, targets of links."""
    found = {}
    for path in sorted(folder.rglob("*")):
        key = str(path.relative_to(folder))
        found[key] = f"-> {path.readlink()}" if path.is_symlink() else "/" if path.is_dir() else path.read_text()
    return found


# --- in

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
async def test_an_archive_comes_in_many_forms(docker: Docker, name: Names, tmp_path: Path, form: str) -> None:
    path = tmp_path / "hello.tar"
    path.write_bytes(HELLO)
    container = await created(docker, name, "")
    await docker.containers.put_archive(container, "/tmp", FORMS[form](path))
    assert content(await docker.containers.get_archive(container, "/tmp/hello"), "hello") == b"hello\n"


async def test_an_open_file_is_read_from_where_it_stands_and_left_open(
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


async def test_twenty_megabytes_there_and_back(docker: Docker, name: Names) -> None:
    data = random.Random(7).randbytes(20 * MEGABYTE)
    container = await created(docker, name, "")
    await docker.containers.put_archive(container, "/tmp", pieces(tar({"big": data})))
    assert (await docker.containers.archive_info(container, "/tmp/big")).size == len(data)
    async with docker.containers.get_archive(container, "/tmp/big") as archive:
        back = b"".join([chunk async for chunk in archive])
    assert hashlib.sha256(content(back, "big")).digest() == hashlib.sha256(data).digest()


async def test_an_iterator_that_fails_fails_the_call(docker: Docker, name: Names) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield HELLO[:100]
        raise LookupError("no more")

    container = await created(docker, name, "")
    with pytest.raises(LookupError, match="no more"):
        await docker.containers.put_archive(container, "/tmp", failing())
    await docker.containers.put_archive(container, "/tmp", HELLO)
    assert (await docker.containers.archive_info(container, "/tmp/hello")).size == 6


@pytest.mark.parametrize(("copy", "owner"), [(None, 1234), (False, 1234), (True, 65534)])
async def test_files_keep_their_owner_or_get_the_containers(
    docker: Docker, name: Names, copy: bool | None, owner: int
) -> None:
    container = await created(docker, name, "", User="nobody")
    await docker.containers.put_archive(container, "/tmp", tar({"a": b""}, uid=1234, mode=0o640), copy_uid_gid=copy)
    member = members(await docker.containers.get_archive(container, "/tmp/a"))["a"]
    assert (member.uid, member.mode & 0o7777) == (owner, 0o640)


@pytest.mark.parametrize(
    ("path", "archive", "options", "error", "words"),
    [
        ("/nowhere", HELLO, {}, NotFound, "Could not find the file /nowhere"),
        ("/etc/passwd", HELLO, {}, ServerError, "not a directory"),
        ("/tmp", b"no archive" * 1000, {}, ServerError, "invalid tar header"),
        ("/tmp", HELLO[:515], {}, ServerError, "unexpected EOF"),
        ("/", tar({"etc": b""}), {"no_overwrite_dir_non_dir": True}, ServerError, "cannot overwrite directory"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_what_cannot_be_put(
    docker: Docker, name: Names, path: str, archive: bytes, options: dict[str, Any], error: type[APIError], words: str
) -> None:
    container = await created(docker, name, "")
    with pytest.raises(error, match=words):
        await docker.containers.put_archive(container, path, archive, **options)


async def test_a_read_only_container_takes_nothing(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "", HostConfig={"ReadonlyRootfs": True})
    with pytest.raises(ServerError, match="read-only"):
        await docker.containers.put_archive(container, "/tmp", HELLO)


@pytest.mark.parametrize(
    "wrong",
    ["a path as text", None, 7, ["list"], {"mapping": b""}, io.StringIO("text"), iter([b"not async"])],
    ids=lambda wrong: type(wrong).__name__,
)
async def test_what_is_no_archive_is_refused(docker: Docker, name: Names, wrong: Any) -> None:
    container = await created(docker, name, "")
    with pytest.raises(InvalidArgumentType, match=r"must be bytes, a binary file|opened for text"):
        await docker.containers.put_archive(container, "/tmp", wrong)


@pytest.mark.parametrize(
    ("path", "error"), [("", InvalidArgument), (None, InvalidArgumentType), (b"/", InvalidArgumentType)]
)
async def test_what_is_no_path_is_refused(docker: Docker, path: Any, error: type[Exception]) -> None:
    for call in (docker.containers.get_archive, docker.containers.archive_info):
        with pytest.raises(error):
            await call("web", path)
    with pytest.raises(error):
        await docker.containers.put_archive("web", path, HELLO)


# --- what is there

TREE = (
    "mkdir -p /data/sub; echo one > /data/one; echo two > /data/sub/two; chmod 1751 /data/sub; chmod 4755 /data/one;"
    "ln -s /etc/passwd /data/absolute; ln -s sub/two /data/relative; touch '/data/ü ?#%2f'"
)


async def test_archive_info_tells_file_directory_and_link_apart(docker: Docker, name: Names) -> None:
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
async def test_any_character_may_be_in_a_path(docker: Docker, name: Names, path: str) -> None:
    container = await ended(docker, name, TREE)
    assert (await docker.containers.archive_info(container, path)).name == "ü ?#%2f"
    assert members(await docker.containers.get_archive(container, path)).keys() == {"ü ?#%2f"}


async def test_what_is_not_there_is_not_found(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "")
    with pytest.raises(NotFound, match="answers to HEAD have no body"):
        await docker.containers.archive_info(container, "/nowhere")
    with pytest.raises(NotFound, match="Could not find the file /nowhere"):
        await docker.containers.get_archive(container, "/nowhere")
    with pytest.raises(NotFound, match="Could not find the file /nowhere"):
        async with docker.containers.get_archive(container, "/nowhere"):
            raise AssertionError("there is nothing to enter")


# --- out


async def test_a_directory_comes_with_all_that_is_in_it(docker: Docker, name: Names) -> None:
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


async def test_export_is_the_whole_file_system(docker: Docker, name: Names, tmp_path: Path) -> None:
    container = await ended(docker, name, TREE)
    data = await docker.containers.export(container)
    assert {"etc/passwd", "bin/busybox", "data/one"} <= members(data).keys()
    async with docker.containers.export(container) as export:
        assert await export.write_to(tmp_path / "all.tar") == len(data)
    assert entries(tmp_path) == ["all.tar"]
    assert members((tmp_path / "all.tar").read_bytes()).keys() == members(data).keys()


async def test_write_to_replaces_an_older_file(docker: Docker, name: Names, tmp_path: Path) -> None:
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


async def test_extract_merges_into_what_is_there(docker: Docker, name: Names, tmp_path: Path) -> None:
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
    for _ in range(2):  # the second time everything is there already, the absolute link among it
        async with docker.containers.get_archive(container, "/data") as archive:
            await archive.extract(target)
        assert below(target) == expected
    assert stat.S_IMODE((target / "data" / "one").stat().st_mode) & 0o777 == 0o755


async def test_what_the_filter_refuses_leaves_nothing(docker: Docker, name: Names, tmp_path: Path) -> None:
    container = await ended(docker, name, TREE)
    target = tmp_path / "out"
    async with docker.containers.get_archive(container, "/data") as archive:
        with pytest.raises(tarfile.FilterError):
            await archive.extract(target, filter="data")
    assert below(target) == {}


# --- leaving early


async def test_after_an_early_exit_the_next_call_works(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "truncate -s 64M /big")
    await docker.containers.inspect(container)
    async with nothing_left():
        for call in (docker.containers.get_archive(container, "/big"), docker.containers.export(container)):
            async with call as download:
                assert await anext(aiter(download))
            assert (await docker.containers.inspect(container)).id == container


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", ["write_to", "extract while it comes", "extract while it unpacks"])
async def test_a_cancel_leaves_nothing(docker: Docker, name: Names, tmp_path: Path, step: str, kind: str) -> None:
    many = "mkdir /data; i=0; while [ $i -lt 1500 ]; do echo $i > /data/$i; i=$((i+1)); done"
    script = many if step.endswith("unpacks") else "truncate -s 400M /data"
    container = await ended(docker, name, script)
    traces = {
        "write_to": ".data.*.part",
        "extract while it comes": ".unpack-*/.archive.tar.*",
        "extract while it unpacks": ".unpack-*/content/data",
    }

    async def underway() -> bool:
        return any(tmp_path.glob(traces[step]))  # noqa: ASYNC240 - quick, and there is no other way to see it

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
