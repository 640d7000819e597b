"""Data classes of the Engine API: one class per definition, one module per domain.

Every class can be imported from this package (``from aiodockerapi.models import ContainerSummary``). A module and its
dependencies are loaded when one of its names is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

# begin generated: imports (python -m tests.support.generate models)
if TYPE_CHECKING:
    from ._fields import Model as Model
    from .common import *
    from .config import *
    from .container.archive import *
    from .container.config import *
    from .container.create import *
    from .container.host_config import *
    from .container.inspect import *
    from .container.mounts import *
    from .container.processes import *
    from .container.resources import *
    from .container.state import *
    from .container.stats import *
    from .distribution import *
    from .exec import *
    from .image.build import *
    from .image.config import *
    from .image.identity import *
    from .image.inspect import *
    from .image.manifests import *
    from .image.progress import *
    from .image.results import *
    from .network.endpoint import *
    from .network.inspect import *
    from .network.ipam import *
    from .network.ports import *
    from .network.requests import *
    from .network.settings import *
    from .node.description import *
    from .node.node import *
    from .node.platform import *
    from .node.resources import *
    from .oci import *
    from .plugin.parts import *
    from .plugin.plugin import *
    from .secret import *
    from .service.container import *
    from .service.endpoint import *
    from .service.security import *
    from .service.service import *
    from .service.spec import *
    from .service.task_spec import *
    from .storage import *
    from .swarm.common import *
    from .swarm.info import *
    from .swarm.inspect import *
    from .swarm.network import *
    from .swarm.requests import *
    from .swarm.spec import *
    from .system.auth import *
    from .system.disk_usage import *
    from .system.events import *
    from .system.info import *
    from .system.parts import *
    from .system.ping import *
    from .system.registry import *
    from .system.version import *
    from .task import *
    from .volume.cluster import *
    from .volume.volume import *
# end generated: imports

# Which names each module has; the same as its `__all__`.
# begin generated: names (python -m tests.support.generate models)
_NAMES: Final[dict[str, str]] = {
    "_fields": "Model",
    # Containers
    "container.archive": "ContainerPathStat",
    "container.config": "ContainerConfig",
    "container.create": """
        ContainerCreateRequest ContainerCreateResponse ContainerPruneResponse ContainerUpdateRequest
        ContainerUpdateResponse
    """,
    "container.host_config": "CgroupnsMode HostConfig LogConfig LogDriver RestartPolicy RestartPolicyName",
    "container.inspect": "ContainerInspectResponse ContainerSummary ContainerSummaryHostConfig",
    "container.mounts": "MountPoint",
    "container.processes": "ContainerTopResponse FilesystemChange",
    "container.resources": "DeviceMapping DeviceRequest Resources ThrottleDevice WeightDevice",
    "container.state": """
        ContainerState ContainerStateStatus ContainerWaitExitError ContainerWaitResponse Health HealthStatus
        HealthSummary HealthcheckResult
    """,
    "container.stats": """
        ContainerBlkioStatEntry ContainerBlkioStats ContainerCPUStats ContainerCPUUsage ContainerMemoryStats
        ContainerNetworkStats ContainerPidsStats ContainerStatsResponse ContainerStorageStats
        ContainerThrottlingData
    """,
    # Exec
    "exec": "ExecConfig ExecInspectResponse ExecStartConfig ProcessConfig",
    # Images
    "image.build": "BuildCache BuildCacheType BuildPruneResponse ImageID",
    "image.config": "ImageConfig",
    "image.identity": """
        AttestationStatement BuildIdentity Identity KnownSignerIdentity PullIdentity SignatureIdentity
        SignatureTimestamp SignatureTimestampType SignatureType SignerIdentity
    """,
    "image.inspect": "ImageInspect ImageMetadata ImageSummary RootFS",
    "image.manifests": """
        ImageManifestAttestationData ImageManifestImageData ImageManifestImageSize ImageManifestKind
        ImageManifestSize ImageManifestSummary
    """,
    "image.progress": "BuildInfo CreateImageInfo PushImageInfo",
    "image.results": "ImageDeleteResponseItem ImageHistoryResponseItem ImagePruneResponse ImageSearchResponseItem",
    # Distribution
    "distribution": "DistributionInspect",
    # Networks
    "network.endpoint": "EndpointIPAMConfig EndpointSettings NetworkingConfig",
    "network.inspect": """
        EndpointResource NetworkInspect NetworkStatus NetworkSummary NetworkTaskInfo PeerInfo ServiceInfo
    """,
    "network.ipam": "IPAM IPAMConfig IPAMStatus SubnetStatus",
    "network.ports": "PortBinding PortMap PortProtocol PortSummary",
    "network.requests": """
        ConfigReference NetworkConnectRequest NetworkCreateRequest NetworkCreateResponse
        NetworkDisconnectRequest NetworkPruneResponse
    """,
    "network.settings": "Address NetworkSettings NetworkSettingsSummary",
    # Volumes
    "volume.cluster": """
        CapacityRange ClusterVolume ClusterVolumeAccessMode ClusterVolumeAvailability ClusterVolumeInfo
        ClusterVolumePublishState ClusterVolumePublishStatus ClusterVolumeScope ClusterVolumeSecret
        ClusterVolumeSharing ClusterVolumeSpec Topology TopologyRequirement
    """,
    "volume.volume": """
        Volume VolumeCreateRequest VolumeListResponse VolumePruneResponse VolumeScope VolumeUpdateRequest
        VolumeUsageData
    """,
    # Storage
    "storage": "DriverData RootFSStorage RootFSStorageSnapshot Storage",
    # System
    "system.auth": "AuthConfig AuthResponse",
    "system.disk_usage": """
        BuildCacheDiskUsage ContainersDiskUsage DiskUsage ImagesDiskUsage SystemDataUsageResponse
        VolumesDiskUsage
    """,
    "system.events": "EventActor EventMessage EventScope EventType",
    "system.info": "CgroupDriver CgroupVersion SystemInfo",
    "system.parts": """
        AddressPool Commit ContainerdInfo ContainerdNamespaces DeviceInfo FirewallInfo NRIInfo PluginsInfo
        Runtime
    """,
    "system.ping": "Ping",
    "system.registry": "IndexInfo RegistryServiceConfig",
    "system.version": "ComponentVersion SystemVersion SystemVersionPlatform",
    # Swarm
    "swarm.common": "Driver NodeAvailability TLSInfo",
    "swarm.info": "ClusterInfo LocalNodeState PeerNode SwarmInfo",
    "swarm.inspect": "JoinTokens Swarm UnlockKeyResponse",
    "swarm.network": "NetworkAttachment SwarmIPAMConfig SwarmIPAMOptions SwarmNetwork SwarmNetworkSpec",
    "swarm.requests": "SwarmInitRequest SwarmJoinRequest SwarmUnlockRequest",
    "swarm.spec": """
        CAConfig DispatcherConfig EncryptionConfig ExternalCA ExternalCAProtocol OrchestrationConfig RaftConfig
        SwarmSpec TaskDefaults
    """,
    # Nodes
    "node.description": "EngineDescription NodeCSIInfo NodeDescription NodeTopology PluginDescription",
    "node.node": "ManagerStatus Node NodeRole NodeSpec NodeState NodeStatus Reachability",
    "node.platform": "Platform",
    "node.resources": """
        DiscreteGenericResource GenericResource GenericResources Limit NamedGenericResource ResourceObject
    """,
    # Services
    "service.container": "ContainerSpec DNSConfig",
    "service.endpoint": """
        EndpointPortConfig EndpointSpec EndpointVirtualIP NetworkAttachmentConfig PortPublishMode ResolutionMode
        ServiceEndpoint
    """,
    "service.security": """
        AppArmorMode AppArmorOptions ContainerPrivileges CredentialSpec SELinuxContext SeccompMode
        SeccompOptions
    """,
    "service.service": """
        Service ServiceCreateResponse ServiceJobStatus ServiceStatus ServiceUpdateResponse ServiceUpdateState
        ServiceUpdateStatus
    """,
    "service.spec": """
        GlobalJob GlobalService ReplicatedJob ReplicatedService ServiceMode ServiceSpec ServiceUpdateConfig
        UpdateFailureAction UpdateOrder
    """,
    "service.task_spec": """
        NetworkAttachmentSpec Placement PlacementPreference PluginSpec ResourceRequirements RuntimePrivilege
        SpreadOver TaskRestartCondition TaskRestartPolicy TaskRuntime TaskSpec
    """,
    # Tasks
    "task": "ContainerStatus PortStatus Task TaskState TaskStatus VolumeAttachment",
    # Secrets
    "secret": "Secret SecretReference SecretReferenceFile SecretSpec",
    # Configs
    "config": "Config ConfigReferenceFile ConfigReferenceRuntime ConfigSpec ServiceConfigReference",
    # Plugins
    "plugin.parts": "PluginDevice PluginEnv PluginInterfaceType PluginMount PluginPrivilege",
    "plugin.plugin": """
        Plugin PluginArgs PluginConfig PluginInterface PluginLinux PluginNetwork PluginProtocolScheme
        PluginRootFS PluginSettings PluginUser
    """,
    # Common
    "common": """
        BindOptions DriverConfig ErrorDetail ErrorResponse HealthConfig IDResponse ImageOptions Isolation Mount
        MountPropagation MountType ObjectVersion ProgressDetail TmpfsOptions Ulimit VolumeOptions
    """,
    # OCI
    "oci": "OCIDescriptor OCIPlatform",
}
# end generated: names

_HOME: Final = {name: module for module, names in _NAMES.items() for name in names.split()}

if not TYPE_CHECKING:  # type checkers see the imports above, and so notice a name that does not exist
    __all__ = list(_HOME)

    def __getattr__(name: str) -> Any:
        module = _HOME.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{module}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
