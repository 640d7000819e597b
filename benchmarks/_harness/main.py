"""The command line of the suite and of single cases."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import pkgutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import benchmarks
from benchmarks._harness import charts, pages, table
from benchmarks._harness.case import Case
from benchmarks._harness.report import CaseReport
from benchmarks._harness.runner import Plan, run_case

__all__ = ["case_names", "main"]


def case_names() -> list[str]:
    """Return the names of all cases."""
    return [one.name for one in pkgutil.iter_modules(benchmarks.__path__) if not one.name.startswith("_")]


def main(arguments: Sequence[str] | None = None, *, only: Case | None = None) -> int:
    """Run the cases that the arguments select.

    :param arguments: command-line arguments; None means those of the process.
    :param only: a single case to run; its command line has no names of cases.
    :returns: the exit status: 0 if all clients had the same result, 1 if not. Missed goals do not matter.
    """
    options = _parser(only).parse_args(arguments)
    # SIGTERM raises SystemExit, so that the processes of the clients are terminated as after an interrupt.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if options.source:
        reports = pages.load(options.source)
        names = options.cases or [report.name for report in reports]
        reports = [report for report in reports if report.name in names]
        print("\n\n".join(table.text(report) for report in reports))
    else:
        plan = Plan(options.rounds, options.quick, frozenset(filter(None, options.clients.split(","))))
        cases = [only] if only else [_case(name) for name in options.cases or case_names()]
        reports = [_run(case, plan) for case in cases]
    if options.json:
        options.json.write_text(json.dumps([report.to_json() for report in reports], indent=1) + "\n")
    if options.charts:
        charts.write(reports, options.charts)
    if options.docs:
        pages.write(reports, options.docs)
    return 1 if any(report.faults for report in reports) else 0


def _run(case: Case, plan: Plan) -> CaseReport:
    module = sys.modules.get(f"benchmarks.{case.name}", sys.modules["__main__"])
    report = run_case(case, plan, inspect.getdoc(module) or "")
    print(table.text(report), end="\n\n", flush=True)
    return report


def _case(name: str) -> Case:
    case = importlib.import_module(f"benchmarks.{name}").CASE
    assert isinstance(case, Case)
    assert case.name == name, f"CASE.name of benchmarks.{name} must be {name!r}, not {case.name!r}"
    return case


def _parser(only: Case | None) -> argparse.ArgumentParser:
    program = "python -m benchmarks" + (f".{only.name}" if only else "")
    parser = argparse.ArgumentParser(
        program, description=only.title if only else "Compare the cost of the client with other clients."
    )
    if only is None:
        parser.add_argument(
            "cases", nargs="*", metavar="case", choices=[*case_names(), []], help="name of a case; default: all"
        )
    else:
        parser.set_defaults(cases=[])
    parser.add_argument("--rounds", type=int, help="rounds of each client; the default depends on the case")
    parser.add_argument("--quick", action="store_true", help="check the results only: small sizes and one round")
    parser.add_argument("--clients", default="", metavar="A,B", help="run only these clients")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all rounds as JSON")
    parser.add_argument("--charts", type=Path, metavar="DIR", help="write an SVG chart of each case")
    parser.add_argument("--docs", type=Path, metavar="DIR", help="write the files that docs/performance.rst includes")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="read the figures from this JSON file instead of running the cases",
    )
    return parser
