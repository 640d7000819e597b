"""The part of a container's configuration that depends on the host."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from ..common import Isolation, Mount
from ..network.ports import PortMap
from .resources import Resources

__all__ = ["CgroupnsMode", "HostConfig", "LogConfig", "LogDriver", "RestartPolicy", "RestartPolicyName"]

CgroupnsMode: TypeAlias = Literal["private", "host"]
"""Cgroup namespaces of containers: a separate one (``private``) or that of the host (``host``)."""
LogDriver: TypeAlias = Literal[
    "local", "json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "etwlogs", "none"
]
"""Log drivers that are part of Docker; plugins add others. ``none`` discards the output."""
RestartPolicyName: TypeAlias = Literal["no", "always", "unless-stopped", "on-failure"]
"""Restart policies: never (``no``), after every end (``always``), unless the container was stopped by a call
(``unless-stopped``), or after an exit code other than 0 (``on-failure``)."""


@define(kw_only=True)
class RestartPolicy(Model):
    """The conditions under which the daemon restarts a container that has ended.

    The daemon waits 100 ms before the first restart and doubles the delay for each further one, up to a minute.
    """

    name: RestartPolicyName | str | None = wire("Name")
    """Name of the policy; None or empty: ``no``."""
    maximum_retry_count: int | None = wire("MaximumRetryCount")
    """Maximum number of restarts with ``on-failure``; 0 or None: no limit."""


@define(kw_only=True)
class LogConfig(Model):
    """The log driver of a container."""

    type: LogDriver | str | None = wire("Type")
    """Name of the log driver; None or empty: the daemon's default, ``json-file`` unless configured otherwise."""
    config: dict[str, str] = wire("Config", empty=dict)
    """Options of the log driver, e.g. ``{"max-size": "10m", "max-file": "3"}``; empty: the daemon's defaults."""


