"""How the daemon deals with registries."""

from .._fields import Model, define, wire

__all__ = ["IndexInfo", "RegistryServiceConfig"]


@define(kw_only=True)
class IndexInfo(Model):
    """What the daemon has been told of one registry."""

    name: str = wire("Name", empty=str)
    mirrors: list[str] = wire("Mirrors", empty=list)
    """The addresses to try first."""
    secure: bool = wire("Secure", empty=bool)
    """Whether the daemon insists on TLS with a certificate that it trusts."""
    official: bool = wire("Official", empty=bool)
    """Whether this is Docker Hub."""


@define(kw_only=True)
class RegistryServiceConfig(Model):
    """How the daemon deals with registries."""

    insecure_registry_cidrs: list[str] = wire("InsecureRegistryCIDRs", empty=list)
    """Networks in which registries may do without TLS, in CIDR notation."""
    index_configs: dict[str, IndexInfo] = wire("IndexConfigs", empty=dict)
    """By the registry's name."""
    mirrors: list[str] = wire("Mirrors", empty=list)
    """The mirrors of Docker Hub."""
    allow_nondistributable_artifacts_cidrs: list[str] = wire(
        "AllowNondistributableArtifactsCIDRs", empty=list, until="1.48"
    )
    """Networks to whose registries layers may be pushed that are not meant to be passed on."""
    allow_nondistributable_artifacts_hostnames: list[str] = wire(
        "AllowNondistributableArtifactsHostnames", empty=list, until="1.48"
    )
    """Registries to which layers may be pushed that are not meant to be passed on."""
