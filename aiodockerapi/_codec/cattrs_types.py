"""Types that are not API classes: cattrs converts them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["Mismatch", "adds_hooks", "converter", "read_foreign"]

_hook_functions: Final[list[Callable[[Converter], None]]] = []


def adds_hooks(function: Callable[[Converter], None]) -> Callable[[Converter], None]:
    """Register a function to be called with the converter when that is created."""
    _hook_functions.append(function)
    return function


@functools.cache
def converter() -> Converter:
    """Return the cattrs converter. Most programs only use API classes, so cattrs is loaded on the first call."""
    import cattrs

    created = cattrs.Converter()
    for add_hooks in _hook_functions:
        add_hooks(created)
    return created


class Mismatch(Exception):
    """A value of the wrong JSON type.

    :ivar path: the path of the value below the one that was read; inside models it is determined afterwards.
    """

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem)
        self.path = path


def read_foreign(cls: Any, value: Any) -> Any:
    """Structure a value as a type that cattrs knows."""
    try:
        return converter().structure(value, cls)
    except Mismatch:
        raise
    except Exception as error:
        raise _mismatch(cls, error) from error


def _mismatch(cls: Any, error: Exception) -> Mismatch:
    """Return the first error in the exception groups of cattrs."""
    from cattrs import AttributeValidationNote, BaseValidationError, IterableValidationNote

    path = ""
    while isinstance(error, BaseValidationError):
        error = error.exceptions[0]
        for note in getattr(error, "__notes__", ()):
            if isinstance(note, AttributeValidationNote):
                path, cls = f"{path}.{note.name}", note.type
            elif isinstance(note, IterableValidationNote):
                path, cls = f"{path}[{note.index!r}]", note.type
    if isinstance(error, Mismatch):
        return Mismatch(str(error), path + error.path)
    if isinstance(error, KeyError):
        return Mismatch("is missing", path)
    return Mismatch(f"cannot be read as {getattr(cls, '__name__', cls)}: {error}", path)
