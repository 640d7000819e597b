"""Read the imports of a package and find those that violate the rules of its layers.

Every import counts: at module level, in a function, and under `TYPE_CHECKING`.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

__all__ = ["Layer", "Rules", "Tree", "cycles", "read", "violations"]


class Layer(NamedTuple):
    """One row of a table of layers."""

    number: float
    """A module imports only modules with a lower number, and its own package."""
    holds: str
    """The contents of the module or package, in one line: the text of the table in the documentation."""


@dataclass(frozen=True)
class Rules:
    """The imports that the modules of a package may have, and the limits of their size."""

    layers: Mapping[str, float]
    """The layer of each module or package, by its dotted name; the longest name that matches a module counts."""
    allowed_importers: Mapping[str, frozenset[str]]
    """For each third-party package with a restriction: the modules or packages that may import it."""
    file_lines: int = 400
    body_lines: int = 40


@dataclass(frozen=True)
class Edge:
    """One import: the importing module, the imported one, and the line."""

    module: str
    target: str
    line: int


@dataclass
class Tree:
    """The modules and imports of a package."""

    modules: dict[str, Path]
    inside: list[Edge]
    outside: list[Edge]
    bodies: list[tuple[str, int, str, int]]
    """For each function: module, line, name, and number of lines of its body without the docstring."""


def _name(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module_of(name: str, modules: Mapping[str, Path]) -> str:
    """Return the module of a dotted name; the rest of the name is an object defined in the module."""
    while name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def _base(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """Return the absolute name between `from` and `import`; the dots of a relative import are resolved."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, node.module] if node.module else kept)


def _imports(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[tuple[str, int]]:
    """Yield the full name and the line of each import: `from a.b import c` is `a.b.c`, whether c is a module or an object."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, module, is_package=is_package)
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def _bodies(tree: ast.AST) -> Iterator[tuple[int, str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield node.lineno, node.name, lines


def read(root: Path) -> Tree:
    """Read the package in a directory."""
    modules = {_name(path, root): path for path in sorted(root.rglob("*.py"))}
    tree = Tree(modules, [], [], [])
    for module, path in modules.items():
        parsed = ast.parse(path.read_text(), str(path))
        for name, line in _imports(parsed, module, is_package=path.name == "__init__.py"):
            if name.split(".")[0] != root.name:
                tree.outside.append(Edge(module, name.split(".")[0], line))
            elif (target := _module_of(name, modules)) != module:
                tree.inside.append(Edge(module, target, line))
        tree.bodies.extend((module, *body) for body in _bodies(parsed))
    return tree


def _within(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def _row(module: str, layers: Mapping[str, float]) -> str | None:
    # The row of the top package covers its `__init__` only: a module without a row is an error.
    fitting = (name for name in layers if name == module or ("." in name and _within(module, name)))
    return max(fitting, key=len, default=None)


def _layer_faults(tree: Tree, rules: Rules) -> Iterator[str]:
    for module in tree.modules:
        if _row(module, rules.layers) is None:
            yield f"{module}: has no layer"
    for edge in tree.inside:
        here, there = _row(edge.module, rules.layers), _row(edge.target, rules.layers)
        if here is None or there is None or here == there:
            continue
        if rules.layers[there] >= rules.layers[here]:
            yield (
                f"{edge.module}:{edge.line}: imports {edge.target}, which is not in a lower layer "
                f"(layer {rules.layers[here]:g} imports layer {rules.layers[there]:g})"
            )


def _importer_faults(tree: Tree, rules: Rules) -> Iterator[str]:
    for edge in tree.outside:
        allowed = rules.allowed_importers.get(edge.target)
        if allowed is not None and not any(_within(edge.module, importer) for importer in allowed):
            importers = ", ".join(sorted(allowed))
            yield f"{edge.module}:{edge.line}: imports {edge.target}, which only {importers} may import"


def _size_faults(tree: Tree, rules: Rules) -> Iterator[str]:
    for module, path in tree.modules.items():
        lines = len(path.read_text().splitlines())
        if lines > rules.file_lines:
            yield f"{module}: has {lines} lines, {rules.file_lines} are allowed"
    for module, line, name, lines in tree.bodies:
        if lines > rules.body_lines:
            yield f"{module}:{line}: the body of {name} has {lines} lines, {rules.body_lines} are allowed"


def cycles(tree: Tree) -> list[list[str]]:
    """Return the import cycles: groups of modules that all import each other, directly or indirectly."""
    graph: dict[str, set[str]] = {module: set() for module in tree.modules}
    for edge in tree.inside:
        graph[edge.module].add(edge.target)
    reach = {module: _reachable(module, graph) for module in graph}
    groups = {frozenset(other for other in reach[module] if module in reach[other]) for module in graph}
    return sorted(sorted(group) for group in groups if group)


def _reachable(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting.extend(graph[module])
    return seen


def violations(tree: Tree, rules: Rules) -> list[str]:
    """Return all violations of the rules, one line each."""
    found = [*_layer_faults(tree, rules), *_importer_faults(tree, rules), *_size_faults(tree, rules)]
    return found + [f"import cycle: {', '.join(group)}" for group in cycles(tree)]
