"""The results of a case: the figures of each client and round, and their evaluation."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any, Self

import attrs
import cattrs

from benchmarks._harness.case import Better, Case, Goal, Size

__all__ = ["CaseReport", "Figure", "Row", "Verdict"]

OURS = "aiodockerapi"


@attrs.frozen
class Figure:
    """A figure summarized over all rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> Self:
        """Return the median, minimum and maximum of the values."""
        return cls(statistics.median(values), min(values), max(values))


@attrs.frozen
class Verdict:
    """The evaluation of a goal."""

    text: str
    """The goal as text: ``CPU <= 0.6 x floor``."""
    value: float
    """The measured value, in the unit of the goal."""
    met: bool

    def __str__(self) -> str:
        return f"{self.text}: {self.value:.2f}, {'met' if self.met else 'missed'}"


@attrs.frozen
class Row:
    """The results of one client."""

    client: str
    rounds: list[dict[str, float]] = attrs.field(factory=list)
    """The figures of each round by name: ``cpu`` and ``wall`` (both in seconds), and those of `Meter.extra`."""
    failure: str = ""
    """The reason why the client failed; empty if it did not."""
    excuse: str = ""
    """The known reason for an expected failure; empty otherwise."""

    def figure(self, name: str, scale: float = 1.0) -> Figure | None:
        """Return a figure over all rounds; None if the client does not have it or has failed."""
        if self.failure:
            return None
        values = [one[name] * scale for one in self.rounds if name in one]
        return Figure.of(values) if values else None


@attrs.frozen
class CaseReport:
    """The complete results of a case."""

    name: str
    title: str
    about: str
    unit: str
    figure: str
    scale: float
    better: Better
    size: Size
    extras: dict[str, str]
    rows: list[Row]
    verdicts: list[Verdict]
    faults: list[str]
    """Errors that make the case fail as a whole."""
    machine: dict[str, str]

    @classmethod
    def of(
        cls, case: Case, size: Size, rows: list[Row], faults: list[str], about: str, machine: dict[str, str]
    ) -> Self:
        """Create the report from the results of the clients."""
        return cls(
            name=case.name,
            title=case.title,
            about=about,
            unit=case.unit,
            figure=case.figure,
            scale=case.scale_for(size),
            better=case.better,
            size=size,
            extras=dict(case.extras),
            rows=rows,
            verdicts=_verdicts(case, size, {row.client: row for row in rows}),
            faults=faults,
            machine=machine,
        )

    @classmethod
    def from_json(cls, raw: Any) -> Self:
        """Create the report from the result of `to_json`."""
        return cattrs.structure(raw, cls)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON-serializable values."""
        plain: dict[str, Any] = cattrs.unstructure(self)
        return plain

    def main(self, row: Row) -> Figure | None:
        """Return a client's main figure in the unit of the case; None if it has failed."""
        return row.figure(self.figure, self.scale)

    def ratio(self, row: Row) -> float | None:
        """Return the ratio of a client's main figure to the floor's; None if either is missing."""
        floor = next((self.main(one) for one in self.rows if one.client == "floor"), None)
        mine = self.main(row)
        return mine.median / floor.median if mine and floor and floor.median else None


def _verdicts(case: Case, size: Size, rows: Mapping[str, Row]) -> list[Verdict]:
    verdicts = []
    for goal in case.goals:
        name = goal.figure or case.figure
        scale = case.scale_for(size) if name == case.figure else 1.0
        mine = rows[goal.client].figure(name, scale) if goal.client in rows else None
        reference = _reference(goal, name, scale, rows)
        if mine is None or not reference:
            continue
        value = mine.median / reference
        met = value <= goal.times if case.better == "lower" else value >= goal.times
        verdicts.append(Verdict(_goal_text(case, goal, name), value, met))
    return verdicts


def _reference(goal: Goal, name: str, scale: float, rows: Mapping[str, Row]) -> float:
    if goal.against is None:
        return 1.0
    row = rows.get(goal.against)
    figure = row.figure(name, scale) if row else None
    return figure.median if figure else 0.0


def _goal_text(case: Case, goal: Goal, name: str) -> str:
    title = case.extras.get(name, {"cpu": "CPU", "wall": "time"}.get(name, name))
    sign = "<=" if case.better == "lower" else ">="
    client = "" if goal.client == OURS else f"{goal.client}: "
    return f"{client}{title} {sign} {goal.times:g}" + (f" x {goal.against}" if goal.against else "")
