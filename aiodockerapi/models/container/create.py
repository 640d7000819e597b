"""What creating and changing a container takes, and their answers."""

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
    """A container to create: what it runs, where and how, and in which networks."""

    host_config: HostConfig | None = wire("HostConfig")
    networking_config: NetworkingConfig | None = wire("NetworkingConfig")


@define(kw_only=True)
class ContainerCreateResponse(Model):
    """The container that was created."""

    id: str = wire("Id", empty=str)
    warnings: list[str] = wire("Warnings", empty=list)


@define(kw_only=True)
class ContainerUpdateRequest(Resources):
    """What to change of a container; what is not set stays as it is."""

    restart_policy: RestartPolicy | None = wire("RestartPolicy")


@define(kw_only=True)
class ContainerUpdateResponse(Model):
    """The answer to an update."""

    warnings: list[str] = wire("Warnings", empty=list)


@define(kw_only=True)
class ContainerPruneResponse(Model):
    """What a prune of containers has removed."""

    containers_deleted: list[str] = wire("ContainersDeleted", empty=list)
    """Their ids."""
    space_reclaimed: int = wire("SpaceReclaimed", empty=int)
    """Bytes."""
