"""What OCI registries and the containerd store call things: descriptors and platforms."""

from ._fields import Model, define, wire

__all__ = ["OCIDescriptor", "OCIPlatform"]


@define(kw_only=True)
class OCIPlatform(Model):
    """What hardware and system an image is made for."""

    architecture: str | None = wire("architecture")
    """Such as `amd64` or `arm64`."""
    os: str | None = wire("os")
    os_version: str | None = wire("os.version")
    os_features: list[str] = wire("os.features", empty=list)
    variant: str | None = wire("variant")
    """The variant of the CPU, such as `v7`."""


@define(kw_only=True)
class OCIDescriptor(Model):
    """Where content lies and how to know it: its digest, size and media type."""

    media_type: str = wire("mediaType", empty=str)
    digest: str = wire("digest", empty=str)
    size: int = wire("size", empty=int)
    """Bytes."""
    urls: list[str] = wire("urls", empty=list, since="1.48")
    """Where else the content can be had."""
    annotations: dict[str, str] = wire("annotations", empty=dict, since="1.48")
    data: str | None = wire("data", since="1.48")
    """The content itself, in base64, where it is short."""
    platform: OCIPlatform | None = wire("platform", since="1.48")
    artifact_type: str | None = wire("artifactType", since="1.48")
