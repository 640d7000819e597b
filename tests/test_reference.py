"""The reference is complete."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import aiodockerapi
from aiodockerapi.api._common import Group
from tests.support.public import groups

_DOCS = Path(__file__).parent.parent / "docs"
_DIRECTIVE = re.compile(r"^\.\. auto\w+:: ([\w.]+)$", re.MULTILINE)


def _groups() -> dict[str, type[Group]]:
    return {name: type(part) for name, part in groups().items()}


def _documented(page: Path) -> set[str]:
    return set(_DIRECTIVE.findall(page.read_text()))


@pytest.mark.parametrize(("name", "cls"), _groups().items(), ids=lambda value: value if isinstance(value, str) else "")
def test_each_group_has_its_page(name: str, cls: type[Group]) -> None:
    found = _documented(_DOCS / "reference" / f"{name}.rst")
    assert f"{cls.__module__}.{cls.__name__}" in found
    assert f"reference/{name}\n" in (_DOCS / "index.rst").read_text()


def test_each_public_name_is_on_a_page() -> None:
    public = set(vars(aiodockerapi)["__all__"])
    found = set[str]().union(*(_documented(page) for page in (_DOCS / "reference").glob("*.rst")))
    on_the_page_of_errors = {name for name, _ in inspect.getmembers(aiodockerapi.errors, inspect.isclass)}
    modules = {name for name in public if inspect.ismodule(getattr(aiodockerapi, name))}
    names = {f"aiodockerapi.{name}" for name in public - modules - on_the_page_of_errors}
    assert sorted(names - found - {"aiodockerapi.__version__"}) == []


def test_each_module_of_models_is_on_the_page_of_models() -> None:
    found = _documented(_DOCS / "reference" / "models.rst")
    top = Path(aiodockerapi.__file__).parent
    modules = {
        ".".join(path.relative_to(top.parent).with_suffix("").parts)
        for path in (top / "models").rglob("*.py")
        if not path.name.startswith("_")
    }
    assert sorted(modules - found) == []
