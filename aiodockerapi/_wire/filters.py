"""The ``filters`` argument of list, events and prune calls."""

import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from ..errors import InvalidArgumentType

__all__ = ["Filters", "encode_filters"]

_encode = json.JSONEncoder(separators=(",", ":")).encode

Filters: TypeAlias = Mapping[str, str | bool | Iterable[str]]
"""Filters by name, as documented for the Engine API: one value, or several of which one must match."""


def encode_filters(filters: Filters | None, *, sets: bool = False) -> str | None:
    """Encode filters as JSON, ``{"label": ["a=b"]}``; return None if there are none.

    :param sets: if a filter has several values, encode all as ``{"label": {"a=b": true, "c": true}}``, which daemons
        accept too.
    :raises InvalidArgumentType: if they are not a mapping of names to strings, bools or lists of strings.
    """
    if filters is None:
        return None
    if not isinstance(filters, Mapping):
        raise InvalidArgumentType(
            f"filters must be a mapping of names to values, not {type(filters).__name__}: {filters!r:.80}"
        )
    if not filters:
        return None
    lists = {_name(key): _values(key, value) for key, value in filters.items()}
    if sets and any(len(values) > 1 for values in lists.values()):
        return _encode({key: dict.fromkeys(values, True) for key, values in lists.items()})
    return _encode(lists)


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise InvalidArgumentType(f"filter names must be strings, not {type(key).__name__}: {key!r:.80}")
    return key


def _values(key: str, value: str | bool | Iterable[str]) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping | bytes | bytearray) or not isinstance(value, Iterable):
        raise _type_error(key, value)
    items = list(value)
    for item in items:
        if not isinstance(item, str):
            raise _type_error(key, item)
    return items


def _type_error(key: str, value: object) -> InvalidArgumentType:
    return InvalidArgumentType(
        f"filter {key!r} must be a string, a bool or a list of strings, not {type(value).__name__}: {value!r:.80}"
    )
