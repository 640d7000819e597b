"""The public names: their list, their documentation, and the modules that an import loads."""

from __future__ import annotations

import ast
import copy
import inspect
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import aiodockerapi
from aiodockerapi import errors, models

PACKAGE = Path(aiodockerapi.__file__).parent

NAMES = [
    "APIError",
    "ArchiveStream",
    "AttachedStream",
    "BadRequest",
    "BuildContextError",
    "BuildResult",
    "ByteStream",
    "ConfigHandle",
    "ConfigurationError",
    "Conflict",
    "ConnectFailed",
    "ContainerHandle",
    "DecodingError",
    "Docker",
    "DockerError",
    "DownloadStream",
    "Endpoint",
    "EngineChanged",
    "ExecHandle",
    "ExecResult",
    "Filters",
    "Forbidden",
    "Frame",
    "FrameStream",
    "ImageHandle",
    "ImportResult",
    "InvalidArgument",
    "InvalidArgumentType",
    "Line",
    "LineStream",
    "LoadResult",
    "MalformedStream",
    "NetworkHandle",
    "NodeHandle",
    "NotFound",
    "NotImplementedByDaemon",
    "OperationFailed",
    "Output",
    "PluginHandle",
    "PluginPullResult",
    "PluginPushResult",
    "ProgressStream",
    "PullResult",
    "PushResult",
    "RequestTimeout",
    "Response",
    "RunResult",
    "SSH",
    "SavedImages",
    "SecretHandle",
    "ServerError",
    "ServiceHandle",
    "StaleVersion",
    "StreamCall",
    "StreamError",
    "TLS",
    "TaskHandle",
    "TransportError",
    "TruncatedStream",
    "Unauthorized",
    "Unavailable",
    "UnsupportedFeature",
    "UnsupportedVersion",
    "UpgradeRefused",
    "ValueStream",
    "VolumeHandle",
    "Waiting",
    "WebSocketStream",
    "When",
    "errors",
    "handles",
    "models",
    "podman_socket",
    "rootless_socket",
    "structure",
    "unstructure",
]


def test_the_public_names_are_these() -> None:
    assert sorted(vars(aiodockerapi)["__all__"]) == NAMES


@pytest.mark.parametrize("module", [aiodockerapi, models])
def test_each_name_exists_and_is_documented(module: ModuleType) -> None:
    for name in module.__all__:
        value = getattr(module, name)
        assert name in dir(module)
        if inspect.isclass(value):
            assert value.__doc__, name
            assert value.__name__ == name
        elif inspect.isfunction(value) or inspect.ismodule(value):
            assert inspect.getdoc(value), name


@pytest.mark.parametrize("module", [aiodockerapi, models])
def test_there_are_no_other_names(module: ModuleType) -> None:
    assert len(set(module.__all__)) == len(module.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module.nothing
    public = {name for name in vars(module) if not name.startswith("_")}
    imported = {"Any", "Final", "TYPE_CHECKING", "import_module"}
    packages = {path.stem for path in Path(str(module.__file__)).parent.iterdir()}
    assert public - set(module.__all__) <= imported | packages


def test_type_checkers_get_the_same_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    [guarded] = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    ]
    seen = {alias: module for module, alias in imported(guarded)}
    lazy = aiodockerapi._HOME | dict.fromkeys(aiodockerapi._MODULES, "")
    assert seen == lazy


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield module and name of each relative import that is exported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 1
            for alias in node.names:
                if alias.name == "*":
                    assert node.module == "errors"
                    yield from (("errors", name) for name in errors.__all__)
                else:
                    assert alias.asname == alias.name, "only 'import x as x' exports a name to type checkers"
                    yield node.module or "", alias.name


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import aiodockerapi", ["aiohttp", "anyio", "asyncio", "attrs", "cattrs", "ssl"]),
        ("import aiodockerapi.errors", ["aiohttp", "anyio", "asyncio", "attrs", "cattrs"]),
        ("from aiodockerapi import NotFound", ["aiohttp", "anyio", "attrs", "cattrs"]),
        ("from aiodockerapi.models import SystemVersion", ["aiohttp", "anyio", "cattrs"]),
        ("from aiodockerapi import structure", ["aiohttp", "anyio", "cattrs"]),
        (
            "from aiodockerapi import Docker",
            [
                "cattrs",
                "msgspec",
                "tarfile",
                "anyio",
                "aiodockerapi.api",
                "aiodockerapi.handles",
                "aiodockerapi._codec",
                "aiodockerapi.models._fields",
                "aiodockerapi.models.common",
            ],
        ),
    ],
)
def test_an_import_loads_no_more_than_it_needs(statement: str, unwanted: list[str]) -> None:
    code = f"import sys; {statement}; print(*[name for name in {unwanted!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


# -- errors

TREE = re.compile(r"^(?P<indent>[|+\- ]*)(?P<names>[A-Z].*?)(?:\s{2,}.*)?$")


def documented_tree() -> Iterator[tuple[str, str, str]]:
    """Yield each error in the tree of the docstring: its name, its base class, and the built-in base class."""
    parents: dict[int, str] = {}
    text = inspect.cleandoc(errors.__doc__ or "").partition("::")[2].partition("The original exception")[0]
    for line in filter(None, inspect.cleandoc(text).splitlines()):
        match = TREE.match(line)
        assert match, line
        depth = len(match["indent"]) // 3
        for entry in match["names"].split(", "):
            name, _, rest = re.sub(r"\s(and above|\d+)", "", entry).partition("(")
            name = name.split()[0]
            parents[depth] = name
            yield name, parents.get(depth - 1, "Exception"), rest.rstrip(")")


def test_the_tree_of_errors_in_the_docstring_is_correct() -> None:
    rows = list(documented_tree())
    assert sorted(name for name, _, _ in rows) == sorted(errors.__all__)
    for name, parent, second in rows:
        cls = getattr(errors, name)
        bases = [base.__name__ for base in cls.__bases__]
        assert bases == [parent, *([second] if second else [])], name


SAMPLES: dict[object, errors.DockerError] = {
    errors.BuildContextError: errors.BuildContextError("/context/file", "no permission"),
    errors.DecodingError: errors.DecodingError("expected a string", "Id"),
    errors.OperationFailed: errors.OperationFailed("no space", 5),
    errors.UnsupportedFeature: errors.UnsupportedFeature("containers.stop.signal", "1.42", "1.41"),
}


@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize("name", errors.__all__)
def test_errors_survive_pickling_and_copying(name: str, again: Callable[[errors.DockerError], object]) -> None:
    cls: Callable[..., errors.DockerError] = getattr(errors, name)
    answered = issubclass(getattr(errors, name), errors.APIError)
    error = SAMPLES.get(cls) or (cls(404, "no", method="GET", path="/x") if answered else cls("message"))
    error.add_note("of the caller")
    found = again(error)
    assert type(found) is cls
    assert str(found) == str(error)
    assert vars(found) == vars(error)
