"""What a node runs on, or what an image was made for."""

from .._fields import Model, define, wire

__all__ = ["Platform"]


@define(kw_only=True)
class Platform(Model):
    """A processor architecture with an operating system."""

    architecture: str | None = wire("Architecture")
    """In the kernel's words, such as `x86_64`."""
    os: str | None = wire("OS")
