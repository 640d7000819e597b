"""Which tests of an engine Podman answers otherwise, and how: the ledger that lies in tests/engine/podman.

A TOML file for each test module that is held against Podman; a module without one is not. Each entry of it:

    [[differs]]
    test = "test_a_name_is_given_once"      # or a list of tests
    cases = ["a/b", "a?b"]                  # parts of the parameters' ids; without it, all cases of the test
    group = "words"                         # one of GROUPS
    reason = "A name that is taken is a server error, not a conflict."
    says = "500: .* already in use"         # a pattern that is found in the text of the failure

`says` is held against the exception's type and text, and against nothing else: a failure for another reason is one.
`sometimes = true`: the test may pass as well. `hangs = true`: nobody waits for it as long as for others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["GROUPS", "Entry", "entries", "said", "tests_of"]

FOLDER = Path(__file__).parents[1] / "engine" / "podman"

GROUPS = {
    "status": "another status, and so another class of error",
    "words": "the same error in other words",
    "lenient": "takes what Docker refuses",
    "strict": "refuses what Docker takes",
    "missing": "an operation or option that Podman lacks",
    "otherwise": "does or shows it in another way",
    "broken": "does not work in Podman's service",
    "machine": "this machine or these tests cannot do it with Podman",
}
"""What an entry may belong to, in the order and the words of the closing summary."""

_KEYS = {"test", "cases", "group", "reason", "says", "sometimes", "hangs"}


@dataclass(frozen=True)
class Entry:
    """One way in which Podman differs, and the tests that see it."""

    tests: tuple[str, ...]
    cases: tuple[str, ...]
    group: str
    reason: str
    says: re.Pattern[str]
    sometimes: bool
    hangs: bool

    def names(self, test: str, case: str) -> bool:
        """Tell whether this is about a test (the function's name) with these parameters (their id)."""
        return test in self.tests and (not self.cases or any(part in case for part in self.cases))


def _entry(raw: dict[str, Any]) -> Entry:
    if unknown := raw.keys() - _KEYS:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    if raw["group"] not in GROUPS:
        raise ValueError(f"unknown group {raw['group']!r}; there are: {', '.join(GROUPS)}")
    tests = raw["test"] if isinstance(raw["test"], list) else [raw["test"]]
    return Entry(
        tests=tuple(tests),
        cases=tuple(raw.get("cases", ())),
        group=raw["group"],
        reason=raw["reason"],
        says=re.compile(raw["says"]),
        sometimes=raw.get("sometimes", False),
        hangs=raw.get("hangs", False),
    )


@cache
def entries(module: str) -> tuple[Entry, ...] | None:
    """The entries for a test module (`test_exec`), or None where it is not held against Podman."""
    path = FOLDER / f"{module}.toml"
    if not path.exists():
        return None
    try:
        return tuple(_entry(raw) for raw in tomllib.loads(path.read_text(encoding="utf-8")).get("differs", ()))
    except (KeyError, ValueError, re.error) as error:
        raise ValueError(f"{path}: {error!s}") from error


def tests_of(module: str) -> Iterator[tuple[str, str]]:
    """Every pair of a test and a part of a case that the ledger of a module names; an empty part is every case."""
    for entry in entries(module) or ():
        for test in entry.tests:
            for case in entry.cases or ("",):
                yield test, case


def said(error: BaseException) -> str:
    """What an entry's pattern is held against: an exception's type and text, and those of what it groups."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, BaseExceptionGroup):
        return "\n".join([text, *map(said, error.exceptions)])
    return text
