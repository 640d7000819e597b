"""Requests and responses of creating, updating and pruning containers."""

from .._fields import Model, define, wire
from ..network.endpoint import NetworkingConfig
from .config import ContainerConfig
from .host_config import HostConfig, RestartPolicy
from .resources import Resources

__all__ = [
    "ContainerCreateRequest",
    "ContainerCreateResponse",
    "ContainerPruneResponse",
    "ContainerUpdateRequest",
    "ContainerUpdateResponse",
]


@define(kw_only=True)
class ContainerCreateRequest(ContainerConfig):
    """A container to create: its configuration, host configuration and networks."""

    host_config: HostConfig | None = wire("HostConfig")
    """Configuration that depends on the host: resources, mounts, ports; None: the defaults."""
    networking_config: NetworkingConfig | None = wire("NetworkingConfig")
    """Networks to connect the container to; None: the one of the host configuration's ``network_mode``."""


@define(kw_only=True)
class ContainerCreateResponse(Model):
    """The response of a call that creates a container."""

    id: str = wire("Id", empty=str)
    """ID of the new container."""
    warnings: list[str] = wire("Warnings", empty=list)
    """Warnings of the daemon, e.g. about options that the host does not support; empty: none."""


@define(kw_only=True)
class ContainerUpdateRequest(Resources):
    """Changes of a container's resources and restart policy; None or 0 leaves a setting unchanged.

    Exceptions: ``pids_limit=0`` removes the limit. Daemons ignore resources that cannot be changed, such as devices.
    """

    restart_policy: RestartPolicy | None = wire("RestartPolicy")
    """New restart policy; None: unchanged."""


@define(kw_only=True)
class ContainerUpdateResponse(Model):
    """The response of a call that updates a container."""

    warnings: list[str] = wire("Warnings", empty=list)
    """Warnings of the daemon, e.g. about options that the host does not support; empty: none."""


@define(kw_only=True)
class ContainerPruneResponse(Model):
    """The containers that a prune has removed."""

    containers_deleted: list[str] = wire("ContainersDeleted", empty=list)
    """IDs of the removed containers; empty: none."""
    space_reclaimed: int = wire("SpaceReclaimed", empty=int)
    """Disk space that was freed, in bytes."""
