"""The fields of models, as code generation needs them, and the compilation of generated code."""

import datetime
import functools
import linecache
import types
import typing
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from ..models._fields import Model

__all__ = [
    "SCALARS",
    "Field",
    "Hook",
    "compile_function",
    "fields_of",
    "generated_file",
    "is_model",
    "model_inside",
    "unwrap",
]

Hook: TypeAlias = Callable[[Any], Any]

SCALARS: Final[dict[Any, str]] = {str: "str", int: "int", bool: "bool", float: "float"}


class Field(NamedTuple):
    """One field of a model.

    :ivar name: the name in Python.
    :ivar wire: the name in JSON.
    :ivar type: the annotated type.
    :ivar kind: the type without ``| None``; `str` for an open enum.
    :ivar empty: the value of an absent property, or a class to call for it.
    :ivar unix: whether the JSON number counts seconds since 1970.
    """

    name: str
    wire: str
    type: Any
    kind: Any
    empty: Any
    unix: bool

    @property
    def is_time(self) -> bool:
        """Whether the value is a time."""
        return self.kind is datetime.datetime


def is_model(cls: Any) -> bool:
    """Return whether `cls` is an API class."""
    return isinstance(cls, type) and issubclass(cls, Model)


def unwrap(cls: Any) -> Any:
    """Return the type without ``| None``, and `str` for an open enum."""
    if typing.get_origin(cls) in (typing.Union, types.UnionType):
        members = {unwrap(arg) for arg in typing.get_args(cls) if arg is not type(None)}
        return members.pop() if len(members) == 1 else cls
    if typing.get_origin(cls) is typing.Literal:
        kinds = {type(value) for value in typing.get_args(cls)}
        return kinds.pop() if len(kinds) == 1 else cls
    return cls


def _fields_of(cls: Any) -> list[Field]:
    hints = _annotations(cls)
    return [
        Field(name, field.wire, hints[name], unwrap(hints[name]), field.empty, field.unix)
        for name, field in cls.__wire_fields__.items()
    ]


fields_of: Callable[[Any], list[Field]] = functools.cache(_fields_of)
"""The fields of a model that represent JSON properties."""


def _annotations(cls: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        found |= base.__annotations__ if issubclass(base, Model) else {}
    # Only classes derived from those of this package have annotations in quotes. `get_type_hints` is slow.
    return typing.get_type_hints(cls) if any(isinstance(hint, str) for hint in found.values()) else found


def compile_function(code: str, name: str, scope: dict[str, Any], file: str) -> Any:
    """Compile generated code and return the function `name` that it defines.

    Tracebacks and debuggers show the code: it is put where they look for source text.

    :param file: what tracebacks name as the file, such as ``<generated reader of Mount>``.
    """
    lines, base, number = code.splitlines(keepends=True), file.removesuffix(">"), 1
    while linecache.getlines(file) not in ([], lines):  # another class of the same name
        number += 1
        file = f"{base}#{number}>"
    linecache.cache[file] = len(code), None, lines, file  # None: there is no file that could change
    exec(compile(code, file, "exec"), scope)  # noqa: S102 - the code is made from facts about our own classes
    return scope[name]


def generated_file(what: str, cls: type) -> str:
    """Return the name of the file that holds generated code for a class."""
    return f"<generated {what} of {cls.__module__}.{cls.__qualname__}>"


def model_inside(kind: Any) -> type[Model] | None:
    """Return the model in a field's type, also inside lists and mappings; None if there is none."""
    while typing.get_origin(kind) in (list, dict):
        kind = unwrap(typing.get_args(kind)[-1])
    return kind if is_model(kind) else None
