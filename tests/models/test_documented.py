"""Every class, field and type alias of the API's data has a description in its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

from aiodockerapi import models

PACKAGE = Path(models.__file__).parent
TREES = {
    ".".join(file.relative_to(PACKAGE).with_suffix("").parts): ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted(PACKAGE.rglob("*.py"))
}
"""The source of each module, by its name relative to the package."""

SHORTEST = 10
"""The minimum number of characters of a description."""


def model_classes() -> list[tuple[str, ast.ClassDef]]:
    """Return the module and source of each class with ``Model`` among its bases, directly or through other classes."""
    classes = [(name, node) for name, tree in TREES.items() for node in tree.body if isinstance(node, ast.ClassDef)]
    known, found = {"Model"}, 0
    while len(known) > found:
        found = len(known)
        known |= {node.name for _, node in classes if any(ast.unparse(base) in known for base in node.bases)}
    return [(name, node) for name, node in classes if node.name in known - {"Model"}]


def described_assignments(body: list[ast.stmt]) -> Iterator[tuple[ast.AnnAssign, str, str]]:
    """Yield each annotated name of a block, with the string literal right below it, empty if there is none."""
    for statement, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement, statement.target.id, string_of(below)


def string_of(statement: ast.stmt | None) -> str:
    """Return the text of a statement that is only a string literal, else an empty string."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        value = statement.value.value
        return value.strip() if isinstance(value, str) else ""
    return ""


def is_wire(value: ast.expr | None) -> bool:
    """Return whether a value is a call of ``wire``."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "wire"


def describes(description: str, name: str) -> bool:
    """Return whether a description is long enough and contains more than the words of the name."""
    words = {word.strip(".,:;`").lower() for word in description.split()}
    return len(description) >= SHORTEST and bool(
        words - {"", "a", "an", "the", "of", *name.lower().split("_"), name.lower()}
    )


def undescribed(found: list[tuple[str, str, str]]) -> list[str]:
    """Return the locations whose description is missing or too short."""
    return [where for where, name, description in found if not describes(description, name)]


def wire_fields() -> list[tuple[str, str, str]]:
    """Return where each field is, its name and its description."""
    return [
        (f"{module}:{cls.name}.{name}", name, description)
        for module, cls in model_classes()
        for field, name, description in described_assignments(cls.body)
        if is_wire(field.value)
    ]


def aliases() -> list[tuple[str, str, str]]:
    """Return where each type alias is, its name and its description."""
    return [
        (f"{module}:{name}", name, description)
        for module, tree in TREES.items()
        for alias, name, description in described_assignments(tree.body)
        if ast.unparse(alias.annotation) == "TypeAlias"
    ]


def test_all_classes_and_fields_are_checked() -> None:
    calls = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Call) and is_wire(node)]
    assert len(wire_fields()) == len(calls) >= 1000
    assert len(model_classes()) >= 200
    assert len(aliases()) >= 30


def test_each_field_has_a_description() -> None:
    missing = undescribed(wire_fields())
    assert not missing, "\n".join(missing)


def test_each_class_has_a_description() -> None:
    missing = undescribed(
        [(f"{module}:{cls.name}", cls.name, ast.get_docstring(cls) or "") for module, cls in model_classes()]
    )
    assert not missing, "\n".join(missing)


def test_each_type_alias_has_a_description() -> None:
    missing = undescribed(aliases())
    assert not missing, "\n".join(missing)


def test_each_module_has_a_description() -> None:
    assert [module for module, tree in TREES.items() if len(ast.get_docstring(tree) or "") < SHORTEST] == []


def test_a_description_is_more_than_the_name() -> None:
    assert describes("Size of the image in bytes.", "size")
    assert not any(describes(text, "exit_code") for text in ("", "Bytes.", "The exit code.", "The ``exit_code``."))
