"""Reads a package's imports, and tells where they leave the plan of floors.

An import counts wherever it stands: at the top, in a function, under `TYPE_CHECKING`.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Rules", "Tree", "cycles", "read", "violations"]


@dataclass(frozen=True)
class Rules:
    """What a package's modules may import, and how long they may be."""

    floors: Mapping[str, float]
    """The floor of each module or package, by its dotted name; the longest name that fits a module counts."""
    rooms: Mapping[str, frozenset[str]]
    """Third-party packages that only some may import: the name, and the modules or packages that may."""
    file_lines: int = 400
    body_lines: int = 40


@dataclass(frozen=True)
class Edge:
    """One import: who, whom, on which line."""

    module: str
    target: str
    line: int


@dataclass
class Tree:
    """A package as it was read."""

    modules: dict[str, Path]
    inside: list[Edge]
    outside: list[Edge]
    bodies: list[tuple[str, int, str, int]]
    """Of each function: module, line, name, and how many lines its body has without the docstring."""


def _name(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module_of(name: str, modules: Mapping[str, Path]) -> str:
    """The module that a dotted name leads to; what follows it is something defined there."""
    while name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def _base(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """What stands between `from` and `import`, with the dots of a relative import resolved."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, node.module] if node.module else kept)


def _imports(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[tuple[str, int]]:
    """Every name imported, in full: `from a.b import c` is `a.b.c`, whether c is a module or something in one."""
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
    """Read the package that lies in a directory."""
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


def _row(module: str, floors: Mapping[str, float]) -> str | None:
    # The top package's own row is for its `__init__` alone: a module that nobody gave a floor is not up there with it.
    fitting = (name for name in floors if name == module or ("." in name and _within(module, name)))
    return max(fitting, key=len, default=None)


def _floor_faults(tree: Tree, rules: Rules) -> Iterator[str]:
    for module in tree.modules:
        if _row(module, rules.floors) is None:
            yield f"{module}: has no floor"
    for edge in tree.inside:
        here, there = _row(edge.module, rules.floors), _row(edge.target, rules.floors)
        if here is None or there is None or here == there:
            continue
        if rules.floors[there] >= rules.floors[here]:
            yield (
                f"{edge.module}:{edge.line}: imports {edge.target}, which is not below it "
                f"(floor {rules.floors[here]:g} imports floor {rules.floors[there]:g})"
            )


def _room_faults(tree: Tree, rules: Rules) -> Iterator[str]:
    for edge in tree.outside:
        rooms = rules.rooms.get(edge.target)
        if rooms is not None and not any(_within(edge.module, room) for room in rooms):
            yield f"{edge.module}:{edge.line}: imports {edge.target}, whose room is {', '.join(sorted(rooms))}"


def _size_faults(tree: Tree, rules: Rules) -> Iterator[str]:
    for module, path in tree.modules.items():
        lines = len(path.read_text().splitlines())
        if lines > rules.file_lines:
            yield f"{module}: has {lines} lines, {rules.file_lines} are allowed"
    for module, line, name, lines in tree.bodies:
        if lines > rules.body_lines:
            yield f"{module}:{line}: the body of {name} has {lines} lines, {rules.body_lines} are allowed"


def cycles(tree: Tree) -> list[list[str]]:
    """The import cycles: groups of modules that all reach each other."""
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
    """All that is not as the plan wants it, a line each."""
    found = [*_floor_faults(tree, rules), *_room_faults(tree, rules), *_size_faults(tree, rules)]
    return found + [f"import cycle: {', '.join(group)}" for group in cycles(tree)]
