"""The result of a ping."""

import attrs

__all__ = ["Ping"]


@attrs.frozen(kw_only=True)
class Ping:
    """The response headers of a ping; a string is empty if the daemon does not send the header."""

    api_version: str
    """The newest API version that the daemon supports."""
    os_type: str
    """Operating system type: ``linux`` or ``windows``."""
    server: str
    """Version and platform of the daemon, e.g. ``Docker/20.10.24 (linux)``."""
    experimental: bool
    """Whether experimental features are enabled."""
    builder_version: str
    """The builder that the daemon recommends: ``1`` (classic builder) or ``2`` (BuildKit). Since API 1.42."""
    swarm: str
    """State of the node in the swarm, with its role if it is active, e.g. ``inactive`` or ``active/manager``.
    Since API 1.42."""
