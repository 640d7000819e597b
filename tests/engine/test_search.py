"""Searching for images in a simulated index."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aiodockerapi import APIError, Docker, ServerError
from aiodockerapi.models import ImageSearchResponseItem
from tests.support.server import Reply, Server, json_reply, serving

RESULTS = [
    {"name": "web", "description": "a server", "star_count": 5, "is_official": True, "is_automated": False},
    {"name": "web-of-mine", "description": "", "star_count": 1, "is_official": False, "is_automated": False},
]


@pytest.fixture
async def index() -> AsyncIterator[Server]:
    """A registry of version 1, the only version that daemons can search."""
    async with serving() as server:
        server.routes["GET /v1/_ping"] = json_reply(
            {"standalone": True}, headers={"X-Docker-Registry-Standalone": "true"}
        )
        server.routes["GET /v1/search"] = json_reply({"query": "web", "num_results": 2, "results": RESULTS})
        server.default = Reply(404)
        yield server


def searches(index: Server) -> list[dict[str, str]]:
    """Return the queries of the daemon's searches."""
    return [dict(request.query) for request in index.received if request.path == "/v1/search"]


async def test_images_are_found(docker: Docker, index: Server) -> None:
    found = await docker.images.search(f"127.0.0.1:{index.port}/web", limit=7)
    first = ImageSearchResponseItem(name="web", description="a server", star_count=5, is_official=True)
    assert found[0] == first
    assert [one.name for one in found] == ["web", "web-of-mine"]
    assert searches(index) == [{"q": "web", "n": "7"}]


@pytest.mark.parametrize("filters", [{"is-official": True}, {"stars": "3"}, {"is-official": "true", "stars": ["2"]}])
async def test_filters(docker: Docker, index: Server, filters: dict[str, str | bool]) -> None:
    found = await docker.images.search(f"127.0.0.1:{index.port}/web", filters=filters)
    assert [one.name for one in found] == ["web"]


async def test_credentials_reach_the_index(docker: Docker, index: Server) -> None:
    await docker.images.search(f"127.0.0.1:{index.port}/web", auth={"username": "user", "password": "secret"})
    [search] = [request for request in index.received if request.path == "/v1/search"]
    assert search.headers["authorization"].startswith("Basic ")


async def test_nothing_is_found(docker: Docker, index: Server) -> None:
    index.routes["GET /v1/search"] = json_reply({"query": "web", "num_results": 0, "results": []})
    assert await docker.images.search(f"127.0.0.1:{index.port}/web") == []


async def test_an_index_that_fails_is_an_error(docker: Docker, index: Server) -> None:
    index.routes["GET /v1/search"] = Reply(500)
    with pytest.raises(ServerError, match=r"500|Unexpected status"):
        await docker.images.search(f"127.0.0.1:{index.port}/web")
    with pytest.raises(APIError, match="refused"):  # 400 or 500, depending on the engine
        await docker.images.search("127.0.0.1:1/web")
