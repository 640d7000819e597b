"""Classes of users that contain models, which cattrs structures and unstructures."""

import datetime
import json
from typing import Any

import attrs
import pytest

from aiodockerapi import DecodingError, structure, unstructure
from aiodockerapi._codec import encode_json
from aiodockerapi.models import ContainerState, Mount

UTC = datetime.UTC


@attrs.define
class Report:
    """A class of a user that contains models."""

    name: str
    state: ContainerState
    mounts: list[Mount] = attrs.field(factory=list)
    taken: datetime.datetime | None = None
    tags: frozenset[str] = frozenset()


RAW = {"name": "web", "state": {"Pid": 5, "New": 1}, "mounts": [{"Target": "/x"}], "taken": "2024-02-03T04:05:06Z"}


def test_classes_of_users_may_contain_models() -> None:
    report = structure(RAW, Report)
    assert report == Report(
        "web",
        structure({"Pid": 5, "New": 1}, ContainerState),
        [Mount(target="/x")],
        datetime.datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC),
    )
    assert structure(unstructure(report), Report) == report
    assert unstructure([report])[0]["taken"] == "2024-02-03T04:05:06Z"
    assert json.loads(encode_json(report))["mounts"] == [{"Target": "/x"}]


def test_types_that_json_lacks_are_unstructured_by_cattrs() -> None:
    report = Report("web", ContainerState(), tags=frozenset(["one"]))
    assert unstructure(report)["tags"] == ["one"]
    assert structure(unstructure(report), Report) == report


@pytest.mark.parametrize(
    ("raw", "path", "problem"),
    [
        (RAW | {"state": {"Pid": "5"}}, "state.Pid", "expected an integer, found a string: '5'"),
        (RAW | {"state": None}, "state", "expected an object, found null: None"),
        (RAW | {"mounts": [{}, {"Target": 5}]}, "mounts[1].Target", "expected a string, found an integer: 5"),
        (RAW | {"taken": "today"}, "taken", "'today' is not a time"),
        ({"state": {}}, "name", "is missing"),
    ],
)
def test_errors_inside_classes_of_users_have_a_path(raw: Any, path: str, problem: str) -> None:
    for value, cls, prefix in ((raw, Report, ""), ([RAW, raw], list[Report], "[1].")):
        with pytest.raises(DecodingError) as caught:
            structure(value, cls)
        assert (caught.value.path, caught.value.problem) == (prefix + path, problem)


@pytest.mark.parametrize("raw", [None, 5, []])
def test_a_value_that_does_not_fit_a_class_of_a_user_is_refused(raw: Any) -> None:
    with pytest.raises(DecodingError, match="cannot be read as"):
        structure(raw, Report)
