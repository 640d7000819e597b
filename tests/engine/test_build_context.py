"""Builds from a directory: the daemon receives the files of the context."""

from __future__ import annotations

import os
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiodockerapi import BadRequest, Docker
from tests.support.containers import offline
from tests.support.leaks import nothing_left

if TYPE_CHECKING:
    from tests.support.names import Names

DOCKERFILE = "FROM busybox\nCOPY . /ctx\nRUN cd /ctx && echo begin && find . | sort && echo end\n"
STATUS = """FROM busybox
COPY . /ctx
RUN cd /ctx && find . ! -type d | while read -r f; do stat -c "%n|%f|%u|%g|%s" "$f"; done > /list
CMD cat /list
"""


def listed(log: str) -> list[str]:
    """Return the files of the context, as printed by the build."""
    lines = log.splitlines()
    return lines[lines.index("begin") + 1 : lines.index("end")]


def row(path: Path, root: Path) -> str:
    """Return the expected line for a file, which belongs to root in the context."""
    status = path.lstat()
    return f"./{path.relative_to(root)}|{status.st_mode:x}|0|0|{status.st_size}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The directory of a build context."""
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return tmp_path


@pytest.mark.parametrize("version", ["1", "2"])
async def test_files_are_received_unchanged(docker: Docker, name: Names, root: Path, version: Any) -> None:
    names = ["plain", "é" * 60, "n" * 101, "m" * 200, "d" * 60 + "/" + "e" * 60, "日本/語", "with space", "q'"]
    files = []
    for number, one in enumerate(names):
        (root / one).parent.mkdir(exist_ok=True)
        (root / one).write_text("x" * number)
        (root / one).chmod(0o600 + 0o10 * number)
        files.append(row(root / one, root))
    (root / "link").symlink_to("with space")
    (root / "nowhere").symlink_to("/none")
    (root / "program").touch()
    (root / "program").chmod(0o755)
    files += [row(root / one, root) for one in ("link", "nowhere", "program")]
    (root / "Dockerfile").write_text(STATUS)
    image = name("context")
    await docker.images.build(root, tags=image, labels=name.labels, version=version)
    ran = await docker.containers.run(image, config=offline(name))
    found = ran.stdout.decode().splitlines()
    assert [one for one in files if one not in found] == []


async def test_the_dockerignore_file_is_applied(docker: Docker, name: Names, root: Path) -> None:
    for one in ("a.txt", "b.log", "docs/a.md", "docs/b.md", "src/x.pyc", "src/y.py"):
        (root / one).parent.mkdir(exist_ok=True)
        (root / one).touch()
    (root / ".dockerignore").write_text(
        "# generated files\n**/*.pyc\n*.log\ndocs\n!docs/b.md\nDockerfile\n.dockerignore\n"
    )
    result = await docker.images.build(root, labels=name.labels, no_cache=True)
    # The Dockerfile and .dockerignore are sent, but the daemon excludes them from COPY.
    assert listed(result.log) == [".", "./a.txt", "./docs", "./docs/b.md", "./src", "./src/y.py"]


@pytest.mark.parametrize("ignore", [None, "*.log\n"])
async def test_a_dockerfile_outside_the_context_is_not_in_the_image(
    docker: Docker, name: Names, tmp_path: Path, ignore: str | None
) -> None:
    (tmp_path / "Elsewhere").write_text(DOCKERFILE)
    root = tmp_path / "context"
    root.mkdir()
    (root / "file").touch()
    if ignore is not None:
        (root / ".dockerignore").write_text(ignore)
    result = await docker.images.build(root, dockerfile=tmp_path / "Elsewhere", labels=name.labels, no_cache=True)
    assert listed(result.log) == [".", *([] if ignore is None else ["./.dockerignore"]), "./file"]


async def test_a_second_build_uses_the_cache(docker: Docker, name: Names, root: Path) -> None:
    (root / "file").write_bytes(os.urandom(300_000))
    first = await docker.images.build(root, labels=name.labels)
    again = await docker.images.build(str(root), labels=name.labels)
    assert again.image_id == first.image_id
    assert "Using cache" in again.log


def is_packing() -> bool:
    return any(thread.name == "packing the context" for thread in threading.enumerate())


async def until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(60):
        while not condition():  # noqa: ASYNC110 - a thread cannot be awaited
            await anyio.sleep(0.005)


async def run(call: Awaitable[object]) -> None:
    await call


async def test_cancelling_a_build_during_the_upload_leaves_nothing(engine_host: str, root: Path) -> None:
    with (root / "large").open("wb") as file:
        file.truncate(4 << 30)
    async with nothing_left():
        async with Docker(engine_host) as docker, anyio.create_task_group() as tasks:
            tasks.start_soon(run, docker.images.build(root))
            await until(is_packing)
            tasks.cancel_scope.cancel()
        await until(lambda: not is_packing())


async def test_an_early_refusal_of_a_large_context_is_reported(docker: Docker, root: Path) -> None:
    with (root / "large").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(BadRequest, match="experimental"):
        await docker.images.build(root, squash=True)
    await until(lambda: not is_packing())
