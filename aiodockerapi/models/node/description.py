"""The description that a node reports to the managers."""

from .._fields import Model, define, wire
from ..swarm.common import TLSInfo
from .platform import Platform
from .resources import ResourceObject

__all__ = ["EngineDescription", "NodeCSIInfo", "NodeDescription", "NodeTopology", "PluginDescription"]


@define(kw_only=True)
class PluginDescription(Model):
    """A plugin that is available on a node."""

    type: str = wire("Type", empty=str)
    """Kind of the plugin, e.g. ``Volume``, ``Network`` or ``Log``."""
    name: str = wire("Name", empty=str)
    """Name of the plugin or built-in driver, e.g. ``overlay`` or ``json-file``."""


@define(kw_only=True)
class EngineDescription(Model):
    """The Docker Engine of a node."""

    engine_version: str = wire("EngineVersion", empty=str)
    """Version of the Docker Engine, e.g. ``28.5.1``."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the daemon, not those of the node; empty: none."""
    plugins: list[PluginDescription] = wire("Plugins", empty=list)
    """Plugins and built-in drivers of the daemon."""


@define(kw_only=True)
class NodeTopology(Model):
    """The location of a node in the topology of a storage plugin (CSI)."""

    segments: dict[str, str] = wire("Segments", empty=dict)
    """Location by topology level, e.g. ``{"region": "R1", "zone": "Z2"}``; empty: none."""


@define(kw_only=True)
class NodeCSIInfo(Model):
    """The information of a storage plugin (CSI) about a node."""

    plugin_name: str = wire("PluginName", empty=str)
    """Name of the storage plugin."""
    node_id: str = wire("NodeID", empty=str)
    """ID of the node in the plugin, which differs from its ID in the swarm."""
    max_volumes_per_node: int = wire("MaxVolumesPerNode", empty=int)
    """Maximum number of volumes that can be published to the node; 0: no limit."""
    accessible_topology: NodeTopology | None = wire("AccessibleTopology")
    """Location of the node in the plugin's topology; None if not reported."""


@define(kw_only=True)
class NodeDescription(Model):
    """A node as its agent describes it."""

    hostname: str = wire("Hostname", empty=str)
    """Host name of the node."""
    platform: Platform | None = wire("Platform")
    """Architecture and operating system of the node; None if not reported."""
    resources: ResourceObject | None = wire("Resources")
    """Total resources of the node; None if not reported."""
    engine: EngineDescription | None = wire("Engine")
    """Docker Engine of the node; None if not reported."""
    tls_info: TLSInfo | None = wire("TLSInfo")
    """Root certificate that the node trusts, and the issuer of its certificate; None if not reported."""
    csi_info: list[NodeCSIInfo] = wire("CSIInfo", empty=list, since="1.42")
    """Information of the storage plugins (CSI) about the node; empty: none."""
