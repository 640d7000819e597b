"""Results of image builds: image ids and the build cache."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["BuildCache", "BuildCacheType", "BuildPruneResponse", "ImageID"]

BuildCacheType: TypeAlias = Literal[
    "internal", "frontend", "source.local", "source.git.checkout", "exec.cachemount", "regular"
]
"""Kinds of build cache records.

``regular``: the result of a build step, ``source.local``: files sent by the client, ``source.git.checkout``: a Git
checkout, ``exec.cachemount``: a cache mount of a ``RUN`` step, ``frontend``: an image that parses build files,
``internal``: data of the builder itself.
"""


@define(kw_only=True)
class ImageID(Model):
    """The id of an image that was built."""

    id: str = wire("ID", empty=str)
    """Id or digest of the image, e.g. ``sha256:...``."""


@define(kw_only=True)
class BuildCache(Model):
    """A record of the build cache: data kept by the builder so that a step need not be repeated."""

    id: str = wire("ID", empty=str)
    """Unique id of the record."""
    parents: list[str] = wire("Parents", empty=list, since="1.42")
    """Ids of the records that this one is based on; empty if there are none."""
    type: BuildCacheType | str = wire("Type", empty=str)
    """Kind of data in the record."""
    description: str = wire("Description", empty=str)
    """The build step that created the record, as text for humans."""
    in_use: bool = wire("InUse", empty=bool)
    """Whether the record is currently in use, e.g. by a running build."""
    shared: bool = wire("Shared", empty=bool)
    """Whether the data is shared with other resources, e.g. an image."""
    size: int = wire("Size", empty=int)
    """Size of the data on disk in bytes."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the record was created."""
    last_used_at: datetime.datetime | None = wire("LastUsedAt")
    """When a build last used the record; None if it has never been used."""
    usage_count: int = wire("UsageCount", empty=int)
    """Number of times that builds have used the record."""
    parent: str = wire("Parent", empty=str, until="1.41")
    """Id of the record that this one is based on; empty if there is none. Newer versions: ``parents``."""


@define(kw_only=True)
class BuildPruneResponse(Model):
    """The result of pruning the build cache."""

    caches_deleted: list[str] = wire("CachesDeleted", empty=list)
    """Ids of the records that were removed."""
    space_reclaimed: int = wire("SpaceReclaimed", empty=int)
    """Disk space freed, in bytes."""
