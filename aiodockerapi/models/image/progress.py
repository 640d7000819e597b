"""The messages that tell how a pull, push or build goes on."""

from typing import Any

from .._fields import Model, define, wire
from ..common import ErrorDetail, ProgressDetail

__all__ = ["BuildInfo", "CreateImageInfo", "PushImageInfo"]


@define(kw_only=True)
class CreateImageInfo(Model):
    """A message from a pull or an import."""

    id: str | None = wire("id")
    """The layer or the tag that the message is about."""
    error_detail: ErrorDetail | None = wire("errorDetail")
    """Why it failed; nothing good follows."""
    status: str | None = wire("status")
    """What happens, in words."""
    progress_detail: ProgressDetail | None = wire("progressDetail")
    error: str | None = wire("error", until="1.51")
    """The message of `error_detail` once more."""
    progress: str | None = wire("progress", until="1.51")
    """`progress_detail` drawn as a bar."""
    aux: Any = wire("aux")
    """What is meant for programs."""


@define(kw_only=True)
class PushImageInfo(Model):
    """A message from a push."""

    id: str | None = wire("id")
    """The layer that the message is about."""
    error_detail: ErrorDetail | None = wire("errorDetail", since="1.48")
    """Why it failed; nothing good follows."""
    status: str | None = wire("status")
    """What happens, in words."""
    progress_detail: ProgressDetail | None = wire("progressDetail")
    error: str | None = wire("error", until="1.51")
    """The message of `error_detail` once more."""
    progress: str | None = wire("progress", until="1.51")
    """`progress_detail` drawn as a bar."""
    aux: Any = wire("aux")
    """What is meant for programs: in the end `{"Tag": ..., "Digest": ..., "Size": ...}`."""


@define(kw_only=True)
class BuildInfo(Model):
    """A message from a build or a load."""

    id: str | None = wire("id")
    """The layer that the message is about, or what kind of `aux` it carries."""
    stream: str | None = wire("stream")
    """Output of the build, line ends included."""
    error_detail: ErrorDetail | None = wire("errorDetail")
    """Why it failed; nothing good follows."""
    status: str | None = wire("status")
    """What happens, in words."""
    progress_detail: ProgressDetail | None = wire("progressDetail")
    aux: Any = wire("aux")
    """What is meant for programs: `{"ID": ...}` of the image, or base64 where BuildKit traces its steps."""
    error: str | None = wire("error", until="1.51")
    """The message of `error_detail` once more."""
    progress: str | None = wire("progress", until="1.51")
    """`progress_detail` drawn as a bar."""
