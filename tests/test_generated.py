"""The generated parts of files are what `python -m tests.support.generate` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import generate
from tests.support.generate import __main__ as command
from tests.support.generate import layers, models
from tests.support.generate.regions import filled
from tests.support.layers import Layer

HELP = "run `python -m tests.support.generate`"


@pytest.mark.parametrize("target", generate.TARGETS)
def test_the_committed_files_are_up_to_date(target: str) -> None:
    assert generate.outdated(target) == [], HELP


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page whose generated part is out of date: the only target."""
    page = tmp_path / "page.rst"
    page.write_text("Title\n\n.. begin generated: part (command)\nold\n.. end generated: part\n\nEnd.\n")
    monkeypatch.setattr(command, "PROJECT", tmp_path)
    targets = {"part": lambda: {page: filled(page.read_text(), "part", "new\n")}}
    for module in (generate, command):
        monkeypatch.setattr(module, "TARGETS", targets)
    return page


def test_a_check_names_the_file_and_writes_nothing(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = page.read_text()
    assert command.main(["--check"]) == 1
    assert capsys.readouterr().out == "page.rst: out of date\n"
    assert page.read_text() == before


def test_the_command_writes_only_the_generated_part(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = page.read_text()
    assert command.main(["part"]) == 0
    assert capsys.readouterr().out == "page.rst: written\n"
    assert page.read_text() == before.replace("old", "new")
    assert command.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_an_unknown_target_is_an_error(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["nothing"])
    assert "unknown target nothing: choose from part" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "# begin generated: a\n", "# begin generated: a\n# end generated: a\n" * 2])
def test_a_file_has_one_part_of_a_name(text: str) -> None:
    with pytest.raises(ValueError, match="expected one part 'generated: a'"):
        filled(text, "a", "")


def test_a_module_of_models_needs_a_heading() -> None:
    with pytest.raises(ValueError, match=r"no heading for new\.module: add it to SECTIONS"):
        models.page(["config", "new.module"])


def test_the_lists_of_models() -> None:
    found = {"config": ["B", "Config"], "container.state": ["A" * 60, "C" * 60]}
    assert models.imports(found).splitlines()[-2:] == [
        "    from .config import *",
        "    from .container.state import *",
    ]
    assert models.names(found).splitlines()[2:] == [
        "    # Containers",
        '    "container.state": """',
        f"        {'A' * 60}",
        f"        {'C' * 60}",
        '    """,',
        "    # Configs",
        '    "config": "B Config",',
        "}",
    ]
    assert [line for line in models.page(found).splitlines() if line.startswith((".. ", "C"))] == [
        "Containers",
        ".. automodule:: aiodockerapi.models.container.state",
        "Configs",
        ".. automodule:: aiodockerapi.models.config",
    ]


def test_the_table_of_layers_has_the_modules_that_exist(tmp_path: Path) -> None:
    (tmp_path / "low").mkdir()
    (tmp_path / "high.py").touch()
    rows = {"high": Layer(2.5, "long " * 30), "planned": Layer(2, "later"), "low": Layer(1, "short")}
    found = layers.table(rows, {"ssl": "low", "json": "low"}, tmp_path)
    assert "later" not in found
    assert max(map(len, found.splitlines())) == layers.WIDTH
    low, high, more = (line.split() for line in found.splitlines() if "short" in line or "long" in line)
    assert low == ["1", "``low/``", "short", "``ssl``,", "``json``"]
    assert high[:2] == ["2.5", "``high.py``"]
    assert high[2:] + more == ["long"] * 30
