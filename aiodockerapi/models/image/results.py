"""The short answers of calls about images."""

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
    """One step in the making of an image."""

    id: str = wire("Id", empty=str)
    """An image id, or `<missing>` where the step was not made here."""
    created: datetime.datetime | None = wire("Created", unix=True)
    created_by: str = wire("CreatedBy", empty=str)
    """The instruction."""
    tags: list[str] = wire("Tags", empty=list)
    size: int = wire("Size", empty=int)
    """Bytes that the step has added."""
    comment: str = wire("Comment", empty=str)


@define(kw_only=True)
class ImageDeleteResponseItem(Model):
    """A name or a layer that went when an image was removed; one of the two is set."""

    untagged: str | None = wire("Untagged")
    deleted: str | None = wire("Deleted")


@define(kw_only=True)
class ImagePruneResponse(Model):
    """What a prune of images has removed."""

    images_deleted: list[ImageDeleteResponseItem] = wire("ImagesDeleted", empty=list)
    space_reclaimed: int = wire("SpaceReclaimed", empty=int)
    """Bytes."""


@define(kw_only=True)
class ImageSearchResponseItem(Model):
    """An image that Docker Hub found."""

    description: str = wire("description", empty=str)
    is_official: bool = wire("is_official", empty=bool)
    is_automated: bool = wire("is_automated", empty=bool)
    """Docker Hub no longer fills this in."""
    name: str = wire("name", empty=str)
    star_count: int = wire("star_count", empty=int)
