"""The manifests that an image has for different platforms."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..oci import OCIDescriptor, OCIPlatform
from .identity import Identity

__all__ = [
    "ImageManifestAttestationData",
    "ImageManifestImageData",
    "ImageManifestImageSize",
    "ImageManifestKind",
    "ImageManifestSize",
    "ImageManifestSummary",
]

ImageManifestKind: TypeAlias = Literal["image", "attestation", "unknown"]


@define(kw_only=True)
class ImageManifestSize(Model):
    """What a manifest and all that hangs on it takes up, as far as it is here."""

    total: int = wire("Total", empty=int)
    """Bytes, unpacked layers included."""
    content: int = wire("Content", empty=int)
    """Bytes of what could be pushed: configuration and packed layers."""


@define(kw_only=True)
class ImageManifestImageSize(Model):
    """What the unpacked layers take up."""

    unpacked: int = wire("Unpacked", empty=int)
    """Bytes."""


@define(kw_only=True)
class ImageManifestImageData(Model):
    """What only manifests of images have."""

    platform: OCIPlatform | None = wire("Platform")
    identity: Identity | None = wire("Identity", since="1.54")
    containers: list[str] = wire("Containers", empty=list)
    """Ids of the containers that use the image."""
    size: ImageManifestImageSize | None = wire("Size")


@define(kw_only=True)
class ImageManifestAttestationData(Model):
    """What only manifests of attestations have."""

    for_: str = wire("For", empty=str)
    """The digest of the manifest that the attestation is about."""


@define(kw_only=True)
class ImageManifestSummary(Model):
    """One of the manifests of an image: the image for a platform, or an attestation about one."""

    id: str = wire("ID", empty=str)
    """The manifest's digest."""
    descriptor: OCIDescriptor | None = wire("Descriptor")
    available: bool = wire("Available", empty=bool)
    """Whether everything that belongs to it is here."""
    size: ImageManifestSize | None = wire("Size")
    kind: ImageManifestKind | str = wire("Kind", empty=str)
    image_data: ImageManifestImageData | None = wire("ImageData")
    attestation_data: ImageManifestAttestationData | None = wire("AttestationData")
