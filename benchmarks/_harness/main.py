"""The command line of the suite, and of each case alone."""

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
    """All cases there are."""
    return [one.name for one in pkgutil.iter_modules(benchmarks.__path__) if not one.name.startswith("_")]


def main(arguments: Sequence[str] | None = None, *, only: Case | None = None) -> int:
    """Run what the arguments ask for; 0 if all clients did the same, 1 if not. How long it took decides nothing."""
    options = _parser(only).parse_args(arguments)
    # A client does not outlive the suite: being ended by a signal unwinds, as an interrupt does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if options.given:
        reports = pages.load(options.given)
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
    assert case.name == name, f"benchmarks.{name} calls itself {case.name}"
    return case


def _parser(only: Case | None) -> argparse.ArgumentParser:
    program = "python -m benchmarks" + (f".{only.name}" if only else "")
    parser = argparse.ArgumentParser(
        program, description=only.title if only else "What the client costs, beside others."
    )
    if only is None:
        parser.add_argument(
            "cases", nargs="*", metavar="case", choices=[*case_names(), []], help="by default all of them"
        )
    else:
        parser.set_defaults(cases=[])
    parser.add_argument("--rounds", type=int, help="how often each client does it; each case has a default")
    parser.add_argument("--quick", action="store_true", help="small sizes and one round: does it all work?")
    parser.add_argument("--clients", default="", metavar="A,B", help="only these clients")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all rounds")
    parser.add_argument("--charts", type=Path, metavar="DIR", help="write a chart (SVG) of each case")
    parser.add_argument("--docs", type=Path, metavar="DIR", help="write what docs/performance.rst includes")
    parser.add_argument(
        "--from", dest="given", type=Path, metavar="FILE", help="run nothing; take the figures of this file"
    )
    return parser
