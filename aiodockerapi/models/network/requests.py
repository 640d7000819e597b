"""Requests of the network calls and their responses."""

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
    """A reference to the config-only network that provides the settings of another network."""

    network: str | None = wire("Network")
    """Name of the config-only network; IDs are not accepted. Empty in responses: none."""


@define(kw_only=True)
class NetworkCreateRequest(Model):
    """The settings of a network to create."""

    name: str | None = wire("Name")
    """Name of the network; required."""
    driver: str | None = wire("Driver")
    """Network driver, e.g. ``bridge``, ``overlay`` or ``macvlan``; None: the daemon's default (``bridge`` on
    Linux, ``nat`` on Windows)."""
    scope: str | None = wire("Scope")
    """Scope of the network: ``local`` or ``swarm``; None: the driver's default."""
    internal: bool | None = wire("Internal")
    """Whether to deny access to external networks; None: False."""
    attachable: bool | None = wire("Attachable")
    """Whether standalone containers can be connected to a network of swarm scope; None: False."""
    ingress: bool | None = wire("Ingress")
    """Whether to create the routing-mesh network, which carries the published ports of a swarm; None: False."""
    config_only: bool | None = wire("ConfigOnly")
    """Whether the network only provides settings for other networks and cannot be used itself; None: False."""
    config_from: ConfigReference | None = wire("ConfigFrom")
    """The config-only network to take the settings from; None: none."""
    ipam: IPAM | None = wire("IPAM")
    """Address management: the IPAM driver and the subnets; None: the default driver, with a subnet of the daemon's
    address pools."""
    enable_ipv4: bool | None = wire("EnableIPv4", since="1.47", sent_since="1.48")
    """Whether to enable IPv4; None: True, unless the daemon's default network options disable it."""
    enable_ipv6: bool | None = wire("EnableIPv6")
    """Whether to enable IPv6; None: False, unless the daemon's default network options enable it."""
    options: dict[str, str] = wire("Options", empty=dict)
    """Options of the network driver, e.g. ``{"com.docker.network.bridge.name": "br0"}``; empty: the driver's
    defaults."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the network; empty: none."""
    check_duplicate: bool | None = wire("CheckDuplicate", until="1.45")
    """Whether to fail if a network of that name exists; None: False. From API 1.44 on, this is always an error."""


@define(kw_only=True)
class NetworkCreateResponse(Model):
    """The ID of a created network."""

    id: str = wire("Id", empty=str)
    """ID of the network."""
    warning: str = wire("Warning", empty=str)
    """Warning of the daemon; empty: none."""


@define(kw_only=True)
class NetworkConnectRequest(Model):
    """A request to connect a container to a network."""

    container: str | None = wire("Container")
    """ID or name of the container; required."""
    endpoint_config: EndpointSettings | None = wire("EndpointConfig")
    """Addresses, aliases and options of the endpoint; None: the daemon chooses them."""


@define(kw_only=True)
class NetworkDisconnectRequest(Model):
    """A request to disconnect a container from a network."""

    container: str | None = wire("Container")
    """ID or name of the container; required."""
    force: bool | None = wire("Force")
    """Whether to remove the endpoint even if the container no longer exists; None: False."""


@define(kw_only=True)
class NetworkPruneResponse(Model):
    """The networks that a prune has removed."""

    networks_deleted: list[str] = wire("NetworksDeleted", empty=list)
    """Names of the removed networks."""
