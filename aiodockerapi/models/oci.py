"""Descriptors and platforms as defined by the Open Container Initiative (OCI)."""

from ._fields import Model, define, wire

__all__ = ["OCIDescriptor", "OCIPlatform"]


@define(kw_only=True)
class OCIPlatform(Model):
    """The hardware and operating system that an image is built for."""

    architecture: str | None = wire("architecture")
    """CPU architecture as Go names it, e.g. ``amd64`` or ``arm64``."""
    os: str | None = wire("os")
    """Operating system as Go names it, e.g. ``linux`` or ``windows``."""
    os_version: str | None = wire("os.version")
    """Version of the operating system, e.g. ``10.0.20348.2227`` for Windows; None if not specified."""
    os_features: list[str] = wire("os.features", empty=list)
    """Features of the operating system that the image requires, e.g. ``win32k``; mostly empty."""
    variant: str | None = wire("variant")
    """Variant of the CPU, e.g. ``v7`` for ``arm``; None if there is none."""


@define(kw_only=True)
class OCIDescriptor(Model):
    """A reference to content in a registry or content store: its digest, size and media type."""

    media_type: str = wire("mediaType", empty=str)
    """Media type of the content, e.g. ``application/vnd.oci.image.index.v1+json``."""
    digest: str = wire("digest", empty=str)
    """Digest of the content, e.g. ``sha256:...``."""
    size: int = wire("size", empty=int)
    """Size of the content itself in bytes; content that it refers to is not included."""
    urls: list[str] = wire("urls", empty=list, since="1.48")
    """Other addresses where the content can be downloaded; mostly empty."""
    annotations: dict[str, str] = wire("annotations", empty=dict, since="1.48")
    """Annotations of the content, by key, e.g. ``org.opencontainers.image.created``."""
    data: str | None = wire("data", since="1.48")
    """The content itself, encoded in base64; None if it is not embedded."""
    platform: OCIPlatform | None = wire("platform", since="1.48")
    """Platform of the image that the content belongs to; None if not specified."""
    artifact_type: str | None = wire("artifactType", since="1.48")
    """Media type of an artifact that is not an image; None for images."""