@define(kw_only=True)
class HostConfig(Resources):
    """The configuration of a container that depends on the host: resources, mounts, ports, isolation."""

    binds: list[str] = wire("Binds", empty=list)
    """Bind mounts and volumes as ``source:target[:options]``; the source is an absolute path of the host or a volume
    name. Options are separated by commas, e.g. ``ro``; the default is ``rw``."""
    container_id_file: str | None = wire("ContainerIDFile")
    """File on the client's host that contains the container's ID; only recorded by the daemon."""
    log_config: LogConfig | None = wire("LogConfig")
    """Log driver of the container; None: the daemon's default."""
    network_mode: str | None = wire("NetworkMode")
    """``bridge``, ``host``, ``none``, ``container:<name or id>``, or a network's name; None or ``default``: the
    daemon's default network, ``bridge`` on Linux and ``nat`` on Windows."""
    port_bindings: PortMap = wire("PortBindings", empty=dict)
    """Port bindings by container port, e.g. ``{"80/tcp": [PortBinding(host_port="8080")]}``; empty: nothing is
    published. The ports must be exposed by the image or by ``exposed_ports``."""
    restart_policy: RestartPolicy | None = wire("RestartPolicy")
    """Whether and when the daemon restarts the container; None: never."""
    auto_remove: bool | None = wire("AutoRemove")
    """Whether the daemon removes the container when it has ended; None means False. It cannot be combined with a
    restart policy."""
    volume_driver: str | None = wire("VolumeDriver")
    """Driver of the volumes that ``binds`` creates; None: ``local``."""
    volumes_from: list[str] = wire("VolumesFrom", empty=list)
    """Containers whose mounts this container gets too, as ``name[:ro|rw]``; empty: none."""
    mounts: list[Mount] = wire("Mounts", empty=list)
    """Mounts of the container, in addition to ``binds``; empty: none."""
    console_size: list[int] = wire("ConsoleSize", empty=list, sent_since="1.42")
    """Initial size of the terminal, ``[height, width]`` in characters; empty: not set."""
    annotations: dict[str, str] = wire("Annotations", empty=dict, since="1.43")
    """Annotations that are passed to the OCI runtime, by key; empty: none."""
    cap_add: list[str] = wire("CapAdd", empty=list)
    """Kernel capabilities to add to the default ones, e.g. ``NET_ADMIN`` or ``ALL``; empty: none."""
    cap_drop: list[str] = wire("CapDrop", empty=list)
    """Kernel capabilities to remove from the default ones, e.g. ``MKNOD`` or ``ALL``; empty: none."""
    cgroupns_mode: CgroupnsMode | str | None = wire("CgroupnsMode")
    """Cgroup namespace; None: the daemon's default, usually ``private`` with cgroup v2 and ``host`` with cgroup v1."""
    dns: list[str] = wire("Dns", empty=list)
    """IP addresses of DNS servers; empty: the daemon's setting, or else the host's."""
    dns_options: list[str] = wire("DnsOptions", empty=list)
    """DNS options for ``/etc/resolv.conf``, e.g. ``ndots:2``; empty: the daemon's setting, or else the host's."""
    dns_search: list[str] = wire("DnsSearch", empty=list)
    """DNS search domains; empty: the daemon's setting, or else the host's."""
    extra_hosts: list[str] = wire("ExtraHosts", empty=list)
    """Additional entries of ``/etc/hosts`` as ``name:address``; the address ``host-gateway`` stands for the host."""
    group_add: list[str] = wire("GroupAdd", empty=list)
    """Additional groups of the user that runs the command, names or numeric IDs; empty: none."""
    ipc_mode: str | None = wire("IpcMode")
    """IPC namespace: ``none``, ``private``, ``shareable``, ``host``, or ``container:<name or id>``; None: the daemon's
    default, ``private`` unless configured otherwise."""
    cgroup: str | None = wire("Cgroup")
    """``container:<name or id>`` to share the cgroup of another container; None: a separate cgroup."""
    links: list[str] = wire("Links", empty=list)
    """Legacy links to other containers in the default bridge network, as ``container:alias``; empty: none."""
    oom_score_adj: int | None = wire("OomScoreAdj")
    """Score adjustment for the kernel's out-of-memory killer, from -1000 (never kills the container) to 1000 (kills it
    first); None: 0."""
    pid_mode: str | None = wire("PidMode")
    """PID namespace: ``host``, or ``container:<name or id>``; None: a separate namespace."""
    privileged: bool | None = wire("Privileged")
    """Whether the container gets all capabilities and all devices of the host; None means False."""
    publish_all_ports: bool | None = wire("PublishAllPorts")
    """Whether each exposed port is published on a free host port that the daemon chooses; None means False."""
    readonly_rootfs: bool | None = wire("ReadonlyRootfs")
    """Whether the root filesystem of the container is read-only; None means False."""
    security_opt: list[str] = wire("SecurityOpt", empty=list)
    """Security options, e.g. ``no-new-privileges``, ``seccomp=<profile as JSON>``, ``apparmor=<profile name>`` or
    ``label=disable``; empty: the daemon's defaults."""
    storage_opt: dict[str, str] = wire("StorageOpt", empty=dict)
    """Options of the storage driver, e.g. ``{"size": "20G"}``; empty: the daemon's defaults."""
    tmpfs: dict[str, str] = wire("Tmpfs", empty=dict)
    """Memory filesystems by path, with mount options, e.g. ``{"/run": "rw,size=64m"}``. The options are added to
    ``noexec,nosuid,nodev``."""
    uts_mode: str | None = wire("UTSMode")
    """UTS namespace: ``host`` to use the host's name; None: a separate namespace."""
    userns_mode: str | None = wire("UsernsMode")
    """User namespace: ``host`` to disable the daemon's remapping of user IDs; None: the daemon's setting."""
    shm_size: int | None = wire("ShmSize")
    """Size of ``/dev/shm`` in bytes; 0 or None: the daemon's default, 64 MiB unless configured otherwise."""
    sysctls: dict[str, str] = wire("Sysctls", empty=dict)
    """Kernel parameters of the container's namespaces, e.g. ``{"net.ipv4.ip_forward": "1"}``; empty: the defaults."""
    runtime: str | None = wire("Runtime")
    """Name of the OCI runtime; None: the daemon's default, ``runc`` unless configured otherwise."""
    isolation: Isolation | str | None = wire("Isolation")
    """Isolation technology (Windows); None: the daemon's default."""
    masked_paths: list[str] = wire("MaskedPaths", empty=list)
    """Paths that are hidden from the container. If not set, the daemon's default paths are hidden; an explicit empty
    list hides none."""
    readonly_paths: list[str] = wire("ReadonlyPaths", empty=list)
    """Paths that are read-only in the container. If not set, the daemon's default paths are read-only; an explicit
    empty list makes none read-only."""
