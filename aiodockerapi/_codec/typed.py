"""Large bodies by way of msgspec: from the text to models, without a dict for each object between them.

For each model a struct is made that mirrors it under the wire's names. msgspec reads the text into structs, with all types
checked in C, and what is left is to take the values over. Structs know no unknown properties and tell nobody where a fault
is; so a text that holds either is refused here, and `decoding` reads it as it reads all others.
"""

import datetime
import functools
import threading
import typing
from collections.abc import Callable
from typing import Any, Final

from .._wire.json_text import fast, read_with
from ..models._fields import Model
from .fields import SCALARS, Field, Hook, compile_function, fields_of, generated_file, is_model, unwrap
from .reader_code import kind_of
from .reading import field_hook, shared_blanks

try:
    import msgspec as found
except ImportError:
    msgspec: Any = None
else:
    msgspec = found
    read_with(msgspec.json.Decoder())

__all__ = ["typed_reader"]

_NOTHING: Final = """\
    v = s.{slot}
    if v is absent: o.{name} = {empty}
    elif v is None:
        o.{name} = {empty}
        nulls += {bit}
"""
_SOMETHING: Final = {
    "scalar": "    else: o.{name} = v\n",
    "unix": "    elif v.__class__ is int and 0 <= v < 253402300800: o.{name} = from_unix(v, utc)\n",
    "list of models": """\
    else:
        o.{name} = v
        for k, x in enumerate(v): v[k] = m{i}() if x is None else h{i}(x)
""",
    "dict of models": """\
    else:
        o.{name} = v
        for k, x in v.items(): v[k] = m{i}() if x is None else h{i}(x)
""",
    "other": "    else: o.{name} = h{i}(v)\n",
}
_SOMETHING_TIMED: Final = """\
    else:
        o.{name} = v = h{i}(v)
        if v is None: zero = True
"""
# What a scalar that is absent reads as is the struct's own default.
_PLAIN: Final = """\
    v = s.{slot}
    if v is not None: o.{name} = v
    else:
        o.{name} = {empty}
        nulls += {bit}
"""
_END: Final = """\
    o._extra = None
    o._blank = {blank}
    return o
"""


def typed_reader(cls: Any) -> Callable[[bytes], Any] | None:
    """The function that reads a body as `cls`, a model or a list of them; None where there is no such thing.

    It raises any `Exception` for what it leaves to others.
    """
    with _lock:
        return _reader(cls) if fast() else None


# msgspec crashes where one thread reads with a decoder while another makes one for the same structs for the first time.
_lock: Final = threading.Lock()


def _make_reader(cls: Any) -> Callable[[bytes], Any] | None:
    item = typing.get_args(cls)[0] if typing.get_origin(cls) is list else None
    if is_model(cls):
        struct, read = _mirror(cls)
        decode: Hook = msgspec.json.Decoder(struct).decode
        return lambda body: read(decode(body))
    if not is_model(item):
        return None
    struct, read = _mirror(item)
    decode_items: Hook = msgspec.json.Decoder(list[struct]).decode  # type: ignore[valid-type]

    def read_items(body: bytes) -> Any:
        items: list[Any] = decode_items(body)
        for i, one in enumerate(items):
            items[i] = read(one)
        return items

    return read_items


_reader: Callable[[Any], Callable[[bytes], Any] | None] = functools.cache(_make_reader)


def _make_mirror(cls: type[Model]) -> tuple[Any, Hook]:
    """The struct for a model, and the function that makes the model of it."""
    fields = fields_of(cls)
    scope: dict[str, Any] = {
        "new": cls.__new__,
        "cls": cls,
        "absent": msgspec.UNSET,
        "from_unix": datetime.datetime.fromtimestamp,
        "utc": datetime.UTC,
        "blank": lambda struct: _blank(fields, struct),
        "blanks": shared_blanks(cls),
    }
    code = ["def read(s):\n    o = new(cls)\n    nulls = 0\n    zero = False\n"]
    members = []
    for i, field in enumerate(fields):
        members.append(_add(i, field, scope, code))
    code.append(_END.format(blank="blank(s) if zero else blanks[nulls] if nulls else None"))
    struct = msgspec.defstruct(cls.__name__, members, forbid_unknown_fields=True, gc=False, eq=False)
    return struct, compile_function("".join(code), "read", scope, generated_file("reader of structs", cls))


_mirror: Callable[[Any], tuple[Any, Hook]] = functools.cache(_make_mirror)


def _add(i: int, field: Field, scope: dict[str, Any], code: list[str]) -> tuple[str, Any, Any]:
    """Add what reads a field, and return the struct's member."""
    kind, _ = kind_of(field)
    wanted, default = _wire_type(field, kind, i, scope), msgspec.UNSET
    empty = f"e{i}()" if isinstance(field.empty, type) else f"e{i}"
    scope[f"e{i}"] = field.empty
    facts = {"i": i, "slot": f"f{i}", "name": field.name, "empty": empty, "bit": 1 << i}
    if kind == "scalar" and field.empty is not None:
        default = field.empty
        code.append(_PLAIN.format(**facts))
    else:
        wanted |= msgspec.UnsetType
        template = _SOMETHING.get("scalar" if kind.endswith("scalars") else kind, "")
        timed = _SOMETHING_TIMED if field.is_time else ""
        code.append(f"{_NOTHING}{template}{timed}".format(**facts))
    return f"f{i}", wanted, msgspec.field(name=field.wire, default=default)


def _wire_type(field: Field, kind: str, i: int, scope: dict[str, Any]) -> Any:
    """What a struct declares for a field; puts what the code needs to read it into its scope."""
    if field.is_time:
        scope[f"h{i}"] = field_hook(field)
        return (int | float if field.unix else str) | None
    if kind.endswith("models") or is_model(field.kind):
        item = typing.get_args(field.kind)[-1] if kind.endswith("models") else field.kind
        inner = unwrap(item)
        struct, scope[f"h{i}"] = _mirror(inner)
        scope[f"m{i}"] = inner if item is inner else lambda: None
        many = {"list of models": list[struct | None], "dict of models": dict[str, struct | None]}  # type: ignore[valid-type]
        return many.get(kind, struct) | None
    if kind == "other":
        scope[f"h{i}"] = field_hook(field)
        return Any
    return _scalars(field.kind) | None


def _scalars(kind: Any) -> Any:
    """A scalar, or a collection of them, as msgspec is to check it: whole numbers stay whole."""
    kind = unwrap(kind)
    if kind in SCALARS:
        return int | float if kind is float else kind
    origin, items = typing.get_origin(kind), [_scalars(arg) for arg in typing.get_args(kind)]
    return origin[tuple(items)]


def _blank(fields: list[Field], struct: Any) -> dict[str, Any]:
    """What the text holds of properties that read as nothing."""
    found = {}
    for i, field in enumerate(fields):
        value = getattr(struct, f"f{i}")
        if value is None or (field.is_time and value is not msgspec.UNSET and field_hook(field)(value) is None):
            found[field.wire] = value
    return found
