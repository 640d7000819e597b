"""The results of a case: what each client took in each round, and what is made of that."""

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
    """One figure over all rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> Self:
        """What these come to."""
        return cls(statistics.median(values), min(values), max(values))


@attrs.frozen
class Verdict:
    """A goal, and what came of it."""

    text: str
    """The goal in words: ``CPU <= 0.6 x floor``."""
    value: float
    """What was measured, in the same measure."""
    met: bool

    def __str__(self) -> str:
        return f"{self.text}: {self.value:.2f}, {'met' if self.met else 'missed'}"


@attrs.frozen
class Row:
    """A client."""

    client: str
    rounds: list[dict[str, float]] = attrs.field(factory=list)
    """For each round its figures by name: ``cpu``, ``wall`` (seconds), and what the client added."""
    failure: str = ""
    """Why it did not manage."""
    excuse: str = ""
    """Why that was to be expected."""

    def figure(self, name: str, scale: float = 1.0) -> Figure | None:
        """A figure over all rounds; None where it has none, or did not manage all of them."""
        if self.failure:
            return None
        values = [one[name] * scale for one in self.rounds if name in one]
        return Figure.of(values) if values else None


@attrs.frozen
class CaseReport:
    """All that is to be told of a case."""

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
    """What went wrong, so that the case as a whole has failed."""
    machine: dict[str, str]

    @classmethod
    def of(
        cls, case: Case, size: Size, rows: list[Row], faults: list[str], about: str, machine: dict[str, str]
    ) -> Self:
        """What the rounds come to."""
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
        """Read what `to_json` made."""
        return cattrs.structure(raw, cls)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        plain: dict[str, Any] = cattrs.unstructure(self)
        return plain

    def main(self, row: Row) -> Figure | None:
        """A client's main figure, in the case's unit."""
        return row.figure(self.figure, self.scale)

    def ratio(self, row: Row) -> float | None:
        """A client's main figure as a share of the floor's; None where there is no floor."""
        floor = next((self.main(one) for one in self.rows if one.client == "floor"), None)
        mine = self.main(row)
        return mine.median / floor.median if mine and floor and floor.median else None


def _verdicts(case: Case, size: Size, rows: Mapping[str, Row]) -> list[Verdict]:
    verdicts = []
    for goal in case.goals:
        name = goal.figure or case.figure
        scale = case.scale_for(size) if name == case.figure else 1.0
        mine = rows[goal.client].figure(name, scale) if goal.client in rows else None
        measure = _measure(goal, name, scale, rows)
        if mine is None or not measure:
            continue
        value = mine.median / measure
        met = value <= goal.times if case.better == "lower" else value >= goal.times
        verdicts.append(Verdict(_words(case, goal, name), value, met))
    return verdicts


def _measure(goal: Goal, name: str, scale: float, rows: Mapping[str, Row]) -> float:
    if goal.against is None:
        return 1.0
    row = rows.get(goal.against)
    figure = row.figure(name, scale) if row else None
    return figure.median if figure else 0.0


def _words(case: Case, goal: Goal, name: str) -> str:
    what = case.extras.get(name, {"cpu": "CPU", "wall": "time"}.get(name, name))
    sign = "<=" if case.better == "lower" else ">="
    who = "" if goal.client == OURS else f"{goal.client}: "
    return f"{who}{what} {sign} {goal.times:g}" + (f" x {goal.against}" if goal.against else "")
