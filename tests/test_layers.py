"""The layers: modules import only lower layers, third-party packages have allowed importers, files and bodies stay short."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.layers import Layer, Rules, cycles, read, violations

PACKAGE = Path(__file__).parent.parent / "aiodockerapi"

# The order of the layers: a module imports only modules of lower layers. The table in docs/architecture.rst is generated from
# this one: run `python -m tests.support.generate layers` after a change.
LAYERS = {
    "_version": Layer(0, "the version of the package, which the build reads too"),
    "errors": Layer(0, "every exception that the package raises"),
    "models": Layer(1, "the API's data: a class for each of its definitions, a module for each domain"),
    "_wire": Layer(
        1,
        "bytes to values and back, without a socket: requests, filters, references, frames, lines, streams of JSON, the "
        "upgrade handshake, versions",
    ),
    "_codec": Layer(2, "JSON to models and back"),
    "_concurrency": Layer(2, "one-time preparation in a thread, blocking calls, steps shielded from cancellation"),
    "_settings": Layer(
        3, "where the daemon is and how to connect to it: arguments, environment, the docker CLI's files"
    ),
    "_transport": Layer(
        4, "bytes over a socket: the pool for calls, a connection for each stream; translates foreign exceptions"
    ),
    "_engine": Layer(
        5,
        "one daemon in one API version: the kinds of call, version negotiation, features, and types of bodies and responses "
        "that load when a call first needs them",
    ),
    "_streams": Layer(5.5, "the stream objects; they use the calls of the engine"),
    "api": Layer(6, "a module or package for each group; a method is a signature, a docstring and a few lines"),
    "handles": Layer(7, "the methods of the groups, bound to one object"),
    "bulk": Layer(8, "one call for hundreds of objects"),
    "watch": Layer(8, "streams that survive a broken connection"),
    "progress": Layer(8, "progress as data, and drawn"),
    "client": Layer(9, "`Docker`: connects settings, transport, engine and groups"),
    "testing": Layer(10, "a fake engine and a pytest plugin"),
    "__init__": Layer(11, "the public names"),
}
# Third-party packages and modules of the standard library that only these packages may import.
ALLOWED_IMPORTERS = {
    "aiohttp": "_transport",
    "ssl": "_transport",
    "cattrs": "_codec",
    "msgspec": "_codec",
    "rich": "progress",
}
RULES = Rules(
    layers={f"aiodockerapi.{name}".removesuffix(".__init__"): layer.number for name, layer in LAYERS.items()},
    allowed_importers={name: frozenset({f"aiodockerapi.{importer}"}) for name, importer in ALLOWED_IMPORTERS.items()},
)

Plant = Callable[[dict[str, str]], list[str]]


def test_the_package_follows_the_rules() -> None:
    assert violations(read(PACKAGE), RULES) == []


def test_each_row_has_its_module_except_for_planned_ones() -> None:
    modules = read(PACKAGE).modules
    missing = {name.removeprefix("aiodockerapi.") for name in RULES.layers if name not in modules}
    assert missing <= {"bulk", "watch", "progress", "testing"}


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write a package with these files and return its violations."""
    rules = Rules(
        layers={"pkg": 9, "pkg.low": 0, "pkg.left": 1, "pkg.right": 1, "pkg.high": 2},
        allowed_importers={"ssl": frozenset({"pkg.low"})},
        file_lines=12,
        body_lines=3,
    )

    def violations_of(files: dict[str, str]) -> list[str]:
        for path, text in files.items():
            file = tmp_path / "pkg" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return violations(read(tmp_path / "pkg"), rules)

    return violations_of


def test_imports_of_lower_layers_are_allowed(plant: Plant) -> None:
    assert not plant(
        {
            "__init__.py": "from pkg.high import thing\nfrom .low import part",
            "low/__init__.py": "from pkg.low.part import one",
            "low/part.py": "import ssl\nimport os.path\none = 1",
            "left.py": "import pkg.low.part\nfrom pkg.low import one",
            "high.py": "from pkg import low\nfrom pkg.left import x\nfrom . import left\nfrom .low.part import *",
        }
    )


