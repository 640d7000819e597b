"""The code that reads a class, as text: `reading` compiles it when the class is first used.

A list of a thousand containers has forty thousand values, so what is done for each decides over the price of the list.
Hence no call for a scalar, no second look at a value that is there, and a single comparison for all properties that the
class does not know: known ones that are there and known ones that are not must make up the object.
"""

import typing
from typing import Any, Final

from .fields import SCALARS, Field, is_model, unwrap

__all__ = ["kind_of", "reader_code"]

_BEGIN: Final = """\
def make(no_object):
    def function(raw):
        if raw.__class__ is not dict: return no_object(raw)
        get = raw.get
        o = new(cls)
        nulls = absent = 0
"""
_NOTHING: Final = """\
        elif v is None:
            o.{name} = {empty}
            if {wire!r} in raw: nulls += {bit}
            else: absent += 1
"""
_SOMETHING: Final = {
    "scalar": "        if v.__class__ is {scalar}: o.{name} = v\n",
    "unix": "        if v.__class__ is int and 0 <= v < 253402300800: o.{name} = from_unix(v, utc)\n",
    # What is less is a zero time, or none at all.
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
_OTHERWISE: Final = "        else: o.{name} = h{i}(v)\n"
_OTHER_TIME: Final = """\
        else:
            o.{name} = v = h{i}(v)
            if v is None: zero = True
"""
_END: Final = """\
        o._extra = None if len(raw) + absent == {count} else extra(raw)
        o._blank = {blank}
        return o
    return function
"""


def reader_code(fields: list[Field]) -> str:
    """The source of ``make(no_object)``, which makes the function that reads one class.

    Its scope has to have ``new`` and ``cls``; ``extra(raw)`` and ``blank(raw)`` for what the class does not know and what
    it reads as nothing; ``blanks``, the latter by the bits of properties that are null; ``from_unix`` and ``utc``; and of
    the field number 3 its hook ``h3``, the hook ``g3`` of the models in a collection, and what it is when empty, ``e3``.
    """
    code = [_BEGIN]
    timed = any(field.is_time for field in fields)
    if timed:
        code.append("        zero = False\n")
    for i, field in enumerate(fields):
        kind, scalar = kind_of(field)
        code.append(f"        v = get({field.wire!r})\n{_SOMETHING[kind]}{_NOTHING}".format(**_facts(i, field, scalar)))
        if kind != "other":
            code.append((_OTHER_TIME if field.is_time else _OTHERWISE).format(name=field.name, i=i))
    by_bits = "blanks[nulls] if nulls else None"
    code.append(_END.format(count=len(fields), blank=f"blank(raw) if zero else {by_bits}" if timed else by_bits))
    return "".join(code)


def kind_of(field: Field) -> tuple[str, str]:
    """How the field is read, and the scalar that its value or the items of its value have to be."""
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
    """What the templates want to know of a field."""
    empty = f"e{i}()" if isinstance(field.empty, type) else f"e{i}"
    return {"i": i, "name": field.name, "wire": field.wire, "scalar": scalar, "empty": empty, "bit": 1 << i}
