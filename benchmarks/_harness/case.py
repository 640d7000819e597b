"""The definition of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from benchmarks._harness.meter import Meter

__all__ = ["Better", "Case", "Client", "Goal", "ServerKind", "Size"]

Size: TypeAlias = dict[str, Any]
"""The amount of work; passed to the clients and to the synthetic daemon."""

Client: TypeAlias = Callable[[str, Size, Meter], object]
"""A function of the daemon's address, the size and the meter. A coroutine function runs on asyncio or uvloop.

The result must be equal for all clients of a case.
"""

Better: TypeAlias = Literal["lower", "higher"]
ServerKind: TypeAlias = Literal["synthetic", "engine"]


@dataclass(frozen=True)
class Goal:
    """A target for a figure: a multiple of another client's figure, or an absolute value."""

    against: str | None
    """The client to compare with; None if `times` is an absolute value."""
    times: float
    """The factor, or the absolute value."""
    figure: str | None = None
    """The name of the figure; None means the main figure of the case."""
    client: str = "aiodockerapi"
    """The client that should meet the goal."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A task, and its implementation for each client.

    The suffixes of a client's name select options: ``+uvloop`` runs the client on uvloop's event loop; ``+orjson`` and
    ``+msgspec`` make that package available. Without the suffix the import of the package fails, as on a plain installation.
    """

    name: str
    """The name of the module."""
    title: str
    clients: Mapping[str, Client]
    """The clients by name, in the order of the table. The client under test is ``aiodockerapi``."""
    size: Size = field(default_factory=dict)
    quick: Size = field(default_factory=dict)
    """A small size for the tests of the suite, which check only the results; empty means `size`."""
    server: ServerKind | None = None
    """The daemon that the clients use: the synthetic one, a real engine, or None."""
    unit: str = "s"
    figure: str = "cpu"
    """The name of the main figure: ``cpu`` or ``wall`` (both in seconds), or a key of `Meter.extra`."""
    scale: float | Callable[[Size], float] = 1.0
    """The factor that converts the main figure to `unit`."""
    better: Better = "lower"
    goal: Goal | Sequence[Goal] = ()
    extras: Mapping[str, str] = field(default_factory=dict)
    """Column titles for keys of `Meter.extra`; other keys are only written to the JSON."""
    may_fail: Mapping[str, str] = field(default_factory=dict)
    """Other clients (not aiodockerapi or the floor) that are known to fail, with the reason."""
    limit: float = 150.0
    """Timeout for one round of a client, in seconds; a client that exceeds it has failed."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """Timeouts of individual clients, in seconds, in place of `limit`."""
    rounds: int = 5

    def scale_for(self, size: Size) -> float:
        """Return the factor that converts the main figure to `unit` at the given size."""
        return self.scale(size) if callable(self.scale) else self.scale

    @property
    def goals(self) -> Sequence[Goal]:
        """All goals of the case, as a sequence."""
        return [self.goal] if isinstance(self.goal, Goal) else self.goal
