"""How Sphinx builds these pages: `python -m tox -e docs`, with every warning an error."""

import importlib
import inspect
from typing import Any

import attrs

from aiodockerapi.models import Model

project = "aiodockerapi"
copyright = "the aiodockerapi authors"

extensions = ["sphinx.ext.autodoc"]
exclude_patterns = ["_build", "changes"]
html_theme = "furo"
html_title = project
html_copy_source = False

# A single backtick names something of ours, and links to it where it is documented; an argument or a value stays code.
default_role = "py:obj"
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", r"[\w.*@/-]+"),
    # The standard library's types and others' are not documented here.
    ("py:.*", r"(collections|contextlib|datetime|json|os|pathlib|signal|ssl|tarfile|types|typing|asyncio|attrs?|ipaddress)\..*"),
    ("py:class", r"(optional|default=.*)"),
]

add_module_names = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80

autodoc_member_order = "bysource"
autodoc_default_options = {"no-value": True}
autodoc_typehints = "signature"
autodoc_preserve_defaults = True


def _find(name: str) -> Any:
    """The object of that dotted name; None where there is none (fields of slotted classes without a value)."""
    module, _, rest = name, "", ""
    while module:
        try:
            found: Any = importlib.import_module(module)
        except ImportError:
            module, _, last = module.rpartition(".")
            rest = f"{last}.{rest}" if rest else last
            continue
        for part in filter(None, rest.split(".")):
            found = getattr(found, part, None)
        return found
    return None


def _shorten_signature(
    app: Any, what: str, name: str, obj: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Leave out the signatures of classes that users do not make, and of models, whose fields follow anyway."""
    if what == "class" and (not name.endswith((".Docker", "Error")) or issubclass(obj, Model)):
        return "", None
    return signature, returns


def _tell_wire_name(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Add to a model's field what it is called in JSON, and which API versions have it."""
    if what != "attribute":
        return
    owner, _, attribute = name.rpartition(".")
    cls = _find(owner)
    if not (inspect.isclass(cls) and issubclass(cls, Model)) or attribute not in attrs.fields_dict(cls):
        return
    metadata = attrs.fields_dict(cls)[attribute].metadata
    facts = [f"``{metadata['wire']}``"] if "wire" in metadata else []
    facts += [f"since API {metadata['since']}"] if metadata.get("since") else []
    facts += [f"until API {metadata['until']}"] if metadata.get("until") else []
    if facts:
        lines[:] = [f"{', '.join(facts)}. {' '.join(line.strip() for line in lines)}".strip()]


def setup(app: Any) -> None:
    app.connect("autodoc-process-signature", _shorten_signature)
    app.connect("autodoc-process-docstring", _tell_wire_name)
