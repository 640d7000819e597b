"""What ``docs/performance.rst`` includes: all figures as JSON, tables and charts made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks._harness import charts, table
from benchmarks._harness.report import CaseReport

__all__ = ["load", "write"]


def load(file: Path) -> list[CaseReport]:
    """The reports that were written to a JSON file."""
    return [CaseReport.from_json(one) for one in json.loads(file.read_text())]


def write(reports: Iterable[CaseReport], folder: Path) -> None:
    """Write ``results.json``, ``results.inc`` and the charts; cases that were not run now keep what they have there."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = folder / "results.json"
    all_of_them = {report.name: report for report in (load(figures) if figures.exists() else [])}
    all_of_them |= {report.name: report for report in reports}
    kept = [all_of_them[name] for name in sorted(all_of_them)]
    figures.write_text(json.dumps([report.to_json() for report in kept], indent=1) + "\n")
    charts.write(kept, folder)
    (folder / "results.inc").write_text("\n".join(_page(kept, folder.name)))


def _page(reports: list[CaseReport], folder: str) -> Iterator[str]:
    yield from (".. Made by python -m benchmarks --docs; not to be edited.", "")
    yield from _overview(reports)
    for report in reports:
        yield from _case(report, folder)


def _overview(reports: list[CaseReport]) -> Iterator[str]:
    rows = [["case", "goal", "measured", ""]]
    for report in reports:
        name = f"`{report.title} <case-{report.name}_>`__"
        for verdict in report.verdicts:
            rows.append([name, verdict.text, table.number(verdict.value), "met" if verdict.met else "**missed**"])
            name = ""
    yield from _list_table(rows, "")


def _case(report: CaseReport, folder: str) -> Iterator[str]:
    # A label that the reader's link can name whatever the title says.
    yield from (f".. _case-{report.name}:", "", report.title, "~" * len(report.title), "")
    yield from (*report.about.splitlines(), "")
    yield from (f".. image:: {folder}/{report.name}.svg", f"   :alt: {report.title}", "")
    yield from _list_table(table.columns(report), _caption(report))


def _caption(report: CaseReport) -> str:
    rounds = max((len(row.rounds) for row in report.rows), default=0)
    facts = report.machine
    return f"{rounds} rounds, {facts.get('date', '')}, {facts.get('python', '')}, {facts.get('processor', '')}"


def _list_table(rows: list[list[str]], title: str) -> Iterator[str]:
    yield from (f".. list-table:: {title}".rstrip(), "   :header-rows: 1", "")
    width = len(rows[0])
    for row in rows:
        for place, cell in enumerate(row + [""] * (width - len(row))):
            yield f"   {'* -' if place == 0 else '  -'} {cell}".rstrip()
    yield ""
