"""Properties of request bodies that only some API versions have: an older daemon would silently ignore them."""

import functools
import typing
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .._wire.features import FEATURES, Feature
from .._wire.versions import ApiVersion
from ..models._fields import Model
from .fields import fields_of, is_model, unwrap

__all__ = ["field_feature", "gated_fields", "models_within"]


class _Gate(NamedTuple):
    """One property: its name in Python, the API versions that have it, and the model inside it."""

    name: str
    since: ApiVersion | None
    until: ApiVersion | None
    inner: "type[Model] | None"

    @property
    def limited(self) -> bool:
        return self.since is not None or self.until is not None


def _make_gates(cls: Any) -> dict[str, _Gate]:
    found: dict[str, _Gate] = {}
    for field in fields_of(cls):
        facts = cls.__wire_fields__[field.name]
        since, until = (text and ApiVersion.parse(text) for text in (facts.sent_since or facts.since, facts.until))
        found[field.wire] = _Gate(field.name, since, until, _inner(field.kind))
    return found


_gates: Callable[[Any], dict[str, _Gate]] = functools.cache(_make_gates)


def _inner(kind: Any) -> Any:
    """Return the model in a field, or in a list or mapping in the field."""
    while typing.get_origin(kind) in (list, dict):
        kind = unwrap(typing.get_args(kind)[-1])
    return kind if is_model(kind) else None


def models_within(cls: type[Model]) -> set[type[Model]]:
    """Return all models that a body of class `cls` may contain, including `cls`."""
    found: set[type[Model]] = set()
    waiting = [cls]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += (gate.inner for gate in _gates(one).values() if gate.inner is not None)
    return found


def gated_fields(call: str, raw: Any, cls: type[Model]) -> tuple[Feature, ...]:
    """Return the features that a body of class `cls` in wire form requires, named by `call` and the path of the field."""
    return tuple(_walk(call, raw, cls))


def _walk(name: str, raw: Any, cls: type[Model]) -> Iterator[Feature]:
    gates = _gates(cls)
    for key in raw.keys() & gates.keys():
        gate, value = gates[key], raw[key]
        if value is None:
            continue
        path = f"{name}.{gate.name}"
        if gate.limited:
            yield FEATURES.get(path) or Feature(path, gate.since, gate.until)
        if gate.inner is not None:
            for item in _items(value):
                yield from _walk(path, item, gate.inner)


def _items(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in a value: the value itself, or those in a list or a mapping."""
    if isinstance(value, list):
        for item in value:
            yield from _items(item)
    elif isinstance(value, dict):
        yield value
        yield from (item for item in value.values() if isinstance(item, dict))


def field_feature(call: str, path: list[str], cls: type[Model]) -> Feature | None:
    """Return the feature for the path of a field; None if the field does not exist."""
    inner: type[Model] | None = cls
    gate: _Gate | None = None
    for name in path:
        gates = {} if inner is None else {found.name: found for found in _gates(inner).values()}
        gate = gates.get(name)
        if gate is None:
            return None
        inner = gate.inner
    return None if gate is None else Feature(".".join([call, *path]), gate.since, gate.until)
