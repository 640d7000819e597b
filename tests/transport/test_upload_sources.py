"""Large bodies: their sources, reading while sending, and failures."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, InvalidArgumentType
from aiodockerapi._transport.upload import upload_body

if TYPE_CHECKING:
    from tests.support.server import Server


async def read(body: Any) -> list[bytes]:
    """Return all blocks of a body."""
    if isinstance(body, bytes):
        return [body]
    return [block async for block in body]


@pytest.mark.parametrize("data", [b"", b"abc", bytearray(b"abc"), memoryview(b"abc")])
def test_bytes(data: Any) -> None:
    body = upload_body(data, "body")
    assert isinstance(body, bytes)
    assert body == bytes(data)


async def test_a_file_is_read_in_blocks_from_its_position(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"skip" + b"x" * 600_000)
    with path.open("rb") as file:
        file.seek(4)
        blocks = await read(upload_body(file, "body"))
        assert not file.closed
    assert b"".join(blocks) == b"x" * 600_000
    assert max(map(len, blocks)) < 600_000


async def test_a_path_is_opened_only_when_it_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "file"
    body = upload_body(path, "body")
    path.write_bytes(b"later")
    assert await read(body) == [b"later"]


async def test_an_iterator_is_passed_on() -> None:
    async def produce() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    assert await read(upload_body(produce(), "body")) == [b"a", b"b"]


@pytest.mark.parametrize("source", ["text", 5, None, ["a"], {"a": 1}, object()])
def test_unsupported_sources(source: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="archive must be bytes, a binary file, a path"):
        upload_body(source, "archive")


async def test_a_file_opened_in_text_mode() -> None:
    with pytest.raises(InvalidArgumentType, match="open it with mode 'rb'"):
        await read(upload_body(io.StringIO("text"), "archive"))  # type: ignore[arg-type]


async def put(server: Server, source: Any) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        await docker.containers.put_archive("web", "/", source)


async def test_an_error_of_the_iterator_is_raised_unchanged(server: Server) -> None:
    class SourceError(Exception):
        pass

    async def produce() -> AsyncIterator[bytes]:
        yield b"a"
        raise SourceError

    with pytest.raises(SourceError):
        await put(server, produce())


@pytest.mark.parametrize("error", [ValueError("mine"), OSError("mine"), TypeError("mine"), ConnectionError("mine")])
async def test_an_error_of_the_iterator_is_not_translated(error: Exception, server: Server) -> None:
    async def produce() -> AsyncIterator[bytes]:
        yield b"a"
        raise error

    with pytest.raises(type(error)) as caught:
        await put(server, produce())
    assert caught.value is error


async def test_a_file_that_does_not_exist(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await put(server, tmp_path / "none")


async def test_a_text_file_is_refused_while_it_is_sent(server: Server) -> None:
    with pytest.raises(InvalidArgumentType, match="open it with mode 'rb'"):
        await put(server, io.StringIO("text"))


async def test_an_item_that_is_not_bytes(server: Server) -> None:
    async def produce() -> AsyncIterator[Any]:
        yield "text"

    with pytest.raises(InvalidArgumentType):
        await put(server, produce())


async def test_a_path_is_closed_after_sending_and_after_failing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[IO[bytes]] = []
    original = Path.open

    def spy(self: Path, *arguments: Any, **named: Any) -> Any:
        file = original(self, *arguments, **named)
        opened.append(file)
        return file

    path = tmp_path / "file"
    path.write_bytes(b"x" * 600_000)
    monkeypatch.setattr(Path, "open", spy)
    await put(server, path)
    assert [file.closed for file in opened] == [True]
