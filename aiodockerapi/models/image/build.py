"""What building images leaves behind."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["BuildCache", "BuildCacheType", "BuildPruneResponse", "ImageID"]

BuildCacheType: TypeAlias = Literal[
    "internal", "frontend", "source.local", "source.git.checkout", "exec.cachemount", "regular"
]


@define(kw_only=True)
class ImageID(Model):
    """The id of an image that a build has made."""

    id: str = wire("ID", empty=str)


@define(kw_only=True)
class BuildCache(Model):
    """What the builder keeps so as not to do a step again."""

    id: str = wire("ID", empty=str)
    parents: list[str] = wire("Parents", empty=list, since="1.42")
    """Ids of the records that this one builds upon."""
    type: BuildCacheType | str = wire("Type", empty=str)
    description: str = wire("Description", empty=str)
    """The step that made it."""
    in_use: bool = wire("InUse", empty=bool)
    shared: bool = wire("Shared", empty=bool)
    size: int = wire("Size", empty=int)
    """Bytes."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    last_used_at: datetime.datetime | None = wire("LastUsedAt")
    usage_count: int = wire("UsageCount", empty=int)
    parent: str = wire("Parent", empty=str, until="1.41")
    """The id of the record that this one builds upon."""


@define(kw_only=True)
class BuildPruneResponse(Model):
    """What a prune of the build cache has removed."""

    caches_deleted: list[str] = wire("CachesDeleted", empty=list)
    """Ids of the records."""
    space_reclaimed: int = wire("SpaceReclaimed", empty=int)
    """Bytes."""
