"""The swarm as its managers show it, with the keys to it."""

from .._fields import Model, define, wire
from .info import ClusterInfo

__all__ = ["JoinTokens", "Swarm", "UnlockKeyResponse"]


@define(kw_only=True)
class JoinTokens(Model):
    """The secrets with which a node joins a swarm."""

    worker: str = wire("Worker", empty=str, secret=True)
    manager: str = wire("Manager", empty=str, secret=True)


@define(kw_only=True)
class Swarm(ClusterInfo):
    """A swarm with the tokens to join it."""

    join_tokens: JoinTokens | None = wire("JoinTokens")


@define(kw_only=True)
class UnlockKeyResponse(Model):
    """The key that unlocks the swarm's managers."""

    unlock_key: str = wire("UnlockKey", empty=str, secret=True)
    """Empty where the managers are not locked."""
