"""The manifests of an image, e.g. one per platform."""

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
"""Kinds of manifests: an ``image`` for a platform, an ``attestation`` about an image, or ``unknown``."""


@define(kw_only=True)
class ImageManifestSize(Model):
    """The disk space used by a manifest and the content it refers to; only local content is counted."""

    total: int = wire("Total", empty=int)
    """Total size in bytes, including unpacked layers."""
    content: int = wire("Content", empty=int)
    """Size in bytes of the blobs in the content store, e.g. the configuration and the compressed layers."""


@define(kw_only=True)
class ImageManifestImageSize(Model):
    """The disk space used by the unpacked layers of an image."""

    unpacked: int = wire("Unpacked", empty=int)
    """Size of the unpacked layers in bytes."""


@define(kw_only=True)
class ImageManifestImageData(Model):
    """Data of a manifest of kind ``image``."""

    platform: OCIPlatform | None = wire("Platform")
    """Platform that the image is for."""
    identity: Identity | None = wire("Identity", since="1.54")
    """Verified origin of the image; in lists only if requested with ``identity=True``, None otherwise."""
    containers: list[str] = wire("Containers", empty=list)
    """Ids of the containers that use the image."""
    size: ImageManifestImageSize | None = wire("Size")
    """Disk space used by the unpacked image."""


@define(kw_only=True)
class ImageManifestAttestationData(Model):
    """Data of a manifest of kind ``attestation``."""

    for_: str = wire("For", empty=str)
    """Digest of the image manifest that the attestation is about."""


@define(kw_only=True)
class ImageManifestSummary(Model):
    """A manifest of an image: the image for one platform, or an attestation about it."""

    id: str = wire("ID", empty=str)
    """Digest of the manifest, e.g. ``sha256:...``."""
    descriptor: OCIDescriptor | None = wire("Descriptor")
    """Descriptor of the manifest."""
    available: bool = wire("Available", empty=bool)
    """Whether all content of the manifest, e.g. its layers, is stored locally."""
    size: ImageManifestSize | None = wire("Size")
    """Disk space used by the manifest and its content."""
    kind: ImageManifestKind | str = wire("Kind", empty=str)
    """Kind of the manifest, which decides which data below is set."""
    image_data: ImageManifestImageData | None = wire("ImageData")
    """Data of an image; None for other kinds."""
    attestation_data: ImageManifestAttestationData | None = wire("AttestationData")
    """Data of an attestation; None for other kinds."""
