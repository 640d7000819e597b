"""JSON values to models: a function of straight-line code per class, written when the class is first used."""

import datetime
import functools
import re
import typing
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..models._fields import AbsentDict, AbsentList, Model
from .fields import SCALARS, Field, Hook, compile_function, fields_of, is_model, unwrap
from .foreign import Mismatch, read_foreign

__all__ = ["EPOCH", "hook_for", "item_hook", "locate"]

EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_ZERO_UNIX: Final = -62135596800  # Go's zero time
_PRINTED_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4}) \S+(?: m=\S+)?", re.ASCII)
_JSON_NAMES: Final = {
    dict: "an object",
    list: "an array",
    str: "a string",
    int: "an integer",
    bool: "true or false",
    float: "a number",
}


def _wrong(wanted: type, value: Any) -> Mismatch:
    found = "null" if value is None else _JSON_NAMES.get(type(value), type(value).__name__)
    return Mismatch(f"expected {_JSON_NAMES.get(wanted, wanted.__name__)}, found {found}: {value!r:.80}")


# --- hooks: a function per type, for values that are not null


def _make_hook(cls: Any) -> Hook:
    cls = unwrap(cls)
    origin, args = typing.get_origin(cls), typing.get_args(cls)
    if cls is Any:
        return lambda value: value
    if cls in SCALARS:
        return _scalar_hook(cls)
    if cls is datetime.datetime:
        return _time
    if origin is list:
        return _list_hook(args[0])
    if origin is dict and args[0] is str:
        return _dict_hook(args[1])
    if is_model(cls):
        return _model_hook(cls)
    return functools.partial(read_foreign, cls)


hook_for: Callable[[Any], Hook] = functools.cache(_make_hook)


def _scalar_hook(cls: type) -> Hook:
    allowed = (float, int) if cls is float else (cls,)

    def scalar(value: Any) -> Any:
        if value.__class__ in allowed:
            return value
        raise _wrong(cls, value)

    return scalar


def _time(value: Any) -> datetime.datetime | None:
    if value.__class__ is not str:
        raise _wrong(str, value)
    if not value or value.startswith("0001-01-01T00:00:00"):
        return None
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return _printed_time(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)


def _printed_time(value: str) -> datetime.datetime | None:
    """A time as Go prints it, which the volumes of a swarm have."""
    match = _PRINTED_TIME.fullmatch(value)
    if match is None:
        raise Mismatch(f"{value!r} is not a time")
    return _time("{}T{}{}".format(*match.groups()))


def _unix_time(value: Any) -> datetime.datetime | None:
    if value.__class__ is not int and value.__class__ is not float:
        raise _wrong(int, value)
    if value == _ZERO_UNIX:
        return None
    try:
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    except (OverflowError, ValueError, OSError):
        raise Mismatch(f"{value!r} is not a time in seconds since 1970") from None


def _list_hook(item: Any) -> Hook:
    read, check = item_hook(item), unwrap(item)

    def read_list(value: Any) -> Any:
        if value.__class__ is not list:
            raise _wrong(list, value)
        return [read(one) for one in value]

    def read_scalars(value: Any) -> Any:
        if value.__class__ is list:
            for one in value:
                if one.__class__ is not check:
                    break
            else:
                return value[:]
        return read_list(value)

    return read_scalars if check in SCALARS else read_list


def _dict_hook(item: Any) -> Hook:
    read, check = item_hook(item), unwrap(item)

    def read_dict(value: Any) -> Any:
        if value.__class__ is not dict:
            raise _wrong(dict, value)
        return {key: read(one) for key, one in value.items()}

    def read_scalars(value: Any) -> Any:
        if value.__class__ is dict:
            for one in value.values():
                if one.__class__ is not check:
                    break
            else:
                return value.copy()
        return read_dict(value)

    return read_scalars if check in SCALARS else read_dict


def item_hook(cls: Any) -> Hook:
    """The function for an item of a collection: null is an empty item where there is such a thing."""
    read, inner = _late(cls), unwrap(cls)
    if inner is Any:
        return read
    if cls is not inner and type(None) in typing.get_args(cls):
        return lambda value: None if value is None else read(value)
    if typing.get_origin(inner) is list:
        return lambda value: AbsentList() if value is None else read(value)
    if typing.get_origin(inner) is dict:
        return lambda value: AbsentDict() if value is None else read(value)
    if is_model(inner):
        return lambda value: inner() if value is None else read(value)
    return read


