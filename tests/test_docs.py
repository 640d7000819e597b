"""Docstrings: all public names are documented, and the documentation of calls is correct."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import aiodockerapi
from aiodockerapi import Docker, errors
from aiodockerapi._engine.features import FEATURES
from tests.support.public import Call, calls, groups, operations

CALLS = list(calls())


MODULES = ["aiodockerapi", *(one.name for one in pkgutil.walk_packages(aiodockerapi.__path__, "aiodockerapi."))]


def own(module: object) -> Iterator[tuple[str, object]]:
    """Yield the public classes and functions that a module defines."""
    for name, value in vars(module).items():
        here = getattr(value, "__module__", None) == getattr(module, "__name__", None)
        if here and not name.startswith("_") and (inspect.isclass(value) or inspect.isfunction(value)):
            yield name, value


def undocumented(module: object) -> Iterator[str]:
    for name, value in own(module):
        if not (value.__doc__ or "").strip():
            yield name
        members = vars(value) if inspect.isclass(value) else {}
        for member, function in members.items():
            explained = function.fget if isinstance(function, property) else function
            generated = "attrs" in getattr(getattr(explained, "__code__", None), "co_filename", "")
            if member.startswith("_") or not inspect.isfunction(explained) or generated:
                continue
            if not inspect.getdoc(getattr(value, member)):
                yield f"{name}.{member}"


@pytest.mark.parametrize("name", MODULES)
def test_each_module_and_its_public_names_are_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, name
    # The interface of decoders is documented once, in `aiodockerapi._wire.decoder_protocol`.
    interface = {"feed", "finish", "receive"}
    assert [one for one in undocumented(module) if one.rpartition(".")[2] not in interface] == []


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_each_call_is_documented(call: Call) -> None:
    first, _, rest = call.text.partition("\n")
    assert first.endswith((".", ":")), "the first line is a sentence"
    assert not rest or rest.startswith("\n"), "a blank line follows the first line"
    assert call.engine_line is not None, "it names its operation"


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_each_parameter_is_documented_and_no_other(call: Call) -> None:
    names = [one.name for one in call.parameters]
    explained = call.fields("param")
    assert len(explained) == len(set(explained)), "a parameter is documented twice"
    assert set(explained) <= set(names), "a documented parameter does not exist"
    missing = [name for name in names if name not in explained]
    assert missing in ([], names[:1]), "only the ID needs no documentation"
    if missing:
        assert call.parameters[0].default is inspect.Parameter.empty
    assert [name for name in names if name in explained] == explained, "they are documented in their order"


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_each_error_that_a_call_names_exists(call: Call) -> None:
    for name in call.fields("raises"):
        assert name in errors.__all__, name


@pytest.mark.parametrize("call", [call for call in CALLS if "{" in (call.engine_line or ("", ""))[1]], ids=str)
def test_each_call_of_one_object_documents_the_error_if_it_does_not_exist(call: Call) -> None:
    assert {"NotFound", "APIError"} & set(call.fields("raises"))


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_an_option_that_requires_a_newer_engine_documents_the_error(call: Call) -> None:
    gated = [name for name in FEATURES if name.rpartition(".")[0] == call.name]
    assert not gated or "UnsupportedFeature" in call.fields("raises"), gated


def test_the_documented_operation_of_a_call_is_correct() -> None:
    planned: dict[str, list[tuple[str, str]]] = {}
    for one in operations().values():
        planned.setdefault(one["call"], []).append((one["verb"], one["path"]))
    wrong = [
        (call.name, call.engine_line, planned[call.name])
        for call in CALLS
        if call.name in planned and call.engine_line not in planned[call.name]
    ]
    assert wrong == []


def test_each_group_is_documented() -> None:
    for name, group in groups().items():
        assert type(group).__doc__
        assert vars(Docker)[name].__doc__, name
