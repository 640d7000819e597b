"""The digest of the definitions: consistent in itself, and the same whether it is built at once or version by version."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aiodockerapi._wire.versions import NEWEST, OLDEST, ApiVersion
from tests.spec import definitions, digest
from tests.spec.definitions import Definitions

HELP = "run `python -m tests.spec.digest add` with the Swagger file of the new version, and set NEWEST"


# -- the committed file


def test_its_newest_version_is_the_newest_that_the_package_supports() -> None:
    assert digest.load()["newest"] == str(NEWEST), HELP


def test_it_is_written_as_the_command_writes_it() -> None:
    assert digest.FILE.read_text() == json.dumps(digest.load(), sort_keys=True, indent=1) + "\n"


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from nodes(part)


def test_its_versions_are_in_the_range() -> None:
    whole = digest.load()
    limits = [node[key] for node in nodes(whole) for key in ("since", "until") if isinstance(node.get(key), str)]
    limits += [*whole["born"].values(), *whole["gone"].values()]
    assert [limit for limit in limits if not OLDEST <= ApiVersion.parse(limit) <= NEWEST] == []
    assert str(OLDEST) not in whole["born"].values()
    assert str(NEWEST) not in whole["gone"].values()


def test_it_has_every_class_that_it_refers_to() -> None:
    whole = digest.load()
    named = {node["class"] for node in nodes(whole["classes"]) if isinstance(node.get("class"), str)}
    assert named | whole["born"].keys() | whole["gone"].keys() <= whole["classes"].keys()
    assert not named & definitions.RENAMED.keys()


# -- the command

STRING = {"type": "string", "description": "Prose."}
NUMBERS = {"type": "array", "items": {"type": "integer"}}
PING = {"operationId": "Ping", "responses": {"200": {"schema": STRING}}}


def thing(*names: str, inner: tuple[str, ...] = ()) -> dict[str, Any]:
    properties: dict[str, Any] = dict.fromkeys(names, STRING)
    if inner:
        properties["Inner"] = {"type": "array", "items": {"properties": dict.fromkeys(inner, STRING)}}
    return {"type": "object", "properties": properties}


def operation(*names: str) -> dict[str, Any]:
    parameters = [{"name": name, "in": "query", "type": "string"} for name in names]
    body = {"name": "body", "in": "body", "schema": {"title": "Request", **thing("A")}}
    return {"operationId": "ThingList", "parameters": [*parameters, body], "responses": {"204": {}}}


# The classes, and the operations on two paths, of four versions.
VERSIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"Thing": thing("A", "CreatedAt", inner=("X", "Y")), "Old": thing("A")},
        {"/things": {"get": operation("a", "b")}},
    ),
    ({"Thing": thing("A", "B", inner=("X",)), "New": thing("A")}, {"/things": {"get": operation("a")}}),
    (
        {"Thing": {"allOf": [thing("B", inner=("X", "Z")), {"properties": {"New": {"$ref": "#/definitions/New"}}}]}}
        | {"New": thing("A", "B")},
        {"/things": {"get": operation("a", "b")}, "/_ping": {"get": PING}},
    ),
    (
        {"Thing": {"properties": {"B": NUMBERS}}, "New": thing("A", "B"), "Old": thing("B")},
        {"/_ping": {"get": PING, "head": {"operationId": "PingHead", "responses": {"200": {}}}}},
    ),
]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the command writes, instead of the committed one."""
    target = tmp_path / "digest.json"
    monkeypatch.setattr(digest, "FILE", target)
    return target


@pytest.fixture
def files(tmp_path: Path, target: Path) -> list[Path]:
    """The Swagger files of the versions; the command has a separate digest."""
    found = []
    for number, (classes, paths) in enumerate(VERSIONS):
        version = f"1.{OLDEST.minor + number}"
        found.append(tmp_path / f"v{version}.yaml")
        found[-1].write_text(yaml.safe_dump({"info": {"version": version}, "definitions": classes, "paths": paths}))
    return found


