"""Makes `digest.json`: the facts of the Engine API's definitions that the code is held against, without their prose.

python -m tests.spec.digest FOLDER     (the folder of v1.41.yaml to v1.55.yaml and operations.yaml; needs PyYAML)

    {"operations": {operation: {"verb", "path", "call", "since"?, "args": {wire name: {"in", "python", "since"?, "until"?}}}},
     "classes": {class: {property: {"shape", "since"?, "until"?}}},
     "born": {class: the first version that names it}, "gone": {class: the last one}}

A shape is "string", "integer", "number", "boolean", "time" or "any"; {"list": shape}; {"map": shape}; {"class": name} of one
that stands above; or {"object": {property: ...}} of one that has no name of its own. `since` is left out where the class has
had it from its beginning, `until` where it has had it to its end; "born" leaves out v1.41, "gone" v1.55.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

OLDEST, NEWEST = 41, 55
TARGET = Path(__file__).with_name("digest.json")
# What the API itself has renamed; the newest name counts.
RENAMED = {
    "IdResponse": "IDResponse",
    "Port": "PortSummary",
    "VolumeCreateOptions": "VolumeCreateRequest",
    "NetworkContainer": "EndpointResource",
    "GraphDriverData": "DriverData",
    "Network": "NetworkInspect",
    "ContainerChangeResponseItem": "FilesystemChange",
    "SystemAuthResponse": "AuthResponse",
}
# Bodies of requests that have no title, or in older definitions a wrong one.
BODIES = {
    "ContainerCreate": "ContainerCreateRequest",
    "ContainerUpdate": "ContainerUpdateRequest",
    "VolumeUpdate": "VolumeUpdateRequest",
    "NetworkConnect": "NetworkConnectRequest",
    "NetworkDisconnect": "NetworkDisconnectRequest",
}
_TIME_NAMES = re.compile(r"(At|Time|Created|Timestamp)$")

Schema = dict[str, Any]


class Version:
    """The definitions of one API version."""

    def __init__(self, folder: Path, minor: int) -> None:
        self.minor = minor
        self._spec: Schema = yaml.load((folder / f"v1.{minor}.yaml").read_text(), Loader=yaml.CSafeLoader)

    def classes(self) -> Iterator[tuple[str, Schema]]:
        """Everything that has properties and a name: definitions, and titled bodies of requests and answers."""
        for name, schema in self._spec["definitions"].items():
            if self._properties(schema):
                yield RENAMED.get(name, name), schema
        for operation in self._operations():
            for name, schema in self._bodies(operation):
                if name and "$ref" not in schema and self._properties(schema):
                    yield RENAMED.get(name, name), schema

    def _operations(self) -> Iterator[Schema]:
        for item in self._spec["paths"].values():
            yield from (value for value in item.values() if isinstance(value, dict) and "operationId" in value)

    def _bodies(self, operation: Schema) -> Iterator[tuple[str | None, Schema]]:
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "body":
                schema = parameter["schema"]
                yield BODIES.get(operation["operationId"], schema.get("title")), schema
        for status, answer in operation["responses"].items():
            if int(status) < 300 and "schema" in answer:
                schema = answer["schema"]
                schema = schema.get("items", {}) if schema.get("type") == "array" else schema
                yield schema.get("title"), schema

    def _properties(self, schema: Schema) -> dict[str, Schema]:
        if "$ref" in schema:
            return self._properties(self._definition(schema))
        found: dict[str, Schema] = {}
        for part in schema.get("allOf", []):
            found |= self._properties(part)
        return found | schema.get("properties", {})

    def _definition(self, schema: Schema) -> Schema:
        found: Schema = self._spec["definitions"][schema["$ref"].rsplit("/", 1)[1]]
        return found

    def properties(self, schema: Schema) -> dict[str, Schema]:
        """The shapes of a schema's properties."""
        return {name: {"shape": self.shape(sub, name)} for name, sub in self._properties(schema).items()}

    def shape(self, schema: Schema, name: str = "") -> Any:
        """What kind of value a schema asks for."""
        if "$ref" in schema:
            wire = schema["$ref"].rsplit("/", 1)[1]
            definition = self._definition(schema)
            return {"class": RENAMED.get(wire, wire)} if self._properties(definition) else self.shape(definition, name)
        if len(schema.get("allOf", [])) == 1 and "properties" not in schema:
            return self.shape(schema["allOf"][0], name)
        if self._properties(schema):
            return {"object": self.properties(schema)}
        if schema.get("type") == "array":
            return {"list": self.shape(schema.get("items", {}))}
        if isinstance(schema.get("additionalProperties"), dict):
            return {"map": self.shape(schema["additionalProperties"])}
        if schema.get("type") == "object":
            return {"map": "any"}
        return _scalar(schema, name)


def _scalar(schema: Schema, name: str) -> str:
    kind = schema.get("type", "string" if schema.get("enum") else "any")
    is_time = schema.get("format") in ("date-time", "dateTime") or _TIME_NAMES.search(name)
    return "time" if kind == "string" and is_time and not schema.get("enum") else str(kind)


def _merge(old: dict[str, Schema], new: dict[str, Schema], minor: int, *, first: bool) -> None:
    """Add one version's properties to those of the versions before it."""
    for name, fact in new.items():
        if name not in old:
            old[name] = {"shape": fact["shape"]} | ({} if first else {"since": f"1.{minor}"})
        elif _objects(old[name]["shape"]) and _objects(fact["shape"]):
            _merge(_objects(old[name]["shape"]), _objects(fact["shape"]), minor, first=False)
        else:
            old[name]["shape"] = fact["shape"]
        old[name]["last"] = minor


def _objects(shape: Any) -> dict[str, Schema]:
    """The properties of an unnamed object in a shape, be it in a list or mapping there."""
    while isinstance(shape, dict) and ("list" in shape or "map" in shape):
        shape = shape.get("list", shape.get("map"))
    return shape["object"] if isinstance(shape, dict) and "object" in shape else {}


def _finish(properties: dict[str, Schema], until: int) -> None:
    """Turn the last version that has a property into `until`, where its class has gone on without it."""
    for fact in properties.values():
        last = fact.pop("last", until)
        if last < until:
            fact["until"] = f"1.{last}"
        _finish(_objects(fact["shape"]), last)


def digest(folder: Path) -> dict[str, Any]:
    """The properties of all classes over all versions, and from when to when there is each class."""
    found: dict[str, dict[str, Schema]] = {}
    born: dict[str, int] = {}
    lasts: dict[str, int] = {}
    for minor in range(OLDEST, NEWEST + 1):
        version = Version(folder, minor)
        for name, schema in version.classes():
            first = born.setdefault(name, minor) == minor
            _merge(found.setdefault(name, {}), version.properties(schema), minor, first=first)
            lasts[name] = minor
    for name, properties in found.items():
        _finish(properties, lasts[name])
    return {
        "classes": found,
        "born": {name: f"1.{minor}" for name, minor in born.items() if minor > OLDEST},
        "gone": {name: f"1.{minor}" for name, minor in lasts.items() if minor < NEWEST},
    }


def main() -> None:
    """Write the digest."""
    folder = Path(sys.argv[1])
    operations = yaml.load((folder / "operations.yaml").read_text(), Loader=yaml.CSafeLoader)
    TARGET.write_text(json.dumps({"operations": operations, **digest(folder)}, sort_keys=True, indent=1) + "\n")


if __name__ == "__main__":
    main()
