"""What the classes of the API's data are called, and what they show."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from aiodockerapi import models, structure
from aiodockerapi.models import Model
from tests.models.catalogue import CLASSES, example, property_names, wire_fields

every_class = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)

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


def test_no_name_is_there_twice() -> None:
    names = [name for names in models._NAMES.values() for name in names.split()]
    assert len(names) == len(set(names))
    assert set(models.__all__) == set(names)


@pytest.mark.parametrize("name", models.__all__)
def test_each_name_can_be_had_and_is_listed(name: str) -> None:
    assert name in dir(models)
    assert getattr(models, name) is getattr(importlib.import_module(f"{models.__name__}.{models._HOME[name]}"), name)


def test_type_checkers_see_the_same_modules() -> None:
    tree = ast.parse(Path(models.__file__).read_text())
    seen = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 1}
    assert seen == set(models._NAMES)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NoSuchModel"):
        models.NoSuchModel  # noqa: B018


def test_only_what_is_asked_for_is_loaded() -> None:
    code = (
        "import sys, aiodockerapi.models as m; m.Ulimit;"
        "print(*[name for name in sys.modules if name.startswith('aiodockerapi.models.')])"
    )
    root = Path(models.__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60)
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


@every_class
def test_each_class_says_what_it_is(cls: type[Model]) -> None:
    assert "__doc__" in vars(cls)
    assert (cls.__doc__ or "").strip().endswith((".", ":", "``"))


@every_class
def test_no_property_is_there_twice(cls: type[Model]) -> None:
    names = property_names(cls)
    assert len(names) == len(set(names))


@every_class
def test_each_property_has_a_name_and_its_versions_are_in_order(cls: type[Model]) -> None:
    for field in wire_fields(cls):
        assert field.metadata["wire"]
        since, until = (field.metadata[key] or default for key, default in (("since", "1.41"), ("until", "1.55")))
        assert "1.41" <= since <= until <= "1.55"
        assert field.metadata["since"] != "1.41", "every engine from 1.41 on has it without saying"
        assert field.metadata["until"] != "1.55", "the newest engine has it without saying"


@every_class
def test_only_known_keywords_are_taken(cls: type[Model]) -> None:
    with pytest.raises(TypeError):
        cls(no_such_field=1)
    with pytest.raises(TypeError):
        cls(1)
    with pytest.raises(AttributeError):
        cls().no_such_field = 1  # type: ignore[attr-defined]


SECRETS = {
    ("AuthConfig", "password"),
    ("AuthConfig", "identitytoken"),
    ("AuthConfig", "registrytoken"),
    ("AuthConfig", "auth"),
    ("AuthResponse", "IdentityToken"),
    ("CAConfig", "SigningCAKey"),
    ("JoinTokens", "Manager"),
    ("JoinTokens", "Worker"),
    ("SecretSpec", "Data"),
    ("SwarmJoinRequest", "JoinToken"),
    ("SwarmUnlockRequest", "UnlockKey"),
    ("UnlockKeyResponse", "UnlockKey"),
}


@every_class
def test_secrets_are_never_shown(cls: type[Model]) -> None:
    secrets = [wire for name, wire in SECRETS if name == cls.__name__ and wire in property_names(cls)]
    raw = example(cls) | dict.fromkeys(secrets, "c2VjcmV0") | {"PasswordOfTomorrow": "c2VjcmV0"}
    value = structure(raw, cls)
    assert "c2VjcmV0" not in repr(value)
    assert cls.__name__ in repr(value)


@every_class
def test_no_property_with_a_telling_name_is_shown(cls: type[Model]) -> None:
    telling = ("password", "token", "unlockkey", "signingcakey", "secretkey", "privatekey")
    for field in wire_fields(cls):
        if field.metadata["wire"].lower().endswith(telling):
            assert not field.repr
