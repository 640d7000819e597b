"""Directories as tar archives: the metadata of entries, and files that change while they are packed."""

from __future__ import annotations

import io
import os
import shutil
import socket
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import BuildContextError
from aiodockerapi._transport.upload import packing
from aiodockerapi._transport.upload.packing import BuildContext, packed
from aiodockerapi._wire.ignore_patterns import IgnorePatterns


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def context(root: Path, *patterns: str, **more: Any) -> BuildContext:
    return BuildContext(str(root), IgnorePatterns(patterns), **more)


def archive(*arguments: Any, **named: Any) -> tarfile.TarFile:
    data = io.BytesIO(b"".join(packed(context(*arguments, **named))))
    return tarfile.open(fileobj=data, encoding="utf-8", errors="surrogateescape")


def entry(root: Path, name: str) -> tarfile.TarInfo:
    with archive(root) as packed_up:
        return packed_up.getmember(name)


def content(found: tarfile.TarFile, name: str) -> bytes:
    file = found.extractfile(name)
    assert file is not None
    return file.read()


@pytest.fixture
def on_opening(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], object]], None]:
    """A function that registers a step to run just before the file of a name is opened."""
    original, steps = packing._opened, dict[str, Callable[[], object]]()

    def opened(path: str, flags: int) -> int:
        steps.pop(Path(path).name, int)()
        return original(path, flags)

    monkeypatch.setattr(packing, "_opened", opened)
    return steps.__setitem__


def test_entries_come_in_order_with_directories_first(tmp_path: Path) -> None:
    for name in ("a/z/f", "a/b", "a.b", "B", "c/d/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with archive(tmp_path) as found:
        assert found.getnames() == ["B", "a", "a/b", "a/z", "a/z/f", "a.b", "c", "c/d", "c/d/e"]


def test_an_empty_directory_gives_an_empty_archive(tmp_path: Path) -> None:
    assert b"".join(packed(context(tmp_path))) == bytes(1024)


def test_entries_are_owned_by_root_without_names(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = entry(tmp_path, "file")
    assert (found.uid, found.gid, found.uname, found.gname) == (0, 0, "", "")


@pytest.mark.parametrize("mode", [0o400, 0o644, 0o755, 0o4755, 0o6711, 0o777])
def test_modes_are_kept(tmp_path: Path, mode: int) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(mode)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder").chmod(mode | 0o1700)
    assert entry(tmp_path, "file").mode == mode
    assert entry(tmp_path, "folder").mode == mode | 0o1700
    assert entry(tmp_path, "folder").isdir()


@pytest.mark.parametrize(
    ("modified", "kept"),
    [(0, 0), (1.9, 1), (1_700_000_000.9, 1_700_000_000), (2**33, 2**33), (-1.5, -2)],
)
def test_times_are_rounded_down_to_seconds(tmp_path: Path, modified: float, kept: int) -> None:
    (tmp_path / "file").touch()
    os.utime(tmp_path / "file", (modified, modified))
    assert entry(tmp_path, "file").mtime == kept


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 130_560, 131_071, 131_072, 131_073, 300_000])
def test_contents_are_complete_at_every_size(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "b").write_bytes(b"after it")
    with archive(tmp_path) as found:
        assert content(found, "a") == data
        assert content(found, "b") == b"after it"


def test_blocks_are_large_but_not_too_large(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(1_000_000))
    for number in range(300):
        (tmp_path / f"b{number}").write_bytes(bytes(2000))
    sizes = [len(block) for block in packed(context(tmp_path)) if block]
    assert min(sizes[:-1]) >= 1 << 17
    assert max(sizes) < (1 << 17) + 4096


def test_links_stay_links(tmp_path: Path) -> None:
    targets = {
        "a": "file",
        "b": "/etc/hosts",
        "c": "nowhere",
        "d": "./x//../file",
        "e": "y" * 150,
        "f": "é",
        "g": "folder",
    }
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    for name, target in targets.items():
        (tmp_path / name).symlink_to(target)
    with archive(tmp_path) as found:
        assert {one.name: one.linkname for one in found if one.issym()} == {
            name: os.readlink(tmp_path / name)  # noqa: PTH115
            for name in targets
        }
        assert "g/file" not in found.getnames()


def test_a_hard_link_refers_to_the_first_name_that_was_sent(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"data")
    for name in ("b", "c", "d"):
        (tmp_path / name).hardlink_to(tmp_path / "a")
    with archive(tmp_path, "a") as found:
        assert [(one.name, one.islnk(), one.linkname) for one in found] == [
            ("b", False, ""),
            ("c", True, "b"),
            ("d", True, "b"),
        ]
        assert content(found, "d") == b"data"


