"""A model and the functions that the codec generates for it, for the page on the architecture."""

from __future__ import annotations

import inspect
import textwrap
from pathlib import Path

from aiodockerapi import models
from aiodockerapi._codec.structuring import hook_for
from aiodockerapi._codec.unstructuring import writer_for

from .regions import PROJECT, filled

__all__ = ["files"]

PAGE = PROJECT / "docs" / "architecture.rst"
MODEL = models.HealthSummary


def files() -> dict[Path, str]:
    """Return the page with the model and its generated functions."""
    reader, writer = (textwrap.dedent(inspect.getsource(make(MODEL))) for make in (hook_for, writer_for))
    text = (
        "\nThe model, in ``models/container/state.py``:\n\n"
        f"{_block(_model_source())}\n"
        "Its reader. ``h0`` raises the error for a value of the wrong type, ``e0`` is the empty value of the field, and\n"
        "``rest`` collects the properties that the class does not know:\n\n"
        f"{_block(reader)}\n"
        "Its writer. ``S`` and ``I`` are the empty values that were never set:\n\n"
        f"{_block(writer)}\n"
        "Tracebacks and debuggers show these functions, since they are registered in `linecache`.\n\n"
    )
    return {PAGE: filled(PAGE.read_text(), "codec", text)}


def _model_source() -> str:
    # `inspect` does not find the class statement: the class has been created again, with slots.
    module = inspect.getsource(inspect.getmodule(MODEL))  # type: ignore[arg-type]
    start = module.index(f"class {MODEL.__name__}(")
    start = module.rindex("@", 0, start)
    end = module.find("\n\n\n", start)
    return module[start : end if end >= 0 else None]


def _block(code: str) -> str:
    return ".. code-block:: python\n\n" + textwrap.indent(code.strip("\n"), "   ") + "\n"
