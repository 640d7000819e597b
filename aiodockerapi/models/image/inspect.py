"""An image, in the list and on its own."""

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
    layers: list[str] = wire("Layers", empty=list)
    """The digests of the unpacked layers, the lowest first."""


@define(kw_only=True)
class ImageMetadata(Model):
    """What the daemon remembers of an image that is not part of it."""

    last_tag_time: datetime.datetime | None = wire("LastTagTime")
    """When it last got a tag here."""


@define(kw_only=True)
class ImageInspect(Model):
    """Everything that the daemon knows of one image."""

    id: str = wire("Id", empty=str)
    descriptor: OCIDescriptor | None = wire("Descriptor", since="1.48")
    """The image in the containerd image store."""
    manifests: list[ImageManifestSummary] = wire("Manifests", empty=list, since="1.48")
    """Only where they were asked for."""
    identity: Identity | None = wire("Identity", since="1.53")
    repo_tags: list[str] = wire("RepoTags", empty=list)
    """Every `repository:tag` of the image."""
    repo_digests: list[str] = wire("RepoDigests", empty=list)
    """Every `repository@digest` under which a registry has the image."""
    comment: str | None = wire("Comment")
    created: datetime.datetime | None = wire("Created")
    author: str | None = wire("Author")
    config: ImageConfig | None = wire("Config")
    architecture: str = wire("Architecture", empty=str)
    variant: str | None = wire("Variant")
    """The variant of the CPU, such as `v7`."""
    os: str = wire("Os", empty=str)
    os_version: str | None = wire("OsVersion")
    size: int = wire("Size", empty=int)
    """Bytes of all its layers."""
    graph_driver: DriverData | None = wire("GraphDriver")
    """Where the layers lie in the classic image store."""
    root_fs: RootFS | None = wire("RootFS")
    metadata: ImageMetadata | None = wire("Metadata")
    parent: str = wire("Parent", empty=str, until="1.51")
    """The id of the image that this one was built upon here."""
    docker_version: str = wire("DockerVersion", empty=str, until="1.51")
    """The engine that built the image."""
    container: str = wire("Container", empty=str, until="1.44")
    """The container that the image was made from."""
    container_config: ContainerConfig | None = wire("ContainerConfig", until="1.44")
    """The configuration of that container."""
    virtual_size: int = wire("VirtualSize", empty=int, until="1.43")
    """The same as `size`."""


@define(kw_only=True)
class ImageSummary(Model):
    """An image, as the list of images shows it."""

    id: str = wire("Id", empty=str)
    parent_id: str = wire("ParentId", empty=str)
    """The id of the image that this one was built upon here."""
    repo_tags: list[str] = wire("RepoTags", empty=list)
    """Every `repository:tag` of the image."""
    repo_digests: list[str] = wire("RepoDigests", empty=list)
    """Every `repository@digest` under which a registry has the image."""
    created: datetime.datetime | None = wire("Created", unix=True)
    size: int = wire("Size", empty=int)
    """Bytes of all its layers."""
    shared_size: int = wire("SharedSize", empty=int)
    """Bytes of the layers that other images have too; -1 where nobody counted."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    containers: int = wire("Containers", empty=int)
    """How many containers use it; -1 where nobody counted."""
    manifests: list[ImageManifestSummary] = wire("Manifests", empty=list, since="1.47")
    """Only where they were asked for."""
    descriptor: OCIDescriptor | None = wire("Descriptor", since="1.48")
    """The image in the containerd image store."""
    virtual_size: int = wire("VirtualSize", empty=int, until="1.43")
    """The same as `size`."""
