"""The platform of a node or an image in a swarm."""

from .._fields import Model, define, wire

__all__ = ["Platform"]


@define(kw_only=True)
class Platform(Model):
    """A processor architecture and an operating system."""

    architecture: str | None = wire("Architecture")
    """Architecture, for nodes as reported by the kernel, e.g. ``x86_64`` or ``aarch64``; None or empty: any."""
    os: str | None = wire("OS")
    """Operating system, e.g. ``linux`` or ``windows``; None or empty: any."""
