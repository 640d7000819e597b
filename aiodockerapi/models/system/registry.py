"""The registry settings of the daemon."""

from .._fields import Model, define, wire

__all__ = ["IndexInfo", "RegistryServiceConfig"]


@define(kw_only=True)
class IndexInfo(Model):
    """The settings of one registry."""

    name: str = wire("Name", empty=str)
    """Name of the registry, e.g. ``docker.io``."""
    mirrors: list[str] = wire("Mirrors", empty=list)
    """URLs of the mirrors that are tried first; empty: none."""
    secure: bool = wire("Secure", empty=bool)
    """Whether TLS with a trusted certificate is required; False for an insecure registry."""
    official: bool = wire("Official", empty=bool)
    """Whether this is Docker Hub."""


@define(kw_only=True)
class RegistryServiceConfig(Model):
    """The registry settings of the daemon."""

    insecure_registry_cidrs: list[str] = wire("InsecureRegistryCIDRs", empty=list)
    """Networks in CIDR notation whose registries may use HTTP or untrusted certificates; includes ``127.0.0.0/8``
    by default."""
    index_configs: dict[str, IndexInfo] = wire("IndexConfigs", empty=dict)
    """Settings of individual registries, by name."""
    mirrors: list[str] = wire("Mirrors", empty=list)
    """URLs of the mirrors of Docker Hub; empty: none."""
    allow_nondistributable_artifacts_cidrs: list[str] = wire(
        "AllowNondistributableArtifactsCIDRs", empty=list, until="1.48"
    )
    """Networks in CIDR notation to whose registries nondistributable layers can be pushed; empty on engines that
    always allow it."""
    allow_nondistributable_artifacts_hostnames: list[str] = wire(
        "AllowNondistributableArtifactsHostnames", empty=list, until="1.48"
    )
    """Registries to which nondistributable layers can be pushed; empty on engines that always allow it."""