@pytest.mark.parametrize(
    "name",
    [
        b"n" * 99,
        b"n" * 100,
        b"n" * 101,
        b"m" * 250,
        b"/".join([b"d" * 60] * 5),
        b"/".join([b"g" * 155, b"f" * 100]),
        "é".encode(),
        ("日本/" + "語" * 60).encode(),
        "😀".encode(),
        b"no\xff\xfetext",
        b"new\nline",
        b" \"'\\ ",
    ],
)
def test_names_of_any_kind(tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    Path(os.fsdecode(path)).write_bytes(b"data")
    with archive(tmp_path) as found:
        assert content(found, os.fsdecode(name)) == b"data"
        # The prefix field is empty: not every reader supports it for long names.
        assert b"".join(packed(context(tmp_path)))[345:500] == bytes(155)


def test_pipes_are_sent_and_sockets_are_not(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o640)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))
        with archive(tmp_path) as found:
            [pipe] = found.getmembers()
    assert (pipe.name, pipe.isfifo()) == ("pipe", True)


def test_devices_have_their_numbers() -> None:
    with archive(Path("/dev"), "*", "!null") as found:
        [device] = found.getmembers()
    assert (device.name, device.ischr(), device.devmajor, device.devminor) == ("null", True, 1, 3)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("0100000200040000000000000000000000000000", "0100000200040000000000000000000000000000"),
        ("0100000300040000ff00000000000000000000000000ff00", "0100000200040000ff000000000000000000000000"[:40]),
    ],
)
def test_file_capabilities_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, kept: str) -> None:
    (tmp_path / "program").touch(mode=0o755)
    monkeypatch.setattr(os, "getxattr", lambda file, name: {"security.capability": bytes.fromhex(value)}[name])
    found = entry(tmp_path, "program").pax_headers["SCHILY.xattr.security.capability"]
    assert found.encode("utf-8", "surrogateescape").hex() == kept


def test_kept_files_in_ignored_directories_are_sent(tmp_path: Path) -> None:
    for name in ("a/b/Dockerfile", "a/b/other", "a/c/file", ".dockerignore"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with archive(tmp_path, "*", kept=frozenset({"a/b/Dockerfile", ".dockerignore"})) as found:
        assert found.getnames() == [".dockerignore", "a/b/Dockerfile"]


def test_added_files_replace_others(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)
    with archive(tmp_path, added={"a": b"new", "b": b"more"}) as found:
        assert [(one.name, one.mode, content(found, one.name)) for one in found] == [
            ("a", 0o640, b"new"),
            ("b", 0o600, b"more"),
        ]


def test_a_file_removed_before_it_is_opened_is_omitted(tmp_path: Path, on_opening: Any) -> None:
    for name in ("a", "b", "folder/file", "z"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    def remove() -> None:
        (tmp_path / "b").unlink()
        shutil.rmtree(tmp_path / "folder")

    on_opening("a", remove)
    with archive(tmp_path) as found:
        assert found.getnames() == ["a", "z"]


def test_a_kept_file_that_is_removed_is_an_error(tmp_path: Path, on_opening: Any) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "Dockerfile").touch()
    on_opening("Dockerfile", (tmp_path / "Dockerfile").unlink)
    with pytest.raises(BuildContextError, match="Dockerfile: No such file"):
        archive(tmp_path, kept=frozenset({"Dockerfile"}))


def test_a_directory_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(BuildContextError, match="none: No such file"):
        archive(tmp_path / "none")


def refuse() -> None:
    raise PermissionError(13, "Permission denied")


def test_an_unreadable_file_is_named_in_the_error(tmp_path: Path, on_opening: Any) -> None:
    (tmp_path / "secret").touch()
    on_opening("secret", refuse)
    with pytest.raises(BuildContextError) as caught:
        archive(tmp_path)
    assert caught.value.path == str(tmp_path / "secret")
    assert caught.value.problem == "Permission denied"
    assert isinstance(caught.value.__cause__, PermissionError)


def test_an_unreadable_file_that_is_ignored_is_no_error(tmp_path: Path, on_opening: Any) -> None:
    (tmp_path / "secret").touch()
    on_opening("secret", refuse)
    assert archive(tmp_path, "secret").getnames() == []


def test_a_file_that_shrinks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(bytes(1_000_000))
    blocks = packed(context(tmp_path))
    next(blocks)
    os.truncate(tmp_path / "log", 200_000)
    with pytest.raises(BuildContextError, match="log: it became shorter"):
        list(blocks)


def test_a_file_that_grows_is_sent_with_its_first_size(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"a" * 300_000)
    blocks = packed(context(tmp_path))
    first = next(blocks)
    with (tmp_path / "log").open("ab") as file:
        file.write(b"b" * 300_000)
    with tarfile.open(fileobj=io.BytesIO(first + b"".join(blocks))) as found:
        assert content(found, "log") == b"a" * 300_000


@pytest.mark.parametrize(
    ("replace", "message"), [(os.mkfifo, "it was replaced"), (lambda path: path.symlink_to("a"), "symbolic link")]
)
def test_a_file_replaced_by_a_pipe_or_a_link_is_an_error(
    tmp_path: Path, on_opening: Any, replace: Callable[[Path], object], message: str
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).touch()

    def change() -> None:
        (tmp_path / "b").unlink()
        replace(tmp_path / "b")

    on_opening("a", change)
    with pytest.raises(BuildContextError, match=f"b: .*{message}"):
        archive(tmp_path)


def test_closing_the_generator_closes_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(1_000_000))
    before = open_files()
    blocks = packed(context(tmp_path))
    next(blocks)
    assert open_files() == before + 1
    blocks.close()
    assert open_files() == before
