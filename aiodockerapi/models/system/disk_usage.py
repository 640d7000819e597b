"""What takes up the daemon's disk."""

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
    """What one kind of object takes up."""

    active_count: int = wire("ActiveCount", empty=int)
    """How many are in use."""
    total_count: int = wire("TotalCount", empty=int)
    reclaimable: int = wire("Reclaimable", empty=int)
    """Bytes that a prune would free."""
    total_size: int = wire("TotalSize", empty=int)
    """Bytes."""
    items: list[Any] = wire("Items", empty=list)
    """The objects, as their list shows them; only where `verbose` asked for them."""


@define(kw_only=True)
class ImagesDiskUsage(DiskUsage):
    """What the images take up."""


@define(kw_only=True)
class ContainersDiskUsage(DiskUsage):
    """What the containers have written."""


@define(kw_only=True)
class VolumesDiskUsage(DiskUsage):
    """What the volumes take up."""


@define(kw_only=True)
class BuildCacheDiskUsage(DiskUsage):
    """What the build cache takes up."""


@define(kw_only=True)
class SystemDataUsageResponse(Model):
    """What takes up the daemon's disk.

    Engines from API 1.52 on give sums, with the objects only on demand; older ones give lists of all objects instead. Some
    engines send both.
    """

    image_usage: ImagesDiskUsage | None = wire("ImageUsage", since="1.52")
    container_usage: ContainersDiskUsage | None = wire("ContainerUsage", since="1.52")
    volume_usage: VolumesDiskUsage | None = wire("VolumeUsage", since="1.52")
    build_cache_usage: BuildCacheDiskUsage | None = wire("BuildCacheUsage", since="1.52")
    layers_size: int = wire("LayersSize", empty=int, until="1.51")
    """Bytes of all image layers, shared ones counted once."""
    images: list[ImageSummary] = wire("Images", empty=list, until="1.51")
    containers: list[ContainerSummary] = wire("Containers", empty=list, until="1.51")
    volumes: list[Volume] = wire("Volumes", empty=list, until="1.51")
    build_cache: list[BuildCache] = wire("BuildCache", empty=list, until="1.51")
