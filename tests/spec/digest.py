"""The facts of all versions of the Engine API in one file, `digest.json`: names, types and versions, without descriptions.

The command reads the Swagger files that Docker publishes for each version, as api/docs/v1.NN.yaml in moby/moby:

    python -m tests.spec.digest add v1.56.yaml              add the next version, and list what it adds and removes
    python -m tests.spec.digest check v1.44.yaml ...        compare versions with the digest
    python -m tests.spec.digest build v1.41.yaml ...        build the digest again from the files of all versions

The format of the digest:

    {"newest": the newest version in it,
     "operations": {operation: {"verb", "path", "since"?, "until"?, "args": {wire name: {"in", "since"?, "until"?}}}},
     "classes": {class: {property: {"shape", "since"?, "until"?}}},
     "born": {class: the first version that has it}, "gone": {class: the last one}}

Shapes are explained in `tests.spec.definitions`; the newest shape of a property counts. `since` is absent if the class or
operation has had the property or argument since its first version, `until` if it has it in its last one. "born" omits the
oldest version, "gone" the newest.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from aiodockerapi._wire.versions import OLDEST, ApiVersion

from .definitions import RENAMED, Definitions, Facts

__all__ = ["FILE", "add", "build", "facts", "load", "wrong"]

FILE = Path(__file__).with_name("digest.json")


def load() -> Facts:
    """Return the committed digest."""
    found: Facts = json.loads(FILE.read_text())
    return found


def build(versions: Iterable[Definitions]) -> Facts:
    """Return the digest of consecutive versions, the oldest first."""
    digest: Facts | None = None
    for version in versions:
        digest = add(digest, version)
    if digest is None:
        raise ValueError("a digest needs at least one version")
    return digest


def add(digest: Facts | None, version: Definitions) -> Facts:
    """Return the digest with the next version added; without a digest, the digest of the oldest version.

    :raises ValueError: if the version does not follow the newest one of the digest.
    """
    expected = OLDEST if digest is None else _next(digest)
    if version.version != expected:
        raise ValueError(f"the next version of the digest must be {expected}, not {version.version}")
    if digest is None:
        start: Facts = {"operations": {}, "classes": {}, "born": {}, "gone": {}}
    else:
        start = _renamed(copy.deepcopy(digest))
    now = str(version.version)
    before = str(version.version._replace(minor=version.version.minor - 1))
    _add_classes(start, version.classes(), before, now)
    _add_operations(start["operations"], version.operations(), before, now, first=digest is None)
    return start | {"newest": now}


def _next(digest: Facts) -> ApiVersion:
    newest = ApiVersion.parse(digest["newest"])
    return newest._replace(minor=newest.minor + 1)


def _renamed(value: Any) -> Any:
    """Apply the names in `RENAMED` to a digest: its keys and the references to classes."""
    if isinstance(value, dict):
        for part in ("classes", "born", "gone"):
            if isinstance(names := value.get(part), dict):
                value[part] = {RENAMED.get(name, name): rest for name, rest in names.items()}
        if isinstance(name := value.get("class"), str):
            value["class"] = RENAMED.get(name, name)
        for part in value.values():
            _renamed(part)
    return value


def _add_classes(digest: Facts, found: dict[str, Facts], before: str, now: str) -> None:
    classes, born, gone = digest["classes"], digest["born"], digest["gone"]
    for name, properties in found.items():
        if name in classes:
            _merge(classes[name], properties, gone.pop(name, before), now)
        else:
            classes[name] = properties
            if now != str(OLDEST):
                born[name] = now
    for name in classes.keys() - found.keys():
        gone.setdefault(name, before)


def _add_operations(digest: Facts, found: dict[str, Facts], before: str, now: str, *, first: bool) -> None:
    for name, operation in found.items():
        if name not in digest:
            digest[name] = operation | ({} if first else {"since": now})
        else:
            old = digest[name]
            _merge(old["args"], operation["args"], old.pop("until", before), now)
            digest[name] = old | operation | {"args": old["args"]}
    for name in digest.keys() - found.keys():
        digest[name].setdefault("until", before)


def _merge(old: Facts, new: Facts, before: str, now: str) -> None:
    """Add the facts of one version to those of the versions up to `before`: of properties, or of arguments."""
    for name, fact in new.items():
        if name not in old:
            old[name] = fact | {"since": now}
            continue
        inner, outer = _objects(old[name].get("shape")), _objects(fact.get("shape"))
        if inner and outer:
            _merge(inner, outer, old[name].get("until", before), now)
            outer.clear()
            outer.update(inner)
        old[name] = {key: value for key, value in old[name].items() if key != "until"} | fact
    for name in old.keys() - new.keys():
        old[name].setdefault("until", before)


def _objects(shape: Any) -> Facts:
    """Return the properties of an unnamed object in a shape, also of one in a list or mapping."""
    while isinstance(shape, dict) and ("list" in shape or "map" in shape):
        shape = shape.get("list", shape.get("map"))
    found: Facts = shape["object"] if isinstance(shape, dict) and "object" in shape else {}
    return found


def facts(digest: Facts, version: ApiVersion) -> set[str]:
    """Return what a version has, according to the digest: `Class.property`, `Class.property.inner`, `Operation?argument`."""
    found: set[str] = set()
    for name, properties in digest["classes"].items():
        if _has({"since": digest["born"].get(name), "until": digest["gone"].get(name)}, version):
            found.update(_paths(name, properties, version))
    for name, operation in digest["operations"].items():
        if _has(operation, version):
            arguments = (argument for argument, fact in operation["args"].items() if _has(fact, version))
            found.update([name, *(f"{name}?{argument}" for argument in arguments)])
    return found


def _paths(prefix: str, properties: Facts, version: ApiVersion) -> Iterator[str]:
    for name, fact in properties.items():
        if _has(fact, version):
            yield f"{prefix}.{name}"
            yield from _paths(f"{prefix}.{name}", _objects(fact["shape"]), version)


def _has(fact: Facts, version: ApiVersion) -> bool:
    since, until = fact.get("since"), fact.get("until")
    return (since is None or ApiVersion.parse(since) <= version) and (
        until is None or version <= ApiVersion.parse(until)
    )


def wrong(digest: Facts, version: Definitions) -> list[str]:
    """Return the facts on which the digest and the definitions of a version differ, one line each.

    What is inside an object counts only if both have an object there: the digest has the newest shape.
    """
    alone: Facts = {"operations": version.operations(), "classes": version.classes(), "born": {}, "gone": {}}
    has, defined = facts(digest, version.version), facts(alone, version.version)
    missing, more = _comparable(defined - has, has), _comparable(has - defined, defined)
    lines = [f"{version.version}: {name} is missing in the digest" for name in missing]
    return lines + [f"{version.version}: {name} is not defined" for name in more]


def _comparable(names: set[str], other: set[str]) -> list[str]:
    """Return the names except those inside an object, if `other` does not have an object there."""
    leaves = {name for name in other if "." in name and not any(more.startswith(f"{name}.") for more in other)}
    inside = {name for name in names for end, char in enumerate(name) if char == "." and name[:end] in leaves}
    return sorted(names - inside)


def _write(digest: Facts) -> None:
    FILE.write_text(json.dumps(digest, sort_keys=True, indent=1) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.spec.digest", description="Maintain digest.json.")
    parser.add_argument("command", choices=["add", "check", "build"])
    parser.add_argument("file", nargs="+", type=Path, help="the Swagger file of one version of the Engine API")
    options = parser.parse_args(arguments)
    lines = []
    try:
        versions = sorted(map(Definitions, options.file), key=lambda version: version.version)
        if options.command == "build":
            _write(build(versions))
        for version in versions:
            if options.command == "add":
                before = load()
                _write(add(before, version))
                has, had = facts(load(), version.version), facts(before, ApiVersion.parse(before["newest"]))
                lines += [f"+ {name}" for name in sorted(has - had)] + [f"- {name}" for name in sorted(had - has)]
            else:
                lines += wrong(load(), version)
    except ValueError as error:
        parser.error(str(error))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines and options.command != "add" else 0


if __name__ == "__main__":
    sys.exit(main())
