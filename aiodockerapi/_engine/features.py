"""Options and operations that not every engine from API 1.41 on supports: the data, and the check of requests against it.

An older daemon usually ignores an unknown option silently. Therefore an option that the engine does not support raises an
error before anything is sent. Properties of request bodies carry their versions in the models' field metadata.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args, get_type_hints

from .._wire.versions import ApiVersion

if TYPE_CHECKING:
    from ..models._fields import Model

__all__ = ["FEATURES", "Feature", "find_feature", "gated_fields", "models_within", "required_features"]


class Feature(NamedTuple):
    """An option or operation, by its Python name, and the API versions that support it; None means no limit."""

    name: str
    since: ApiVersion | None
    until: ApiVersion | None = None

    def supported_by(self, version: ApiVersion) -> bool:
        """Return whether an engine with that API version supports the feature."""
        return (self.since is None or self.since <= version) and (self.until is None or version <= self.until)

    @property
    def needs(self) -> str:
        """The API versions that support the feature, for error messages."""
        if self.until is None:
            return str(self.since)
        return f"{self.until} or older" if self.since is None else f"{self.since} to {self.until}"


def _table(rows: dict[str, str]) -> dict[str, Feature]:
    versions = {since: ApiVersion(*map(int, since.split("."))) for since in rows}
    return {name: Feature(name, versions[since]) for since, names in rows.items() for name in names.split()}


FEATURES: Final = _table(
    {
        "1.42": """
            containers.stop.signal
            containers.restart.signal
            containers.attach_websocket.stdin
            containers.attach_websocket.stdout
            containers.attach_websocket.stderr
            exec.start.console_size
            images.list.shared_size
            system.disk_usage.type
            volumes.create.cluster_volume_spec
            volumes.update
        """,
        "1.46": """
            images.push.platform
        """,
        "1.47": """
            images.list.manifests
        """,
        "1.48": """
            images.history.platform
            images.inspect.manifests
            images.load.platform
            images.prune_build_cache.max_used_space
            images.prune_build_cache.min_free_space
            images.save.platform
        """,
        "1.49": """
            images.inspect.platform
        """,
        "1.50": """
            images.remove.platforms
        """,
        "1.52": """
            system.disk_usage.verbose
        """,
        "1.54": """
            images.list.identity
            networks.connect.endpoint_config.mac_address
        """,
        "1.55": """
            images.attestations
        """,
    }
)
"""Gated arguments and operations by the first API version that supports them, and body fields that one call supports later
than others."""


def required_features(**values: object) -> tuple[Feature, ...]:
    """Return the features of the options that are not None; keywords are feature names with ``__`` in place of dots."""
    return tuple(FEATURES[name.replace("__", ".")] for name, value in values.items() if value is not None)


class _Gate(NamedTuple):
    """One property of a body: its Python name, the API versions that support it, and the model inside it."""

    name: str
    since: ApiVersion | None
    until: ApiVersion | None
    inner: type[Model] | None

    @property
    def limited(self) -> bool:
        return self.since is not None or self.until is not None


def _make_gates(cls: type[Model]) -> dict[str, _Gate]:
    from .._codec import fields_of, model_inside

    found: dict[str, _Gate] = {}
    for field in fields_of(cls):
        facts = cls.__wire_fields__[field.name]
        since, until = (
            ApiVersion.parse(text) if text else None for text in (facts.sent_since or facts.since, facts.until)
        )
        found[field.wire] = _Gate(field.name, since, until, model_inside(field.kind))
    return found


_gates: Callable[[Any], dict[str, _Gate]] = functools.cache(_make_gates)


def models_within(cls: type[Model]) -> set[type[Model]]:
    """Return every model that a body of class `cls` can contain, including `cls`; prepares `gated_fields` for them."""
    found: set[type[Model]] = set()
    waiting = [cls]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += (gate.inner for gate in _gates(one).values() if gate.inner is not None)
    return found


def gated_fields(call: str, raw: Any, cls: type[Model]) -> tuple[Feature, ...]:
    """Return the features that a body of class `cls` in wire form requires, named by the call and the path of the field."""
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
            for item in _objects(value):
                yield from _walk(path, item, gate.inner)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in a value: the value itself, or the objects of a list or mapping."""
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        yield value
        yield from (item for item in value.values() if isinstance(item, dict))


def find_feature(name: str, method: Callable[..., object] | None) -> Feature | None:
    """Return the feature that a name stands for, or None if it does not exist.

    :param name: ``group.call``, ``group.call.argument`` or ``group.call.field.field``.
    :param method: the method behind ``group.call``; None if there is none.
    """
    if name in FEATURES:
        return FEATURES[name]
    if method is None:
        return None
    group, call, *path = name.split(".")
    prefix, hints = f"{group}.{call}", get_type_hints(method)
    hints.pop("return", None)
    if not path or (len(path) == 1 and path[0] in hints):
        return FEATURES.get(prefix) or Feature(name, None)
    if path[0] in hints:  # the argument is the body or one of its properties
        prefix, hints, path = f"{prefix}.{path[0]}", {path[0]: hints[path[0]]}, path[1:]
    found = (_field_feature(prefix, path, cls) for hint in hints.values() for cls in _models(hint))
    return next((feature for feature in found if feature is not None), None)


def _models(hint: Any) -> list[type[Model]]:
    from .._codec import is_model

    return [cls for cls in get_args(hint) if is_model(cls)]


def _field_feature(prefix: str, path: list[str], cls: type[Model]) -> Feature | None:
    inner: type[Model] | None = cls
    gate: _Gate | None = None
    for name in path:
        gates = {} if inner is None else {found.name: found for found in _gates(inner).values()}
        gate = gates.get(name)
        if gate is None:
            return None
        inner = gate.inner
    return None if gate is None else Feature(".".join([prefix, *path]), gate.since, gate.until)
