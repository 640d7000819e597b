"""An SVG chart for each case: a bar for the median of each client, and a line from its minimum to its maximum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from benchmarks._harness.report import OURS, CaseReport, Figure
from benchmarks._harness.table import number

__all__ = ["chart", "write"]

_WIDTH = 760
_LEFT = 190  # width of the client names
_RIGHT = 130  # width of the figures
_TOP = 52
_STEP = 30
_BAR = 18
_COLORS = {"floor": "#8a8f98", OURS: "#1f7a5c"}
_OTHERS = "#c2803a"
_VARIANT = "#6fb39b"  # aiodockerapi with other options


def write(reports: Iterable[CaseReport], folder: Path) -> None:
    """Write ``NAME.svg`` for each report."""
    folder.mkdir(parents=True, exist_ok=True)
    for report in reports:
        (folder / f"{report.name}.svg").write_text(chart(report))


def chart(report: CaseReport) -> str:
    """Return the SVG text of the chart of a case."""
    bars = [(row.client, figure) for row in report.rows if (figure := report.main(row))]
    failed = [row.client for row in report.rows if row.failure]
    height = _TOP + _STEP * (len(bars) + len(failed)) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"',
        f' role="img" aria-label={quoteattr(report.title)} font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{height}" rx="6" fill="#fbfbf9"/>',
        _text(16, 22, report.title, weight="600"),
        _text(16, 40, f"{report.extras.get(report.figure, report.unit)}, {report.better} is better", fill="#666"),
        *_bars(report, bars),
        *(_failed(name, len(bars) + place) for place, name in enumerate(failed)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bars(report: CaseReport, bars: list[tuple[str, Figure]]) -> Iterator[str]:
    most = max((figure.most for _, figure in bars), default=0) or 1.0
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    bottom = _TOP + _STEP * len(bars) - (_STEP - _BAR) + 4
    for place, (name, figure) in enumerate(bars):
        top = _TOP + _STEP * place
        middle = top + _BAR / 2
        yield _text(_LEFT - 10, middle + 4, name, anchor="end", weight="600" if name == OURS else "400")
        yield f'<rect x="{_LEFT}" y="{top}" width="{figure.median * scale:.1f}" height="{_BAR}" fill="{_color(name)}"/>'
        least, end = _LEFT + figure.least * scale, _LEFT + figure.most * scale
        yield f'<path d="M{least:.1f} {middle}H{end:.1f}" stroke="#222" stroke-width="1.5" opacity="0.7"/>'
        if name == "floor":
            x = _LEFT + figure.median * scale
            yield f'<path d="M{x:.1f} {_TOP - 6}V{bottom}" stroke="#8a8f98" stroke-dasharray="3 3"/>'
        yield _text(_WIDTH - 16, middle + 4, _label(report, name, figure), anchor="end")


def _label(report: CaseReport, name: str, figure: Figure) -> str:
    floor = next((report.main(row) for row in report.rows if row.client == "floor"), None)
    if name == "floor" or not floor or not floor.median:
        return number(figure.median)
    return f"{number(figure.median)} ({figure.median / floor.median:.2f} x)"


def _color(name: str) -> str:
    return _COLORS.get(name) or (_VARIANT if name.startswith(OURS) else _OTHERS)


def _failed(name: str, place: int) -> str:
    middle = _TOP + _STEP * place + _BAR / 2
    return _text(_LEFT - 10, middle + 4, name, anchor="end") + _text(_LEFT, middle + 4, "failed", fill="#b03030")


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "400", fill: str = "#222") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">{escape(text)}</text>'
