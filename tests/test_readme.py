"""The examples in the README and the guide are run, block after block, with a real engine."""

from __future__ import annotations

import ast
import asyncio
import configparser
import contextlib
import inspect
import io
import re
import shlex
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Conflict, NotFound
from aiodockerapi.api.containers import Containers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from aiodockerapi import Docker
    from aiodockerapi.models import ContainerCreateResponse
    from tests.support.names import Names

_TOP = Path(__file__).parent.parent
_README = _TOP / "README.rst"
_PAGES = [_README, *sorted((_TOP / "docs" / "guide").glob("*.rst"))]

_BLOCK = re.compile(r"^\.\. code-block:: (?P<language>\w+)\n(?P<content>(?:\n|[ ]{3}.*\n)+)", re.MULTILINE)
_EXPECTED = re.compile(r"^.*\bprint\(.*\)  # (?P<output>.+)$", re.MULTILINE)
_SCRIPT = "trap exit TERM; echo hello; sleep 600 & wait"


def _blocks(page: Path, language: str) -> list[str]:
    found = _BLOCK.finditer(page.read_text())
    return [textwrap.dedent(block["content"]).strip() + "\n" for block in found if block["language"] == language]


async def _run(code: str, page: Path, names: dict[str, Any]) -> str:
    """Run a block, which may contain `await`, and return its output."""
    printed = io.StringIO()
    compiled = compile(code, str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    with contextlib.redirect_stdout(printed):
        if "asyncio.run(" in code:
            await asyncio.to_thread(exec, compiled, {"__name__": "__main__"})
        else:
            result = eval(compiled, names)
            if inspect.isawaitable(result):
                await result
    return printed.getvalue()


@pytest.fixture
async def cleanup(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Remove the containers that a failed block has created and not removed."""
    made: list[str] = []
    create = Containers.create

    async def recorded(*arguments: Any, **rest: Any) -> ContainerCreateResponse:
        created = await create(*arguments, **rest)
        made.append(created.id)
        return created

    monkeypatch.setattr(Containers, "create", recorded)
    yield
    for container in made:
        with contextlib.suppress(NotFound, Conflict):
            await docker.containers.remove(container, force=True)


@pytest.mark.usefixtures("cleanup")
@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
async def test_examples_run_and_print_the_documented_output(
    page: Path, docker: Docker, engine_host: str, name: Names, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine_host)
    monkeypatch.chdir(tmp_path)
    web = name("web")
    if page != _README:  # the README creates its own
        await docker.containers.create({"Image": "busybox", "Cmd": ["sh", "-c", _SCRIPT]}, name=web)
        await docker.containers.start(web)
    names: dict[str, Any] = {"__name__": "example", "docker": docker, "asyncio": asyncio}
    for code in _blocks(page, "python"):
        printed = await _run(code.replace('"web"', repr(web)), page, names)
        for example in _EXPECTED.finditer(code):
            expected = example["output"].replace("/web", f"/{web}")
            assert expected in printed.splitlines(), f"{example[0].strip()!r} in {page.name} printed {printed!r}"


def _commands(page: Path) -> Iterator[list[str]]:
    for block in _blocks(page, "console"):
        for line in block.splitlines():
            prompt, _, command = line.partition(" ")
            assert prompt == "$", line
            yield from (shlex.split(part, comments=True) for part in command.split("&&"))


@pytest.mark.parametrize("page", [_README, _TOP / "docs" / "contributing.rst"], ids=lambda page: page.stem)
def test_console_commands_use_existing_tox_environments(page: Path) -> None:
    tox = configparser.ConfigParser()
    tox.read(_TOP / "tox.ini")
    known = {section.removeprefix("testenv:") for section in tox} | set(tox["tox"]["env_list"].split(", "))
    runs = [command[3:] for command in _commands(page) if command[:3] == ["python", "-m", "tox"]]
    assert [] in runs, "it explains how to run everything"
    assert ["-e", "demo"] in runs, "it explains how to run the demo"
    for option, environments in filter(None, runs):
        assert option == "-e"
        assert set(environments.split(",")) <= known


def test_there_are_examples_in_the_readme() -> None:
    assert len(_blocks(_README, "python")) > 10
