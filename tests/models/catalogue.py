"""All models, and example values of them."""

from __future__ import annotations

import datetime
import types
import typing
from typing import Any

import attrs

from aiodockerapi import models
from aiodockerapi.models import Model

__all__ = ["CLASSES", "TIME", "example", "property_names", "typed_fields", "wire_fields"]

TIME = "2024-02-03T04:05:06.123456Z"
FREE = {"free": [1]}

CLASSES: list[type[Model]] = [
    cls
    for cls in (getattr(models, name) for name in vars(models)["__all__"])
    if isinstance(cls, type) and issubclass(cls, Model) and cls is not Model
]
"""Every model."""


def wire_fields(cls: type[Model]) -> list[attrs.Attribute[Any]]:
    """Return the fields of a class that are properties of the API."""
    return [field for field in attrs.fields(cls) if "wire" in field.metadata]


def property_names(cls: type[Model]) -> list[str]:
    """Return the names of the properties in JSON."""
    return [field.metadata["wire"] for field in wire_fields(cls)]


def example(cls: type[Model], depth: int = 0) -> dict[str, Any]:
    """Return a JSON object with every property of the class set, up to a maximum depth."""
    if depth > 6:
        return {}
    hints = typing.get_type_hints(cls)
    return {
        field.metadata["wire"]: 1700000000 if field.metadata["unix"] else _value(hints[field.name], depth + 1)
        for field in wire_fields(cls)
    }


def typed_fields(cls: type[Model]) -> dict[str, tuple[str, Any]]:
    """Return the name of the field, and a value of the wrong JSON type, for each property that is not free-form."""
    hints = typing.get_type_hints(cls)
    found: dict[str, tuple[str, Any]] = {}
    for field in wire_fields(cls):
        value = _value(hints[field.name], 6)
        if value != FREE:
            found[field.metadata["wire"]] = (field.name, ["a", "list"] if isinstance(value, dict) else {"an": "object"})
    return found


def _value(hint: Any, depth: int) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _value(next(arg for arg in args if arg is not type(None)), depth)
    if origin is typing.Literal:
        return args[-1]
    if origin is list:
        return [_value(args[0], depth)]
    if origin is dict:
        return {"a-key": _value(args[1], depth)}
    if isinstance(hint, type) and issubclass(hint, Model):
        return example(hint, depth)
    return {str: "text", int: 7, bool: True, float: 1.5, datetime.datetime: TIME, Any: FREE}[hint]
