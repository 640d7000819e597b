"""What the code that is written for a model needs to know about its fields."""

import datetime
import types
import typing
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import attrs

from ..models._fields import Model

__all__ = [
    "SCALARS",
    "Field",
    "Hook",
    "compile_function",
    "fields_of",
    "is_model",
    "model_inside",
    "unwrap",
]

Hook: TypeAlias = Callable[[Any], Any]

SCALARS: Final[dict[Any, str]] = {str: "str", int: "int", bool: "bool", float: "float"}


class Field(NamedTuple):
    """One field of a model.

    :ivar name: in Python.
    :ivar wire: in JSON.
    :ivar type: as annotated.
    :ivar kind: the type behind ``X | None`` and open enums.
    :ivar empty: what absent reads as, or a class to call for it.
    :ivar unix: whether the number on the wire counts seconds since 1970.
    """

    name: str
    wire: str
    type: Any
    kind: Any
    empty: Any
    unix: bool

    @property
    def is_time(self) -> bool:
        """Whether it holds a time."""
        return self.kind is datetime.datetime


def is_model(cls: Any) -> bool:
    """Whether it is a class of the API's data."""
    return isinstance(cls, type) and issubclass(cls, Model)


def unwrap(cls: Any) -> Any:
    """The type behind ``X | None``, and `str` behind an open enum."""
    if typing.get_origin(cls) in (typing.Union, types.UnionType):
        members = {unwrap(arg) for arg in typing.get_args(cls) if arg is not type(None)}
        return members.pop() if len(members) == 1 else cls
    if typing.get_origin(cls) is typing.Literal:
        kinds = {type(value) for value in typing.get_args(cls)}
        return kinds.pop() if len(kinds) == 1 else cls
    return cls


def fields_of(cls: type[Model]) -> list[Field]:
    """The fields of a model that stand for properties."""
    hints = typing.get_type_hints(cls)
    found: list[Field] = []
    for attribute in attrs.fields(cls):
        wire = attribute.metadata.get("wire")
        if wire is not None:
            hint, default = hints[attribute.name], attribute.default
            empty = getattr(default, "factory", default)
            found.append(Field(attribute.name, wire, hint, unwrap(hint), empty, attribute.metadata["unix"]))
    return found


def compile_function(code: str, name: str, scope: dict[str, Any], cls: type) -> Any:
    """The function of that name that `code` defines."""
    exec(compile(code, f"<codec of {cls.__name__}>", "exec"), scope)  # noqa: S102 - our own code, from class facts
    return scope[name]


def model_inside(kind: Any) -> type[Model] | None:
    """Return the model in a field's type, also inside lists and mappings; None if there is none."""
    while typing.get_origin(kind) in (list, dict):
        kind = unwrap(typing.get_args(kind)[-1])
    return kind if is_model(kind) else None
