"""The calls of `docker.images` for images on the host, and `docker.distribution`: requests and results."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType
from aiodockerapi.models import (
    AttestationStatement,
    BuildPruneResponse,
    DistributionInspect,
    ImageConfig,
    ImageDeleteResponseItem,
    ImageHistoryResponseItem,
    ImageInspect,
    ImagePruneResponse,
    ImageSearchResponseItem,
    ImageSummary,
    OCIDescriptor,
    OCIPlatform,
)
from tests.support.calls import Case, Refusal, check, check_refused, check_unsupported
from tests.support.server import Reply, json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

VERSIONS = ["1.41", "1.44", NEWEST]
DIGEST = f"sha256:{'0a' * 32}"
AUTH = {"x-registry-auth": "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6Ij8-cCJ9"}
"""{"username":"u","password":"?>p"}, whose standard base64 form contains a slash."""
PRUNED = BuildPruneResponse(caches_deleted=["a"], space_reclaimed=3)
PRUNED_REPLY = json_reply({"CachesDeleted": ["a"], "SpaceReclaimed": 3})

SEVERAL = (
    '{"dangling":{"true":true},"label":{"a=b":true,"c":true}}'  # Podman matches nothing if a list has several values
)
TABLE = [
    Case("list", lambda d: d.images.list(), "GET /images/json", reply=json_reply(None), result=[]),
    Case(
        "list all",
        lambda d: d.images.list(all=True, digests=False, filters={"dangling": True, "label": ["a=b", "c"]}),
        "GET /images/json",
        {"all": "true", "filters": SEVERAL, "digests": "false"},
        reply=json_reply([{"Id": "sha256:1", "RepoTags": None, "Created": 1714564800, "Size": 5}]),
        result=[
            ImageSummary(id="sha256:1", size=5, created=datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)),
        ],
    ),
    Case(
        "inspect",
        lambda d: d.images.inspect("busybox"),
        "GET /images/busybox/json",
        reply=json_reply({"Id": "sha256:1", "RepoTags": ["busybox:latest"], "Config": {"Cmd": ["sh"]}}),
        result=ImageInspect(id="sha256:1", repo_tags=["busybox:latest"], config=ImageConfig(cmd=["sh"])),
    ),
    Case(
        "inspect without optional properties",
        lambda d: d.images.inspect("busybox"),
        "GET /images/busybox/json",
        reply=json_reply({"Id": "sha256:1"}),
        result=ImageInspect(id="sha256:1"),
    ),
    Case(
        "history",
        lambda d: d.images.history("busybox"),
        "GET /images/busybox/history",
        reply=json_reply([{"Id": "<missing>", "CreatedBy": "CMD sh", "Tags": None, "Size": 0}]),
        result=[ImageHistoryResponseItem(id="<missing>", created_by="CMD sh", size=0)],
    ),
    Case(
        "tag",
        lambda d: d.images.tag("busybox", "127.0.0.1:5000/web"),
        "POST /images/busybox/tag",
        {"repo": "127.0.0.1:5000/web"},
        reply=Reply(201),
    ),
    Case(
        "tag as an argument",
        lambda d: d.images.tag("busybox", "web", tag="1.2"),
        "POST /images/busybox/tag",
        {"repo": "web", "tag": "1.2"},
        reply=Reply(201),
    ),
    Case(
        "tag in the name",
        lambda d: d.images.tag("busybox", "127.0.0.1:5000/web:1.2"),
        "POST /images/busybox/tag",
        {"repo": "127.0.0.1:5000/web", "tag": "1.2"},
        reply=Reply(201),
    ),
    Case(
        "remove",
        lambda d: d.images.remove("web:1"),
        "DELETE /images/web:1",
        reply=json_reply([{"Untagged": "web:1"}, {"Deleted": "sha256:1"}]),
        result=[ImageDeleteResponseItem(untagged="web:1"), ImageDeleteResponseItem(deleted="sha256:1")],
    ),
    Case(
        "remove all",
        lambda d: d.images.remove("web", force=True, no_prune=False),
        "DELETE /images/web",
        {"force": "true", "noprune": "false"},
        reply=json_reply([]),
        result=[],
    ),
    Case(
        "search",
        lambda d: d.images.search("127.0.0.1:1/a b", limit=3, filters={"is-official": True, "stars": "2"}),
        "GET /images/search",
        {"term": "127.0.0.1:1/a b", "limit": "3", "filters": '{"is-official":["true"],"stars":["2"]}'},
        reply=json_reply([{"name": "web", "star_count": 2}]),
        result=[ImageSearchResponseItem(name="web", star_count=2)],
    ),
    Case(
        "search with credentials",
        lambda d: d.images.search("web", auth={"username": "u", "password": "?>p"}),
        "GET /images/search",
        {"term": "web"},
        headers=AUTH,
        reply=json_reply(None),
        result=[],
    ),
    Case(
        "prune",
        lambda d: d.images.prune(filters={"dangling": False, "until": "10m"}),
        "POST /images/prune",
        {"filters": '{"dangling":["false"],"until":["10m"]}'},
        reply=json_reply({"ImagesDeleted": None, "SpaceReclaimed": 0}),
        result=ImagePruneResponse(space_reclaimed=0),
    ),
    Case(
        "prune the build cache",
        lambda d: d.images.prune_build_cache(all=True, filters={"inuse": False}),
        "POST /build/prune",
        {"all": "true", "filters": '{"inuse":["false"]}'},
        reply=PRUNED_REPLY,
        result=PRUNED,
    ),
    Case(
        "distribution",
        lambda d: d.distribution.inspect("127.0.0.1:5000/web:1", auth={"username": "u", "password": "?>p"}),
        "GET /distribution/127.0.0.1:5000/web:1/json",
        headers=AUTH,
        reply=json_reply({"Descriptor": {"digest": DIGEST}, "Platforms": [{"os": "linux", "architecture": "amd64"}]}),
        result=DistributionInspect(
            descriptor=OCIDescriptor(digest=DIGEST), platforms=[OCIPlatform(os="linux", architecture="amd64")]
        ),
    ),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", TABLE, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("web", "web"),
        ("4fa6", "4fa6"),
        (DIGEST, DIGEST),
        ("library/a/b:1.2", "library/a/b:1.2"),
        (f"a/b@{DIGEST}", f"a/b@{DIGEST}"),
        (f"localhost:5000/a:1@{DIGEST}", f"localhost:5000/a:1@{DIGEST}"),
        ("[::1]:5000/a__b", "%5B::1%5D:5000/a__b"),
        ("json", "json"),
        ("search/json", "search/json"),
    ],
)
async def test_names_in_paths(name: str, path: str, server: Server) -> None:
    reply = json_reply({"Id": "sha256:1"})
    result = ImageInspect(id="sha256:1")
    case = Case("inspect", lambda d: d.image(name).inspect(), f"GET /images/{path}/json", reply=reply, result=result)
    await check(case, server, "1.41")


@pytest.mark.parametrize(
    "name", ["", "/", ".", "..", "a/../b", "a//b", "/a", "a/", "a?b", "a#b", "a%2fb", "a b", "a\n"]
)
@pytest.mark.parametrize(
    "call",
    [
        lambda d, name: d.images.inspect(name),
        lambda d, name: d.images.history(name),
        lambda d, name: d.images.attestations(name),
        lambda d, name: d.images.tag(name, "web"),
        lambda d, name: d.images.tag("web", name),
        lambda d, name: d.images.remove(name),
        lambda d, name: d.images.pull(name),
        lambda d, name: d.images.push(name),
        lambda d, name: d.images.save(name),
        lambda d, name: d.images.save(["web", name]),
        lambda d, name: d.images.import_image(b"", repository=name),
        lambda d, name: d.images.build(b"", tags=name),
        lambda d, name: d.distribution.inspect(name),
    ],
)
async def test_a_malformed_name_is_refused(call: Callable[[Docker, str], Any], name: str, server: Server) -> None:
    async with Docker(server.host, api_version=NEWEST) as docker:
        with pytest.raises(InvalidArgument, match="invalid image reference"):
            await call(docker, name)
    assert server.received == []


REFUSALS = [
    Refusal(lambda d: d.images.inspect(None), InvalidArgumentType, "image reference must be a string"),
    Refusal(lambda d: d.images.inspect("Web"), InvalidArgument, "names must be lowercase"),
    Refusal(lambda d: d.images.list(all=1), InvalidArgumentType, "all must be True or False"),
    Refusal(lambda d: d.images.list(filters={"a": 1}), InvalidArgumentType, "filter 'a' must be"),
    Refusal(lambda d: d.images.list(identity=True, manifests=False), InvalidArgument, "with manifests=False"),
    Refusal(
        lambda d: d.images.inspect("a", manifests=True, platform="linux/amd64"),
        InvalidArgument,
        "cannot be combined with platform=",
    ),
    Refusal(lambda d: d.images.inspect("a", platform="linux"), InvalidArgument, "must include the architecture"),
    Refusal(lambda d: d.images.inspect("a", platform=""), InvalidArgument, "platform must be os"),
    Refusal(lambda d: d.images.inspect("a", platform="a/b/c/d"), InvalidArgument, "platform must be os"),
    Refusal(lambda d: d.images.inspect("a", platform=OCIPlatform()), InvalidArgument, "must include 'os'"),
    Refusal(lambda d: d.images.inspect("a", platform=1), InvalidArgumentType, "a string, an OCIPlatform or a mapping"),
    Refusal(
        lambda d: d.images.remove("a", platforms=[1]), InvalidArgumentType, "a string, an OCIPlatform or a mapping"
    ),
    Refusal(lambda d: d.images.remove("a", platforms=1), InvalidArgumentType, "a string, an OCIPlatform or a mapping"),
    Refusal(lambda d: d.images.tag("a", "b:1", tag="2"), InvalidArgument, "already has a tag"),
    Refusal(lambda d: d.images.tag("a", "b", tag=""), InvalidArgument, "is not a tag"),
    Refusal(lambda d: d.images.tag("a", "b", tag="c/d"), InvalidArgument, "invalid image reference"),
    Refusal(lambda d: d.images.tag("a", "b", tag=f"c@{DIGEST}"), InvalidArgument, "is not a tag"),
    Refusal(lambda d: d.images.tag("a", f"b@{DIGEST}"), InvalidArgument, "contains a digest"),
    Refusal(lambda d: d.images.search(" "), InvalidArgument, "the search term is empty"),
    Refusal(lambda d: d.images.search("a", limit=-1), InvalidArgument, "limit must be at least 0"),
    Refusal(lambda d: d.images.search("a", auth="u:secret"), InvalidArgumentType, "AuthConfig or a mapping, not str$"),
    Refusal(lambda d: d.images.prune_build_cache(keep_storage=-1), InvalidArgument, "keep_storage must be at least 0"),
    Refusal(
        lambda d: d.images.prune_build_cache(keep_storage=1, reserved_space=2), InvalidArgument, "are the same option"
    ),
    Refusal(lambda d: d.images.attestations("a", type=[1]), InvalidArgumentType, "type must be a string"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
async def test_what_cannot_be_sent_is_refused(refusal: Refusal, server: Server) -> None:
    await check_refused(refusal, server, NEWEST)


ARM = '{"os":"linux","architecture":"arm64","variant":"v8"}'


def gated(
    since: str, option: str, call: Any, line: str, query: dict[str, Any], raw: Any, result: Any
) -> tuple[str, str, Case]:
    """Return the first version that has an option, its name, and a call that uses it."""
    return since, f"images.{option}", Case(option, call, line, query, reply=json_reply(raw), result=result)


INSPECTED = ({"Id": "sha256:1"}, ImageInspect(id="sha256:1"))
GATED = [
    gated(
        "1.42",
        "list.shared_size",
        lambda d: d.images.list(shared_size=False),
        "GET /images/json",
        {"shared-size": "false"},
        [],
        [],
    ),
    gated(
        "1.47",
        "list.manifests",
        lambda d: d.images.list(manifests=True),
        "GET /images/json",
        {"manifests": "true"},
        [],
        [],
    ),
    gated(
        "1.54",
        "list.identity",
        lambda d: d.images.list(identity=True),
        "GET /images/json",
        {"manifests": "true", "identity": "true"},
        [],
        [],
    ),
    gated(
        "1.48",
        "inspect.manifests",
        lambda d: d.images.inspect("a", manifests=True),
        "GET /images/a/json",
        {"manifests": "true"},
        *INSPECTED,
    ),
    gated(
        "1.49",
        "inspect.platform",
        lambda d: d.images.inspect("a", platform="linux/arm64/v8"),
        "GET /images/a/json",
        {"platform": ARM},
        *INSPECTED,
    ),
    gated(
        "1.48",
        "history.platform",
        lambda d: d.images.history("a", platform=OCIPlatform(os="linux", architecture="arm64", variant="v8")),
        "GET /images/a/history",
        {"platform": ARM},
        [],
        [],
    ),
    gated(
        "1.50",
        "remove.platforms",
        lambda d: d.images.remove("a", platforms=["linux/arm64/v8", {"os": "linux", "architecture": "386"}]),
        "DELETE /images/a",
        {"platforms": [ARM, '{"os":"linux","architecture":"386"}']},
        [],
        [],
    ),
    gated(
        "1.50",
        "remove.platforms",
        lambda d: d.images.remove("a", platforms="linux/arm64/v8"),
        "DELETE /images/a",
        {"platforms": ARM},
        [],
        [],
    ),
    gated(
        "1.55",
        "attestations",
        lambda d: d.images.attestations("a", platform="linux/arm64/v8", type=["x", "y"], statement=True),
        "GET /images/a/attestations",
        {"platform": ARM, "type": ["x", "y"], "statement": "true"},
        [{"PredicateType": "x", "Statement": {"a": 1}}],
        [AttestationStatement(predicate_type="x", statement={"a": 1})],
    ),
    gated(
        "1.48",
        "prune_build_cache.max_used_space",
        lambda d: d.images.prune_build_cache(max_used_space=0),
        "POST /build/prune",
        {"max-used-space": "0"},
        {},
        BuildPruneResponse(),
    ),
    gated(
        "1.48",
        "prune_build_cache.min_free_space",
        lambda d: d.images.prune_build_cache(min_free_space=1),
        "POST /build/prune",
        {"min-free-space": "1"},
        {},
        BuildPruneResponse(),
    ),
]


@pytest.mark.parametrize(("since", "option", "case"), GATED)
async def test_an_option_requires_an_engine_that_supports_it(
    since: str, option: str, case: Case, server: Server
) -> None:
    await check_unsupported(case, server, option, since)


async def test_arguments_of_an_unsupported_operation_are_unsupported(server: Server) -> None:
    async with Docker(server.host, api_version="1.54") as docker:
        assert not await docker.supports("images.attestations.statement")


@pytest.mark.parametrize("argument", ["keep_storage", "reserved_space"])
@pytest.mark.parametrize(
    ("version", "key"), [("1.41", "keep-storage"), ("1.47", "keep-storage"), ("1.48", "reserved-space")]
)
async def test_reserved_space_has_another_name_on_older_engines(
    argument: str, version: str, key: str, server: Server
) -> None:
    case = Case(
        argument,
        lambda d: d.images.prune_build_cache(**{argument: 1_000}),
        "POST /build/prune",
        {key: "1000"},
        reply=PRUNED_REPLY,
        result=PRUNED,
    )
    await check(case, server, version)
    async with Docker(server.host, api_version=version) as docker:
        assert await docker.supports(f"images.prune_build_cache.{argument}")
