"""The parts of files that a command writes: `python -m tests.support.generate`. A test compares them with its output.

A generated part is between two comments, `begin generated: NAME` and `end generated: NAME`. Everything outside of them is
written by hand.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from . import codec, layers, models
from .regions import PROJECT

__all__ = ["PROJECT", "TARGETS", "outdated", "write"]

TARGETS: Mapping[str, Callable[[], dict[Path, str]]] = {
    "codec": codec.files,
    "layers": layers.files,
    "models": models.files,
}
"""What can be generated: a function for each name, which returns the complete text of the files."""


def outdated(target: str) -> list[Path]:
    """Return the files of a target that differ from what would be generated."""
    return [path for path, text in TARGETS[target]().items() if path.read_text() != text]


def write(target: str) -> list[Path]:
    """Write the files of a target and return those that have changed."""
    changed = outdated(target)
    for path, text in TARGETS[target]().items():
        if path in changed:
            path.write_text(text)
    return changed
