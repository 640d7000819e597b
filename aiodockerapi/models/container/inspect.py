"""A container, in the list and on its own."""

import datetime

from .._fields import Model, define, wire
from ..network.ports import PortSummary
from ..network.settings import NetworkSettings, NetworkSettingsSummary
from ..oci import OCIDescriptor
from ..storage import DriverData, Storage
from .config import ContainerConfig
from .host_config import HostConfig
from .mounts import MountPoint
from .state import ContainerState, ContainerStateStatus, HealthSummary

__all__ = ["ContainerInspectResponse", "ContainerSummary", "ContainerSummaryHostConfig"]


@define(kw_only=True)
class ContainerSummaryHostConfig(Model):
    """The little that the list of containers tells of the host's side."""

    network_mode: str = wire("NetworkMode", empty=str)
    annotations: dict[str, str] = wire("Annotations", empty=dict, since="1.46")


@define(kw_only=True)
class ContainerSummary(Model):
    """A container, as the list of containers shows it."""

    id: str = wire("Id", empty=str)
    names: list[str] = wire("Names", empty=list)
    """Each begins with a slash; links add further ones."""
    image: str = wire("Image", empty=str)
    """What the container was created from: a reference, or the id where the tag has moved on."""
    image_id: str = wire("ImageID", empty=str)
    image_manifest_descriptor: OCIDescriptor | None = wire("ImageManifestDescriptor", since="1.48")
    """The platform's manifest, where the image has one for several."""
    command: str = wire("Command", empty=str)
    created: datetime.datetime | None = wire("Created", unix=True)
    ports: list[PortSummary] = wire("Ports", empty=list)
    size_rw: int | None = wire("SizeRw")
    """Bytes that the container has written; only where sizes were asked for."""
    size_root_fs: int | None = wire("SizeRootFs")
    """Bytes of the container and its image together; only where sizes were asked for."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    state: ContainerStateStatus | str = wire("State", empty=str)
    status: str = wire("Status", empty=str)
    """The state in words, such as `Up 5 minutes`."""
    host_config: ContainerSummaryHostConfig | None = wire("HostConfig")
    network_settings: NetworkSettingsSummary | None = wire("NetworkSettings")
    mounts: list[MountPoint] = wire("Mounts", empty=list)
    health: HealthSummary | None = wire("Health", since="1.52")


@define(kw_only=True)
class ContainerInspectResponse(Model):
    """Everything that the daemon knows of one container."""

    id: str = wire("Id", empty=str)
    created: datetime.datetime | None = wire("Created")
    path: str = wire("Path", empty=str)
    """The program that runs."""
    args: list[str] = wire("Args", empty=list)
    """The program's arguments."""
    state: ContainerState | None = wire("State")
    image: str = wire("Image", empty=str)
    """The image's id."""
    resolv_conf_path: str = wire("ResolvConfPath", empty=str)
    hostname_path: str = wire("HostnamePath", empty=str)
    hosts_path: str = wire("HostsPath", empty=str)
    log_path: str | None = wire("LogPath")
    """The log's file on the host, where the log driver writes one."""
    name: str = wire("Name", empty=str)
    """Begins with a slash."""
    restart_count: int = wire("RestartCount", empty=int)
    """How often the restart policy has started the container."""
    driver: str = wire("Driver", empty=str)
    """The storage driver."""
    platform: str = wire("Platform", empty=str)
    """The operating system."""
    image_manifest_descriptor: OCIDescriptor | None = wire("ImageManifestDescriptor", since="1.48")
    """The platform's manifest, where the image has one for several."""
    mount_label: str = wire("MountLabel", empty=str)
    """The SELinux label of what is mounted."""
    process_label: str = wire("ProcessLabel", empty=str)
    """The SELinux label of the processes."""
    app_armor_profile: str = wire("AppArmorProfile", empty=str)
    exec_ids: list[str] = wire("ExecIDs", empty=list)
    host_config: HostConfig | None = wire("HostConfig")
    graph_driver: DriverData | None = wire("GraphDriver")
    """Where the layers lie in the classic image store."""
    storage: Storage | None = wire("Storage", since="1.52")
    """Where the layers lie in the containerd image store."""
    size_rw: int | None = wire("SizeRw")
    """Bytes that the container has written; only where sizes were asked for."""
    size_root_fs: int | None = wire("SizeRootFs")
    """Bytes of the container and its image together; only where sizes were asked for."""
    mounts: list[MountPoint] = wire("Mounts", empty=list)
    config: ContainerConfig | None = wire("Config")
    network_settings: NetworkSettings | None = wire("NetworkSettings")
