"""What the README and the guide show is run as it stands, block after block, against a real engine."""

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
_PROMISE = re.compile(r"^.*\bprint\(.*\)  # (?P<output>.+)$", re.MULTILINE)
_SCRIPT = "trap exit TERM; echo hello; sleep 600 & wait"


def _blocks(page: Path, language: str) -> list[str]:
    found = _BLOCK.finditer(page.read_text())
    return [textwrap.dedent(block["content"]).strip() + "\n" for block in found if block["language"] == language]


async def _run(code: str, page: Path, names: dict[str, Any]) -> str:
    """Run a block, `await` and all, and return what it printed."""
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
async def left_nothing(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Remove the containers that a block made and, since it failed, did not remove."""
    made: list[str] = []
    create = Containers.create

    async def noted(*arguments: Any, **rest: Any) -> ContainerCreateResponse:
        created = await create(*arguments, **rest)
        made.append(created.id)
        return created

    monkeypatch.setattr(Containers, "create", noted)
    yield
    for container in made:
        with contextlib.suppress(NotFound, Conflict):
            await docker.containers.remove(container, force=True)


@pytest.mark.usefixtures("left_nothing")
@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
async def test_examples_run_and_print_what_they_promise(
    page: Path, docker: Docker, engine_host: str, name: Names, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine_host)
    monkeypatch.chdir(tmp_path)
    web = name("web")
    if page != _README:  # which makes its own
        await docker.containers.create({"Image": "busybox", "Cmd": ["sh", "-c", _SCRIPT]}, name=web)
        await docker.containers.start(web)
    names: dict[str, Any] = {"__name__": "example", "docker": docker, "asyncio": asyncio}
    for code in _blocks(page, "python"):
        printed = await _run(code.replace('"web"', repr(web)), page, names)
        for promise in _PROMISE.finditer(code):
            expected = promise["output"].replace("/web", f"/{web}")
            assert expected in printed.splitlines(), f"{promise[0].strip()!r} in {page.name} printed {printed!r}"


def _commands(page: Path) -> Iterator[list[str]]:
    for block in _blocks(page, "console"):
        for line in block.splitlines():
            prompt, _, command = line.partition(" ")
            assert prompt == "$", line
            yield from (shlex.split(part, comments=True) for part in command.split("&&"))


@pytest.mark.parametrize("page", [_README, _TOP / "docs" / "contributing.rst"], ids=lambda page: page.stem)
def test_console_commands_are_those_that_tox_knows(page: Path) -> None:
    tox = configparser.ConfigParser()
    tox.read(_TOP / "tox.ini")
    known = {section.removeprefix("testenv:") for section in tox} | set(tox["tox"]["env_list"].split(", "))
    runs = [command[3:] for command in _commands(page) if command[:3] == ["python", "-m", "tox"]]
    assert [] in runs, "it tells how to run everything"
    assert ["-e", "demo"] in runs, "it tells how to run the demo"
    for option, environment in filter(None, runs):
        assert option == "-e"
        assert environment in known


def test_there_are_examples_in_the_readme() -> None:
    assert len(_blocks(_README, "python")) > 10
