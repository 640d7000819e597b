"""The resources that nodes provide and tasks use: processors, memory, and user-defined resources."""

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
    """A single user-defined resource that is identified by a value, e.g. a GPU by its UUID."""

    kind: str | None = wire("Kind")
    """Kind of the resource, e.g. ``GPU``."""
    value: str | None = wire("Value")
    """Identifier of the resource, e.g. a UUID."""


@define(kw_only=True)
class DiscreteGenericResource(Model):
    """A number of interchangeable user-defined resources."""

    kind: str | None = wire("Kind")
    """Kind of the resources, e.g. ``SSD``."""
    value: int | None = wire("Value")
    """Number of resources."""


@define(kw_only=True)
class GenericResource(Model):
    """A user-defined resource: one of the two fields is set.

    A service can reserve only numbers of resources (``discrete_resource_spec``), also of named ones.
    """

    named_resource_spec: NamedGenericResource | None = wire("NamedResourceSpec")
    """A single resource with an identifier; None if ``discrete_resource_spec`` is set."""
    discrete_resource_spec: DiscreteGenericResource | None = wire("DiscreteResourceSpec")
    """A number of resources; None if ``named_resource_spec`` is set."""


GenericResources: TypeAlias = list[GenericResource]
"""A list of user-defined resources."""


@define(kw_only=True)
class ResourceObject(Model):
    """The resources of a node, or the resources that are reserved for each task of a service."""

    nano_cpus: int | None = wire("NanoCPUs")
    """Processors, in billionths (``1_000_000_000`` is one processor); 0 or None: none are reserved."""
    memory_bytes: int | None = wire("MemoryBytes")
    """Memory in bytes; 0 or None: none is reserved."""
    generic_resources: GenericResources = wire("GenericResources", empty=list)
    """User-defined resources; empty: none."""


@define(kw_only=True)
class Limit(Model):
    """The maximum resources of a task."""

    nano_cpus: int | None = wire("NanoCPUs")
    """Processors, in billionths (``500_000_000`` is half a processor); 0 or None: no limit."""
    memory_bytes: int | None = wire("MemoryBytes")
    """Memory in bytes; 0 or None: no limit."""
    pids: int | None = wire("Pids")
    """Number of processes and threads; 0 or None: no limit."""
