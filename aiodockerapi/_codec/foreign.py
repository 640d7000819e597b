"""Types that are not the API's: cattrs reads them."""

from typing import Any

from .converter import converter

__all__ = ["Mismatch", "read_foreign"]


class Mismatch(Exception):
    """A value of the wrong JSON type.

    :ivar path: where below the value that was read; inside of models that is found out afterwards.
    """

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem)
        self.path = path


def read_foreign(cls: Any, value: Any) -> Any:
    """Read a value as a type that cattrs knows."""
    try:
        return converter().structure(value, cls)
    except Mismatch:
        raise
    except Exception as error:
        raise _mismatch(cls, error) from error


def _mismatch(cls: Any, error: Exception) -> Mismatch:
    """The first thing that is wrong, out of the groups in which cattrs tells all of them."""
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
