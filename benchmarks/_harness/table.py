"""Results as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks._harness.report import CaseReport, Figure, Row

__all__ = ["columns", "number", "text"]


def number(value: float) -> str:
    """Three significant digits, or all of a whole number."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3 if abs(value) >= 0.1 else 4
    return f"{value:.{digits}f}"


def columns(report: CaseReport) -> list[list[str]]:
    """The head, and a line for each client; a client that failed has its reason in the third cell and no more."""
    further = [*_clocks(report), *((key, words) for key, words in report.extras.items() if key != report.figure)]
    main = report.extras.get(report.figure, report.unit)
    head = ["client", main, "least to most", "x floor", *(words for _, words in further)]
    return [head, *(_cells(report, row, [key for key, _ in further]) for row in report.rows)]


def _clocks(report: CaseReport) -> list[tuple[str, str]]:
    """The two clocks, in seconds, as far as the case has a use for them and they are not its main figure already."""
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
    """The report of a case, for a terminal."""
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
