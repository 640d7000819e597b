"""What a registry has under a name."""

from ._fields import Model, define, wire
from .oci import OCIDescriptor, OCIPlatform

__all__ = ["DistributionInspect"]


@define(kw_only=True)
class DistributionInspect(Model):
    """An image as the registry has it: its digest and the platforms it is made for."""

    descriptor: OCIDescriptor | None = wire("Descriptor")
    platforms: list[OCIPlatform] = wire("Platforms", empty=list)
