"""What calls about networks send, and their short answers."""

from .._fields import Model, define, wire
from .endpoint import EndpointSettings
from .ipam import IPAM

__all__ = [
    "ConfigReference",
    "NetworkConnectRequest",
    "NetworkCreateRequest",
    "NetworkCreateResponse",
    "NetworkDisconnectRequest",
    "NetworkPruneResponse",
]


@define(kw_only=True)
class ConfigReference(Model):
    """A network of configuration only from which another takes its settings."""

    network: str | None = wire("Network")
    """Its name."""


@define(kw_only=True)
class NetworkCreateRequest(Model):
    """A network to create."""

    name: str | None = wire("Name")
    driver: str | None = wire("Driver")
    """Such as `bridge` (the default), `overlay` or `macvlan`."""
    scope: str | None = wire("Scope")
    """`local` or `swarm`; the driver has a default."""
    internal: bool | None = wire("Internal")
    """Whether the network is cut off from the outside."""
    attachable: bool | None = wire("Attachable")
    """Whether plain containers may join a network of swarm scope."""
    ingress: bool | None = wire("Ingress")
    """Whether this is the network that carries the published ports of a swarm."""
    config_only: bool | None = wire("ConfigOnly")
    """Whether the network only holds settings for others."""
    config_from: ConfigReference | None = wire("ConfigFrom")
    ipam: IPAM | None = wire("IPAM")
    enable_ipv4: bool | None = wire("EnableIPv4", since="1.47", sent_since="1.48")
    enable_ipv6: bool | None = wire("EnableIPv6")
    options: dict[str, str] = wire("Options", empty=dict)
    """What the driver understands."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    check_duplicate: bool | None = wire("CheckDuplicate", until="1.45")
    """Whether a name that is taken is an error; since API 1.44 it always is."""


@define(kw_only=True)
class NetworkCreateResponse(Model):
    """The network that was created."""

    id: str = wire("Id", empty=str)
    warning: str = wire("Warning", empty=str)


@define(kw_only=True)
class NetworkConnectRequest(Model):
    """A container that is to join a network."""

    container: str | None = wire("Container")
    """Its id or name."""
    endpoint_config: EndpointSettings | None = wire("EndpointConfig")


@define(kw_only=True)
class NetworkDisconnectRequest(Model):
    """A container that is to leave a network."""

    container: str | None = wire("Container")
    """Its id or name."""
    force: bool | None = wire("Force")


@define(kw_only=True)
class NetworkPruneResponse(Model):
    """What a prune of networks has removed."""

    networks_deleted: list[str] = wire("NetworksDeleted", empty=list)
    """Their names."""
