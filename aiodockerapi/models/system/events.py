"""Events of the daemon."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["EventActor", "EventMessage", "EventScope", "EventType"]

EventScope: TypeAlias = Literal["local", "swarm"]
"""Scope of an event: ``local`` (the engine) or ``swarm`` (the cluster)."""
EventType: TypeAlias = Literal[
    "builder", "config", "container", "daemon", "image", "network", "node", "plugin", "secret", "service", "volume"
]
"""Kind of object that an event is about."""


@define(kw_only=True)
class EventActor(Model):
    """The object that an event is about."""

    id: str = wire("ID", empty=str)
    """ID of the object; for images and volumes a name is possible, and for some events it is empty."""
    attributes: dict[str, str] = wire("Attributes", empty=dict)
    """Labels of the object and additional values of the event, e.g. ``name``, ``image`` or ``exitCode``."""


@define(kw_only=True)
class EventMessage(Model):
    """An event of the daemon or its swarm."""

    type: EventType | str = wire("Type", empty=str)
    """Kind of object, e.g. ``container`` or ``image``."""
    action: str = wire("Action", empty=str)
    """What happened, e.g. ``start``; some actions include details: ``exec_create: sh``, ``health_status: healthy``."""
    actor: EventActor | None = wire("Actor")
    """The object that the event is about; None if not reported."""
    scope: EventScope | str = wire("scope", empty=str)
    """Scope of the event: ``local`` (the engine) or ``swarm`` (the cluster)."""
    time: datetime.datetime | None = wire("time", unix=True)
    """When the event occurred, in whole seconds; None if not reported."""
    time_nano: int = wire("timeNano", empty=int)
    """When the event occurred, in nanoseconds since 1970."""
    status: str | None = wire("status", until="1.51")
    """The action again, for containers and images only; otherwise None."""
    id: str | None = wire("id", until="1.51")
    """The actor's ID again, for containers and images only; otherwise None."""
    from_: str | None = wire("from", until="1.51")
    """The image of the container, for containers only; otherwise None."""
