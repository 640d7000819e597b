"""The tests of an engine that are expected to fail with Podman, and how: the ledger in tests/engine/podman.

It has a TOML file for each test module that is run against Podman; modules without a file are not run. An entry:

    [[differs]]
    test = "test_a_name_in_use_is_a_conflict"   # or a list of tests
    cases = ["a/b", "a?b"]                      # parts of the parameters' IDs; by default all cases of the test
    group = "status"                            # one of GROUPS
    reason = "A name in use is a server error, not a conflict."
    pattern = "500: .* already in use"          # a regular expression for the text of the failure

`pattern` is searched in the type and text of the exception only; a failure that does not match is unexpected.
`sometimes = true`: the test may pass as well. `hangs = true`: the test hangs, and gets a shorter timeout.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["GROUPS", "Entry", "entries", "error_text", "tests_of"]

FOLDER = Path(__file__).parents[1] / "engine" / "podman"

GROUPS = {
    "status": "another status, and therefore another class of error",
    "message": "the same error with another message",
    "lenient": "accepts what Docker refuses",
    "strict": "refuses what Docker accepts",
    "missing": "an operation or option that Podman does not support",
    "behavior": "different behavior or output",
    "broken": "does not work in Podman's service",
    "machine": "not possible with Podman on this machine or in these tests",
}
"""The groups of entries with their descriptions, in the order of the summary."""

_KEYS = {"test", "cases", "group", "reason", "pattern", "sometimes", "hangs"}


@dataclass(frozen=True)
class Entry:
    """A difference of Podman, and the tests that fail because of it."""

    tests: tuple[str, ...]
    cases: tuple[str, ...]
    group: str
    reason: str
    pattern: re.Pattern[str]
    sometimes: bool
    hangs: bool

    def names(self, test: str, case: str) -> bool:
        """Return whether the entry is for a test, given by the name of its function and the ID of its parameters."""
        return test in self.tests and (not self.cases or any(part in case for part in self.cases))


def _entry(raw: dict[str, Any]) -> Entry:
    if unknown := raw.keys() - _KEYS:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    if raw["group"] not in GROUPS:
        raise ValueError(f"unknown group {raw['group']!r}: choose from {', '.join(GROUPS)}")
    tests = raw["test"] if isinstance(raw["test"], list) else [raw["test"]]
    return Entry(
        tests=tuple(tests),
        cases=tuple(raw.get("cases", ())),
        group=raw["group"],
        reason=raw["reason"],
        pattern=re.compile(raw["pattern"]),
        sometimes=raw.get("sometimes", False),
        hangs=raw.get("hangs", False),
    )


@cache
def entries(module: str) -> tuple[Entry, ...] | None:
    """Return the entries for a test module such as `test_exec`; None if it is not run against Podman."""
    path = FOLDER / f"{module}.toml"
    if not path.exists():
        return None
    try:
        return tuple(_entry(raw) for raw in tomllib.loads(path.read_text(encoding="utf-8")).get("differs", ()))
    except (KeyError, ValueError, re.error) as error:
        raise ValueError(f"{path}: {error!s}") from error


def tests_of(module: str) -> Iterator[tuple[str, str]]:
    """Yield the tests that the ledger of a module names, each with a part of a case; an empty part matches every case."""
    for entry in entries(module) or ():
        for test in entry.tests:
            for case in entry.cases or ("",):
                yield test, case


def error_text(error: BaseException) -> str:
    """Return the text that is matched against a pattern: type and text of an exception and of all exceptions in a group."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, BaseExceptionGroup):
        return "\n".join([text, *map(error_text, error.exceptions)])
    return text
