"""The plan of floors: modules import only what lies below, foreign packages have rooms, nothing grows too long."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.layers import Rules, cycles, read, violations

PACKAGE = Path(__file__).parent.parent / "aiodockerapi"

FLOORS = {
    "_version": 0,
    "errors": 0,
    "models": 1,
    "_wire": 1,
    "_codec": 2,
    "_shapes": 2.5,
    "_settings": 3,
    "_transport": 4,
    "_agreement": 4.5,
    "_engine": 5,
    # The stream objects stand on the engine's calls, not beside them.
    "_streams": 5.5,
    "api": 6,
    "_bound": 7,
    # Its handles are made of descriptors that the module beside it defines.
    "handles": 7.5,
    "bulk": 8,
    "watch": 8,
    "progress": 8,
    "client": 9,
    "testing": 10,
}
RULES = Rules(
    floors={"aiodockerapi": 11} | {f"aiodockerapi.{name}": floor for name, floor in FLOORS.items()},
    rooms={
        "aiohttp": frozenset({"aiodockerapi._transport"}),
        "ssl": frozenset({"aiodockerapi._transport"}),
        "cattrs": frozenset({"aiodockerapi._codec"}),
        "msgspec": frozenset({"aiodockerapi._codec"}),
        "rich": frozenset({"aiodockerapi.progress"}),
    },
)

Plant = Callable[[dict[str, str]], list[str]]


def test_the_package_keeps_to_the_plan() -> None:
    assert violations(read(PACKAGE), RULES) == []


def test_each_row_of_the_plan_is_there_but_for_the_upper_ones() -> None:
    modules = read(PACKAGE).modules
    missing = {name.removeprefix("aiodockerapi.") for name in RULES.floors if name not in modules}
    assert missing <= {"bulk", "watch", "progress", "testing"}


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write a package of that text by path, and return what is wrong with it."""
    rules = Rules(
        floors={"pkg": 9, "pkg.low": 0, "pkg.left": 1, "pkg.right": 1, "pkg.high": 2},
        rooms={"ssl": frozenset({"pkg.low"})},
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


def test_imports_of_lower_floors_are_fine(plant: Plant) -> None:
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
def test_an_import_of_a_higher_floor_is_seen(plant: Plant, statement: str) -> None:
    [fault] = plant({"left.py": statement, "high.py": ""})
    assert fault.startswith("pkg.left:")
    assert "imports pkg.high, which is not below it (floor 1 imports floor 2)" in fault


@pytest.mark.parametrize("statement", ["import pkg.high", "from ... import high", "from ...high import x"])
def test_a_package_counts_as_its_row(plant: Plant, statement: str) -> None:
    [fault] = plant({"left/deep/module.py": statement, "left/__init__.py": "", "high.py": ""})
    assert fault.startswith("pkg.left.deep.module:1: imports pkg.high")


def test_a_relative_import_in_a_package_starts_at_the_package(plant: Plant) -> None:
    [fault] = plant({"left/__init__.py": "from ..high import x\nfrom . import part", "left/part.py": "", "high.py": ""})
    assert fault.startswith("pkg.left:1: imports pkg.high")


def test_two_rows_of_one_floor_keep_apart(plant: Plant) -> None:
    [fault] = plant({"left.py": "import pkg.right", "right.py": ""})
    assert "floor 1 imports floor 1" in fault


def test_nobody_imports_the_top(plant: Plant) -> None:
    [fault] = plant({"__init__.py": "", "high.py": "from pkg import name"})
    assert fault.startswith("pkg.high:1: imports pkg, which is not below it")


def test_a_module_without_a_floor_is_seen(plant: Plant) -> None:
    assert plant({"stray.py": ""}) == ["pkg.stray: has no floor"]


def test_a_cycle_within_a_row_is_seen(plant: Plant) -> None:
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


def test_two_cycles_are_told_apart(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("e", "a")):
        (tmp_path / f"{name}.py").write_text(f"from {tmp_path.name} import {other}")
    top = tmp_path.name
    assert cycles(read(tmp_path)) == [[f"{top}.a", f"{top}.b"], [f"{top}.c", f"{top}.d"]]


@pytest.mark.parametrize("statement", ["import ssl", "from ssl import SSLContext", "def f():\n    import ssl"])
def test_a_foreign_package_out_of_its_room_is_seen(plant: Plant, statement: str) -> None:
    [fault] = plant({"high.py": statement})
    assert fault.startswith("pkg.high:")
    assert fault.endswith("imports ssl, whose room is pkg.low")


def test_a_name_that_only_begins_alike_is_another(plant: Plant) -> None:
    assert plant({"lower.py": "import ssl_more"}) == ["pkg.lower: has no floor"]


def test_a_long_file_is_seen(plant: Plant) -> None:
    assert not plant({"low.py": "x = 1\n" * 12})
    assert plant({"low.py": "x = 1\n" * 13}) == ["pkg.low: has 13 lines, 12 are allowed"]


def test_a_long_body_is_seen(plant: Plant) -> None:
    docstring = '    """One.\n\n    Two.\n    """\n'
    assert not plant({"low.py": f"async def f():\n{docstring}" + "    x = 1\n" * 3})
    assert plant({"low.py": f"async def f():\n{docstring}" + "    x = 1\n" * 4}) == [
        "pkg.low:1: the body of f has 4 lines, 3 are allowed"
    ]
