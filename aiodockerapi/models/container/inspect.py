"""Containers as reported by the list and inspect calls."""

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
    """The part of the host configuration that the list of containers contains."""

    network_mode: str = wire("NetworkMode", empty=str)
    """Network mode: ``bridge``, ``host``, ``none``, ``container:<id>``, or the name of the first network."""
    annotations: dict[str, str] = wire("Annotations", empty=dict, since="1.46")
    """Annotations of the container, by key; empty: none."""


@define(kw_only=True)
class ContainerSummary(Model):
    """A container as reported by the list of containers."""

    id: str = wire("Id", empty=str)
    """ID of the container, 64 hexadecimal digits."""
    names: list[str] = wire("Names", empty=list)
    """Names of the container, each with a leading slash; more than one if legacy links refer to it."""
    image: str = wire("Image", empty=str)
    """Image reference that the container was created from, or the image ID if the reference now names another image."""
    image_id: str = wire("ImageID", empty=str)
    """ID of the image that the container was created from."""
    image_manifest_descriptor: OCIDescriptor | None = wire("ImageManifestDescriptor", since="1.48")
    """Descriptor of the image's manifest for the container's platform; None if the image store does not support
    manifests."""
    command: str = wire("Command", empty=str)
    """Command with its arguments, as one string."""
    created: datetime.datetime | None = wire("Created", unix=True)
    """When the container was created."""
    ports: list[PortSummary] = wire("Ports", empty=list)
    """Exposed and published ports; empty: none."""
    size_rw: int | None = wire("SizeRw")
    """Size of the files that the container has created or changed, in bytes; None unless sizes were requested."""
    size_root_fs: int | None = wire("SizeRootFs")
    """Size of the image and ``size_rw`` together, in bytes; None unless sizes were requested."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the container, including those of the image."""
    state: ContainerStateStatus | str = wire("State", empty=str)
    """State of the container, e.g. ``running`` or ``exited``."""
    status: str = wire("Status", empty=str)
    """Readable description of the state, e.g. ``Up 5 minutes``."""
    host_config: ContainerSummaryHostConfig | None = wire("HostConfig")
    """Summary of the host configuration; None if not reported."""
    network_settings: NetworkSettingsSummary | None = wire("NetworkSettings")
    """Summary of the networks of the container; None if not reported."""
    mounts: list[MountPoint] = wire("Mounts", empty=list)
    """Mounts of the container; empty: none."""
    health: HealthSummary | None = wire("Health", since="1.52")
    """Result of the health checks, with status ``none`` if there is no health check; None before API 1.52."""


@define(kw_only=True)
class ContainerInspectResponse(Model):
    """A container as reported by an inspect call: configuration and state."""

    id: str = wire("Id", empty=str)
    """ID of the container, 64 hexadecimal digits."""
    created: datetime.datetime | None = wire("Created")
    """When the container was created; None if not reported."""
    path: str = wire("Path", empty=str)
    """Program that the container runs."""
    args: list[str] = wire("Args", empty=list)
    """Arguments of the program."""
    state: ContainerState | None = wire("State")
    """State of the container; None if not reported."""
    image: str = wire("Image", empty=str)
    """ID of the image that the container was created from."""
    resolv_conf_path: str = wire("ResolvConfPath", empty=str)
    """Path on the host of the file mounted at ``/etc/resolv.conf``; empty until the first start."""
    hostname_path: str = wire("HostnamePath", empty=str)
    """Path on the host of the file mounted at ``/etc/hostname``; empty until the first start."""
    hosts_path: str = wire("HostsPath", empty=str)
    """Path on the host of the file mounted at ``/etc/hosts``; empty until the first start."""
    log_path: str | None = wire("LogPath")
    """Path on the host of the log file; None or empty unless the log driver is ``json-file`` and the container has been
    started."""
    name: str = wire("Name", empty=str)
    """Name of the container, with a leading slash."""
    restart_count: int = wire("RestartCount", empty=int)
    """Number of restarts by the restart policy since the container was last started by a call."""
    driver: str = wire("Driver", empty=str)
    """Name of the storage driver or snapshotter, e.g. ``overlay2``."""
    platform: str = wire("Platform", empty=str)
    """Operating system of the container: ``linux`` or ``windows``."""
    image_manifest_descriptor: OCIDescriptor | None = wire("ImageManifestDescriptor", since="1.48")
    """Descriptor of the image's manifest for the container's platform; None if the image store does not support
    manifests."""
    mount_label: str = wire("MountLabel", empty=str)
    """SELinux label of the mounts; empty without SELinux."""
    process_label: str = wire("ProcessLabel", empty=str)
    """SELinux label of the processes; empty without SELinux."""
    app_armor_profile: str = wire("AppArmorProfile", empty=str)
    """Name of the AppArmor profile, e.g. ``docker-default``; empty if not set."""
    exec_ids: list[str] = wire("ExecIDs", empty=list)
    """IDs of the exec instances of the container; empty: none."""
    host_config: HostConfig | None = wire("HostConfig")
    """Configuration that depends on the host; None if not reported."""
    graph_driver: DriverData | None = wire("GraphDriver")
    """Storage driver of the classic image store; None if the containerd image store is used, see ``storage``."""
    storage: Storage | None = wire("Storage", since="1.52")
    """Storage of the container in the containerd image store; None if the classic image store is used."""
    size_rw: int | None = wire("SizeRw")
    """Size of the files that the container has created or changed, in bytes; None unless sizes were requested."""
    size_root_fs: int | None = wire("SizeRootFs")
    """Size of the image and ``size_rw`` together, in bytes; None unless sizes were requested."""
    mounts: list[MountPoint] = wire("Mounts", empty=list)
    """Mounts of the container; empty: none."""
    config: ContainerConfig | None = wire("Config")
    """Configuration that does not depend on the host; None if not reported."""
    network_settings: NetworkSettings | None = wire("NetworkSettings")
    """Networks and published ports of the container; None if not reported."""
