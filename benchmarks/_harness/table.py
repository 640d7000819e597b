"""Formatting of the results as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks._harness.report import CaseReport, Figure, Row

__all__ = ["columns", "number", "text"]


def number(value: float) -> str:
    """Format a number with three significant digits, or with all digits if it is an integer or at least 100."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3 if abs(value) >= 0.1 else 4
    return f"{value:.{digits}f}"


def columns(report: CaseReport) -> list[list[str]]:
    """Return the header and a row for each client; the third and last cell of a failed client contains the reason."""
    further = [*_clocks(report), *((key, title) for key, title in report.extras.items() if key != report.figure)]
    main = report.extras.get(report.figure, report.unit)
    head = ["client", main, "min to max", "x floor", *(title for _, title in further)]
    return [head, *(_cells(report, row, [key for key, _ in further]) for row in report.rows)]


def _clocks(report: CaseReport) -> list[tuple[str, str]]:
    """Return the columns of CPU and wall time that contain values and are not the main figure in seconds."""
    both = [("cpu", "CPU s"), ("wall", "wall s")]
    shown = [one for one in both if one[0] != report.figure or report.scale != 1]
    return [one for one in shown if any((figure := row.figure(one[0])) and figure.most for row in report.rows)]


def _cells(report: CaseReport, row: Row, further: Sequence[str]) -> list[str]:
    figure = report.main(row)
    if figure is None:
        return [row.client, "failed", row.excuse or row.failure.partition("\n")[0]]
    ratio = report.ratio(row)
    return [
        row.client,
        number(figure.median),
        f"{number(figure.least)} to {number(figure.most)}",
        "" if ratio is None else f"{ratio:.2f}",
        *(_median(row.figure(key)) for key in further),
    ]


def _median(figure: Figure | None) -> str:
    return "" if figure is None else number(figure.median)


def text(report: CaseReport) -> str:
    """Return the report of a case as a text table."""
    return "\n".join(_lines(report))


def _lines(report: CaseReport) -> Iterator[str]:
    yield f"{report.name}: {report.title}"
    head, *lines = columns(report)
    tabular = [line for line in lines if line[1] != "failed"]
    widths = [max(len(line[place]) for line in [head, *tabular]) for place in range(len(head))]
    widths[0] = max(len(line[0]) for line in [head, *lines])
    for line in [head, *lines]:
        if line in tabular or line is head:
            cells = [
                line[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
            ]
            yield "  " + "  ".join(cells)
        else:
            yield f"  {line[0].ljust(widths[0])}  failed: {line[2]}"
    for verdict in report.verdicts:
        yield f"  goal: {verdict}"
    for fault in report.faults:
        yield f"  FAULT: {fault}"
