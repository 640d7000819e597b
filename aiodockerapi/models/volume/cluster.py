"""Cluster volumes: volumes that a swarm provides through a CSI plugin."""

import datetime
from typing import Any, Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import ObjectVersion

__all__ = [
    "CapacityRange",
    "ClusterVolume",
    "ClusterVolumeAccessMode",
    "ClusterVolumeAvailability",
    "ClusterVolumeInfo",
    "ClusterVolumePublishState",
    "ClusterVolumePublishStatus",
    "ClusterVolumeScope",
    "ClusterVolumeSecret",
    "ClusterVolumeSharing",
    "ClusterVolumeSpec",
    "Topology",
    "TopologyRequirement",
]

ClusterVolumeAvailability: TypeAlias = Literal["active", "pause", "drain"]
"""Availability of a cluster volume: ``active`` (usable), ``pause`` (no new tasks) or ``drain`` (its tasks are
rescheduled)."""
ClusterVolumePublishState: TypeAlias = Literal[
    "pending-publish", "published", "pending-node-unpublish", "pending-controller-unpublish"
]
"""State of a cluster volume on a node; the ``pending-`` states wait for the plugin to publish it, for the node to
release it, or for the plugin to unpublish it."""
ClusterVolumeScope: TypeAlias = Literal["single", "multi"]
"""Nodes that can use a cluster volume at the same time: ``single`` (one node) or ``multi`` (several)."""
ClusterVolumeSharing: TypeAlias = Literal["none", "readonly", "onewriter", "all"]
"""Tasks that can use a cluster volume at the same time: ``none`` (one task), ``readonly`` (any number of readers),
``onewriter`` (any number of tasks, one of them writing) or ``all`` (any number of writers)."""


@define(kw_only=True)
class Topology(Model):
    """A location in the cluster, such as a zone in a region."""

    segments: dict[str, str] = wire("Segments", empty=dict)
    """Values of the topology keys that the plugin defines, e.g. ``{"region": "R1", "zone": "Z1"}``."""


@define(kw_only=True)
class TopologyRequirement(Model):
    """The locations that a cluster volume must be accessible from."""

    requisite: list[Topology] = wire("Requisite", empty=list)
    """Locations of which at least one must have access to the volume; empty: no requirement."""
    preferred: list[Topology] = wire("Preferred", empty=list)
    """Preferred locations, the best one first; empty: no preference."""


@define(kw_only=True)
class CapacityRange(Model):
    """The allowed size of a cluster volume."""

    required_bytes: int | None = wire("RequiredBytes")
    """Minimum size in bytes; 0 or None: no minimum."""
    limit_bytes: int | None = wire("LimitBytes")
    """Maximum size in bytes; 0 or None: no maximum."""


@define(kw_only=True)
class ClusterVolumeSecret(Model):
    """A swarm secret that is passed to the CSI plugin."""

    key: str | None = wire("Key")
    """Key under which the plugin receives the secret."""
    secret: str | None = wire("Secret")
    """Name or ID of the swarm secret."""


@define(kw_only=True)
class ClusterVolumeAccessMode(Model):
    """How tasks use a cluster volume.

    The API specification defines the last four properties here; engines have them in `ClusterVolumeSpec`.
    """

    scope: ClusterVolumeScope | str | None = wire("Scope")
    """Nodes that can use the volume at the same time; None in a request: ``single``."""
    sharing: ClusterVolumeSharing | str | None = wire("Sharing")
    """Tasks that can use the volume at the same time; None in a request: ``none``."""
    mount_volume: dict[str, Any] = wire("MountVolume", empty=dict)
    """Mount options (``FsType``, ``MountFlags``) of a volume that is used as a file system; ``{}`` uses the
    defaults. A new volume requires either this or ``block_volume``."""
    block_volume: dict[str, Any] = wire("BlockVolume", empty=dict)
    """Options of a volume that is used as a block device; there are none, so set it to ``{}``."""
    secrets: list[ClusterVolumeSecret] = wire("Secrets", empty=list)
    """Not used here by engines: see ``ClusterVolumeSpec.secrets``."""
    accessibility_requirements: TopologyRequirement | None = wire("AccessibilityRequirements")
    """Not used here by engines: see ``ClusterVolumeSpec.accessibility_requirements``."""
    capacity_range: CapacityRange | None = wire("CapacityRange")
    """Not used here by engines: see ``ClusterVolumeSpec.capacity_range``."""
    availability: ClusterVolumeAvailability | str | None = wire("Availability")
    """Not used here by engines: see ``ClusterVolumeSpec.availability``."""


@define(kw_only=True)
class ClusterVolumeSpec(Model):
    """The settings of a cluster volume."""

    group: str | None = wire("Group")
    """Volume group; services can request any volume of a group by its name. None: no group."""
    access_mode: ClusterVolumeAccessMode | None = wire("AccessMode")
    """How tasks use the volume; required for a new volume."""
    secrets: list[ClusterVolumeSecret] = wire("Secrets", empty=list)
    """Swarm secrets that are passed to the CSI plugin, e.g. credentials of the storage; empty: none."""
    accessibility_requirements: TopologyRequirement | None = wire("AccessibilityRequirements")
    """Locations that the volume must be accessible from; None: no requirement."""
    capacity_range: CapacityRange | None = wire("CapacityRange")
    """Allowed size of the volume; None: the plugin decides."""
    availability: ClusterVolumeAvailability | str | None = wire("Availability")
    """Whether tasks can use the volume: ``active``, ``pause`` (no new tasks) or ``drain`` (its tasks are
    rescheduled); None: ``active``."""


@define(kw_only=True)
class ClusterVolumeInfo(Model):
    """The information that the CSI plugin reports about a cluster volume."""

    capacity_bytes: int = wire("CapacityBytes", empty=int)
    """Size of the volume in bytes; 0: unknown."""
    volume_context: dict[str, str] = wire("VolumeContext", empty=dict)
    """Values that the plugin returned when it created the volume and that are passed back to it later."""
    volume_id: str = wire("VolumeID", empty=str)
    """The plugin's ID of the volume, not used by Docker calls; empty until the plugin has created the volume."""
    accessible_topology: list[Topology] = wire("AccessibleTopology", empty=list)
    """Locations that the volume is accessible from; empty if not reported."""


@define(kw_only=True)
class ClusterVolumePublishStatus(Model):
    """The state of a cluster volume on one node."""

    node_id: str = wire("NodeID", empty=str)
    """ID of the swarm node."""
    state: ClusterVolumePublishState | str = wire("State", empty=str)
    """Whether the volume is published to the node, or which step is pending."""
    publish_context: dict[str, str] = wire("PublishContext", empty=dict)
    """Values that the plugin returned when it published the volume."""


@define(kw_only=True)
class ClusterVolume(Model):
    """The swarm-specific part of a cluster volume."""

    id: str = wire("ID", empty=str)
    """Swarm ID of the volume; calls accept it in place of the name."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the volume, which ``volumes.update`` requires; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the volume was created; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the volume was last updated; None if not reported."""
    spec: ClusterVolumeSpec | None = wire("Spec")
    """Settings of the volume; None if not reported."""
    info: ClusterVolumeInfo | None = wire("Info")
    """Information from the plugin; None until it is available."""
    publish_status: list[ClusterVolumePublishStatus] = wire("PublishStatus", empty=list)
    """State on each node that the volume is published to, or will be; empty: not in use."""
