"""The converter behind `structure` and `unstructure`, as cattrs makes it; the hooks of models are added beside."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["adds_hooks", "converter"]

_additions: Final[list[Callable[[Converter], None]]] = []


def adds_hooks(addition: Callable[[Converter], None]) -> Callable[[Converter], None]:
    """Have a function called with the converter when that is made."""
    _additions.append(addition)
    return addition


@functools.cache
def converter() -> Converter:
    """The converter. It is made for the first type that is not the API's own: most programs have none, and spare cattrs."""
    import cattrs

    made = cattrs.Converter()
    for add in _additions:
        add(made)
    return made
