"""The versions of the engine, its API and its components."""

from typing import Any

from .._fields import Model, define, wire

__all__ = ["ComponentVersion", "SystemVersion", "SystemVersionPlatform"]


@define(kw_only=True)
class SystemVersionPlatform(Model):
    """The product that the engine is part of."""

    name: str = wire("Name", empty=str)
    """Name of the product, e.g. ``Docker Engine - Community``; empty if the build does not set one."""


@define(kw_only=True)
class ComponentVersion(Model):
    """The version of a component of the engine, such as containerd or runc."""

    name: str = wire("Name", empty=str)
    """Name of the component, e.g. ``Engine`` or ``containerd``."""
    version: str = wire("Version", empty=str)
    """Version of the component."""
    details: dict[str, Any] = wire("Details", empty=dict)
    """Additional information, e.g. ``GitCommit``, for display only; empty: none."""


@define(kw_only=True)
class SystemVersion(Model):
    """The versions of the engine, its API and its components."""

    platform: SystemVersionPlatform | None = wire("Platform")
    """The product that the engine is part of; None if not reported."""
    components: list[ComponentVersion] = wire("Components", empty=list)
    """The components of the engine: the engine itself, containerd, runc, docker-init."""
    version: str = wire("Version", empty=str)
    """Version of the engine, e.g. ``28.5.2``."""
    api_version: str = wire("ApiVersion", empty=str)
    """The newest API version that the daemon supports."""
    min_api_version: str = wire("MinAPIVersion", empty=str)
    """The oldest API version that the daemon supports."""
    git_commit: str = wire("GitCommit", empty=str)
    """Commit that the engine was built from."""
    go_version: str = wire("GoVersion", empty=str)
    """Version of Go that the engine was built with, e.g. ``go1.24.9``."""
    os: str = wire("Os", empty=str)
    """Operating system of the daemon: ``linux`` or ``windows``."""
    arch: str = wire("Arch", empty=str)
    """Architecture that the daemon was built for, as named by Go, e.g. ``amd64``."""
    kernel_version: str = wire("KernelVersion", empty=str)
    """Kernel version of the host; empty if unknown."""
    experimental: bool = wire("Experimental", empty=bool)
    """Whether experimental features are enabled."""
    build_time: str = wire("BuildTime", empty=str)
    """When the engine was built, in no specified format; usually an RFC 3339 timestamp."""