@pytest.mark.parametrize(
    "statement",
    [
        "import pkg.high",
        "from pkg.high import thing",
        "from pkg import high",
        "from . import high",
        "from .high import thing",
        "from .high import *",
        "def function():\n    from pkg.high import thing",
        "class Class:\n    def method(self):\n        import pkg.high as other",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pkg.high import thing",
        "try:\n    import pkg.high\nexcept ImportError:\n    pass",
    ],
)
def test_an_import_of_a_higher_layer_is_found(plant: Plant, statement: str) -> None:
    [fault] = plant({"left.py": statement, "high.py": ""})
    assert fault.startswith("pkg.left:")
    assert "imports pkg.high, which is not in a lower layer (layer 1 imports layer 2)" in fault


@pytest.mark.parametrize("statement", ["import pkg.high", "from ... import high", "from ...high import x"])
def test_a_package_counts_as_its_row(plant: Plant, statement: str) -> None:
    [fault] = plant({"left/deep/module.py": statement, "left/__init__.py": "", "high.py": ""})
    assert fault.startswith("pkg.left.deep.module:1: imports pkg.high")


def test_a_relative_import_in_a_package_starts_at_the_package(plant: Plant) -> None:
    [fault] = plant({"left/__init__.py": "from ..high import x\nfrom . import part", "left/part.py": "", "high.py": ""})
    assert fault.startswith("pkg.left:1: imports pkg.high")


def test_two_rows_of_one_layer_do_not_import_each_other(plant: Plant) -> None:
    [fault] = plant({"left.py": "import pkg.right", "right.py": ""})
    assert "layer 1 imports layer 1" in fault


def test_no_module_imports_the_top_package(plant: Plant) -> None:
    [fault] = plant({"__init__.py": "", "high.py": "from pkg import name"})
    assert fault.startswith("pkg.high:1: imports pkg, which is not in a lower layer")


def test_a_module_without_a_layer_is_found(plant: Plant) -> None:
    assert plant({"stray.py": ""}) == ["pkg.stray: has no layer"]


def test_a_cycle_within_a_row_is_found(plant: Plant) -> None:
    files = {
        "low/__init__.py": "",
        "low/a.py": "from pkg.low.b import x",
        "low/b.py": "def function():\n    from .c import x",
        "low/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .a import x",
        "low/d.py": "from .a import x",
    }
    assert plant(files) == ["import cycle: pkg.low.a, pkg.low.b, pkg.low.c"]


def test_reexport_makes_no_cycle(plant: Plant) -> None:
    files = {
        "low/__init__.py": "from .a import x\nfrom .b import y",
        "low/a.py": "x = 1",
        "low/b.py": "from .a import x",
    }
    assert not plant(files)


def test_a_part_that_imports_its_package_makes_a_cycle(plant: Plant) -> None:
    assert plant({"low/__init__.py": "from .a import x", "low/a.py": "from pkg.low import y"}) == [
        "import cycle: pkg.low, pkg.low.a"
    ]


def test_two_cycles_are_separate(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("e", "a")):
        (tmp_path / f"{name}.py").write_text(f"from {tmp_path.name} import {other}")
    top = tmp_path.name
    assert cycles(read(tmp_path)) == [[f"{top}.a", f"{top}.b"], [f"{top}.c", f"{top}.d"]]


@pytest.mark.parametrize("statement", ["import ssl", "from ssl import SSLContext", "def f():\n    import ssl"])
def test_an_import_by_a_module_that_is_not_allowed_is_found(plant: Plant, statement: str) -> None:
    [fault] = plant({"high.py": statement})
    assert fault.startswith("pkg.high:")
    assert fault.endswith("imports ssl, which only pkg.low may import")


def test_a_name_with_the_same_beginning_is_a_different_module(plant: Plant) -> None:
    assert plant({"lower.py": "import ssl_more"}) == ["pkg.lower: has no layer"]


def test_a_long_file_is_found(plant: Plant) -> None:
    assert not plant({"low.py": "x = 1\n" * 12})
    assert plant({"low.py": "x = 1\n" * 13}) == ["pkg.low: has 13 lines, 12 are allowed"]


def test_a_long_body_is_found(plant: Plant) -> None:
    docstring = '    """One.\n\n    Two.\n    """\n'
    assert not plant({"low.py": f"async def f():\n{docstring}" + "    x = 1\n" * 3})
    assert plant({"low.py": f"async def f():\n{docstring}" + "    x = 1\n" * 4}) == [
        "pkg.low:1: the body of f has 4 lines, 3 are allowed"
    ]
