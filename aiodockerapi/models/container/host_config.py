"""Where and how a container runs on its host."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import Isolation, Mount
from ..network.ports import PortMap
from .resources import Resources

__all__ = ["CgroupnsMode", "HostConfig", "LogConfig", "LogDriver", "RestartPolicy", "RestartPolicyName"]

CgroupnsMode: TypeAlias = Literal["private", "host"]
LogDriver: TypeAlias = Literal[
    "local", "json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "etwlogs", "none"
]
RestartPolicyName: TypeAlias = Literal["no", "always", "unless-stopped", "on-failure"]


@define(kw_only=True)
class RestartPolicy(Model):
    """When the daemon starts a container again that has ended."""

    name: RestartPolicyName | str | None = wire("Name")
    """Empty is the same as `no`."""
    maximum_retry_count: int | None = wire("MaximumRetryCount")
    """How often `on-failure` tries."""


@define(kw_only=True)
class LogConfig(Model):
    """Where a container's output goes."""

    type: LogDriver | str | None = wire("Type")
    config: dict[str, str] = wire("Config", empty=dict)
    """What the driver understands."""


@define(kw_only=True)
class HostConfig(Resources):
    """Where and how a container runs: what it may use, what is mounted, which ports are published."""

    binds: list[str] = wire("Binds", empty=list)
    """Mounts in short: `source:target[:options]`, a path of the host or a volume's name."""
    container_id_file: str | None = wire("ContainerIDFile")
    """The file to which a client wrote the id; the daemon only remembers it."""
    log_config: LogConfig | None = wire("LogConfig")
    network_mode: str | None = wire("NetworkMode")
    """`bridge`, `host`, `none`, `container:<name or id>`, or a network's name."""
    port_bindings: PortMap = wire("PortBindings", empty=dict)
    restart_policy: RestartPolicy | None = wire("RestartPolicy")
    auto_remove: bool | None = wire("AutoRemove")
    """Whether the daemon removes the container once it has ended."""
    volume_driver: str | None = wire("VolumeDriver")
    """Makes the volumes that `binds` names."""
    volumes_from: list[str] = wire("VolumesFrom", empty=list)
    """Containers whose volumes this one mounts too: `name[:ro|rw]`."""
    mounts: list[Mount] = wire("Mounts", empty=list)
    console_size: list[int] = wire("ConsoleSize", empty=list, sent_since="1.42")
    """Height and width of the terminal."""
    annotations: dict[str, str] = wire("Annotations", empty=dict, since="1.43")
    """What the OCI runtime is told."""
    cap_add: list[str] = wire("CapAdd", empty=list)
    cap_drop: list[str] = wire("CapDrop", empty=list)
    cgroupns_mode: CgroupnsMode | str | None = wire("CgroupnsMode")
    dns: list[str] = wire("Dns", empty=list)
    """Addresses of name servers."""
    dns_options: list[str] = wire("DnsOptions", empty=list)
    dns_search: list[str] = wire("DnsSearch", empty=list)
    extra_hosts: list[str] = wire("ExtraHosts", empty=list)
    """Lines for `/etc/hosts`: `name:address`."""
    group_add: list[str] = wire("GroupAdd", empty=list)
    """Further groups of the command's user."""
    ipc_mode: str | None = wire("IpcMode")
    """`none`, `private`, `shareable`, `host`, or `container:<name or id>`."""
    cgroup: str | None = wire("Cgroup")
    """`container:<name or id>` to share that container's cgroup."""
    links: list[str] = wire("Links", empty=list)
    """Containers to reach by another name: `container:name`."""
    oom_score_adj: int | None = wire("OomScoreAdj")
    """-1000 to 1000: the higher, the sooner the kernel kills the container when memory is short."""
    pid_mode: str | None = wire("PidMode")
    """`host`, or `container:<name or id>`."""
    privileged: bool | None = wire("Privileged")
    publish_all_ports: bool | None = wire("PublishAllPorts")
    """Whether every exposed port is published on a port that the daemon chooses."""
    readonly_rootfs: bool | None = wire("ReadonlyRootfs")
    security_opt: list[str] = wire("SecurityOpt", empty=list)
    """Such as `no-new-privileges` or `seccomp=<profile>`."""
    storage_opt: dict[str, str] = wire("StorageOpt", empty=dict)
    """What the storage driver understands: `{"size": "20G"}`."""
    tmpfs: dict[str, str] = wire("Tmpfs", empty=dict)
    """Directories in memory, with their mount options: `{"/run": "rw,size=64m"}`."""
    uts_mode: str | None = wire("UTSMode")
    """`host` to share the host's name."""
    userns_mode: str | None = wire("UsernsMode")
    """`host` to leave the daemon's user namespace."""
    shm_size: int | None = wire("ShmSize")
    """Bytes of `/dev/shm`; 0 means 64 MiB."""
    sysctls: dict[str, str] = wire("Sysctls", empty=dict)
    runtime: str | None = wire("Runtime")
    """The OCI runtime that starts the container."""
    isolation: Isolation | str | None = wire("Isolation")
    """How the container is kept apart (Windows)."""
    masked_paths: list[str] = wire("MaskedPaths", empty=list)
    """Paths that the container cannot see; in place of the default ones."""
    readonly_paths: list[str] = wire("ReadonlyPaths", empty=list)
    """Paths that the container cannot write; in place of the default ones."""
