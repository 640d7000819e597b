"""Images as they are inspected and listed."""

import datetime

from .._fields import Model, define, wire
from ..container.config import ContainerConfig
from ..oci import OCIDescriptor
from ..storage import DriverData
from .config import ImageConfig
from .identity import Identity
from .manifests import ImageManifestSummary

__all__ = ["ImageInspect", "ImageMetadata", "ImageSummary", "RootFS"]


@define(kw_only=True)
class RootFS(Model):
    """The layers of an image."""

    type: str = wire("Type", empty=str)
    """Kind of root filesystem; always ``layers``."""
    layers: list[str] = wire("Layers", empty=list)
    """Digests of the uncompressed layers, lowest first."""


@define(kw_only=True)
class ImageMetadata(Model):
    """Data about an image that this daemon keeps and that is not part of the image."""

    last_tag_time: datetime.datetime | None = wire("LastTagTime")
    """When the image was last tagged on this daemon; None if it never was."""


@define(kw_only=True)
class ImageInspect(Model):
    """The details of one image."""

    id: str = wire("Id", empty=str)
    """Id of the image, e.g. ``sha256:...``."""
    descriptor: OCIDescriptor | None = wire("Descriptor", since="1.48")
    """Descriptor of the image's manifest or index; None without the containerd image store."""
    manifests: list[ImageManifestSummary] = wire("Manifests", empty=list, since="1.48")
    """Manifests of the image, e.g. one per platform; empty unless requested with ``manifests=True``.

    Only with the containerd image store.
    """
    identity: Identity | None = wire("Identity", since="1.53")
    """Verified origin of the image; None if the daemon does not report one."""
    repo_tags: list[str] = wire("RepoTags", empty=list)
    """References of the image as ``repository:tag``; empty if it is untagged."""
    repo_digests: list[str] = wire("RepoDigests", empty=list)
    """References of the image as ``repository@digest``; mostly empty if it was never pulled or pushed."""
    comment: str | None = wire("Comment")
    """Message given when the image was committed or imported, or set by its builder."""
    created: datetime.datetime | None = wire("Created")
    """When the image was created; None if the image does not record it."""
    author: str | None = wire("Author")
    """Author given by a commit or a ``MAINTAINER`` instruction."""
    config: ImageConfig | None = wire("Config")
    """Defaults for the containers of the image."""
    architecture: str = wire("Architecture", empty=str)
    """CPU architecture of the image, e.g. ``amd64``."""
    variant: str | None = wire("Variant")
    """Variant of the CPU, e.g. ``v7`` for ``arm``; None or empty if there is none."""
    os: str = wire("Os", empty=str)
    """Operating system of the image, e.g. ``linux``."""
    os_version: str | None = wire("OsVersion")
    """Version of the operating system, mainly for Windows; None or empty if not specified."""
    size: int = wire("Size", empty=int)
    """Total size of the image with all its layers, in bytes."""
    graph_driver: DriverData | None = wire("GraphDriver")
    """Storage driver and its data for the image; None with the containerd image store since API 1.52."""
    root_fs: RootFS | None = wire("RootFS")
    """Layers of the image."""
    metadata: ImageMetadata | None = wire("Metadata")
    """Data about the image that is local to this daemon."""
    parent: str = wire("Parent", empty=str, until="1.51")
    """Id of the image that this one was built on; empty if that did not happen on this daemon, e.g. after a pull."""
    docker_version: str = wire("DockerVersion", empty=str, until="1.51")
    """Version of the engine that built the image; often empty."""
    container: str = wire("Container", empty=str, until="1.44")
    """Id of the container that the image was committed from; often empty."""
    container_config: ContainerConfig | None = wire("ContainerConfig", until="1.44")
    """Configuration of the container that the image was committed from."""
    virtual_size: int = wire("VirtualSize", empty=int, until="1.43")
    """Total size of the image in bytes, the same as ``size``."""


@define(kw_only=True)
class ImageSummary(Model):
    """An image in the list of images."""

    id: str = wire("Id", empty=str)
    """Id of the image, e.g. ``sha256:...``."""
    parent_id: str = wire("ParentId", empty=str)
    """Id of the image that this one was built on; empty if that did not happen on this daemon, e.g. after a pull."""
    repo_tags: list[str] = wire("RepoTags", empty=list)
    """References of the image as ``repository:tag``; empty if it is untagged."""
    repo_digests: list[str] = wire("RepoDigests", empty=list)
    """References of the image as ``repository@digest``; mostly empty if it was never pulled or pushed."""
    created: datetime.datetime | None = wire("Created", unix=True)
    """When the image was created."""
    size: int = wire("Size", empty=int)
    """Total size of the image with all its layers, in bytes."""
    shared_size: int = wire("SharedSize", empty=int)
    """Size in bytes of the layers shared with other images; -1 unless requested with ``shared_size=True``."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the image."""
    containers: int = wire("Containers", empty=int)
    """Number of containers that use the image, running or not; -1 if the daemon has not counted them."""
    manifests: list[ImageManifestSummary] = wire("Manifests", empty=list, since="1.47")
    """Manifests of the image, e.g. one per platform; empty unless requested with ``manifests=True``.

    Only with the containerd image store.
    """
    descriptor: OCIDescriptor | None = wire("Descriptor", since="1.48")
    """Descriptor of the image's manifest or index; None without the containerd image store."""
    virtual_size: int = wire("VirtualSize", empty=int, until="1.43")
    """Total size of the image in bytes, the same as ``size``."""
