"""Cluster volumes: storage that a swarm gets through a CSI plugin."""

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
ClusterVolumePublishState: TypeAlias = Literal[
    "pending-publish", "published", "pending-node-unpublish", "pending-controller-unpublish"
]
ClusterVolumeScope: TypeAlias = Literal["single", "multi"]
ClusterVolumeSharing: TypeAlias = Literal["none", "readonly", "onewriter", "all"]


@define(kw_only=True)
class Topology(Model):
    """A place in the cluster, such as a zone in a region."""

    segments: dict[str, str] = wire("Segments", empty=dict)
    """The plugin's words for the parts of the place: `{"zone": "A"}`."""


@define(kw_only=True)
class TopologyRequirement(Model):
    """From where a cluster volume must be reached."""

    requisite: list[Topology] = wire("Requisite", empty=list)
    """From at least one of these."""
    preferred: list[Topology] = wire("Preferred", empty=list)
    """The best first."""


@define(kw_only=True)
class CapacityRange(Model):
    """How large a cluster volume shall be."""

    required_bytes: int | None = wire("RequiredBytes")
    """At least; 0 leaves it open."""
    limit_bytes: int | None = wire("LimitBytes")
    """At most; 0 leaves it open."""


@define(kw_only=True)
class ClusterVolumeSecret(Model):
    """A swarm secret that the plugin gets."""

    key: str | None = wire("Key")
    """What the plugin calls it."""
    secret: str | None = wire("Secret")
    """The secret's name or id."""


@define(kw_only=True)
class ClusterVolumeAccessMode(Model):
    """How tasks use a cluster volume.

    The API's definition has the last four properties here; engines have them in `ClusterVolumeSpec`.
    """

    scope: ClusterVolumeScope | str | None = wire("Scope")
    """On a `single` node at a time, or on several."""
    sharing: ClusterVolumeSharing | str | None = wire("Sharing")
    """How many tasks may use it at once, and which of them may write."""
    mount_volume: dict[str, Any] = wire("MountVolume", empty=dict)
    """How to mount it, where it is a filesystem; an empty dict says no more than that it is one."""
    block_volume: dict[str, Any] = wire("BlockVolume", empty=dict)
    """The same for a block device."""
    secrets: list[ClusterVolumeSecret] = wire("Secrets", empty=list)
    accessibility_requirements: TopologyRequirement | None = wire("AccessibilityRequirements")
    capacity_range: CapacityRange | None = wire("CapacityRange")
    availability: ClusterVolumeAvailability | str | None = wire("Availability")


@define(kw_only=True)
class ClusterVolumeSpec(Model):
    """What a cluster volume is to be like."""

    group: str | None = wire("Group")
    """Tasks may ask for any volume of a group."""
    access_mode: ClusterVolumeAccessMode | None = wire("AccessMode")
    secrets: list[ClusterVolumeSecret] = wire("Secrets", empty=list)
    """What the plugin needs to reach the storage."""
    accessibility_requirements: TopologyRequirement | None = wire("AccessibilityRequirements")
    capacity_range: CapacityRange | None = wire("CapacityRange")
    availability: ClusterVolumeAvailability | str | None = wire("Availability")
    """Whether tasks may use it: `pause` takes no new ones, `drain` moves them away."""


@define(kw_only=True)
class ClusterVolumeInfo(Model):
    """What the plugin tells of a cluster volume."""

    capacity_bytes: int = wire("CapacityBytes", empty=int)
    volume_context: dict[str, str] = wire("VolumeContext", empty=dict)
    """What the plugin wants to hear again."""
    volume_id: str = wire("VolumeID", empty=str)
    """The plugin's name for it; empty until it has been made."""
    accessible_topology: list[Topology] = wire("AccessibleTopology", empty=list)
    """From where it can be reached."""


@define(kw_only=True)
class ClusterVolumePublishStatus(Model):
    """How far a cluster volume is on its way to or from a node."""

    node_id: str = wire("NodeID", empty=str)
    state: ClusterVolumePublishState | str = wire("State", empty=str)
    publish_context: dict[str, str] = wire("PublishContext", empty=dict)
    """What the plugin said when it published the volume."""


@define(kw_only=True)
class ClusterVolume(Model):
    """What makes a volume one of the swarm's."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    """What `volumes.update` must name."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    spec: ClusterVolumeSpec | None = wire("Spec")
    info: ClusterVolumeInfo | None = wire("Info")
    publish_status: list[ClusterVolumePublishStatus] = wire("PublishStatus", empty=list)
    """On each node that it is on, or is to be on."""
