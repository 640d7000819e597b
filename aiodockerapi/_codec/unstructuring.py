"""Convert models to JSON values, with a generated function per class that is compiled when the class is first used."""

import datetime
import functools
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ..errors import InvalidArgument, InvalidArgumentType
from ..models._fields import ABSENT_INT, ABSENT_STR, AbsentDict, AbsentList, Model
from .cattrs_types import converter
from .fields import SCALARS, Hook, compile_function, fields_of, generated_file
from .structuring import EPOCH

__all__ = ["to_json", "writer_for"]


_PLAIN: Final = frozenset({str, int, bool, float, type(None)})


def to_json(value: Any) -> Any:
    """Return the JSON value of a model, or of any value made of models, lists and mappings."""
    kind = value.__class__
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {key if key.__class__ is str else _key(key): to_json(item) for key, item in value.items()}
    if kind is list:
        return [to_json(item) for item in value]
    return _other(value)


def _other(value: Any) -> Any:
    """Convert a value that is not a JSON value, or is an instance of a subclass of a JSON type."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Model):
        return writer_for(type(value))(value)
    if isinstance(value, AbsentList | AbsentDict) and not value:
        return None  # the daemon sent null in a collection
    if isinstance(value, Mapping):
        return {_key(key): to_json(item) for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        return _time(value)
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray | memoryview):
        return [to_json(item) for item in value]
    result = converter().unstructure(value)
    if result is value:
        # Without the value, which may be a password.
        raise InvalidArgumentType(f"{type(value).__name__} has no JSON form")
    return to_json(result)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise InvalidArgumentType(f"the keys of a mapping must be strings, not {type(key).__name__}: {key!r:.80}")
    return key


def _time(value: datetime.datetime) -> str:
    if value.tzinfo is None:
        raise _naive(value)
    return value.isoformat().removesuffix("+00:00") + ("" if value.utcoffset() else "Z")


def _naive(value: datetime.datetime) -> InvalidArgument:
    return InvalidArgument(f"a datetime without a time zone cannot be sent: {value!r}")


def _unix_time(value: Any) -> int:
    if not isinstance(value, datetime.datetime):
        raise InvalidArgumentType(f"expected a datetime, not {type(value).__name__}: {value!r:.80}")
    if value.tzinfo is None:
        raise _naive(value)
    return (value - EPOCH) // datetime.timedelta(seconds=1)


def _list(name: str, value: Any) -> Any:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence | set | frozenset):
        # Without the value, which may contain passwords.
        raise InvalidArgumentType(f"{name} must be a list, not {type(value).__name__}")
    return to_json(value)


def _dict(name: str, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise InvalidArgumentType(f"{name} must be a mapping, not {type(value).__name__}")
    return to_json(value)


def _make_writer(cls: type[Model]) -> Hook:
    """Generate the function that converts a `cls` to a JSON value."""
    scope: dict[str, Any] = {"S": ABSENT_STR, "I": ABSENT_INT, "AbsentList": AbsentList, "AbsentDict": AbsentDict}
    scope |= {"plain": to_json, "as_list": _list, "as_dict": _dict, "unix": _unix_time}
    code = ["def write(o):\n    d = {}\n"]
    for field in fields_of(cls):
        origin = typing.get_origin(field.kind)
        unset, value = "v is None or v is S or v is I", "plain(v)"
        if origin in (list, dict):
            value = f"as_{origin.__name__}({field.name!r}, v)"
            unset = f"v is None or v.__class__ is Absent{origin.__name__.title()} and not v"
        elif field.kind in SCALARS:
            value = f"v if v.__class__ is {SCALARS[field.kind]} else plain(v)"
        elif field.unix:
            value = "unix(v)"
        code.append(f"    v = o.{field.name}\n    if not ({unset}): d[{field.wire!r}] = {value}\n")
    code.append("    for rest in (o._extra, o._blank):\n")
    code.append("        if rest: d |= {k: plain(v) for k, v in rest.items() if k not in d}\n")
    code.append("    return d\n")
    found: Hook = compile_function("".join(code), "write", scope, generated_file("writer", cls))
    return found


writer_for: Callable[[Any], Hook] = functools.cache(_make_writer)