def test_the_digest_of_several_versions(files: list[Path]) -> None:
    inner = {
        "X": {"shape": "string"},
        "Y": {"shape": "string", "until": "1.41"},
        "Z": {"shape": "string", "since": "1.43"},
    }
    assert digest.build(map(Definitions, files)) == {
        "newest": "1.44",
        "classes": {
            "Thing": {
                "A": {"shape": "string", "until": "1.42"},
                "B": {"shape": {"list": "integer"}, "since": "1.42"},
                "CreatedAt": {"shape": "time", "until": "1.41"},
                "Inner": {"shape": {"list": {"object": inner}}, "until": "1.43"},
                "New": {"shape": {"class": "New"}, "since": "1.43", "until": "1.43"},
            },
            "New": {"A": {"shape": "string"}, "B": {"shape": "string", "since": "1.43"}},
            "Old": {"A": {"shape": "string", "until": "1.41"}, "B": {"shape": "string", "since": "1.44"}},
            "Request": {"A": {"shape": "string"}},
        },
        "operations": {
            "ThingList": {
                "verb": "GET",
                "path": "/things",
                "until": "1.43",
                "args": {"a": {"in": "query"}, "b": {"in": "query"}},
            },
            "Ping": {"verb": "GET", "path": "/_ping", "since": "1.43", "args": {}},
            "PingHead": {"verb": "HEAD", "path": "/_ping", "since": "1.44", "args": {}},
        },
        "born": {"New": "1.42"},
        "gone": {"Request": "1.43"},
    }


def test_version_by_version_gives_the_same(files: list[Path], target: Path) -> None:
    assert digest.main(["build", str(files[0])]) == 0
    for file in files[1:]:
        assert digest.main(["add", str(file)]) == 0
    by_version = target.read_text()
    assert digest.main(["build", *map(str, reversed(files))]) == 1, (
        "the digest cannot express that a class was missing in between"
    )
    assert target.read_text() == by_version


def test_adding_a_version_lists_what_it_adds_and_removes(
    files: list[Path], target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest.main(["build", *map(str, files[:2])])
    capsys.readouterr()
    assert digest.main(["add", str(files[2])]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "+ New.B",
        "+ Ping",
        "+ Thing.Inner.Z",
        "+ Thing.New",
        "+ ThingList?b",
        "- Thing.A",
    ]


def test_a_version_is_checked(files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    digest.main(["build", *map(str, files[:2])])
    assert digest.main(["check", *map(str, files[:2])]) == 0
    assert capsys.readouterr().out == ""
    files[1].write_text(files[1].read_text().replace("B:", "C:"))
    assert digest.main(["check", str(files[1])]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1.42: Thing.C is missing in the digest",
        "1.42: Thing.B is not defined",
    ]


@pytest.mark.parametrize("number", [0, 2])
def test_a_version_that_is_not_the_next_one_is_refused(
    number: int, files: list[Path], target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest.main(["build", str(files[0])])
    before = target.read_text()
    with pytest.raises(SystemExit):
        digest.main(["add", str(files[number])])
    assert f"must be 1.42, not 1.{OLDEST.minor + number}" in capsys.readouterr().err
    assert target.read_text() == before


@pytest.mark.parametrize("text", ["", "[]", "info: {version: '1.42'}", "{info: {}, definitions: {}, paths: {}}"])
def test_a_file_that_is_not_a_swagger_file_is_refused(
    text: str, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[1].write_text(text)
    with pytest.raises(SystemExit):
        digest.main(["add", str(files[1])])
    assert str(files[1]) in capsys.readouterr().err


def test_a_digest_begins_with_the_oldest_version(files: list[Path]) -> None:
    with pytest.raises(ValueError, match=r"must be 1\.41, not 1\.42"):
        digest.build([Definitions(files[1])])
    with pytest.raises(ValueError, match="at least one version"):
        digest.build([])


def test_a_class_that_the_api_renames_keeps_its_facts(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = digest.build(map(Definitions, files[:3]))
    before = copy.deepcopy(whole)
    monkeypatch.setitem(definitions.RENAMED, "New", "Newer")
    renamed = digest.add(whole, Definitions(files[3]))
    assert whole == before
    assert "New" not in renamed["classes"]
    assert renamed["classes"]["Newer"]["B"] == {"shape": "string", "since": "1.43"}
    assert renamed["born"] == {"Newer": "1.42"}
    assert renamed["classes"]["Thing"]["New"]["shape"] == {"class": "Newer"}
