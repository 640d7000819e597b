"""Disk usage of images, containers, volumes and the build cache."""

from typing import Any

from .._fields import Model, define, wire
from ..container.inspect import ContainerSummary
from ..image.build import BuildCache
from ..image.inspect import ImageSummary
from ..volume.volume import Volume

__all__ = [
    "BuildCacheDiskUsage",
    "ContainersDiskUsage",
    "DiskUsage",
    "ImagesDiskUsage",
    "SystemDataUsageResponse",
    "VolumesDiskUsage",
]


@define(kw_only=True)
class DiskUsage(Model):
    """The disk usage of one kind of object."""

    active_count: int = wire("ActiveCount", empty=int)
    """Number of objects in use: images and volumes used by containers, running or paused containers, cache records
    used by builds."""
    total_count: int = wire("TotalCount", empty=int)
    """Number of all objects."""
    reclaimable: int = wire("Reclaimable", empty=int)
    """Disk space in bytes that removing the unused objects would free."""
    total_size: int = wire("TotalSize", empty=int)
    """Disk space in bytes used by all objects."""
    items: list[Any] = wire("Items", empty=list)
    """The objects, as in the list of their kind; empty unless requested with ``verbose`` (before API 1.52: always
    reported)."""


@define(kw_only=True)
class ImagesDiskUsage(DiskUsage):
    """The disk usage of images; layers shared by several images count once."""


@define(kw_only=True)
class ContainersDiskUsage(DiskUsage):
    """The disk usage of containers: the data written to their writable layers."""


@define(kw_only=True)
class VolumesDiskUsage(DiskUsage):
    """The disk usage of volumes."""


@define(kw_only=True)
class BuildCacheDiskUsage(DiskUsage):
    """The disk usage of the build cache."""


@define(kw_only=True)
class SystemDataUsageResponse(Model):
    """The disk usage of the daemon's data.

    Engines from API 1.52 on report totals, with the objects only on request; older engines report lists of all
    objects instead. Some engines send both. ``system.disk_usage`` fills in what the engine does not report from the
    rest.
    """

    image_usage: ImagesDiskUsage | None = wire("ImageUsage", since="1.52")
    """Disk usage of images; None if not requested."""
    container_usage: ContainersDiskUsage | None = wire("ContainerUsage", since="1.52")
    """Disk usage of containers; None if not requested."""
    volume_usage: VolumesDiskUsage | None = wire("VolumeUsage", since="1.52")
    """Disk usage of volumes; None if not requested."""
    build_cache_usage: BuildCacheDiskUsage | None = wire("BuildCacheUsage", since="1.52")
    """Disk usage of the build cache; None if not requested."""
    layers_size: int = wire("LayersSize", empty=int, until="1.51")
    """Disk space in bytes used by image layers, with shared layers counted once."""
    images: list[ImageSummary] = wire("Images", empty=list, until="1.51")
    """The images; empty from API 1.52 on unless ``verbose`` is set."""
    containers: list[ContainerSummary] = wire("Containers", empty=list, until="1.51")
    """The containers, with their sizes; empty from API 1.52 on unless ``verbose`` is set."""
    volumes: list[Volume] = wire("Volumes", empty=list, until="1.51")
    """The volumes, with their usage data; empty from API 1.52 on unless ``verbose`` is set."""
    build_cache: list[BuildCache] = wire("BuildCache", empty=list, until="1.51")
    """The build cache records; empty from API 1.52 on unless ``verbose`` is set."""
