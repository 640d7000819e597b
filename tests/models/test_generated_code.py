"""Generated code can be seen in tracebacks and debuggers."""

from __future__ import annotations

import datetime
import inspect
import linecache
import traceback
from typing import Any

import pytest

from aiodockerapi import structure, unstructure
from aiodockerapi._codec import msgspec_bodies
from aiodockerapi._codec.fields import compile_function, generated_file
from aiodockerapi._codec.structuring import hook_for
from aiodockerapi._codec.unstructuring import writer_for
from aiodockerapi.models import ContainerSummary, Model, Mount
from tests.models.catalogue import CLASSES
from tests.support.json_libraries import reading_with


@pytest.mark.parametrize("cls", CLASSES)
def test_the_source_of_readers_and_writers_is_available(cls: type[Model]) -> None:
    assert inspect.getsource(hook_for(cls)).lstrip().startswith("def read(raw):")
    assert inspect.getsource(writer_for(cls)).startswith("def write(o):")
    assert hook_for(cls).__code__.co_filename != writer_for(cls).__code__.co_filename


def test_the_source_of_the_reader_of_large_bodies_is_available() -> None:
    with reading_with("msgspec"):
        msgspec_bodies.typed_reader(Mount)
    _, read = msgspec_bodies._mirror(Mount)
    assert inspect.getsource(read).startswith("def read(s):")


def test_a_traceback_shows_the_line() -> None:
    value = structure({"Id": "a"}, ContainerSummary)
    value.created = datetime.datetime(2024, 1, 1)  # noqa: DTZ001 - without a time zone
    with pytest.raises(ValueError, match="time zone") as caught:
        unstructure(value)
    text = "".join(traceback.format_exception(caught.value))
    assert 'File "<generated writer of aiodockerapi.models.container.inspect.ContainerSummary>", line ' in text
    assert "d['Created'] = unix(v)" in text


def test_the_line_cache_keeps_the_source() -> None:
    file = hook_for(ContainerSummary).__code__.co_filename
    linecache.checkcache()
    assert linecache.getlines(file)


def test_classes_of_the_same_name_have_separate_files() -> None:
    file = generated_file("test", Mount)
    found: list[Any] = [compile_function(f"def f():\n    return {i}\n", "f", {}, file) for i in (1, 2, 3, 2)]
    assert [one() for one in found] == [1, 2, 3, 2]
    assert [inspect.getsource(one)[-2] for one in found] == ["1", "2", "3", "2"]
    assert len({one.__code__.co_filename for one in found}) == 3
