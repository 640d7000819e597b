"""The containers of a service."""

from .._fields import Model, define, wire
from ..common import HealthConfig, Isolation, Mount, Ulimit
from ..config import ServiceConfigReference
from ..secret import SecretReference
from .security import ContainerPrivileges

__all__ = ["ContainerSpec", "DNSConfig"]


@define(kw_only=True)
class DNSConfig(Model):
    """How a container resolves names: the content of its `resolv.conf`."""

    nameservers: list[str] = wire("Nameservers", empty=list)
    search: list[str] = wire("Search", empty=list)
    """Domains to look up short names in."""
    options: list[str] = wire("Options", empty=list)
    """Options of the resolver, such as `ndots:3`."""


@define(kw_only=True)
class ContainerSpec(Model):
    """The container of each task of a service."""

    image: str | None = wire("Image")
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the containers, not of the service."""
    command: list[str] = wire("Command", empty=list)
    """Takes the place of the image's entrypoint."""
    args: list[str] = wire("Args", empty=list)
    """Takes the place of the image's command."""
    hostname: str | None = wire("Hostname")
    env: list[str] = wire("Env", empty=list)
    """`NAME=value` each."""
    dir: str | None = wire("Dir")
    """The working directory."""
    user: str | None = wire("User")
    groups: list[str] = wire("Groups", empty=list)
    """Groups that the process is in besides the user's."""
    privileges: ContainerPrivileges | None = wire("Privileges")
    tty: bool | None = wire("TTY")
    open_stdin: bool | None = wire("OpenStdin")
    read_only: bool | None = wire("ReadOnly")
    """Whether the container's own file system cannot be written."""
    mounts: list[Mount] = wire("Mounts", empty=list)
    stop_signal: str | None = wire("StopSignal")
    stop_grace_period: int | None = wire("StopGracePeriod")
    """Nanoseconds between the stop signal and the kill."""
    # The API's definitions spell it HealthCheck. Daemons read both, but always write this.
    healthcheck: HealthConfig | None = wire("Healthcheck")
    hosts: list[str] = wire("Hosts", empty=list)
    """Lines of the container's hosts file: `address name [alias...]`."""
    dns_config: DNSConfig | None = wire("DNSConfig")
    secrets: list[SecretReference] = wire("Secrets", empty=list)
    configs: list[ServiceConfigReference] = wire("Configs", empty=list)
    isolation: Isolation | str | None = wire("Isolation")
    """How Windows keeps the container apart."""
    init: bool | None = wire("Init")
    """Whether an init process passes on signals and reaps; the daemon's default where unset."""
    sysctls: dict[str, str] = wire("Sysctls", empty=dict)
    """Kernel parameters of the container's namespaces."""
    capability_add: list[str] = wire("CapabilityAdd", empty=list)
    capability_drop: list[str] = wire("CapabilityDrop", empty=list)
    ulimits: list[Ulimit] = wire("Ulimits", empty=list)
    oom_score_adj: int | None = wire("OomScoreAdj", since="1.46")
    """How readily the kernel kills the container when memory is short: -1000 to 1000."""
