"""A volume, how to make one, and the list of them."""

import datetime
from typing import Any, Literal, TypeAlias

from .._fields import Model, define, wire
from .cluster import ClusterVolume, ClusterVolumeSpec

__all__ = [
    "Volume",
    "VolumeCreateRequest",
    "VolumeListResponse",
    "VolumePruneResponse",
    "VolumeScope",
    "VolumeUpdateRequest",
    "VolumeUsageData",
]

VolumeScope: TypeAlias = Literal["local", "global"]


@define(kw_only=True)
class VolumeUsageData(Model):
    """What a volume takes up, as `system.disk_usage` tells it."""

    size: int = wire("Size", empty=int)
    """Bytes; -1 where the driver does not tell."""
    ref_count: int = wire("RefCount", empty=int)
    """Containers that refer to the volume; -1 where nobody counted."""


@define(kw_only=True)
class Volume(Model):
    """Storage that outlives containers."""

    name: str = wire("Name", empty=str)
    driver: str = wire("Driver", empty=str)
    mountpoint: str = wire("Mountpoint", empty=str)
    """Where it lies on the host."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    status: dict[str, Any] = wire("Status", empty=dict)
    """What the driver tells."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    scope: VolumeScope | str = wire("Scope", empty=str)
    """`global` where the whole cluster sees it."""
    cluster_volume: ClusterVolume | None = wire("ClusterVolume", since="1.42")
    options: dict[str, str] = wire("Options", empty=dict)
    """What the driver was told."""
    usage_data: VolumeUsageData | None = wire("UsageData")
    """Only from `system.disk_usage`."""


@define(kw_only=True)
class VolumeCreateRequest(Model):
    """A volume to create."""

    name: str | None = wire("Name")
    """None lets the daemon choose one."""
    driver: str | None = wire("Driver")
    """`local` where nothing is said."""
    driver_opts: dict[str, str] = wire("DriverOpts", empty=dict)
    """What the driver understands."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    cluster_volume_spec: ClusterVolumeSpec | None = wire("ClusterVolumeSpec", since="1.42")
    """Makes it a cluster volume."""


@define(kw_only=True)
class VolumeUpdateRequest(Model):
    """What a cluster volume is to be like."""

    spec: ClusterVolumeSpec | None = wire("Spec", since="1.42")
    """Nothing but its availability may differ from what it is."""


@define(kw_only=True)
class VolumeListResponse(Model):
    """The volumes, and what went wrong when asking for them."""

    volumes: list[Volume] = wire("Volumes", empty=list)
    warnings: list[str] = wire("Warnings", empty=list)


@define(kw_only=True)
class VolumePruneResponse(Model):
    """What a prune of volumes has removed."""

    volumes_deleted: list[str] = wire("VolumesDeleted", empty=list)
    """Their names."""
    space_reclaimed: int = wire("SpaceReclaimed", empty=int)
    """Bytes."""
