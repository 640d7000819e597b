"""`docker.images.build`: its request, its progress messages and its result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import BuildResult, Docker, InvalidArgument, InvalidArgumentType, OperationFailed
from aiodockerapi.models import AuthConfig, BuildInfo
from tests.support.calls import Case, Refusal, check, check_refused, drained
from tests.support.server import Reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

ID = f"sha256:{'1b' * 32}"
OTHER = f"sha256:{'2c' * 32}"
CONTEXT = b"a tar archive"
TAR = {"content-type": "application/x-tar"}
LOG = f"Step 1/1 : FROM busybox\n ---> {ID}\nSuccessfully built 1b1b1b1b1b1b\n"


def messages(*values: dict[str, Any]) -> Reply:
    """Return progress messages as a daemon sends them."""
    body = b"".join(json.dumps(value).encode() + b"\r\n" for value in values)
    return Reply(200, body, {"Content-Type": "application/json"})


BUILT = messages(
    {"stream": "Step 1/1 : FROM busybox\n"},
    {"stream": f" ---> {ID}\n"},
    {"aux": {"ID": ID}},
    {"stream": "Successfully built 1b1b1b1b1b1b\n"},
)

TABLE = [
    Case(
        "plain",
        lambda d: d.images.build(CONTEXT),
        "POST /build",
        {},
        CONTEXT,
        TAR,
        BUILT,
        BuildResult(ID, LOG),
    ),
    Case(
        "everything",
        lambda d: d.images.build(
            CONTEXT,
            dockerfile="a/Dockerfile",
            tags=["web", "127.0.0.1:5000/web:1"],
            extra_hosts=["a:1.2.3.4", "b:1.2.3.5"],
            quiet=False,
            no_cache=True,
            cache_from=["web:0", "web:1"],
            pull=True,
            rm=False,
            force_rm=True,
            memory=1,
            memory_swap=-1,
            cpu_shares=2,
            cpuset_cpus="0-1",
            cpu_period=3,
            cpu_quota=4,
            build_args={"A": "é b", "B": None, "C": ""},
            shm_size=5,
            squash=False,
            labels={"a": "b"},
            network_mode="none",
            auth={"127.0.0.1:5000": AuthConfig(username="u", password="?>p"), "b": {}},
            platform="linux/arm64",
            target="stage",
            outputs=[{"Type": "moby", "Attrs": {}}],
            version="2",
        ),
        "POST /build",
        {
            "dockerfile": "a/Dockerfile",
            "t": ["web", "127.0.0.1:5000/web:1"],
            "extrahosts": ["a:1.2.3.4", "b:1.2.3.5"],
            "q": "false",
            "nocache": "true",
            "cachefrom": '["web:0","web:1"]',
            "pull": "true",
            "rm": "false",
            "forcerm": "true",
            "buildargs": '{"A":"é b","B":null,"C":""}',
            "squash": "false",
            "labels": '{"a":"b"}',
            "networkmode": "none",
            "platform": "linux/arm64",
            "target": "stage",
            "outputs": '[{"Type":"moby","Attrs":{}}]',
            "version": "2",
            "memory": "1",
            "memswap": "-1",
            "cpushares": "2",
            "cpusetcpus": "0-1",
            "cpuperiod": "3",
            "cpuquota": "4",
            "shmsize": "5",
        },
        CONTEXT,
        # {"127.0.0.1:5000":{"username":"u","password":"?>p"},"b":{}}
        TAR | {"x-registry-config": "eyIxMjcuMC4wLjE6NTAwMCI6eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6Ij8-cCJ9LCJiIjp7fX0="},
        BUILT,
        BuildResult(ID, LOG),
    ),
    Case(
        "explicit nothing",
        lambda d: d.images.build(
            CONTEXT, dockerfile="", tags=[], cache_from=[], build_args={}, labels={}, outputs=[], platform="", memory=0
        ),
        "POST /build",
        {
            "dockerfile": "",
            "cachefrom": "[]",
            "buildargs": "{}",
            "labels": "{}",
            "platform": "",
            "outputs": "[]",
            "memory": "0",
        },
        CONTEXT,
        TAR,
        BUILT,
        BuildResult(ID, LOG),
    ),
    Case(
        "from an address",
        lambda d: d.images.build(remote="https://host/repo.git#main", tags="web", extra_hosts="a:1.2.3.4"),
        "POST /build",
        {"t": "web", "extrahosts": "a:1.2.3.4", "remote": "https://host/repo.git#main"},
        reply=BUILT,
        result=BuildResult(ID, LOG),
    ),
]


@pytest.mark.parametrize("version", ["1.41", NEWEST])
@pytest.mark.parametrize("case", TABLE, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


@pytest.mark.parametrize(
    ("reply", "image_id", "log"),
    [
        (messages({"stream": f"{ID}\n"}), ID, f"{ID}\n"),
        (messages({"stream": f"{ID[7:]}\n"}), ID, f"{ID[7:]}\n"),
        (messages({"stream": f"{ID[7:]}\n"}, {"stream": "written"}), "", f"{ID[7:]}\nwritten"),
        (messages({"id": "moby.buildkit.trace", "aux": "AAAA"}, {"id": "moby.image.id", "aux": {"ID": ID}}), ID, ""),
        (messages({"aux": {"ID": OTHER}}, {"aux": {"ID": ID}}), ID, ""),
        (messages({"aux": {"ID": ID}}, {"stream": f"{OTHER}\n"}), ID, f"{OTHER}\n"),
        (
            messages({"stream": "Successfully built 1b1b1b1b1b1b\n"}),
            "1b1b1b1b1b1b",
            "Successfully built 1b1b1b1b1b1b\n",
        ),
        (messages({"stream": "written to a file"}), "", "written to a file"),
        (messages(), "", ""),
    ],
    ids=[
        "quiet",
        "quiet Podman",
        "a step that prints a checksum",
        "BuildKit",
        "squashed",
        "a step that prints an id",
        "no aux",
        "no image",
        "nothing",
    ],
)
async def test_the_image_id_is_extracted(reply: Reply, image_id: str, log: str, server: Server) -> None:
    server.default = reply
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.images.build(CONTEXT) == BuildResult(image_id, log)


async def test_an_entered_build_yields_messages_and_then_its_result(server: Server) -> None:
    server.default = BUILT
    async with Docker(server.host, api_version="1.41") as docker, docker.images.build(CONTEXT) as progress:
        found = [message async for message in progress]
        assert await progress.result() == BuildResult(ID, LOG)
    assert found[2] == BuildInfo(aux={"ID": ID})


async def test_the_error_of_a_failed_build_contains_its_log(server: Server) -> None:
    message = "The command '/bin/sh -c exit 3' returned a non-zero code: 3"
    failure = {"errorDetail": {"code": 3, "message": message}, "error": message}
    server.default = messages({"stream": "Step 1/1 : RUN exit 3\n"}, {"stream": "some output\n"}, failure)
    items: list[BuildInfo] = []
    async with Docker(server.host, api_version="1.41") as docker:
        for call in (docker.images.build(CONTEXT), drained(docker.images.build(CONTEXT), items)):
            with pytest.raises(OperationFailed) as caught:
                await call
            assert (caught.value.message, caught.value.code) == (message, 3)
            assert caught.value.log == "Step 1/1 : RUN exit 3\nsome output\n"
    assert [item.stream for item in items] == ["Step 1/1 : RUN exit 3\n", "some output\n"]


async def test_only_the_end_of_a_long_log_is_kept(server: Server) -> None:
    line = "x" * 99 + "\n"
    server.default = messages(*[{"stream": line * 1000}] * 30, {"stream": "the end\n"})
    async with Docker(server.host, api_version="1.41") as docker:
        log = (await docker.images.build(CONTEXT)).log
    assert len(log) == 1 << 20
    assert log.endswith("x\nthe end\n")


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(lambda d: d.images.build(), InvalidArgument, "requires a context"),
        Refusal(lambda d: d.images.build(remote=""), InvalidArgument, "requires a context"),
        Refusal(lambda d: d.images.build(""), InvalidArgument, "the path of the build context is empty"),
        Refusal(lambda d: d.images.build(["."]), InvalidArgumentType, "context must be bytes"),
        Refusal(lambda d: d.images.build(b"", tags=["web", "a b"]), InvalidArgument, "invalid image reference"),
        Refusal(lambda d: d.images.build(b"", tags=f"web@{ID}"), InvalidArgument, "must not contain a digest"),
        Refusal(lambda d: d.images.build(b"", quiet=1), InvalidArgumentType, "quiet must be True or False"),
        Refusal(lambda d: d.images.build(b"", memory=-1), InvalidArgument, "memory must be at least 0"),
        Refusal(lambda d: d.images.build(b"", shm_size="1g"), InvalidArgumentType, "shm_size must be an integer"),
        Refusal(lambda d: d.images.build(b"", cache_from="web"), InvalidArgumentType, "cache_from must be a list"),
        Refusal(lambda d: d.images.build(b"", cache_from=[1]), InvalidArgumentType, "each of cache_from"),
        Refusal(lambda d: d.images.build(b"", build_args=["A=1"]), InvalidArgumentType, "build_args must be a mapping"),
        Refusal(lambda d: d.images.build(b"", build_args={"A": 1}), InvalidArgumentType, r"build_args\['A'\] must be"),
        Refusal(lambda d: d.images.build(b"", labels={"a": None}), InvalidArgumentType, r"labels\['a'\] must be"),
        Refusal(lambda d: d.images.build(b"", outputs={"Type": "x"}), InvalidArgumentType, "outputs must be a list"),
        Refusal(lambda d: d.images.build(b"", auth=[1]), InvalidArgumentType, "a mapping of registries"),
        Refusal(lambda d: d.images.build(b"", auth={"a": "u:p"}), InvalidArgumentType, r"auth\['a'\] must be an Auth"),
        Refusal(lambda d: d.images.build(b"", version=2), InvalidArgument, "version must be '1'"),
        Refusal(lambda d: d.images.build(b"", platform="/"), InvalidArgument, "platform must be os"),
    ],
    ids=str,
)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server)
