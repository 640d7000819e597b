"""The facts of one version of the Engine API, read from its Swagger file.

A shape is "string", "integer", "number", "boolean", "time" or "any"; {"list": shape}; {"map": shape}; {"class": name}; or
{"object": {property: {"shape": shape}}} for an object without a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from aiodockerapi._wire.versions import ApiVersion

__all__ = ["RENAMED", "Definitions", "Facts"]

# Classes that the API has renamed; the newest name counts.
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
# Request bodies that have no title, or a wrong one in older definitions.
BODIES = {
    "ContainerCreate": "ContainerCreateRequest",
    "ContainerUpdate": "ContainerUpdateRequest",
    "VolumeUpdate": "VolumeUpdateRequest",
    "NetworkConnect": "NetworkConnectRequest",
    "NetworkDisconnect": "NetworkDisconnectRequest",
}
_TIME_NAMES = re.compile(r"(At|Time|Created|Timestamp)$")

Schema = dict[str, Any]
Facts = dict[str, Any]


class Definitions:
    """The definitions of one version.

    :raises ValueError: if the file is not a Swagger file with a version.
    """

    def __init__(self, file: Path) -> None:
        self._spec: Schema = yaml.load(file.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        if not isinstance(self._spec, dict) or not {"info", "definitions", "paths"} <= self._spec.keys():
            raise ValueError(f"{file} is not a Swagger file")
        self.version = ApiVersion.parse(self._spec["info"].get("version"), source=f"the version in {file}")

    def classes(self) -> dict[str, Facts]:
        """Return each class with the shapes of its properties: definitions, and request and response bodies with a title."""
        found: dict[str, Facts] = {}
        for name, schema in self._named():
            found.setdefault(RENAMED.get(name, name), {}).update(self._shapes(schema))
        return found

    def operations(self) -> dict[str, Facts]:
        """Return each operation with its verb, path and parameters, without the body."""
        found: dict[str, Facts] = {}
        for path, verb, operation in self._operations():
            parameters = (one for one in operation.get("parameters", []) if one["in"] != "body")
            args = {one["name"]: {"in": one["in"]} for one in parameters}
            found[operation["operationId"]] = {"verb": verb.upper(), "path": path, "args": args}
        return found

    def _operations(self) -> Iterator[tuple[str, str, Schema]]:
        for path, item in self._spec["paths"].items():
            for verb, value in item.items():
                if isinstance(value, dict) and "operationId" in value:
                    yield path, verb, value

    def _named(self) -> Iterator[tuple[str, Schema]]:
        for name, schema in self._spec["definitions"].items():
            if self._properties(schema):
                yield name, schema
        for _, _, operation in self._operations():
            for title, schema in self._bodies(operation):
                if title and "$ref" not in schema and self._properties(schema):
                    yield title, schema

    def _bodies(self, operation: Schema) -> Iterator[tuple[str | None, Schema]]:
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "body":
                schema = parameter["schema"]
                yield BODIES.get(operation["operationId"], schema.get("title")), schema
        for status, response in operation["responses"].items():
            if int(status) < 300 and "schema" in response:
                schema = response["schema"]
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

    def _shapes(self, schema: Schema) -> Facts:
        return {name: {"shape": self._shape(sub, name)} for name, sub in self._properties(schema).items()}

    def _shape(self, schema: Schema, name: str = "") -> Any:
        if "$ref" in schema:
            wire = schema["$ref"].rsplit("/", 1)[1]
            definition = self._definition(schema)
            return {"class": RENAMED.get(wire, wire)} if self._properties(definition) else self._shape(definition, name)
        if len(schema.get("allOf", [])) == 1 and "properties" not in schema:
            return self._shape(schema["allOf"][0], name)
        if self._properties(schema):
            return {"object": self._shapes(schema)}
        if schema.get("type") == "array":
            return {"list": self._shape(schema.get("items", {}))}
        if isinstance(schema.get("additionalProperties"), dict):
            return {"map": self._shape(schema["additionalProperties"])}
        if schema.get("type") == "object":
            return {"map": "any"}
        return _scalar(schema, name)


def _scalar(schema: Schema, name: str) -> str:
    kind = schema.get("type", "string" if schema.get("enum") else "any")
    is_time = schema.get("format") in ("date-time", "dateTime") or _TIME_NAMES.search(name)
    return "time" if kind == "string" and is_time and not schema.get("enum") else str(kind)
