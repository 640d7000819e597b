"""What happens in the daemon."""

import datetime
from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["EventActor", "EventMessage", "EventScope", "EventType"]

EventScope: TypeAlias = Literal["local", "swarm"]
EventType: TypeAlias = Literal[
    "builder", "config", "container", "daemon", "image", "network", "node", "plugin", "secret", "service", "volume"
]


@define(kw_only=True)
class EventActor(Model):
    """The object that an event is about."""

    id: str = wire("ID", empty=str)
    """An id; of images and volumes a name, of some neither."""
    attributes: dict[str, str] = wire("Attributes", empty=dict)
    """The object's labels, and what the kind of event adds."""


@define(kw_only=True)
class EventMessage(Model):
    """Something that happened in the daemon or its swarm."""

    type: EventType | str = wire("Type", empty=str)
    action: str = wire("Action", empty=str)
    """What happened, such as `start`; some go on with details: `exec_create: sh`, `health_status: healthy`."""
    actor: EventActor | None = wire("Actor")
    scope: EventScope | str = wire("scope", empty=str)
    time: datetime.datetime | None = wire("time", unix=True)
    """In whole seconds."""
    time_nano: int = wire("timeNano", empty=int)
    """Nanoseconds since 1970."""
    status: str | None = wire("status", until="1.51")
    """The action once more, of containers and images."""
    id: str | None = wire("id", until="1.51")
    """The actor's id once more, of containers and images."""
    from_: str | None = wire("from", until="1.51")
    """The image of the container."""
