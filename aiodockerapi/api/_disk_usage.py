"""Normalization of disk usage: totals and objects on every engine, whichever of the two the daemon sent.

The content of the response decides, not its version: some engines send both. Totals are computed like those of the docker
command.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from .. import models
from .._engine import structure

__all__ = ["complete_usage"]

T = TypeVar("T")
UsageT = TypeVar("UsageT", bound="models.DiskUsage")

_ALIVE = ("running", "paused", "restarting")


def complete_usage(usage: models.SystemDataUsageResponse, kinds: Collection[str]) -> models.SystemDataUsageResponse:
    """Fill in the totals and objects that the daemon omitted, for the requested kinds of object."""
    usage.images = _objects(usage.images, usage.image_usage, models.ImageSummary)
    usage.containers = _objects(usage.containers, usage.container_usage, models.ContainerSummary)
    usage.volumes = _objects(usage.volumes, usage.volume_usage, models.Volume)
    usage.build_cache = _objects(usage.build_cache, usage.build_cache_usage, models.BuildCache)
    if usage.image_usage is None and "image" in kinds:
        usage.image_usage = _image_usage(usage.images, usage.layers_size)
    if usage.container_usage is None and "container" in kinds:
        usage.container_usage = _container_usage(usage.containers)
    if usage.volume_usage is None and "volume" in kinds:
        usage.volume_usage = _volume_usage(usage.volumes)
    if usage.build_cache_usage is None and "build-cache" in kinds:
        usage.build_cache_usage = _build_cache_usage(usage.build_cache)
    if usage.image_usage is not None and not usage.layers_size:
        usage.layers_size = usage.image_usage.total_size
    return usage


def _objects(listed: list[T], usage: models.DiskUsage | None, cls: type[T]) -> list[T]:
    """Return the objects, which newer engines send inside the totals."""
    if usage is None or not usage.items:
        return listed
    usage.items = listed or structure(usage.items, list[cls])  # type: ignore[valid-type]
    return usage.items


def _usage(cls: type[UsageT], items: list[Any], active: int, size: int, reclaimable: int) -> UsageT:
    usage = structure({}, cls)  # calling the class would have attrs generate its constructor first
    usage.active_count, usage.total_count = active, len(items)
    usage.total_size, usage.reclaimable = size, max(reclaimable, 0)
    usage.items = items
    return usage


def _image_usage(images: list[models.ImageSummary], size: int) -> models.ImagesDiskUsage:
    used = [image for image in images if image.containers]
    kept = sum(image.size - image.shared_size for image in used if image.size != -1 and image.shared_size != -1)
    active = sum(image.containers > 0 for image in images)
    return _usage(models.ImagesDiskUsage, images, active, size, size - kept)


def _container_usage(containers: list[models.ContainerSummary]) -> models.ContainersDiskUsage:
    alive = [container for container in containers if container.state in _ALIVE]
    size, kept = (sum(one.size_rw or 0 for one in group) for group in (containers, alive))
    return _usage(models.ContainersDiskUsage, containers, len(alive), size, size - kept)


def _volume_usage(volumes: list[models.Volume]) -> models.VolumesDiskUsage:
    data = [volume.usage_data for volume in volumes if volume.usage_data is not None]
    measured = [one for one in data if one.size != -1]
    free = sum(one.size for one in measured if not one.ref_count)
    active = sum(one.ref_count > 0 for one in data)
    return _usage(models.VolumesDiskUsage, volumes, active, sum(one.size for one in measured), free)


def _build_cache_usage(records: list[models.BuildCache]) -> models.BuildCacheDiskUsage:
    own = [record for record in records if not record.shared]  # shared records are counted as part of an image
    free = sum(record.size for record in own if not record.in_use)
    active = sum(record.in_use for record in records)
    return _usage(models.BuildCacheDiskUsage, records, active, sum(record.size for record in own), free)
