"""Which engine this is."""

from typing import Any

from .._fields import Model, define, wire

__all__ = ["ComponentVersion", "SystemVersion", "SystemVersionPlatform"]


@define(kw_only=True)
class SystemVersionPlatform(Model):
    """The product that the engine is part of."""

    name: str = wire("Name", empty=str)


@define(kw_only=True)
class ComponentVersion(Model):
    """A part of the engine, such as containerd or runc."""

    name: str = wire("Name", empty=str)
    version: str = wire("Version", empty=str)
    details: dict[str, Any] = wire("Details", empty=dict)


@define(kw_only=True)
class SystemVersion(Model):
    """The versions of the engine, its API and its parts."""

    platform: SystemVersionPlatform | None = wire("Platform")
    components: list[ComponentVersion] = wire("Components", empty=list)
    version: str = wire("Version", empty=str)
    """The engine's."""
    api_version: str = wire("ApiVersion", empty=str)
    """The newest API version that the daemon speaks."""
    min_api_version: str = wire("MinAPIVersion", empty=str)
    """The oldest API version that the daemon speaks."""
    git_commit: str = wire("GitCommit", empty=str)
    go_version: str = wire("GoVersion", empty=str)
    os: str = wire("Os", empty=str)
    arch: str = wire("Arch", empty=str)
    """The architecture in Go's words, such as `amd64`."""
    kernel_version: str = wire("KernelVersion", empty=str)
    experimental: bool = wire("Experimental", empty=bool)
    """Whether experimental features are switched on."""
    build_time: str = wire("BuildTime", empty=str)
    """As whoever built the engine wrote it; mostly a time."""
