"""Progress messages of pulls, pushes and builds."""

from typing import Any

from .._fields import Model, define, wire
from ..common import ErrorDetail, ProgressDetail

__all__ = ["BuildInfo", "CreateImageInfo", "PushImageInfo"]


@define(kw_only=True)
class CreateImageInfo(Model):
    """A progress message of a pull or an import."""

    id: str | None = wire("id")
    """Short id of the layer, or the tag, that the message is about; None if it is about the whole operation."""
    error_detail: ErrorDetail | None = wire("errorDetail")
    """Why the operation failed, in its last message; None otherwise."""
    status: str | None = wire("status")
    """What is happening, as text for humans, e.g. ``Downloading``."""
    progress_detail: ProgressDetail | None = wire("progressDetail")
    """Amounts done and remaining; None if there is nothing to count."""
    error: str | None = wire("error", until="1.51")
    """The same message as ``error_detail.message``."""
    progress: str | None = wire("progress", until="1.51")
    """The content of ``progress_detail`` as a text progress bar."""
    aux: Any = wire("aux")
    """Machine-readable data; None for most messages."""


@define(kw_only=True)
class PushImageInfo(Model):
    """A progress message of a push."""

    id: str | None = wire("id")
    """Short id of the layer that the message is about; None if it is about the whole operation."""
    error_detail: ErrorDetail | None = wire("errorDetail", since="1.48")
    """Why the push failed, in its last message; None otherwise."""
    status: str | None = wire("status")
    """What is happening, as text for humans, e.g. ``Pushing``."""
    progress_detail: ProgressDetail | None = wire("progressDetail")
    """Amounts done and remaining; None if there is nothing to count."""
    error: str | None = wire("error", until="1.51")
    """The same message as ``error_detail.message``."""
    progress: str | None = wire("progress", until="1.51")
    """The content of ``progress_detail`` as a text progress bar."""
    aux: Any = wire("aux")
    """Machine-readable data, e.g. ``{"Tag": ..., "Digest": ..., "Size": ...}`` at the end; None for most messages."""


@define(kw_only=True)
class BuildInfo(Model):
    """A progress message of a build or of loading an archive."""

    id: str | None = wire("id")
    """Id of the layer that the message is about, or the kind of ``aux``, e.g. ``moby.image.id``."""
    stream: str | None = wire("stream")
    """Output of the build, including line endings; None if the message contains no output."""
    error_detail: ErrorDetail | None = wire("errorDetail")
    """Why the operation failed, in its last message; None otherwise."""
    status: str | None = wire("status")
    """What is happening, as text for humans."""
    progress_detail: ProgressDetail | None = wire("progressDetail")
    """Amounts done and remaining; None if there is nothing to count."""
    aux: Any = wire("aux")
    """Machine-readable data: ``{"ID": ...}`` with the id of the image, or BuildKit's trace of its steps in base64.

    None for most messages.
    """
    error: str | None = wire("error", until="1.51")
    """The same message as ``error_detail.message``."""
    progress: str | None = wire("progress", until="1.51")
    """The content of ``progress_detail`` as a text progress bar."""
