"""The lists of models: the table and the imports of `aiodockerapi.models`, and the page of the documentation.

All three follow from the modules below `aiodockerapi/models` and their `__all__`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path

from .regions import PROJECT, filled

__all__ = ["SECTIONS", "files", "imports", "names", "page"]

FOLDER = PROJECT / "aiodockerapi" / "models"
PAGE = PROJECT / "docs" / "reference" / "models.rst"
WIDTH = 120
# The headings of the page, in its order. Each is for a module, or a package and all modules in it.
SECTIONS = {
    "container": "Containers",
    "exec": "Exec",
    "image": "Images",
    "distribution": "Distribution",
    "network": "Networks",
    "volume": "Volumes",
    "storage": "Storage",
    "system": "System",
    "swarm": "Swarm",
    "node": "Nodes",
    "service": "Services",
    "task": "Tasks",
    "secret": "Secrets",
    "config": "Configs",
    "plugin": "Plugins",
    "common": "Common",
    "oci": "OCI",
}
_DIRECTIVE = """\
.. automodule:: aiodockerapi.models.{module}
   :members:
   :undoc-members:
   :show-inheritance:

"""


def files() -> dict[Path, str]:
    """Return the package's `__init__` and the page."""
    found = _names_by_module()
    init = FOLDER / "__init__.py"
    text = filled(init.read_text(), "imports", imports(found))
    return {
        init: filled(text, "names", names(found)),
        PAGE: filled(PAGE.read_text(), "modules", page(found)),
    }


def _names_by_module() -> dict[str, list[str]]:
    paths = (path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.py"))
    modules = (".".join(path.parts) for path in paths if not path.name.startswith("_"))
    return {name: sorted(import_module(f"aiodockerapi.models.{name}").__all__) for name in modules}


def _sections(modules: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Group the modules by heading, in the order of the page.

    :raises ValueError: if a module has no heading.
    """
    tops = list(SECTIONS)
    if unknown := sorted({module for module in modules if module.split(".")[0] not in SECTIONS}):
        raise ValueError(f"no heading for {', '.join(unknown)}: add it to SECTIONS in {__name__}")
    ordered = sorted(modules, key=lambda module: (tops.index(module.split(".")[0]), module))
    for top, members in groupby(ordered, key=lambda module: module.split(".")[0]):
        yield SECTIONS[top], list(members)


def imports(found: Iterable[str]) -> str:
    """Return the imports for type checkers."""
    stars = (f"    from .{module} import *\n" for module in sorted(found))
    return "".join(["if TYPE_CHECKING:\n    from ._fields import Model as Model\n", *stars])


def names(found: Mapping[str, list[str]]) -> str:
    """Return the table of names."""
    lines = ["_NAMES: Final[dict[str, str]] = {\n", '    "_fields": "Model",\n']
    for heading, modules in _sections(found):
        lines.append(f"    # {heading}\n")
        lines.extend(_entry(module, " ".join(found[module])) for module in modules)
    return "".join([*lines, "}\n"])


def _entry(module: str, text: str) -> str:
    line = f'    "{module}": "{text}",\n'
    if len(line) <= WIDTH:
        return line
    indent = " " * 8
    wrapped = textwrap.fill(text, WIDTH - len(indent), initial_indent=indent, subsequent_indent=indent)
    return f'    "{module}": """\n{wrapped}\n    """,\n'


def page(found: Iterable[str]) -> str:
    """Return the sections of the page."""
    sections = (
        f"{heading}\n{'-' * len(heading)}\n\n" + "".join(_DIRECTIVE.format(module=module) for module in modules)
        for heading, modules in _sections(found)
    )
    return "".join(["\n", *sections])
