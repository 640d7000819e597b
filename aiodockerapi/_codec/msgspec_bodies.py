"""Decode large bodies with msgspec: from the text to models, without creating a dict per object.

For each model, a struct with the same properties is defined. msgspec decodes the text into structs and checks all types in C;
the values are then moved into models. A struct has no unknown properties, and errors have no path as the codec reports it.
So a text with unknown properties or wrong types is rejected here, and `decoding` decodes it in the usual way.
"""

import datetime
import functools
import threading
import typing
from collections.abc import Callable
from typing import Any, Final

from .._wire.json_text import set_decoder, uses_msgspec
from ..models._fields import Model
from .fields import SCALARS, Field, Hook, compile_function, fields_of, generated_file, is_model, unwrap
from .structuring import field_hook, shared_blanks
from .structuring_code import kind_of

try:
    import msgspec as found
except ImportError:
    msgspec: Any = None
else:
    msgspec = found
    set_decoder(msgspec.json.Decoder())

__all__ = ["typed_reader"]

_MISSING: Final = """\
    v = s.{slot}
    if v is absent: o.{name} = {empty}
    elif v is None:
        o.{name} = {empty}
        nulls += {bit}
"""
_PRESENT: Final = {
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
_PRESENT_TIME: Final = """\
    else:
        o.{name} = v = h{i}(v)
        if v is None: zero = True
"""
# The value of an absent scalar is the default of the struct.
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
    """Return the function that decodes a body to `cls`, a model or a list of models; None for other types or without msgspec.

    The function raises an `Exception` for a body that has to be decoded in the usual way.
    """
    with _lock:
        return _reader(cls) if uses_msgspec() else None


# msgspec crashes if one thread uses a decoder while another thread creates the first decoder for the same structs.
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
    """Return the struct for a model, and the function that converts the struct to the model."""
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
    """Add the code that reads a field, and return the member of the struct."""
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
        template = _PRESENT.get("scalar" if kind.endswith("scalars") else kind, "")
        timed = _PRESENT_TIME if field.is_time else ""
        code.append(f"{_MISSING}{template}{timed}".format(**facts))
    return f"f{i}", wanted, msgspec.field(name=field.wire, default=default)


def _wire_type(field: Field, kind: str, i: int, scope: dict[str, Any]) -> Any:
    """Return the type of a field in the struct; add to `scope` what the generated code uses for the field."""
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
    """Return a scalar type, or a collection of scalars, as msgspec checks it. A float may be an integer in JSON."""
    kind = unwrap(kind)
    if kind in SCALARS:
        return int | float if kind is float else kind
    origin, items = typing.get_origin(kind), [_scalars(arg) for arg in typing.get_args(kind)]
    return origin[tuple(items)]


def _blank(fields: list[Field], struct: Any) -> dict[str, Any]:
    """Return the properties in the text that read as empty."""
    found = {}
    for i, field in enumerate(fields):
        value = getattr(struct, f"f{i}")
        if value is None or (field.is_time and value is not msgspec.UNSET and field_hook(field)(value) is None):
            found[field.wire] = value
    return found
