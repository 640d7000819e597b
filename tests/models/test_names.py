"""The names of the models, and which values their repr omits."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import models, structure, unstructure
from aiodockerapi.models import Model
from tests.models.catalogue import CLASSES, example, property_names, wire_fields

MODULES = [
    info.name
    for info in pkgutil.walk_packages(models.__path__, f"{models.__name__}.")
    if not info.ispkg and not info.name.endswith("._fields")
]


@pytest.mark.parametrize("module", MODULES)
def test_the_table_has_the_names_of_each_module(module: str) -> None:
    short = module.removeprefix(f"{models.__name__}.")
    assert models._NAMES[short].split() == sorted(importlib.import_module(module).__all__)


def test_the_table_has_no_other_modules() -> None:
    assert {f"{models.__name__}.{short}" for short in models._NAMES} == {*MODULES, f"{models.__name__}._fields"}


def test_every_name_is_unique() -> None:
    names = [name for names in models._NAMES.values() for name in names.split()]
    assert len(names) == len(set(names))
    assert set(vars(models)["__all__"]) == set(names)


def test_each_name_can_be_imported_and_is_listed() -> None:
    listed = dir(models)
    for name, home in models._HOME.items():
        assert name in listed
        assert getattr(models, name) is getattr(importlib.import_module(f"{models.__name__}.{home}"), name)


def test_type_checkers_see_the_same_modules() -> None:
    tree = ast.parse(Path(models.__file__).read_text())
    seen = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 1}
    assert seen == set(models._NAMES)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NoSuchModel"):
        getattr(models, "NoSuchModel")  # noqa: B009 - a type checker reports a plain attribute


def test_only_the_module_of_a_used_name_is_loaded() -> None:
    code = (
        "import sys, aiodockerapi.models as m; m.Ulimit;"
        "print(*[name for name in sys.modules if name.startswith('aiodockerapi.models.')])"
    )
    root = Path(models.__file__).parents[2]
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert set(found.stdout.split()) == {"aiodockerapi.models._fields", "aiodockerapi.models.common"}


@pytest.mark.parametrize("module", MODULES)
def test_each_class_of_a_module_is_public_there(module: str) -> None:
    loaded = importlib.import_module(module)
    own = [
        name
        for name, value in vars(loaded).items()
        if isinstance(value, type) and issubclass(value, Model) and value.__module__ == module
    ]
    assert set(own) <= set(loaded.__all__)


def test_each_class_has_a_docstring() -> None:
    assert [cls.__name__ for cls in CLASSES if not (vars(cls).get("__doc__") or "").strip().endswith(".")] == []


def test_the_properties_of_a_class_are_unique() -> None:
    names = {cls.__name__: property_names(cls) for cls in CLASSES}
    assert [cls for cls, found in names.items() if len(found) != len(set(found)) or not all(found)] == []


def test_only_known_keywords_are_accepted() -> None:
    made: list[Any] = list(CLASSES)
    for cls in made:
        with pytest.raises(TypeError):
            cls(no_such_field=1)
        with pytest.raises(TypeError):
            cls(1)
        with pytest.raises(AttributeError):
            cls().no_such_field = 1


SECRETS = {
    ("AuthConfig", "identitytoken"),
    ("AuthConfig", "password"),
    ("AuthConfig", "registrytoken"),
    ("AuthResponse", "IdentityToken"),
    ("CAConfig", "SigningCAKey"),
    ("JoinTokens", "Manager"),
    ("JoinTokens", "Worker"),
    ("SecretSpec", "Data"),
    ("SwarmJoinRequest", "JoinToken"),
    ("SwarmUnlockRequest", "UnlockKey"),
    ("UnlockKeyResponse", "UnlockKey"),
}


def test_exactly_these_fields_are_secret() -> None:
    hidden = {(cls.__name__, field.metadata["wire"]) for cls in CLASSES for field in wire_fields(cls) if not field.repr}
    assert hidden == SECRETS


def test_fields_with_names_of_secrets_are_secret() -> None:
    suffixes = ("password", "token", "unlockkey", "signingcakey", "secretkey", "privatekey")
    named = {(cls.__name__, name) for cls in CLASSES for name in property_names(cls) if name.lower().endswith(suffixes)}
    assert named <= SECRETS


@pytest.mark.parametrize(("name", "secret"), sorted(SECRETS))
def test_secrets_are_never_shown(name: str, secret: str) -> None:
    cls = getattr(models, name)
    value = structure(example(cls) | {secret: "c2VjcmV0", "UnknownPassword": "c2VjcmV0"}, cls)
    assert name in repr(value)
    assert "c2VjcmV0" not in repr(value)
    assert "c2VjcmV0" not in f"{value} {[value]} {value!r}"
    assert unstructure(value)[secret] == "c2VjcmV0"
