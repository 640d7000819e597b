"""The table of layers in the documentation, from the table that the test of layers enforces."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.support.layers import Layer
from tests.test_layers import ALLOWED_IMPORTERS, LAYERS

from .regions import PROJECT, filled

__all__ = ["files", "table"]

PAGE = PROJECT / "docs" / "architecture.rst"
PACKAGE = PROJECT / "aiodockerapi"
WIDTH = 124


def files() -> dict[Path, str]:
    """Return the page with its table."""
    return {PAGE: filled(PAGE.read_text(), "layers", table(LAYERS, ALLOWED_IMPORTERS, PACKAGE))}


def table(layers: Mapping[str, Layer], allowed_importers: Mapping[str, str], package: Path) -> str:
    """Return the table, lowest layer first, without modules that do not exist yet."""
    rows = [("Layer", "Module", "What it holds", "Only importer of")]
    for name, layer in sorted(layers.items(), key=lambda item: item[1].number):
        path = f"{name}/" if (package / name).is_dir() else f"{name}.py"
        if (package / path).exists():
            imports = (other for other, importer in allowed_importers.items() if importer == name)
            rows.append(
                (f"{layer.number:g}", f"``{path}``", layer.holds, ", ".join(f"``{other}``" for other in imports))
            )
    return f"\n{_simple_table(rows)}\n"


def _simple_table(rows: Sequence[tuple[str, str, str, str]]) -> str:
    """Lay out a simple table of reStructuredText; the third column is wrapped to the width that the others leave."""
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    widths[2] = min(widths[2], WIDTH - sum(widths[:2]) - widths[3] - 3)
    rule = " ".join("=" * width for width in widths)
    lines = [rule, *_lines(rows[0], widths), rule]
    for row in rows[1:]:
        lines.extend(_lines(row, widths))
    return "\n".join([*lines, rule, ""])


def _lines(row: tuple[str, str, str, str], widths: Sequence[int]) -> Iterable[str]:
    wrapped = textwrap.wrap(row[2], widths[2], break_on_hyphens=False)
    for number, text in enumerate(wrapped):
        cells = (row[0], row[1], text, row[3]) if number == 0 else ("", "", text, "")
        yield " ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
