"""The calls against the plan of operations, where that lies beside the project."""

from __future__ import annotations

import subprocess
import sys

from tests.support.public import PROJECT, operations

CHECK = PROJECT.parent / "shared" / "check" / "operations.py"


def faults() -> list[str]:
    """What the plan's own check has to say; nothing where there is no plan."""
    if not CHECK.exists():
        return []
    run = subprocess.run([sys.executable, CHECK], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert not run.stderr, run.stderr
    *lines, summary = run.stdout.splitlines()
    assert f"of {len(operations())} operations" in summary
    return lines


def test_every_operation_has_its_call_and_every_argument_its_name() -> None:
    assert faults() == []
