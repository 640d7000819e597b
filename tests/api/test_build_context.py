"""Builds from a directory: the Dockerfile parameter, the files that are sent, and failures."""

from __future__ import annotations

import asyncio
import io
import os
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiodockerapi import BadRequest, BuildContextError, Docker, InvalidArgument, TransportError
from aiodockerapi._transport.upload import packing
from tests.support.leaks import nothing_left
from tests.support.server import Peer, json_reply, raw_serving

if TYPE_CHECKING:
    from tests.support.server import Server

BUILT = json_reply({"aux": {"ID": "sha256:1"}})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory with a Dockerfile and a few other files."""
    folder = tmp_path / "app"
    for name in ("Dockerfile", "main.py", "docs/page.md", "docker/web.Dockerfile"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}")
    return folder


async def build(server: Server, source: Any, **arguments: Any) -> tuple[str | None, dict[str, str]]:
    """Return the Dockerfile parameter and the files of the request."""
    server.default = BUILT
    async with Docker(server.host, api_version="1.44") as docker:
        assert (await docker.images.build(source, **arguments)).image_id == "sha256:1"
    [request] = server.received
    assert request.headers["content-type"] == "application/x-tar"
    files = {}
    with tarfile.open(fileobj=io.BytesIO(request.body)) as archive:
        for entry in archive:
            file = archive.extractfile(entry)
            if file is not None:
                files[entry.name] = file.read().decode()
    return dict(request.query).get("dockerfile"), files


@pytest.mark.parametrize("form", [str, Path, lambda path: f"{path}/", lambda path: path.parent / "link"])
async def test_a_directory_is_sent_as_an_archive(root: Path, server: Server, form: Callable[[Path], Any]) -> None:
    (root.parent / "link").symlink_to(root)
    dockerfile, files = await build(server, form(root))
    assert dockerfile == "Dockerfile"
    assert sorted(files) == ["Dockerfile", "docker/web.Dockerfile", "docs/page.md", "main.py"]
    assert files["main.py"] == "# main.py"


async def test_a_relative_path_starts_at_the_current_directory(
    root: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert "main.py" in (await build(server, "."))[1]


@pytest.mark.parametrize("form", [str, Path])
async def test_an_archive_given_by_path_is_sent_unchanged(tmp_path: Path, server: Server, form: Any) -> None:
    path = tmp_path / "context.tar"
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("Dockerfile"), io.BytesIO())
    assert await build(server, form(path), dockerfile="a/b") == ("a/b", {"Dockerfile": ""})
    assert server.received[0].body == path.read_bytes()


@pytest.mark.parametrize("form", [str, Path])
@pytest.mark.parametrize("start", ["", "/"])
async def test_a_dockerfile_with_another_name(root: Path, server: Server, form: Any, start: str) -> None:
    (root / ".dockerignore").write_text("docker\n*.py")
    given = root / "docker/web.Dockerfile" if start else Path("docker/web.Dockerfile")
    dockerfile, files = await build(server, root, dockerfile=form(given))
    assert dockerfile == "docker/web.Dockerfile"
    assert sorted(files) == [".dockerignore", "Dockerfile", "docker/web.Dockerfile", "docs/page.md"]


async def test_a_dockerfile_in_lower_case_is_found(root: Path, server: Server) -> None:
    (root / "Dockerfile").rename(root / "dockerfile")
    assert (await build(server, root))[0] == "dockerfile"


async def test_a_link_is_followed_to_the_dockerfile(root: Path, server: Server) -> None:
    (root / "Dockerfile").unlink()
    (root / "Dockerfile").symlink_to("docker/web.Dockerfile")
    assert (await build(server, root))[0] == "docker/web.Dockerfile"


async def test_dockerfile_and_ignore_file_are_sent_even_if_ignored(root: Path, server: Server) -> None:
    (root / ".dockerignore").write_text("*")
    assert sorted((await build(server, root))[1]) == [".dockerignore", "Dockerfile"]


@pytest.mark.parametrize(("text", "sent"), [(None, ".dockerignore\n{}\n"), ("docs", "docs\n{}\n"), ("*", "*\n{}\n")])
@pytest.mark.parametrize("form", [str, lambda path: "../Other"], ids=["absolute", "relative"])
async def test_a_dockerfile_outside_of_the_directory_is_sent_under_a_unique_name(
    root: Path, server: Server, text: str | None, sent: str, form: Any
) -> None:
    (root.parent / "Other").write_text("FROM other")
    if text is not None:
        (root / ".dockerignore").write_text(text)
    dockerfile, files = await build(server, root, dockerfile=form(root.parent / "Other"))
    assert dockerfile is not None
    assert dockerfile.startswith(".dockerfile.")
    assert files[dockerfile] == "FROM other"
    assert files[".dockerignore"] == sent.format(dockerfile)
    assert ("docs/page.md" in files) is (text is None)
    assert ("main.py" in files) is (text != "*")


@pytest.mark.parametrize(("version", "left"), [(None, "main.py"), ("1", "main.py"), ("2", "docs/page.md")])
async def test_buildkit_prefers_the_ignore_file_of_the_dockerfile(
    root: Path, server: Server, version: Any, left: str
) -> None:
    (root / ".dockerignore").write_text("docs")
    (root / "docker/web.Dockerfile.dockerignore").write_text("main.py")
    _, files = await build(server, root, dockerfile="docker/web.Dockerfile", version=version)
    assert {"main.py", "docs/page.md"} & files.keys() == {left}


async def test_an_empty_ignore_file_of_the_dockerfile_ignores_nothing(root: Path, server: Server) -> None:
    (root / ".dockerignore").write_text("docs")
    (root / "Dockerfile.dockerignore").touch()
    assert "docs/page.md" in (await build(server, root, version="2"))[1]


def no_dockerfile(root: Path) -> None:
    (root / "Dockerfile").unlink()


def dangling(root: Path) -> None:
    no_dockerfile(root)
    (root / "Dockerfile").symlink_to("none")


def a_directory(root: Path) -> None:
    no_dockerfile(root)
    (root / "Dockerfile").mkdir()


def bad_pattern(root: Path) -> None:
    (root / ".dockerignore").write_text("docs\na[b")


def ignore_directory(root: Path) -> None:
    (root / ".dockerignore").mkdir()


@pytest.mark.parametrize(
    ("prepare", "arguments", "error", "message"),
    [
        (no_dockerfile, {}, InvalidArgument, "app does not contain a Dockerfile; pass dockerfile="),
        (dangling, {}, InvalidArgument, "Dockerfile is not a file or a link to one"),
        (a_directory, {}, InvalidArgument, "Dockerfile is not a file or a link to one"),
        (Path.resolve, {"dockerfile": "none"}, InvalidArgument, "Dockerfile not found: .*app/none"),
        (Path.resolve, {"dockerfile": "docs"}, InvalidArgument, "Dockerfile not found: .*app/docs"),
        (Path.resolve, {"dockerfile": "/none"}, InvalidArgument, "Dockerfile not found: /none"),
        (bad_pattern, {}, InvalidArgument, r"invalid \.dockerignore pattern: 'a\[b'"),
        (ignore_directory, {}, BuildContextError, r"app/\.dockerignore: Is a directory"),
    ],
)
async def test_an_invalid_context_is_refused_before_anything_is_sent(
    root: Path, server: Server, prepare: Any, arguments: Any, error: Any, message: str
) -> None:
    prepare(root)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error, match=message):
            await docker.images.build(root, **arguments)
    assert server.received == []


async def test_a_path_that_does_not_exist(root: Path, server: Server) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(FileNotFoundError, match="none"):
            await docker.images.build(root / "none")
    assert server.received == []


def is_packing() -> bool:
    return any(thread.name == "packing the context" for thread in threading.enumerate())


async def ended() -> None:
    """Wait until no thread is packing."""
    with anyio.fail_after(20):
        while is_packing():  # noqa: ASYNC110 - a thread cannot be awaited
            await anyio.sleep(0.005)


@pytest.fixture
def large(root: Path) -> Path:
    """A directory too large for socket buffers; most of it is in one file."""
    (root / "large").write_bytes(bytes(8 << 20))
    return root


async def never(peer: Peer) -> None:
    await asyncio.sleep(60)


async def refuse(peer: Peer) -> None:
    await peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")


async def reset(peer: Peer) -> None:
    await peer.reader.readexactly(1000)
    peer.reset()


async def test_a_cancelled_upload_ends_the_packing(large: Path) -> None:
    async with raw_serving(never) as server, Docker(server.host, api_version="1.44") as docker:
        with anyio.move_on_after(0.3) as scope:
            await docker.images.build(large)
        assert scope.cancelled_caught
        await ended()


@pytest.mark.parametrize("script", [refuse, reset])
async def test_an_upload_that_fails_ends_the_packing(large: Path, script: Any) -> None:
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        with pytest.raises((BadRequest, TransportError)):
            await docker.images.build(large)
        await ended()


async def test_a_file_that_cannot_be_sent_ends_the_upload(
    root: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(packing, "_opened", opened)
    async with nothing_left(), Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(BuildContextError, match=r"app/Dockerfile: Permission denied"):
            await docker.images.build(root)
    await ended()


async def test_a_file_that_shrinks_ends_the_call_even_after_the_response_has_started(large: Path) -> None:
    shrunk = asyncio.Event()

    async def answer(peer: Peer) -> None:
        await peer.send(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{"stream": "begun"}\n\r\n')
        await shrunk.wait()
        await peer.reader.read()

    async def shrink_it(call: Any) -> None:
        async with call as progress:
            async for message in progress:
                assert message.stream == "begun"
                os.truncate(large / "large", 1000)
                shrunk.set()

    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        with anyio.fail_after(20), pytest.raises(BuildContextError, match="large: it became shorter"):
            await shrink_it(docker.images.build(large))
    await ended()
