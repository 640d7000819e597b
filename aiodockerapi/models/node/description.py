"""What a node tells the managers of itself."""

from .._fields import Model, define, wire
from ..swarm.common import TLSInfo
from .platform import Platform
from .resources import ResourceObject

__all__ = ["EngineDescription", "NodeCSIInfo", "NodeDescription", "NodeTopology", "PluginDescription"]


@define(kw_only=True)
class PluginDescription(Model):
    """A plugin that a node has."""

    type: str = wire("Type", empty=str)
    """``Volume``, ``Network``, ``Log`` or another kind."""
    name: str = wire("Name", empty=str)


@define(kw_only=True)
class EngineDescription(Model):
    """The Docker Engine of a node."""

    engine_version: str = wire("EngineVersion", empty=str)
    labels: dict[str, str] = wire("Labels", empty=dict)
    """The labels of the daemon, not those of the node."""
    plugins: list[PluginDescription] = wire("Plugins", empty=list)


@define(kw_only=True)
class NodeTopology(Model):
    """Where a node stands, in the terms of a storage plugin."""

    segments: dict[str, str] = wire("Segments", empty=dict)
    """The place at each level, such as region and zone."""


@define(kw_only=True)
class NodeCSIInfo(Model):
    """How a storage plugin (CSI) sees a node."""

    plugin_name: str = wire("PluginName", empty=str)
    node_id: str = wire("NodeID", empty=str)
    """The node's id in the plugin, not in the swarm."""
    max_volumes_per_node: int = wire("MaxVolumesPerNode", empty=int)
    """0 sets no limit."""
    accessible_topology: NodeTopology | None = wire("AccessibleTopology")


@define(kw_only=True)
class NodeDescription(Model):
    """A node as its own agent describes it."""

    hostname: str = wire("Hostname", empty=str)
    platform: Platform | None = wire("Platform")
    resources: ResourceObject | None = wire("Resources")
    engine: EngineDescription | None = wire("Engine")
    tls_info: TLSInfo | None = wire("TLSInfo")
    csi_info: list[NodeCSIInfo] = wire("CSIInfo", empty=list, since="1.42")
