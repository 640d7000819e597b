"""Methods of a group, bound to the id of one object."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, cast, overload

from ._engine import Engine

__all__ = ["Bound", "Handle", "bound"]

P = ParamSpec("P")
R = TypeVar("R")
GroupT = TypeVar("GroupT")


class _Group(Protocol):
    def __init__(self, engine: Engine) -> None: ...


class Handle:
    """One object by its name or id: no data, and nothing is sent to make one."""

    def __init__(self, engine: Engine, id: str) -> None:
        self.engine = engine
        self.id = id
        """The name or id that it was made with."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle) or type(other) is not type(self):
            return NotImplemented
        return self.id == other.id and self.engine is other.engine

    def __hash__(self) -> int:
        return hash((type(self), self.id))


class Bound(Generic[P, R]):
    """A method of a group as a method of a handle."""

    def __init__(self, group: type[_Group], method: Callable[..., R]) -> None:
        self.group = group
        self.method = method
        update_wrapper(cast("Any", self), method)

    @overload
    def __get__(self, handle: None, owner: type[Handle]) -> "Bound[P, R]": ...
    @overload
    def __get__(self, handle: Handle, owner: type[Handle]) -> Callable[P, R]: ...
    def __get__(self, handle: Handle | None, owner: type[Handle]) -> "Bound[P, R] | Callable[P, R]":
        if handle is None:
            return self
        call = partial(self.method, self.group(handle.engine), handle.id)
        update_wrapper(call, self.method)
        del call.__dict__["__wrapped__"]  # else the signature would show the id
        return cast("Callable[P, R]", call)


def bound(group: type[GroupT], method: Callable[Concatenate[GroupT, str, P], R]) -> Bound[P, R]:
    """Bind a method of `group`, whose first argument is an id, to a handle's id."""
    return Bound(cast("type[_Group]", group), method)
