"""The public API: the groups of a client, their calls, and the docstrings of the calls."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from aiodockerapi import Docker
from aiodockerapi.api._common import Group

__all__ = ["OPERATIONS", "PROJECT", "Call", "calls", "groups", "operations"]

PROJECT = Path(__file__).parents[2]
OPERATIONS = PROJECT / "tests" / "spec" / "operations.yaml"
"""The call for each operation."""

_ENGINE = re.compile(r"^Engine API: ([A-Z]+) (/\S*?)[,.]?(?:\s.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """One public call."""

    name: str
    """Such as ``containers.list``."""
    function: Callable[..., Any]

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        """Its docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def parameters(self) -> list[inspect.Parameter]:
        """Its parameters, without self."""
        return list(inspect.signature(self.function).parameters.values())[1:]

    @property
    def engine_line(self) -> tuple[str, str] | None:
        """Verb and path of the operation that its docstring names; None if it names none."""
        match = _ENGINE.search(self.text)
        return (match[1], match[2]) if match else None

    def fields(self, kind: str) -> list[str]:
        """Return the names that its docstring documents with ``:kind name:``, such as the x of ``:param x:``."""
        return re.findall(rf"^:{kind} (\w+):", self.text, re.MULTILINE)


def groups() -> dict[str, Group]:
    """Return the groups of a client by name."""
    client = Docker("unix:///nonexistent.sock")
    found = {name: getattr(client, name) for name, value in vars(Docker).items() if isinstance(value, cached_property)}
    return {name: value for name, value in found.items() if isinstance(value, Group)}


def calls() -> Iterator[Call]:
    """Yield the public calls of all groups."""
    for group, value in groups().items():
        for name, function in inspect.getmembers(type(value), inspect.isfunction):
            if not name.startswith("_"):
                yield Call(f"{group}.{name}", function)


def operations() -> Mapping[str, Mapping[str, Any]]:
    """Return the call and the names of the arguments for each operation."""
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(OPERATIONS.read_text())
    return found
