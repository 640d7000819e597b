"""The source code of the function that reads a class; `reading` compiles it when the class is first used.

A list of a thousand containers has forty thousand values, so the code per value determines the cost of the list. Therefore
a scalar needs no call, a value that is present is looked up once, and a single comparison covers all special cases: if
the object has as many properties as the class has fields that are not None, it has no unknown properties and no nulls.
Compiling the code is the largest cost of a first call in the codec, so it is kept short.
"""

import typing
from typing import Any, Final

from .fields import SCALARS, Field, is_model, unwrap

__all__ = ["kind_of", "reader_code"]

_BEGIN: Final = """\
def make(no_object):
    def read(raw):
        if raw.__class__ is not dict: return no_object(raw)
        get = raw.get
        o = new(cls)
        none = 0
"""
_MISSING: Final = """\
        elif v is None:
            o.{name} = {empty}
            none += {bit}
"""
_PRESENT: Final = {
    "scalar": "        if v.__class__ is {scalar}: o.{name} = v\n",
    "unix": "        if v.__class__ is int and 0 <= v < 253402300800: o.{name} = from_unix(v, utc)\n",
    # Anything less is a zero time or not a time.
    "time": "        if v.__class__ is str and v > '0002': o.{name} = h{i}(v)\n",
    "list of scalars": """\
        if v.__class__ is list:
            for x in v:
                if x.__class__ is not {scalar}:
                    o.{name} = h{i}(v)
                    break
            else: o.{name} = v[:]
""",
    "dict of scalars": """\
        if v.__class__ is dict:
            for x in v.values():
                if x.__class__ is not {scalar}:
                    o.{name} = h{i}(v)
                    break
            else: o.{name} = v.copy()
""",
    "list of models": """\
        if v.__class__ is list:
            o.{name} = c = []
            for x in v: c.append(g{i}(x))
""",
    "dict of models": """\
        if v.__class__ is dict:
            o.{name} = c = {{}}
            for k, x in v.items(): c[k] = g{i}(x)
""",
    "other": "        if v is not None: o.{name} = h{i}(v)\n",
}
_ELSE: Final = "        else: o.{name} = h{i}(v)\n"
_ELSE_TIME: Final = """\
        else:
            o.{name} = v = h{i}(v)
            if v is None: zero = True
"""
_END: Final = """\
        if len(raw) + none.bit_count() == {count}: o._extra = o._blank = None
        else: o._extra, o._blank = rest(raw, none)
{zero}        return o
    return read
"""


_ZERO: Final = "        if zero: o._blank = blank(raw)\n"


def reader_code(fields: list[Field]) -> str:
    """Return the source of ``make(no_object)``, which creates the function that reads one class.

    Its scope must have ``new`` and ``cls``; ``rest(raw, none)``, which returns the unknown properties and the null ones, given
    the bits of the fields that are None; ``blank(raw)``, which returns the known properties that read as empty;
    ``from_unix`` and ``utc``; and for the field number 3 its hook ``h3``, the hook ``g3`` for the models in a collection, and
    its empty value ``e3``.
    """
    code = [_BEGIN]
    timed = any(field.is_time for field in fields)
    if timed:
        code.append("        zero = False\n")
    for i, field in enumerate(fields):
        kind, scalar = kind_of(field)
        code.append(f"        v = get({field.wire!r})\n{_PRESENT[kind]}{_MISSING}".format(**_facts(i, field, scalar)))
        if kind != "other":
            code.append((_ELSE_TIME if field.is_time else _ELSE).format(name=field.name, i=i))
    code.append(_END.format(count=len(fields), zero=_ZERO if timed else ""))
    return "".join(code)


def kind_of(field: Field) -> tuple[str, str]:
    """Return how the field is read, and the scalar type of its value or of the items of its value."""
    kind = field.kind
    if field.unix:
        return "unix", ""
    if field.is_time:
        return "time", ""
    if kind in SCALARS:
        return "scalar", SCALARS[kind]
    origin = typing.get_origin(kind)
    if origin in (list, dict):
        item = unwrap(typing.get_args(kind)[-1])
        if item in SCALARS:
            return f"{origin.__name__} of scalars", SCALARS[item]
        if is_model(item):
            return f"{origin.__name__} of models", ""
    return "other", ""


def _facts(i: int, field: Field, scalar: str) -> dict[str, Any]:
    """Return the values for the templates of a field."""
    empty = f"e{i}()" if isinstance(field.empty, type) else f"e{i}"
    return {"i": i, "name": field.name, "wire": field.wire, "scalar": scalar, "empty": empty, "bit": 1 << i}
