"""The configuration of Sphinx; `python -m tox -e docs` builds the documentation with warnings as errors."""

import importlib
import inspect
from typing import Any, get_origin

import attrs
from sphinx.util.nodes import make_refnode

import aiodockerapi
from aiodockerapi._wire import versions
from aiodockerapi.models import Model

project = "aiodockerapi"
copyright = "the aiodockerapi authors"

extensions = ["sphinx.ext.autodoc"]
exclude_patterns = ["_build", "changes"]
# Pages use |oldest| and |newest| for the range of API versions.
rst_epilog = f"""
.. |oldest| replace:: {versions.OLDEST}
.. |newest| replace:: {versions.NEWEST}
"""
html_theme = "furo"
html_title = project
html_copy_source = False

# Text in single backticks is a link if it is the name of a documented object, otherwise code (an argument or a value).
default_role = "py:obj"
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", r"(?s)(?!(\w+\.)*[A-Z]\w*[a-z]\w*$).*"),  # everything that does not look like the name of a class
    ("py:(class|obj)", r"aiodockerapi\..*\.\w*T(_co)?"),  # type variables
    # Types of the standard library and of other packages are not documented here.
    (
        "py:.*",
        r"(collections|contextlib|datetime|json|os|pathlib|signal|ssl|tarfile|types|typing|asyncio|attrs?|ipaddress)\..*",
    ),
    ("py:class", r"(optional|default=.*)"),
    ("py:class", "RequestBody"),  # an alias that the client does not import; its parameter is documented there
]

add_module_names = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80

# `type[T]` in a signature is ambiguous: many fields have the name `type`.
suppress_warnings = ["ref.python"]

autodoc_member_order = "bysource"
autodoc_default_options = {"no-value": True}
autodoc_typehints = "signature"
autodoc_preserve_defaults = True


def _find(name: str) -> Any:
    """Return the object with a dotted name; None if it does not exist (fields of slotted classes without a value)."""
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
    """Omit the signatures of classes that users do not instantiate, and of models, whose fields are documented below them."""
    if what == "class" and (not name.endswith((".Docker", ".TLS", "Error")) or issubclass(obj, Model)):
        return "", None
    return signature, returns


def _hide_private_bases(app: Any, name: str, obj: Any, options: Any, bases: list[Any]) -> None:
    """Show only the base classes that are documented."""
    bases[:] = [base for base in bases if _is_public(get_origin(base) or base)] or [object]


def _is_public(base: Any) -> bool:
    if not inspect.isclass(base):
        return False
    return base.__module__ == "builtins" or base.__name__ in aiodockerapi.__all__ or issubclass(base, Model)


def _add_wire_name(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Add the JSON name of a model's field, and the API versions that have it."""
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


def _resolve_short_name(app: Any, env: Any, node: Any, content: Any) -> Any:
    """Resolve names such as `Frame` or `Exec.run` in any module, so that docstrings can omit the module."""
    if node.get("refdomain") != "py" or not node["reftarget"][:1].isupper():
        return None
    domain = env.domains["py"]
    found = domain.find_obj(env, None, None, node["reftarget"], None, searchmode=1)
    if not found:
        return None
    name, entry = min(found, key=lambda match: (match[1].aliased, match[0].startswith("aiodockerapi.models"), match[0]))
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, name)


def _omit_fields_from_contents(app: Any, domain: str, what: str, content: Any) -> None:
    """Omit the fields of models from the table of contents, where they would take half of the build time."""
    if what == "attribute":
        for signature in content.parent:
            signature["_toc_name"] = ""


def setup(app: Any) -> None:
    app.connect("object-description-transform", _omit_fields_from_contents)
    app.connect("autodoc-process-bases", _hide_private_bases)
    app.connect("missing-reference", _resolve_short_name)
    app.connect("autodoc-process-signature", _shorten_signature)
    app.connect("autodoc-process-docstring", _add_wire_name)