def _late(cls: Any) -> Hook:
    """The hook of `cls`; of a model that is being written only later, for classes that contain themselves."""
    inner = unwrap(cls)
    if inner not in _being_written:
        return hook_for(inner)
    return lambda value: hook_for(inner)(value)  # noqa: PLW0108 - it is not there yet


_being_written: Final[list[Any]] = []


def _field_hook(field: Field) -> Hook:
    return _unix_time if field.unix else _late(field.type)


# --- the code for one class

_BEGIN: Final = """\
def function(raw):
    if raw.__class__ is not dict: raise wrong(dict, raw)
    get = raw.get
    o = new(cls)
    missing = 0
"""
_READ: Final = {
    "scalar": (
        "    v = get({wire!r})\n"
        "    if v.__class__ is {kind}: o.{name} = v\n"
        "    elif v is None: o.{name} = e{i}; missing += 1\n"
        "    else: o.{name} = h{i}(v)\n"
    ),
    "time": (
        "    v = get({wire!r})\n    o.{name} = v = None if v is None else h{i}(v)\n    if v is None: missing += 1\n"
    ),
    "other": (
        "    v = get({wire!r})\n    if v is None: o.{name} = {empty}; missing += 1\n    else: o.{name} = h{i}(v)\n"
    ),
}


def _model_hook(cls: type[Model]) -> Hook:
    """Write the function that reads `cls`.

    Known properties that are neither absent nor null are as many as the object's keys, unless it holds properties that
    the class does not know, or null: only then a second look is taken.
    """
    _being_written.append(cls)
    try:
        return _written(cls)
    finally:
        _being_written.pop()


def _written(cls: type[Model]) -> Hook:
    fields = fields_of(cls)
    known = {field.wire: field for field in fields}
    scope: dict[str, Any] = {"new": cls.__new__, "cls": cls, "wrong": _wrong, "rest": functools.partial(_rest, known)}
    code = [_BEGIN]
    for i, field in enumerate(fields):
        scope[f"h{i}"], scope[f"e{i}"] = _field_hook(field), field.empty
        template = "scalar" if field.kind in SCALARS else "time" if field.is_time else "other"
        empty = f"e{i}()" if isinstance(field.empty, type) else f"e{i}"
        kind = SCALARS.get(field.kind, "")
        code.append(_READ[template].format(wire=field.wire, name=field.name, i=i, kind=kind, empty=empty))
    code.append(f"    if len(raw) != {len(fields)} - missing: o._extra, o._blank = rest(raw)\n")
    code.append("    else: o._extra = o._blank = None\n    return o\n")
    return compile_function(code, scope, cls)


def _rest(known: Mapping[str, Field], raw: Mapping[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """What the class does not know, and what it knows but reads as nothing."""
    extra = {key: value for key, value in raw.items() if key not in known}
    blank = {key: value for key, value in raw.items() if key in known and _is_blank(known[key], value)}
    return extra or None, blank or None


def _is_blank(field: Field, value: Any) -> bool:
    return value is None or (field.is_time and _field_hook(field)(value) is None)


# --- errors


def locate(cls: Any, raw: Any, mismatch: Mismatch) -> Mismatch:
    """The same, with the path of the first value of the wrong type: `raw` is walked again, for the error's sake."""
    for step, inner, hook, value in _steps(unwrap(cls), raw):
        try:
            hook(value)
        except Mismatch as deeper:
            found = locate(inner, value, deeper)
            return Mismatch(str(found), step + found.path)
    return mismatch


def _steps(cls: Any, raw: Any) -> list[tuple[str, Any, Hook, Any]]:
    """One step down: where it leads, the type that is expected there, its hook and the value."""
    origin = typing.get_origin(cls)
    if is_model(cls) and isinstance(raw, dict):
        found = [(field, raw.get(field.wire)) for field in fields_of(cls)]
        return [(f".{field.wire}", field.type, _field_hook(field), v) for field, v in found if v is not None]
    if origin is list and isinstance(raw, list):
        item = typing.get_args(cls)[0]
        return [(f"[{i}]", item, item_hook(item), value) for i, value in enumerate(raw)]
    if origin is dict and isinstance(raw, dict):
        item = typing.get_args(cls)[1]
        return [(f"[{key!r}]", item, item_hook(item), value) for key, value in raw.items()]
    return []
