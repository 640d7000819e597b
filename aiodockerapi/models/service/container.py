"""The containers of a service."""

from .._fields import Model, define, wire
from ..common import HealthConfig, Isolation, Mount, Ulimit
from ..config import ServiceConfigReference
from ..secret import SecretReference
from .security import ContainerPrivileges

__all__ = ["ContainerSpec", "DNSConfig"]


@define(kw_only=True)
class DNSConfig(Model):
    """The DNS settings of a container, which the daemon writes to its ``resolv.conf``."""

    nameservers: list[str] = wire("Nameservers", empty=list)
    """IP addresses of the DNS servers; empty: those of the daemon's configuration or of the host."""
    search: list[str] = wire("Search", empty=list)
    """Domains in which short names are looked up; empty: those of the daemon's configuration or of the host."""
    options: list[str] = wire("Options", empty=list)
    """Options of the resolver, such as ``ndots:3``; empty: those of the daemon's configuration or of the host."""


@define(kw_only=True)
class ContainerSpec(Model):
    """The configuration of the containers that the tasks of a service run."""

    image: str | None = wire("Image")
    """Reference of the image to run, e.g. ``nginx:1.27``; required."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the containers, not of the service; empty: only those that the swarm adds."""
    command: list[str] = wire("Command", empty=list)
    """Command that replaces the image's entrypoint, as a list of arguments; empty: the image's entrypoint."""
    args: list[str] = wire("Args", empty=list)
    """Arguments that replace the image's command; empty: the image's command, or no arguments if ``command`` is set."""
    hostname: str | None = wire("Hostname")
    """Host name of the containers; None: the short ID of the container.

    It may contain a template, such as ``{{.Node.Hostname}}-{{.Task.Slot}}``.
    """
    env: list[str] = wire("Env", empty=list)
    """Environment variables as ``NAME=value``, in addition to those of the image; the values may contain templates."""
    dir: str | None = wire("Dir")
    """Working directory of the command; None: the image's working directory."""
    user: str | None = wire("User")
    """User that runs the command, as ``user[:group]`` with names or IDs; None: the image's user."""
    groups: list[str] = wire("Groups", empty=list)
    """Names or IDs of additional groups of the process; empty: only the groups of the user."""
    privileges: ContainerPrivileges | None = wire("Privileges")
    """Security options of the containers; None: the daemon's defaults."""
    tty: bool | None = wire("TTY")
    """Whether to allocate a pseudo-terminal; None means False."""
    open_stdin: bool | None = wire("OpenStdin")
    """Whether to keep the standard input open; None means False."""
    read_only: bool | None = wire("ReadOnly")
    """Whether the root file system of the containers is read-only; None means False."""
    mounts: list[Mount] = wire("Mounts", empty=list)
    """Mounts of the containers; their sources and targets may contain templates. Empty: only the image's volumes."""
    stop_signal: str | None = wire("StopSignal")
    """Signal that stops the containers, e.g. ``SIGINT``; None: the image's stop signal, or else ``SIGTERM``."""
    stop_grace_period: int | None = wire("StopGracePeriod")
    """Nanoseconds between the stop signal and the kill; None: the daemon's default, 10 s on Linux."""
    # The API's definitions name this HealthCheck. Daemons read both names, but always write this one.
    healthcheck: HealthConfig | None = wire("Healthcheck")
    """Health check of the containers; None: the image's health check."""
    hosts: list[str] = wire("Hosts", empty=list)
    """Entries of the containers' hosts file as ``address name``, e.g. ``192.0.2.10 db``; empty: none.

    The format allows aliases after the name; daemons ignore them.
    """
    dns_config: DNSConfig | None = wire("DNSConfig")
    """DNS settings of the containers; None: those of the daemon's configuration or of the host."""
    secrets: list[SecretReference] = wire("Secrets", empty=list)
    """Secrets that the containers can read; empty: none."""
    configs: list[ServiceConfigReference] = wire("Configs", empty=list)
    """Configs that the containers can read, or that are used to set them up; empty: none."""
    isolation: Isolation | str | None = wire("Isolation")
    """Isolation of Windows containers; None: the daemon's default."""
    init: bool | None = wire("Init")
    """Whether an init process forwards signals and reaps zombie processes; None: the daemon's default."""
    sysctls: dict[str, str] = wire("Sysctls", empty=dict)
    """Kernel parameters of the containers' namespaces, e.g. ``{"net.core.somaxconn": "1024"}``; empty: the defaults."""
    capability_add: list[str] = wire("CapabilityAdd", empty=list)
    """Linux capabilities to add to the default set, e.g. ``CAP_NET_ADMIN``; ``ALL``: all of them. Empty: none."""
    capability_drop: list[str] = wire("CapabilityDrop", empty=list)
    """Linux capabilities to remove from the default set, e.g. ``CAP_NET_RAW``; ``ALL``: all of them. Empty: none."""
    ulimits: list[Ulimit] = wire("Ulimits", empty=list)
    """Resource limits (``ulimit``) of the processes; empty: the daemon's defaults."""
    oom_score_adj: int | None = wire("OomScoreAdj", since="1.46")
    """Adjustment of the OOM killer's score, -1000 to 1000; processes with higher scores are killed first. None: 0."""
