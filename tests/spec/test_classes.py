"""The models compared with the facts of the definitions: every property, its type, and the versions that have it."""

from __future__ import annotations

import copy
import datetime
import typing
from typing import Any

import attrs
import pytest

from aiodockerapi import models, structure, unstructure
from aiodockerapi._codec.fields import is_model, unwrap
from tests.spec import digest

DIGEST = digest.load()
CLASSES: dict[str, dict[str, dict[str, Any]]] = DIGEST["classes"]
Span = tuple[str | None, str | None]
SCALARS = {"string": str, "integer": int, "number": float, "boolean": bool}
MOMENT = "2024-02-03T04:05:06.123456Z"

# Where daemons and the definitions disagree, the models follow the daemons; the defined name still survives a round trip.
DEFINED_DIFFERENTLY = {
    "TaskSpec.ContainerSpec.HealthCheck",  # daemons write Healthcheck
    # daemons write these in lower case
    "TaskSpec.PluginSpec.Disabled",
    "TaskSpec.PluginSpec.Name",
    "TaskSpec.PluginSpec.PluginPrivilege",
    "TaskSpec.PluginSpec.Remote",
}


def model(name: str) -> type[models.Model]:
    found: type[models.Model] = getattr(models, name)
    return found


def example(shape: Any, depth: int = 0) -> Any:
    """Return a value of a shape with every property set, up to a depth of six classes."""
    if isinstance(shape, str):
        return {"string": "text", "integer": 7, "number": 1.5, "boolean": True, "time": MOMENT, "any": "text"}[shape]
    if "list" in shape:
        return [example(shape["list"], depth)]
    if "map" in shape:
        return {"a-key": example(shape["map"], depth)}
    properties = shape["object"] if "object" in shape else CLASSES[shape["class"]] if depth < 6 else {}
    return {name: example(fact["shape"], depth + 1) for name, fact in properties.items()}


def differences(before: Any, after: Any, path: str) -> list[str]:
    """Return what `after` lacks or changes; empty collections may be missing."""
    if isinstance(before, dict) and isinstance(after, dict):
        lost = [f"{path}.{key} lost" for key, value in before.items() if key not in after and value not in ({}, [])]
        return lost + [
            line
            for key in before.keys() & after.keys()
            for line in differences(before[key], after[key], f"{path}.{key}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            line
            for i, pair in enumerate(zip(before, after, strict=True))
            for line in differences(*pair, f"{path}[{i}]")
        ]
    return [] if before == after else [f"{path}: {before!r} became {after!r}"]


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_value_with_every_property_survives_a_round_trip(name: str) -> None:
    whole = example({"class": name})
    back = unstructure(structure(copy.deepcopy(whole), model(name)))
    assert differences(whole, back, name) == []


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_absent_and_null_properties_can_be_structured(name: str) -> None:
    assert unstructure(structure({}, model(name))) == unstructure(model(name)())
    nulls: dict[str, None] = dict.fromkeys(CLASSES[name])
    assert unstructure(structure(dict(nulls), model(name))).keys() >= nulls.keys()


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_an_unknown_property_survives_a_round_trip(name: str) -> None:
    tomorrow = {"AFieldOfTomorrow": {"Deep": [1, None]}}
    assert unstructure(structure(dict(tomorrow), model(name)))["AFieldOfTomorrow"] == tomorrow["AFieldOfTomorrow"]


def faults(
    name: str, cls: type[models.Model], properties: dict[str, dict[str, Any]], span: Span = (None, None)
) -> list[str]:
    """Return the properties that a class, or the class of an unnamed object in it, does not declare as defined.

    A field may repeat the first and the last version of its class, which are its `span`.
    """
    hints = typing.get_type_hints(cls)
    fields = {field.metadata["wire"]: field for field in attrs.fields(cls) if "wire" in field.metadata}
    found: list[str] = []
    for wire, fact in properties.items():
        path = f"{name}.{wire}"
        if path in DEFINED_DIFFERENTLY:
            continue
        if wire not in fields:
            found.append(f"{path} has no field")
            continue
        field = fields[wire]
        for limit, of_class in zip(("since", "until"), span, strict=True):
            has, defined = field.metadata[limit], fact.get(limit)
            if has != (defined or has if has == of_class else defined) and path not in WIDER:
                found.append(f"{path}: {limit} is {has}, defined as {defined}")
        inner = (fact.get("since"), fact.get("until"))
        found += misfits(path, hints[field.name], fact["shape"], inner, unix=field.metadata["unix"])
    return found


def misfits(path: str, hint: Any, shape: Any, span: Span, *, unix: bool = False) -> list[str]:
    """Return where an annotation does not match a shape."""
    kind = unwrap(hint)
    if kind is Any or shape == "any" or shape == {"map": "any"}:
        return []
    if isinstance(shape, str):
        fits = kind is SCALARS.get(shape) or (kind is datetime.datetime and (shape in ("time", "string") or unix))
        return [] if fits or (shape == "time" and kind is str) else [f"{path} is {kind}, defined as {shape}"]
    if "list" in shape or "map" in shape:
        origin, key = (list, "list") if "list" in shape else (dict, "map")
        if typing.get_origin(kind) is not origin:
            return [f"{path} is {kind}, defined as a {key}"]
        return misfits(f"{path}[]", typing.get_args(kind)[-1], shape[key], span)
    if not is_model(kind):
        return [f"{path} is {kind}, defined as an object"] if typing.get_origin(kind) is not dict else []
    return faults(path, kind, shape["object"], span) if "object" in shape else []


# Engines had these before the definitions named their class.
WIDER = {"NetworkSummary.EnableIPv4"}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_the_class_has_every_property_with_its_type_and_versions(name: str) -> None:
    span = (DIGEST["born"].get(name), DIGEST["gone"].get(name))
    assert faults(name, model(name), CLASSES[name], span) == []
