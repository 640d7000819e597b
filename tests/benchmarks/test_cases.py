"""Run each case of the benchmarks once with little data: all clients must do the same work. Timings are not checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = {file.stem: file.read_text() for file in sorted((ROOT / "benchmarks").glob("[!_]*.py"))}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m benchmarks`."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=300)


@pytest.mark.parametrize("case", CASES)
def test_all_clients_do_the_same_work(case: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if 'server="engine"' in CASES[case]:
        request.getfixturevalue("engine_host")  # kept for all cases, so that it is started only once

    done = run(case, "--quick", "--docs", str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    [report] = json.loads((tmp_path / "results.json").read_text())
    assert report["faults"] == []
    assert {row["client"]: len(row["rounds"]) for row in report["rows"]} == dict.fromkeys(
        (row["client"] for row in report["rows"]), 1
    )
    assert {"aiodockerapi", "floor"} <= {row["client"] for row in report["rows"]}
    assert report["verdicts"], "every case has a goal"
    assert report["title"] in (tmp_path / "results.inc").read_text()
    assert ElementTree.parse(tmp_path / f"{case}.svg").getroot().attrib["aria-label"] == report["title"]


def test_saved_results_can_be_printed(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    first = run("import_cold", "--quick", "--clients", "floor", "--json", str(file))

    again = run("--from", str(file))

    assert again.returncode == 0
    assert again.stdout.strip() == first.stdout.strip() != ""


def test_an_unknown_case_is_refused() -> None:
    done = run("no_such_case")

    assert done.returncode == 2
    assert "no_such_case" in done.stderr
