"""The files sent of a directory with a ``.dockerignore``, compared with those that the docker command sends."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from aiodockerapi._transport.upload.packing import BuildContext, packed
from aiodockerapi._wire.ignore_patterns import IgnorePatterns, read_patterns
from aiodockerapi.errors import InvalidArgument

RECORDED = json.loads(Path(__file__).parents[1].joinpath("data", "contexts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the same files as when the docker command was recorded."""
    root = tmp_path_factory.mktemp("context")
    for name in RECORDED["files"]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def sent(root: Path, text: str) -> list[str]:
    context = BuildContext(str(root), IgnorePatterns(read_patterns(text)), kept=frozenset({"Dockerfile"}))
    with tarfile.open(fileobj=io.BytesIO(b"".join(packed(context)))) as archive:
        return archive.getnames()


@pytest.mark.parametrize(("text", "recorded"), RECORDED["cases"], ids=repr)
def test_the_same_files_are_sent_as_by_the_docker_command(
    text: str, recorded: dict[str, list[str]] | None, root: Path
) -> None:
    if recorded is None:
        with pytest.raises(InvalidArgument):
            sent(root, text)
        return
    everything = {path.relative_to(root).as_posix() for path in root.rglob("*")}
    expected = recorded["only"] if "only" in recorded else everything - set(recorded["without"])
    assert sorted(sent(root, text)) == sorted(expected)


def test_an_ignored_directory_is_not_listed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = []
    original = os.scandir

    def spy(path: str) -> os._ScandirIterator[str]:
        listed.append(Path(path).relative_to(root).as_posix())
        return original(path)

    monkeypatch.setattr(os, "scandir", spy)
    sent(root, "*\n!docs/img\n!**/main.py\n!src/pkg/*.py")
    assert sorted(listed) == [".", "docs", "docs/img", "src", "src/pkg"]
