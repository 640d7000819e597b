"""What a node offers and a task asks for: processors, memory, and resources that the user defines."""

from typing import TypeAlias

from .._fields import Model, define, wire

__all__ = [
    "DiscreteGenericResource",
    "GenericResource",
    "GenericResources",
    "Limit",
    "NamedGenericResource",
    "ResourceObject",
]


@define(kw_only=True)
class NamedGenericResource(Model):
    """One of several resources of a kind that differ, such as a GPU by its UUID."""

    kind: str | None = wire("Kind")
    value: str | None = wire("Value")


@define(kw_only=True)
class DiscreteGenericResource(Model):
    """A number of resources of a kind that are all alike."""

    kind: str | None = wire("Kind")
    value: int | None = wire("Value")


@define(kw_only=True)
class GenericResource(Model):
    """A resource that the user defines: one of the two forms is set."""

    named_resource_spec: NamedGenericResource | None = wire("NamedResourceSpec")
    discrete_resource_spec: DiscreteGenericResource | None = wire("DiscreteResourceSpec")


GenericResources: TypeAlias = list[GenericResource]


@define(kw_only=True)
class ResourceObject(Model):
    """What a node has, or what is set aside for a task."""

    nano_cpus: int | None = wire("NanoCPUs")
    """Billionths of a processor."""
    memory_bytes: int | None = wire("MemoryBytes")
    generic_resources: GenericResources = wire("GenericResources", empty=list)


@define(kw_only=True)
class Limit(Model):
    """What a task may use at most."""

    nano_cpus: int | None = wire("NanoCPUs")
    """Billionths of a processor."""
    memory_bytes: int | None = wire("MemoryBytes")
    pids: int | None = wire("Pids")
    """Processes; 0 sets no limit."""
