"""Convert JSON values to models, with a generated function per class that is compiled when the class is first used."""

import datetime
import functools
import re
import threading
import typing
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, TypeAlias

from ..models._fields import AbsentDict, AbsentList, Model
from .cattrs_types import Mismatch, read_foreign
from .fields import SCALARS, Field, Hook, compile_function, fields_of, generated_file, is_model, unwrap
from .structuring_code import reader_code

__all__ = ["EPOCH", "field_hook", "hook_for", "item_hook", "locate", "shared_blanks"]

EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_ZERO_TIME: Final = "0001-01-01T00:00:00"  # Go's
_ZERO_UNIX: Final = -62135596800
_SHARED: Final = 1000  # cached combinations of null properties per class; the daemon sends a handful
_PRINTED_TIME: Final = r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4}) \S+(?: m=\S+)?"
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


# --- hooks: a function per type, which converts values that are not null


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
        return _maker(cls)(_no_object)
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
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return _other_time(value)
    if moment.year == 1 and value.startswith(_ZERO_TIME):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)


def _other_time(value: str) -> datetime.datetime | None:
    """Read an empty time, or one in the format that Go prints, as in the volumes of a swarm."""
    if not value or value.startswith(_ZERO_TIME):
        return None
    match = re.fullmatch(_PRINTED_TIME, value, re.ASCII)
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


def _make_item_hook(cls: Any) -> Hook:
    read, inner = _late(cls), unwrap(cls)
    if inner is Any:
        return read
    if cls is not inner and type(None) in typing.get_args(cls):
        return lambda value: None if value is None else read(value)
    if typing.get_origin(inner) is list:
        return lambda value: AbsentList() if value is None else read(value)
    if typing.get_origin(inner) is dict:
        return lambda value: AbsentDict() if value is None else read(value)
    if not is_model(inner):
        return read
    if inner in _in_progress():
        return lambda value: read({} if value is None else value)
    return _maker(inner)(lambda value: read({}) if value is None else _no_object(value))


item_hook: Callable[[Any], Hook] = functools.cache(_make_item_hook)
"""Return the function that converts an item of a collection; null becomes an empty item if the type has one."""


def _late(cls: Any) -> Hook:
    """Return the hook of `cls`. If its reader is being generated (the class contains itself), look the hook up in each call."""
    inner = unwrap(cls)
    if inner not in _in_progress():
        return hook_for(inner)
    return lambda value: hook_for(inner)(value)  # noqa: PLW0108 - the hook does not exist yet


def field_hook(field: Field) -> Hook:
    """Return the function that converts the value of a field."""
    return _unix_time if field.unix else _late(field.type)


# --- models: the code for one class

_local = threading.local()  # two threads may generate the same reader at the same time; the results are equal


def _in_progress() -> list[Any]:
    """Return the classes for which this thread is generating readers, the outermost first."""
    found: list[Any] = _local.__dict__.setdefault("classes", [])
    return found


def _no_object(value: Any) -> Any:
    raise _wrong(dict, value)


def _make_maker(cls: type[Model]) -> Callable[[Hook], Hook]:
    """Generate the function that creates readers of `cls`, given what a reader does with a value that is not an object."""
    _in_progress().append(cls)
    try:
        fields = fields_of(cls)
        known = {field.wire: field for field in fields}
        scope: dict[str, Any] = {
            "new": cls.__new__,
            "cls": cls,
            "from_unix": datetime.datetime.fromtimestamp,
            "utc": datetime.UTC,
            "rest": _make_rest(cls, known),
            "blank": lambda raw: {key: raw[key] for key in known if key in raw and _is_blank(known[key], raw[key])},
        }
        for i, field in enumerate(fields):
            scope[f"h{i}"], scope[f"e{i}"] = field_hook(field), field.empty
            if typing.get_origin(field.kind) in (list, dict):
                scope[f"g{i}"] = item_hook(typing.get_args(field.kind)[-1])
        maker: Callable[[Hook], Hook] = compile_function(
            reader_code(fields), "make", scope, generated_file("reader", cls)
        )
        return maker
    finally:
        _in_progress().pop()


_maker: Callable[[Any], Callable[[Hook], Hook]] = functools.cache(_make_maker)


_Rest: TypeAlias = Callable[[dict[str, Any], int], tuple[dict[str, Any] | None, dict[str, Any] | None]]


def _make_rest(cls: type[Model], known: Collection[str]) -> _Rest:
    blanks, count = shared_blanks(cls), len(known)

    @functools.lru_cache(_SHARED)
    def named(none: int) -> list[tuple[int, str]]:
        return [(1 << i, name) for i, name in enumerate(known) if none >> i & 1]

    def rest(raw: dict[str, Any], none: int) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        nulls = 0
        for bit, name in named(none):
            if name in raw:
                nulls += bit
        complete = len(raw) + none.bit_count() - nulls.bit_count() == count
        extra = None if complete else {key: value for key, value in raw.items() if key not in known}
        return extra, blanks[nulls] if nulls else None

    return rest


class _Blanks(dict[int, dict[str, Any]]):
    """The null properties of an object by their bits. Objects with the same null properties share one mapping."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__()
        self._known = tuple(known)

    def __missing__(self, bits: int) -> dict[str, Any]:
        found: dict[str, Any] = {name: None for i, name in enumerate(self._known) if bits >> i & 1}
        if len(self) < _SHARED:
            self[bits] = found
        return found


def _make_blanks(cls: type[Model]) -> _Blanks:
    return _Blanks(field.wire for field in fields_of(cls))


shared_blanks: Callable[[Any], dict[int, dict[str, Any]]] = functools.cache(_make_blanks)
"""Return the null properties of a class by their bits."""


def _is_blank(field: Field, value: Any) -> bool:
    return value is None or (field.is_time and field_hook(field)(value) is None)


# --- errors


def locate(cls: Any, raw: Any, mismatch: Mismatch) -> Mismatch:
    """Return the mismatch with the path of the first value of the wrong type, for which `raw` is walked again."""
    for step, inner, hook, value in _steps(unwrap(cls), raw):
        try:
            hook(value)
        except Mismatch as deeper:
            found = locate(inner, value, deeper)
            return Mismatch(str(found), step + found.path)
    return mismatch


def _steps(cls: Any, raw: Any) -> list[tuple[str, Any, Hook, Any]]:
    """Return the values one level down, each as its path, its expected type, the hook of this type, and the value."""
    origin = typing.get_origin(cls)
    if is_model(cls) and isinstance(raw, dict):
        found = [(field, raw.get(field.wire)) for field in fields_of(cls)]
        return [(f".{field.wire}", field.type, field_hook(field), v) for field, v in found if v is not None]
    if origin is list and isinstance(raw, list):
        item = typing.get_args(cls)[0]
        return [(f"[{i}]", item, item_hook(item), value) for i, value in enumerate(raw)]
    if origin is dict and isinstance(raw, dict):
        item = typing.get_args(cls)[1]
        return [(f"[{key!r}]", item, item_hook(item), value) for key, value in raw.items()]
    return []
