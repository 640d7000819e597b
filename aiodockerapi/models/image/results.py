"""Results of the history, removal, pruning and search of images."""

import datetime

from .._fields import Model, define, wire

__all__ = [
    "ImageDeleteResponseItem",
    "ImageHistoryResponseItem",
    "ImagePruneResponse",
    "ImageSearchResponseItem",
]


@define(kw_only=True)
class ImageHistoryResponseItem(Model):
    """A step in the history of an image."""

    id: str = wire("Id", empty=str)
    """Id of the image that the step produced; ``<missing>`` if it is not stored here, as for pulled images."""
    created: datetime.datetime | None = wire("Created", unix=True)
    """When the step was run."""
    created_by: str = wire("CreatedBy", empty=str)
    """The Dockerfile instruction or command of the step."""
    tags: list[str] = wire("Tags", empty=list)
    """References of the image that the step produced, as ``repository:tag``; empty if it is untagged."""
    size: int = wire("Size", empty=int)
    """Size in bytes that the step added to the image."""
    comment: str = wire("Comment", empty=str)
    """Comment of the step, e.g. ``buildkit.dockerfile.v0`` or the message of a commit."""


@define(kw_only=True)
class ImageDeleteResponseItem(Model):
    """A reference or an image that was removed; one of the two fields is set."""

    untagged: str | None = wire("Untagged")
    """Reference that was removed, as ``repository:tag`` or ``repository@digest``."""
    deleted: str | None = wire("Deleted")
    """Id of the image or layer that was deleted."""


@define(kw_only=True)
class ImagePruneResponse(Model):
    """The result of pruning images."""

    images_deleted: list[ImageDeleteResponseItem] = wire("ImagesDeleted", empty=list)
    """References and images that were removed."""
    space_reclaimed: int = wire("SpaceReclaimed", empty=int)
    """Disk space freed, in bytes."""


@define(kw_only=True)
class ImageSearchResponseItem(Model):
    """An image found on Docker Hub."""

    description: str = wire("description", empty=str)
    """Short description of the repository by its publisher."""
    is_official: bool = wire("is_official", empty=bool)
    """Whether the repository is one of the Docker Official Images."""
    is_automated: bool = wire("is_automated", empty=bool)
    """Whether the repository is built automatically; deprecated, Docker Hub no longer reports it."""
    name: str = wire("name", empty=str)
    """Name of the repository, e.g. ``nginx`` or ``grafana/grafana``."""
    star_count: int = wire("star_count", empty=int)
    """Number of stars on Docker Hub."""
