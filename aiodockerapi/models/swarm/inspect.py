"""The swarm as its managers report it, with the join tokens and the unlock key."""

from .._fields import Model, define, wire
from .info import ClusterInfo

__all__ = ["JoinTokens", "Swarm", "UnlockKeyResponse"]


@define(kw_only=True)
class JoinTokens(Model):
    """The secret tokens with which nodes join a swarm."""

    worker: str = wire("Worker", empty=str, secret=True)
    """Token with which a node joins as a worker."""
    manager: str = wire("Manager", empty=str, secret=True)
    """Token with which a node joins as a manager."""


@define(kw_only=True)
class Swarm(ClusterInfo):
    """A swarm, including its join tokens."""

    join_tokens: JoinTokens | None = wire("JoinTokens")
    """Tokens with which nodes join the swarm; None if not reported."""


@define(kw_only=True)
class UnlockKeyResponse(Model):
    """The key that unlocks the managers of a swarm."""

    unlock_key: str = wire("UnlockKey", empty=str, secret=True)
    """The unlock key; empty if auto-lock is disabled."""
