"""Disk usage is the same on every engine: one daemon, as reported before and after API 1.52."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import DecodingError, Docker, structure, unstructure
from aiodockerapi.models import BuildCache, ContainerSummary, ImageSummary, SystemDataUsageResponse, Volume
from tests.support.server import json_reply
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

IMAGES = [
    {"Id": "sha256:1", "Size": 100, "SharedSize": 40, "Containers": 2},
    {"Id": "sha256:2", "Size": 70, "SharedSize": 40, "Containers": 0},
    {"Id": "sha256:3", "Size": 10, "SharedSize": -1, "Containers": 1},
]
CONTAINERS = [
    {"Id": "c1", "State": "running", "SizeRw": 5},
    {"Id": "c2", "State": "exited", "SizeRw": 7},
    {"Id": "c3", "State": "paused"},
]
VOLUMES = [
    {"Name": "v1", "UsageData": {"Size": 11, "RefCount": 1}},
    {"Name": "v2", "UsageData": {"Size": 13, "RefCount": 0}},
    {"Name": "v3", "UsageData": {"Size": -1, "RefCount": -1}},
]
CACHE = [
    {"ID": "b1", "Size": 17, "InUse": True, "Shared": False},
    {"ID": "b2", "Size": 19, "InUse": False, "Shared": False},
    {"ID": "b3", "Size": 23, "InUse": False, "Shared": True},
]
LISTS = {"LayersSize": 140, "Images": IMAGES, "Containers": CONTAINERS, "Volumes": VOLUMES, "BuildCache": CACHE}
TOTALS = {
    "ImageUsage": {"ActiveCount": 2, "TotalCount": 3, "TotalSize": 140, "Reclaimable": 80},
    "ContainerUsage": {"ActiveCount": 2, "TotalCount": 3, "TotalSize": 12, "Reclaimable": 7},
    "VolumeUsage": {"ActiveCount": 1, "TotalCount": 3, "TotalSize": 24, "Reclaimable": 13},
    "BuildCacheUsage": {"ActiveCount": 1, "TotalCount": 3, "TotalSize": 36, "Reclaimable": 19},
}
OBJECTS = {"ImageUsage": IMAGES, "ContainerUsage": CONTAINERS, "VolumeUsage": VOLUMES, "BuildCacheUsage": CACHE}
VERBOSE = {key: {**total, "Items": OBJECTS[key]} for key, total in TOTALS.items()}


async def usage(server: Server, response: dict[str, Any], **arguments: Any) -> SystemDataUsageResponse:
    """Return the result of `disk_usage` for that response."""
    server.default = json_reply(response)
    async with Docker(server.host, api_version=NEWEST) as docker:
        return await docker.system.disk_usage(**arguments)


def totals(found: SystemDataUsageResponse) -> dict[str, Any]:
    """Return the totals of a result in wire form, without the objects."""
    raw = unstructure(found)
    return {key: {name: value for name, value in raw[key].items() if name != "Items"} for key in TOTALS}


@pytest.mark.parametrize(
    "response", [LISTS, VERBOSE, TOTALS | LISTS, VERBOSE | LISTS], ids=["old", "new", "both", "all"]
)
async def test_totals_and_objects_are_complete(response: dict[str, Any], server: Server) -> None:
    found = await usage(server, response)
    assert totals(found) == TOTALS
    assert found.layers_size == 140
    assert found.images == structure(IMAGES, list[ImageSummary])
    assert found.containers == structure(CONTAINERS, list[ContainerSummary])
    assert found.volumes == structure(VOLUMES, list[Volume])
    assert found.build_cache == structure(CACHE, list[BuildCache])


async def test_without_objects_the_lists_are_empty(server: Server) -> None:
    found = await usage(server, TOTALS)
    assert totals(found) == TOTALS
    assert [found.images, found.containers, found.volumes, found.build_cache] == [[], [], [], []]


@pytest.mark.parametrize("response", [{"LayersSize": 0, "Images": None, "Volumes": VOLUMES}, {"Volumes": VOLUMES}])
async def test_a_kind_that_was_not_requested_has_no_total(response: dict[str, Any], server: Server) -> None:
    found = await usage(server, response, type="volume")
    assert found.volume_usage is not None
    assert (found.volume_usage.total_count, found.volume_usage.total_size) == (3, 24)
    assert (found.image_usage, found.container_usage, found.build_cache_usage) == (None, None, None)


async def test_unknown_properties_are_kept(server: Server) -> None:
    found = await usage(server, {**VERBOSE, "Later": 1})
    assert found.extra == {"Later": 1}


async def test_an_object_of_the_wrong_type_is_an_error(server: Server) -> None:
    with pytest.raises(DecodingError, match="expected an object"):
        await usage(server, {"ImageUsage": {"Items": ["text"]}})
