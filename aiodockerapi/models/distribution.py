"""An image as its registry describes it."""

from ._fields import Model, define, wire
from .oci import OCIDescriptor, OCIPlatform

__all__ = ["DistributionInspect"]


@define(kw_only=True)
class DistributionInspect(Model):
    """What a registry reports about an image: its digest and platforms."""

    descriptor: OCIDescriptor | None = wire("Descriptor")
    """Descriptor of the image's manifest, or of its index if it has several platforms."""
    platforms: list[OCIPlatform] = wire("Platforms", empty=list)
    """Platforms that the image is available for."""
