"""Run the clients of a case round by round, each in a new process, and compare their results."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from benchmarks._harness.case import Case, Size
from benchmarks._harness.processes import Failed, ask_client, server
from benchmarks._harness.report import OURS, CaseReport, Row

__all__ = ["Plan", "run_case"]

_PACKAGES = ("aiodockerapi", "aiohttp", "aiodocker", "docker", "orjson", "msgspec", "uvloop")


@attrs.frozen
class Plan:
    """The options of a run."""

    rounds: int | None = None
    quick: bool = False
    clients: frozenset[str] = frozenset()
    """Names of the clients to run; empty means all."""

    def rounds_of(self, case: Case) -> int:
        """Return the number of rounds."""
        return self.rounds or (1 if self.quick else case.rounds)

    def size_of(self, case: Case) -> Size:
        """Return the size of the case."""
        return dict(case.quick or case.size) if self.quick else dict(case.size)

    def clients_of(self, case: Case) -> list[str]:
        """Return the names of the clients in running order: the floor first, then aiodockerapi."""
        wanted = [name for name in case.clients if not self.clients or name in self.clients]
        return sorted(wanted, key=lambda name: (name != "floor", name != OURS))


def run_case(case: Case, plan: Plan, about: str = "") -> CaseReport:
    """Run a case and return its report; failures of clients are reported, not raised."""
    size, clients = plan.size_of(case), plan.clients_of(case)
    rounds = _Rounds(case, size, clients)
    try:
        with server(case, size) as host:
            for number in range(plan.rounds_of(case)):
                rounds.run(host, f"{case.name}, round {number + 1} of {plan.rounds_of(case)}")
    except Failed as failure:
        rounds.faults.append(str(failure))
    _progress("")
    return CaseReport.of(case, size, rounds.rows(), rounds.faults, about, machine())


class _Rounds:
    def __init__(self, case: Case, size: Size, clients: Iterable[str]) -> None:
        self._case = case
        self._size = size
        self._rounds: dict[str, list[dict[str, float]]] = {client: [] for client in clients}
        self._failures: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self.faults: list[str] = []

    def run(self, host: str, title: str) -> None:
        """Run one round of the clients that have not failed so far."""
        for client in self._rounds:
            if client not in self._failures:
                _progress(f"{title}: {client}")
                self._run_client(client, host)

    def _run_client(self, client: str, host: str) -> None:
        try:
            answer = ask_client(self._case, client, host, self._size)
            self._compare(client, answer["value"])
        except Failed as failure:
            self._failures[client] = str(failure)
            if client not in self._case.may_fail:
                self.faults.append(f"{client}: {failure}")
        else:
            figures = {"cpu": answer["cpu"], "wall": answer["wall"], **answer["extra"]}
            self._rounds[client].append(figures)

    def _compare(self, client: str, value: Any) -> None:
        first = next(iter(self._values), client)
        if self._values.setdefault(first, value) != value:
            raise Failed(f"the result {value!r:.200} differs from that of {first}, {self._values[first]!r:.200}")

    def rows(self) -> list[Row]:
        return [
            Row(client, rounds, self._failures.get(client, ""), self._case.may_fail.get(client, ""))
            for client, rounds in self._rounds.items()
        ]


def machine() -> dict[str, str]:
    """Return the date, the machine, and the versions of Python and the packages."""
    facts = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
    }
    for package in _PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            facts[package] = importlib.metadata.version(package)
    return facts


def _processor() -> str:
    name = platform.processor() or platform.machine()
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    return f"{os.cpu_count()} x {name}"


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
