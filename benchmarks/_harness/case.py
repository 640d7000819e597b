"""What a case is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from benchmarks._harness.meter import Meter

__all__ = ["Better", "Case", "Client", "Goal", "ServerKind", "Size"]

Size: TypeAlias = dict[str, Any]
"""How much there is to do; handed to the clients and to the synthetic server."""

Client: TypeAlias = Callable[[str, Size, Meter], object]
"""Takes the daemon's address, the size and the meter. A coroutine function is run by asyncio, or by uvloop."""

Better: TypeAlias = Literal["lower", "higher"]
ServerKind: TypeAlias = Literal["synthetic", "engine"]


@dataclass(frozen=True)
class Goal:
    """What we set out for: a share of what another client takes, or a figure of its own."""

    against: str | None
    """The client that is the measure; None where `times` is the figure itself."""
    times: float
    figure: str | None = None
    """Which figure; by default the main one of the case."""
    client: str = "aiodockerapi"
    """Whose goal it is."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing to do, and how each client does it.

    A client's name may end in ``+uvloop``, which has its loop made by uvloop, and in ``+orjson`` or ``+msgspec``: without
    those, the client cannot import them, as it would be on a plain installation.
    """

    name: str
    """The module's own name."""
    title: str
    clients: Mapping[str, Client]
    """By their names, in the order of the table. The client under test is ``aiodockerapi``."""
    size: Size = field(default_factory=dict)
    quick: Size = field(default_factory=dict)
    """The size for the tests of the suite itself, which want it to be right and to be over soon."""
    server: ServerKind | None = None
    """What it speaks to: the synthetic daemon, a real one, or nobody."""
    unit: str = "s"
    figure: str = "cpu"
    """The main figure: ``cpu``, ``wall`` (both seconds), or what a client puts into `Meter.extra`."""
    scale: float | Callable[[Size], float] = 1.0
    """What the main figure is multiplied by, to come out in `unit`."""
    better: Better = "lower"
    goal: Goal | Sequence[Goal] = ()
    extras: Mapping[str, str] = field(default_factory=dict)
    """What the keys of `Meter.extra` are, in words for the head of a column; others are only in the JSON."""
    may_fail: Mapping[str, str] = field(default_factory=dict)
    """Clients other than ours and the floor that are known not to manage, and why."""
    limit: float = 150.0
    """How many seconds a client may take for a round, after which it has failed."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """The same, for single clients."""
    rounds: int = 5

    def scale_for(self, size: Size) -> float:
        """What the main figure is multiplied by at that size."""
        return self.scale(size) if callable(self.scale) else self.scale

    @property
    def goals(self) -> Sequence[Goal]:
        """All of them."""
        return [self.goal] if isinstance(self.goal, Goal) else self.goal
