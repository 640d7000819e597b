"""Pull, push, save, load and import: their requests, progress messages and results."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    Docker,
    ImportResult,
    InvalidArgument,
    InvalidArgumentType,
    LoadResult,
    NotFound,
    OperationFailed,
    PullResult,
    PushResult,
    TruncatedStream,
)
from aiodockerapi.models import AuthConfig, BuildInfo, CreateImageInfo, OCIPlatform, PushImageInfo
from tests.support.calls import Case, Refusal, check, check_refused, check_unsupported, drained
from tests.support.server import Reply, json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

VERSIONS = ["1.41", NEWEST]
DIGEST, ID = f"sha256:{'0a' * 32}", f"sha256:{'1b' * 32}"
AUTH = AuthConfig(username="u", password="?>p")
AUTH_HEADER = {"x-registry-auth": "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6Ij8-cCJ9"}
NO_AUTH = {"x-registry-auth": "e30="}
TAR = {"content-type": "application/x-tar"}
ARCHIVE = b"some files" + bytes(1024)
FAILURE = {"errorDetail": {"code": 7, "message": "no space left"}, "error": "no space left"}


def messages(*values: dict[str, Any]) -> Reply:
    """Return progress messages as a daemon sends them."""
    body = b"".join(json.dumps(value).encode() + b"\r\n" for value in values)
    return Reply(200, body, {"Content-Type": "application/json"})


PULLED = messages({"status": "Pulling from web", "id": "1"}, {"status": f"Digest: {DIGEST}"}, {"status": "Status: new"})
PUSHED = messages(
    {"status": "The push refers to repository [web]"},
    {"status": f"1: digest: {DIGEST} size: 527"},
    {"progressDetail": {}, "aux": {"Tag": "1", "Digest": DIGEST, "Size": 527}},
)
IMPORTED = messages({"status": "Importing", "progressDetail": {"current": 1}}, {"status": ID})
LOADED = messages(
    {"status": "Loading layer", "id": "a"},
    {"stream": "Loaded image: web:1\n"},
    {"stream": f"Loaded image ID: {ID}\n"},
)
LOAD = LoadResult(("web:1", ID))


def pulled(reference: str) -> PullResult:
    """Return the result of pulling that reference."""
    return PullResult(reference, DIGEST, "Status: new")


def pushed(repository: str) -> PushResult:
    """Return the result of pushing to that repository."""
    return PushResult(repository, "1", DIGEST, 527, {"1": DIGEST})


PULLS = [
    Case(
        f"pull {reference}",
        lambda d, reference=reference: d.images.pull(reference),  # type: ignore[misc]
        "POST /images/create",
        {"fromImage": name, "tag": tag},
        reply=PULLED,
        result=pulled(whole),
    )
    for reference, name, tag, whole in (
        ("web", "web", "latest", "web:latest"),
        ("127.0.0.1:5000/a/web:1", "127.0.0.1:5000/a/web", "1", "127.0.0.1:5000/a/web:1"),
        (f"web@{DIGEST}", "web", DIGEST, f"web@{DIGEST}"),
        (f"web:1@{DIGEST}", "web", DIGEST, f"web@{DIGEST}"),
    )
]
PUSHES = [
    Case(
        f"push {image} {arguments}",
        lambda d, image=image, arguments=arguments: d.images.push(image, **arguments),  # type: ignore[misc]
        "POST /images/127.0.0.1:5000/web/push",
        {} if tag is None else {"tag": tag},
        headers=NO_AUTH,
        reply=PUSHED,
        result=pushed("127.0.0.1:5000/web"),
    )
    for image, arguments, tag in (
        ("127.0.0.1:5000/web", {}, "latest"),
        ("127.0.0.1:5000/web:1", {}, "1"),
        ("127.0.0.1:5000/web", {"tag": "1"}, "1"),
        ("127.0.0.1:5000/web:1", {"tag": "1"}, "1"),
        ("127.0.0.1:5000/web", {"all_tags": True}, None),
    )
]
TABLE = [
    *PULLS,
    *PUSHES,
    Case(
        "pull with credentials",
        lambda d: d.images.pull("web", auth=AUTH, platform=OCIPlatform(os="linux", architecture="arm", variant="v7")),
        "POST /images/create",
        {"fromImage": "web", "tag": "latest", "platform": "linux/arm/v7"},
        headers=AUTH_HEADER,
        reply=PULLED,
        result=pulled("web:latest"),
    ),
    Case(
        "push with credentials",
        lambda d: d.image("web:1").push(auth={"username": "u", "password": "?>p"}),
        "POST /images/web/push",
        {"tag": "1"},
        headers=AUTH_HEADER,
        reply=PUSHED,
        result=pushed("web"),
    ),
    Case(
        "save one",
        lambda d: d.images.save("a/web:1"),
        "GET /images/a/web:1/get",
        reply=Reply(200, ARCHIVE),
        result=ARCHIVE,
    ),
    Case(
        "save several",
        lambda d: d.images.save(iter(["web:1", "a/b"])),
        "GET /images/get",
        {"names": ["web:1", "a/b"]},
        reply=Reply(200, ARCHIVE),
        result=ARCHIVE,
    ),
    Case(
        "load",
        lambda d: d.images.load(ARCHIVE, quiet=False),
        "POST /images/load",
        {"quiet": "false"},
        ARCHIVE,
        TAR,
        LOADED,
        LOAD,
    ),
    Case(
        "import",
        lambda d: d.images.import_image(ARCHIVE),
        "POST /images/create",
        {"fromSrc": "-"},
        ARCHIVE,
        TAR,
        IMPORTED,
        ImportResult(ID),
    ),
    Case(
        "import with all arguments",
        lambda d: d.images.import_image(
            ARCHIVE, repository="web:1", message="m", changes=["CMD sh", "USER x"], platform="linux/arm64"
        ),
        "POST /images/create",
        {
            "fromSrc": "-",
            "repo": "web:1",  # with its tag: Podman ignores the separate parameter
            "message": "m",
            "changes": ["CMD sh", "USER x"],
            "platform": "linux/arm64",
        },
        ARCHIVE,
        TAR,
        IMPORTED,
        ImportResult(ID),
    ),
    Case(
        "import from an address",
        lambda d: d.images.import_image("http://host/a.tar", repository="web", tag="1", changes="CMD sh"),
        "POST /images/create",
        {"fromSrc": "http://host/a.tar", "repo": "web:1", "changes": "CMD sh"},
        reply=IMPORTED,
        result=ImportResult(ID),
    ),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", TABLE, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


ARM = '{"os":"linux","architecture":"arm64"}'


@pytest.mark.parametrize(
    ("since", "case"),
    [
        (
            "1.46",
            Case(
                "push",
                lambda d: d.images.push("web:1", platform="linux/arm64"),
                "POST /images/web/push",
                {"tag": "1", "platform": ARM},
                headers=NO_AUTH,
                reply=PUSHED,
                result=pushed("web"),
            ),
        ),
        (
            "1.48",
            Case(
                "save",
                lambda d: d.images.save("web", platform="linux/arm64"),
                "GET /images/web/get",
                {"platform": ARM},
                reply=Reply(200, ARCHIVE),
                result=ARCHIVE,
            ),
        ),
        (
            "1.48",
            Case(
                "load",
                lambda d: d.images.load(ARCHIVE, platform=["linux/arm64", {"os": "linux", "architecture": "arm64"}]),
                "POST /images/load",
                {"platform": [ARM, ARM]},
                ARCHIVE,
                TAR,
                LOADED,
                LOAD,
            ),
        ),
    ],
    ids=str,
)
async def test_a_platform_requires_an_engine_that_supports_it(since: str, case: Case, server: Server) -> None:
    await check_unsupported(case, server, f"images.{case.name}.platform", since)


async def parts() -> AsyncIterator[bytes]:
    yield ARCHIVE[:5]
    yield ARCHIVE[5:]


@pytest.mark.parametrize("kind", ["bytes", "bytearray", "memoryview", "file", "path", "iterator"])
async def test_an_archive_can_come_from_any_source(kind: str, tmp_path: Path, server: Server) -> None:
    path = tmp_path / "archive.tar"
    path.write_bytes(ARCHIVE)
    sources: dict[str, Any] = {
        "bytes": ARCHIVE,
        "bytearray": bytearray(ARCHIVE),
        "memoryview": memoryview(ARCHIVE),
        "file": io.BytesIO(ARCHIVE),
        "path": path,
        "iterator": parts(),
    }
    call = Case(
        kind, lambda d: d.images.load(sources[kind]), "POST /images/load", {}, ARCHIVE, TAR, LOADED, result=LOAD
    )
    request = await check(call, server, "1.41")
    assert ("transfer-encoding" in request.headers) == (kind in ("file", "path", "iterator"))


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(lambda d: d.images.load("archive.tar"), InvalidArgumentType, r"a path \(pathlib.Path\)"),
        Refusal(lambda d: d.images.import_image("archive.tar"), InvalidArgument, "must be a URL .* pathlib.Path"),
        Refusal(lambda d: d.images.import_image(b"", tag="1"), InvalidArgument, "tag= requires repository="),
        Refusal(lambda d: d.images.import_image(b"", changes=[1]), InvalidArgumentType, "changes must be a string"),
        Refusal(lambda d: d.images.save([]), InvalidArgument, "images is empty"),
        Refusal(lambda d: d.images.pull("web", platform="a b"), InvalidArgument, "platform must be os"),
        Refusal(lambda d: d.images.push("web:1", tag="2"), InvalidArgument, "already has a tag"),
        Refusal(lambda d: d.images.push("web:1", all_tags=True), InvalidArgument, "all_tags cannot be combined with"),
        Refusal(lambda d: d.images.push("web", tag=""), InvalidArgument, "is not a tag"),
        Refusal(lambda d: d.images.push(f"web@{DIGEST}"), InvalidArgument, "contains a digest"),
    ],
    ids=str,
)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server, NEWEST)


STREAMS = {
    "pull": (lambda d: d.images.pull("web"), PULLED, CreateImageInfo(id="1", status="Pulling from web")),
    "push": (
        lambda d: d.images.push("web:1"),
        PUSHED,
        PushImageInfo(status="The push refers to repository [web]"),
    ),
    "load": (lambda d: d.images.load(b""), LOADED, BuildInfo(id="a", status="Loading layer")),
}


@pytest.mark.parametrize("name", STREAMS)
async def test_an_entered_call_yields_messages_and_then_the_awaited_result(name: str, server: Server) -> None:
    call, server.default, first = STREAMS[name]
    async with Docker(server.host, api_version="1.41") as docker:
        awaited = await call(docker)
        async with call(docker) as progress:
            found = [message async for message in progress]
            assert await progress.result() == awaited
        assert await progress.result() == awaited
        async with call(docker) as progress:
            assert await anext(progress) == first
            assert await progress.result() == awaited
    assert found[0] == first
    assert len(found) == 3


@pytest.mark.parametrize("name", STREAMS)
async def test_an_error_in_the_stream_is_raised(name: str, server: Server) -> None:
    call, server.default = STREAMS[name][0], messages({"status": "Preparing"}, FAILURE)
    items: list[Any] = []
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(OperationFailed, match="no space left") as caught:
            await call(docker)
        assert caught.value.code == 7
        with pytest.raises(OperationFailed):
            await drained(call(docker), items)
        async with call(docker) as progress:
            for _ in range(2):
                with pytest.raises(OperationFailed, match="no space left"):
                    await progress.result()
    assert [item.status for item in items] == ["Preparing"]


async def test_a_block_left_early_has_no_result(server: Server) -> None:
    server.default = PULLED
    async with Docker(server.host, api_version="1.41") as docker:
        async with docker.images.pull("web") as progress:
            pass
        with pytest.raises(TruncatedStream, match="closed before the operation ended"):
            await progress.result()


async def test_an_error_before_the_stream(server: Server) -> None:
    server.default = json_reply({"message": "pull access denied"}, 404)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(NotFound, match="pull access denied"):
            await docker.images.pull("web")


async def test_the_result_of_a_push_contains_all_tags(server: Server) -> None:
    other = DIGEST.replace("a", "b")
    server.default = messages(
        {"aux": {"Tag": "1", "Digest": DIGEST, "Size": 5}},
        {"status": f"2: digest: {other} size: 6"},
        {"aux": {"Later": 1}},
    )
    async with Docker(server.host, api_version="1.41") as docker:
        result = await docker.images.push("web", all_tags=True)
    assert result == PushResult("web", "2", other, 6, {"1": DIGEST, "2": other})


async def test_several_loaded_images_can_be_reported_in_one_line(server: Server) -> None:
    server.default = messages(
        {"stream": "Loaded image: docker.io/library/web:1,localhost/db:latest"}
    )  # as sent by Podman
    async with Docker(server.host, api_version="1.41") as docker:
        assert (await docker.images.load(ARCHIVE)).images == ("docker.io/library/web:1", "localhost/db:latest")


async def test_a_requested_digest_is_used_if_the_daemon_reports_none(server: Server) -> None:
    server.default = messages({"status": "Download complete", "id": "1b1b1b1b1b1b"})  # as sent by Podman
    async with Docker(server.host, api_version="1.41") as docker:
        assert (await docker.images.pull(f"web@{DIGEST}")).digest == DIGEST
        assert (await docker.images.pull("web")).digest == ""


@pytest.mark.parametrize("cut", [b"", b"half a fi", b"\0" * 700])
async def test_an_error_while_saving_is_raised(cut: bytes, tmp_path: Path, server: Server) -> None:
    server.default = Reply(200, cut + json.dumps(FAILURE, separators=(",", ":")).encode() + b"\r\n")
    target = tmp_path / "saved.tar"
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(OperationFailed, match="no space left"):
            await docker.images.save("web")
        with pytest.raises(OperationFailed, match="no space left"):
            async with docker.images.save("web") as saved:
                await saved.write_to(target)
        with pytest.raises(OperationFailed, match="no space left"):
            await drained(docker.images.save("web"))
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


@pytest.mark.parametrize("body", [b"", b"half a fi"])
async def test_an_incomplete_archive_is_truncated(body: bytes, server: Server) -> None:
    server.default = Reply(200, body)
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(TruncatedStream, match="is incomplete"):
            await docker.images.save("web")
