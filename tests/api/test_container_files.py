"""The calls of `docker.containers` that transfer files: requests and results."""

from __future__ import annotations

import base64
import datetime
import io
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, MalformedStream
from aiodockerapi.models import ContainerPathStat
from tests.support.calls import Case, check, drained
from tests.support.server import Reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

PATH_STAT = {"name": "etc", "size": 4096, "mode": 1 << 31 | 0o755, "mtime": "2024-05-01T12:00:00Z", "linkTarget": ""}
STAT_HEADER = {"X-Docker-Container-Path-Stat": base64.b64encode(json.dumps(PATH_STAT).encode()).decode()}
FILES = [
    Case(
        "export",
        lambda d: d.containers.export("web"),
        "GET /containers/web/export",
        reply=Reply(200, b"tar"),
        result=b"tar",
    ),
    Case(
        "chunks of an export",
        lambda d: drained(d.containers.export("web")),
        "GET /containers/web/export",
        reply=Reply(200, b"tar"),
        result=[b"tar"],
    ),
    Case(
        "get_archive",
        lambda d: d.containers.get_archive("web", "/a b&c"),
        "GET /containers/web/archive",
        {"path": "/a b&c"},
        reply=Reply(200, b"tar"),
        result=b"tar",
    ),
]


@pytest.mark.parametrize("version", ["1.41", NEWEST])
@pytest.mark.parametrize("case", FILES, ids=str)
async def test_files(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


@pytest.mark.parametrize(
    ("archive", "chunked"),
    [
        (lambda path: b"tar bytes", False),
        (lambda path: bytearray(b"tar bytes"), False),
        (lambda path: memoryview(b"tar bytes"), False),
        (lambda path: path, True),
        (lambda path: io.BytesIO(b"tar bytes"), True),
        (lambda path: produced(b"tar ", b"bytes"), True),
    ],
    ids=["bytes", "bytearray", "memoryview", "path", "file", "iterator"],
)
async def test_put_archive(archive: Callable[[Path], Any], chunked: bool, tmp_path: Path, server: Server) -> None:
    path = tmp_path / "some.tar"
    path.write_bytes(b"tar bytes")
    case = Case(
        "put_archive",
        lambda d: d.containers.put_archive("web", "/a b", archive(path), copy_uid_gid=False),
        "PUT /containers/web/archive",
        {"path": "/a b", "copyUIDGID": "false"},
        b"tar bytes",
        {"content-type": "application/x-tar"},
        Reply(200),
    )
    request = await check(case, server, "1.41")
    assert request.headers.get("transfer-encoding") == ("chunked" if chunked else None)


async def produced(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_archive_info(server: Server) -> None:
    stat = ContainerPathStat(
        name="etc",
        size=4096,
        mode=1 << 31 | 0o755,
        mtime=datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC),
        link_target="",
    )
    case = Case(
        "archive_info",
        lambda d: d.containers.archive_info("web", "/etc/a b&c"),
        "HEAD /containers/web/archive",
        {"path": "/etc/a b&c"},
        reply=Reply(200, headers=STAT_HEADER),
        result=stat,
    )
    await check(case, server, "1.41")
    assert stat.is_dir
    assert stat.permissions == 0o755


@pytest.mark.parametrize("header", [None, "", "###", "e30", base64.b64encode(b"{").decode()])
async def test_a_malformed_stat_header_is_an_error(header: str | None, server: Server) -> None:
    name = "X-Docker-Container-Path-Stat"
    server.default = Reply(200, headers={} if header is None else {name: header})
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(MalformedStream, match=name):
            await docker.containers.archive_info("web", "/etc")
