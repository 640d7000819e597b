"""A daemon's sign of life."""

import attrs

__all__ = ["Ping"]


@attrs.frozen(kw_only=True)
class Ping:
    """What the headers of a ping tell; an empty string where the daemon does not say."""

    api_version: str
    """The newest API version that the daemon speaks."""
    os_type: str
    """`linux` or `windows`."""
    server: str
    """The daemon's version and platform, such as `Docker/20.10.24 (linux)`."""
    experimental: bool
    """Whether experimental features are switched on."""
    builder_version: str
    """The builder that the daemon recommends: `1` is the classic one, `2` BuildKit. Since 1.42."""
    swarm: str
    """The state in the swarm, and the role if there is one: `inactive`, `active/manager`. Since 1.42."""
