"""Models are attrs classes, although attrs completes them only when their constructor or their fields are first used."""

from __future__ import annotations

import copy
import datetime
import inspect
import json
import pickle
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any

import attrs
import pytest

from aiodockerapi import structure, unstructure
from aiodockerapi._codec.fields import fields_of
from aiodockerapi.models import (
    AuthConfig,
    ContainerConfig,
    ContainerCreateRequest,
    ContainerSummary,
    HealthConfig,
    Model,
    PortSummary,
)
from tests.models.catalogue import CLASSES, example

ROOT = Path(__file__).parent.parent.parent


def _in_new_process(code: str) -> Any:
    """Run code that prints JSON in a new process, in which no class has been completed."""
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    return json.loads(process.stdout)


def _reference(cls: type[Model]) -> Any:
    """Return the class that attrs would create with the same fields."""
    these = {
        field.name: attrs.field(default=field.default, repr=field.repr, alias=field.alias, init=field.init)
        for field in attrs.fields(cls)
    }
    return attrs.make_class(cls.__qualname__, these, kw_only=True)


@pytest.mark.parametrize("cls", CLASSES)
def test_the_constructor_is_that_of_attrs(cls: type[Model]) -> None:
    own, reference = inspect.signature(cls), inspect.signature(_reference(cls))
    assert list(own.parameters) == list(reference.parameters)
    assert {parameter.kind for parameter in own.parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert cls.__init__.__qualname__ == f"{cls.__name__}.__init__"
    hints = typing.get_type_hints(cls.__init__)
    assert hints.pop("return") is type(None)
    assert hints == {
        name.lstrip("_"): hint for name, hint in typing.get_type_hints(cls).items() if name in _in_init(cls)
    }


def _in_init(cls: type[Model]) -> set[str]:
    return {field.name for field in attrs.fields(cls) if field.init}


@pytest.mark.parametrize("cls", CLASSES)
def test_the_repr_is_that_of_attrs(cls: type[Model]) -> None:
    value = structure(example(cls), cls)
    reference = _reference(cls)(**{
        field.alias: getattr(value, field.name) for field in attrs.fields(cls) if field.init
    })  # fmt: skip
    assert repr(value) == repr(reference)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_class_has_only_slots(cls: type[Model]) -> None:
    value = cls()
    assert not hasattr(value, "__dict__")
    assert "__weakref__" not in cls.__slots__
    assert cls.__match_args__ == ()
    assert set(cls.__slots__) <= {field.name for field in attrs.fields(cls)}
    with pytest.raises(TypeError, match="unhashable"):
        hash(value)


@pytest.mark.parametrize("cls", CLASSES)
def test_the_codec_knows_the_types_of_all_fields(cls: type[Model]) -> None:
    hints = typing.get_type_hints(cls)
    assert {field.name: field.type for field in fields_of(cls)} == {
        field.name: hints[field.name] for field in attrs.fields(cls) if "wire" in field.metadata
    }


@pytest.mark.parametrize(
    "use",
    [
        "ContainerSummary(id='a')",
        "attrs.evolve(structure({}, ContainerSummary), id='a')",
        "attrs.fields(ContainerSummary)",
        "inspect.signature(ContainerSummary)",
        "attrs.asdict(structure({}, ContainerSummary))",
        "pickle.loads(pickle.dumps(structure({}, ContainerSummary)))",
        "copy.deepcopy(structure({}, ContainerSummary))",
        "type('Mine', (ContainerSummary,), {})(id='a')",
        "attrs.make_class('Mine', ['note'], bases=(ContainerSummary,), kw_only=True)(id='a', note='b')",
    ],
)
def test_each_use_completes_the_class(use: str) -> None:
    code = f"""
import attrs, copy, inspect, json, pickle
from aiodockerapi import structure
from aiodockerapi.models import ContainerSummary
{use}
equal = ContainerSummary(id="a") == structure({{"Id": "a"}}, ContainerSummary)
print(json.dumps([len(attrs.fields(ContainerSummary)), equal]))
"""
    assert _in_new_process(code) == [len(attrs.fields(ContainerSummary)), True]


def test_structuring_does_not_complete_a_class() -> None:
    code = """
import json
from aiodockerapi import structure
from aiodockerapi.models import ContainerSummary, _fields
completed = []
complete = _fields._complete
_fields._complete = lambda cls, own: (completed.append(cls.__name__), complete(cls, own))
value = structure({"Ports": [{"PrivatePort": 80}]}, ContainerSummary)
assert repr(value) and value != structure({}, ContainerSummary)
before = list(completed)
ContainerSummary()
print(json.dumps([before, completed]))
"""
    assert _in_new_process(code) == [[], ["ContainerSummary"]]


def test_several_threads_may_complete_a_class_at_once() -> None:
    code = """
import json, sys, threading
from aiodockerapi.models import ContainerCreateRequest
sys.setswitchinterval(1e-6)
start, found = threading.Barrier(8), []
def make():
    start.wait()
    found.append(ContainerCreateRequest(image="a").image)
threads = [threading.Thread(target=make) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(found))
"""
    assert _in_new_process(code) == ["a"] * 8


def test_an_argument_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match=r"ContainerSummary.__init__\(\) got an unexpected keyword argument 'ids'"):
        ContainerSummary(ids="a")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        ContainerSummary("a")  # type: ignore[call-arg, arg-type]


def test_models_of_different_classes_are_never_equal() -> None:
    class Mine(ContainerSummary):
        pass

    assert Mine(id="a") != ContainerSummary(id="a")
    assert Mine(id="a") == Mine(id="a")
    assert ContainerConfig(image="a") != ContainerCreateRequest(image="a")
    assert ContainerConfig() != HealthConfig()
    assert ContainerConfig().__eq__({}) is NotImplemented


def test_a_model_that_contains_itself_has_a_repr() -> None:
    value = ContainerSummary(id="a")
    value.ports = [value]  # type: ignore[list-item]
    assert "ports=[...]" in repr(value)


def test_a_user_class_may_derive_from_a_model() -> None:
    @attrs.define(kw_only=True)
    class Labeled(ContainerSummary):
        note: str = ""

    one = Labeled(id="a", note="b", ports=[PortSummary(private_port=80)])
    assert repr(one).startswith("Labeled(id='a', ")
    assert repr(one).endswith(", note='b')")
    assert one == attrs.evolve(one) == copy.deepcopy(one)
    assert one != attrs.evolve(one, note="c")
    assert unstructure(one) == {"Id": "a", "Ports": [{"PrivatePort": 80}]}
    assert structure({"Id": "a"}, Labeled).id == "a"


def test_a_user_class_may_have_a_constructor() -> None:
    class Short(PortSummary):
        def __init__(self, port: int) -> None:
            super().__init__(private_port=port)

    assert Short(80).private_port == 80
    assert list(inspect.signature(Short).parameters) == ["port"]


def test_a_pickled_model_keeps_all_values() -> None:
    value = structure({"Id": "a", "Created": 1700000000, "Labels": None, "New": 1}, ContainerSummary)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value
        assert again.created == datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.UTC)
        assert unstructure(again) == unstructure(value)


def test_secrets_are_not_in_the_repr() -> None:
    assert "hunter2" not in repr(AuthConfig(username="a", password="hunter2"))
