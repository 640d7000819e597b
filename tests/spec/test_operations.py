"""The calls against the facts of the operations: each has its method, and each argument its name."""

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
    """The arguments by call: an operation may serve several."""
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
def test_the_docstring_tells_the_endpoint(name: str) -> None:
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


# Older engines have it under another name, and are sent that.
RENAMED = {("images.prune_build_cache.reserved_space", "1.48")}


def newer() -> list[tuple[str, str]]:
    """What came after v1.41: operations, and arguments of older ones that are no property of a body."""
    found = {(operation["call"], operation["since"]) for operation in OPERATIONS.values() if "since" in operation}
    for operation in OPERATIONS.values():
        for argument in operation.get("args", {}).values():
            if "since" in argument and "since" not in operation:
                found.add((f"{operation['call']}.{argument['python']}", argument["since"]))
    return sorted(found - RENAMED)


@pytest.mark.parametrize(("name", "since"), newer())
async def test_what_is_newer_is_gated_at_its_version(name: str, since: str) -> None:
    minor = int(since.split(".")[1])
    async with Docker("unix:///nonexistent.sock", api_version=since) as docker:
        assert await docker.supports(name)
    async with Docker("unix:///nonexistent.sock", api_version=f"1.{minor - 1}") as docker:
        assert not await docker.supports(name)


def test_nothing_is_gated_that_the_operations_do_not_know_as_newer() -> None:
    groups = {operation["call"].split(".")[0] for operation in OPERATIONS.values()}
    assert {name.split(".")[0] for name in FEATURES} <= groups
