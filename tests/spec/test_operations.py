"""The calls compared with the facts of the operations: each has its method, and each argument its name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from aiodockerapi import Docker
from aiodockerapi._engine.features import FEATURES
from tests.spec import digest
from tests.support.public import operations

OPERATIONS = operations()
DEFINED: dict[str, dict[str, Any]] = digest.load()["operations"]


def find(call: str) -> Callable[..., object]:
    group, method = call.split(".")
    found: Callable[..., object] = getattr(getattr(Docker("unix:///nonexistent.sock"), group), method)
    return found


def calls(operation: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the arguments by call; an operation may have several calls."""
    found: dict[str, set[str]] = {operation["call"]: set()}
    for argument in operation.get("args", {}).values():
        call, _, name = argument["python"].rpartition(":")
        found.setdefault(call or operation["call"], set()).add(name)
    return found


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_the_operation_has_its_call_with_all_arguments(name: str) -> None:
    for call, arguments in calls(OPERATIONS[name]).items():
        assert arguments <= set(inspect.signature(find(call)).parameters)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_the_docstring_contains_the_endpoint(name: str) -> None:
    operation = OPERATIONS[name]
    assert f"{operation['verb']} {operation['path']}" in (inspect.getdoc(find(operation["call"])) or "")


# Parameters that the calls set themselves.
NO_ARGUMENTS = {("ImageBuild", "Content-type"), ("ImageCreate", "tag")}


def test_the_operations_are_those_of_the_definitions() -> None:
    assert OPERATIONS.keys() == DEFINED.keys()


@pytest.mark.parametrize("name", sorted(DEFINED.keys() & OPERATIONS.keys()))
def test_the_operation_and_its_arguments_are_as_defined(name: str) -> None:
    planned, defined = OPERATIONS[name], DEFINED[name]
    born = defined.get("since")
    assert (planned["verb"], planned["path"], planned.get("since")) == (defined["verb"], defined["path"], born)
    arguments = {
        wire: (one["in"], one["since"] if one.get("since", born) != born else None)
        for wire, one in planned.get("args", {}).items()
        if one["in"] not in ("body", "property")
    }
    expected = {wire: (fact["in"], fact.get("since")) for wire, fact in defined["args"].items()}
    assert arguments == {wire: fact for wire, fact in expected.items() if (name, wire) not in NO_ARGUMENTS}


# Older engines have it under another name, which the call sends to them.
RENAMED = {("images.prune_build_cache.reserved_space", "1.48")}


def newer() -> list[tuple[str, str]]:
    """Return the operations that are newer than v1.41, and the newer arguments of older ones."""
    found = {(operation["call"], operation["since"]) for operation in OPERATIONS.values() if "since" in operation}
    for operation in OPERATIONS.values():
        for argument in operation.get("args", {}).values():
            if "since" in argument and "since" not in operation:
                found.add((f"{operation['call']}.{argument['python']}", argument["since"]))
    return sorted(found - RENAMED)


@pytest.mark.parametrize(("name", "since"), newer())
async def test_newer_operations_and_arguments_require_their_version(name: str, since: str) -> None:
    minor = int(since.split(".")[1])
    async with Docker("unix:///nonexistent.sock", api_version=since) as docker:
        assert await docker.supports(name)
    async with Docker("unix:///nonexistent.sock", api_version=f"1.{minor - 1}") as docker:
        assert not await docker.supports(name)


def test_every_feature_belongs_to_a_known_group() -> None:
    groups = {operation["call"].split(".")[0] for operation in OPERATIONS.values()}
    assert {name.split(".")[0] for name in FEATURES} <= groups
