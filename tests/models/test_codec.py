"""Structuring JSON as models, and unstructuring models to JSON."""

import copy
import datetime
import enum
import json
import pickle
from typing import Any

import attrs
import pytest

from aiodockerapi import DecodingError, structure, unstructure
from aiodockerapi._codec import decode, encode_json
from aiodockerapi.errors import InvalidArgument, InvalidArgumentType
from aiodockerapi.models import (
    ContainerConfig,
    ContainerCreateRequest,
    ContainerInspectResponse,
    ContainerState,
    ContainerSummary,
    EventMessage,
    HealthConfig,
    HostConfig,
    Mount,
    NetworkSettings,
    PortBinding,
    ServiceSpec,
    TmpfsOptions,
)

UTC = datetime.UTC
PORTS = {"HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "80"}, {"HostPort": 80}]}}}
PORTS_AT = "HostConfig.PortBindings['80/tcp']"

# --- errors and their paths


@pytest.mark.parametrize(
    ("raw", "cls", "path", "problem"),
    [
        ({"Id": 5}, ContainerInspectResponse, "Id", "expected a string, found an integer: 5"),
        ({"State": {"Pid": "5"}}, ContainerInspectResponse, "State.Pid", "expected an integer, found a string: '5'"),
        ({"State": {"Pid": 5.0}}, ContainerInspectResponse, "State.Pid", "expected an integer, found a number: 5.0"),
        ({"State": {"Pid": True}}, ContainerInspectResponse, "State.Pid", "expected an integer, found true or false: True"),
        ({"State": {"Running": 1}}, ContainerInspectResponse, "State.Running", "expected true or false, found an integer: 1"),
        ({"State": []}, ContainerInspectResponse, "State", "expected an object, found an array: []"),
        ({"State": "up"}, ContainerInspectResponse, "State", "expected an object, found a string: 'up'"),
        (PORTS, ContainerInspectResponse, f"{PORTS_AT}[1].HostPort", "expected a string, found an integer: 80"),
        ({"Test": "exit 0"}, HealthConfig, "Test", "expected an array, found a string: 'exit 0'"),
        ({"Test": {}}, HealthConfig, "Test", "expected an array, found an object: {}"),
        ({"Test": ["CMD", None]}, HealthConfig, "Test[1]", "expected a string, found null: None"),
        ({"Options": [["a"], ["b", 1]]}, TmpfsOptions, "Options[1][1]", "expected a string, found an integer: 1"),
        ({"Labels": {"it's": 1}}, ContainerConfig, 'Labels["it\'s"]', "expected a string, found an integer: 1"),
        ({"Labels": []}, ContainerConfig, "Labels", "expected an object, found an array: []"),
        ({"Labels": {"a": None}}, ContainerConfig, "Labels['a']", "expected a string, found null: None"),
        ({"Created": "yesterday"}, ContainerInspectResponse, "Created", "'yesterday' is not a time"),
        (
            {"Created": "2024-02-30 04:05:06 +0000 UTC"},
            ContainerInspectResponse,
            "Created",
            "'2024-02-30T04:05:06+0000' is not a time",
        ),
        ({"Created": 5}, ContainerInspectResponse, "Created", "expected a string, found an integer: 5"),
        ({"Created": "2024"}, ContainerSummary, "Created", "expected an integer, found a string: '2024'"),
        ({"time": 1e300}, EventMessage, "time", "1e+300 is not a time in seconds since 1970"),
        ({"time": float("nan")}, EventMessage, "time", "nan is not a time in seconds since 1970"),
        (None, ContainerState, "", "expected an object, found null: None"),
        ([], ContainerState, "", "expected an object, found an array: []"),
        ([{}, {"Id": 5}], list[ContainerSummary], "[1].Id", "expected a string, found an integer: 5"),
        ({"a": {}, "b": {"Pid": ""}}, dict[str, ContainerState], "['b'].Pid", "expected an integer, found a string: ''"),
        ("text", int, "", "expected an integer, found a string: 'text'"),
        (None, str, "", "expected a string, found null: None"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused_with_its_path(raw: Any, cls: Any, path: str, problem: str) -> None:
    with pytest.raises(DecodingError) as caught:
        structure(raw, cls)
    assert (caught.value.path, caught.value.problem) == (path, problem)
    assert str(caught.value) == (f"{path}: {problem}" if path else problem)


def test_the_first_of_several_errors_is_reported() -> None:
    with pytest.raises(DecodingError) as caught:
        structure([{"Names": ["/web"]}, {"Names": [1, 2], "Id": "ok"}, {"Names": 3}], list[ContainerSummary])
    assert caught.value.path == "[1].Names[0]"


def test_a_large_value_is_not_shown_in_full() -> None:
    with pytest.raises(DecodingError) as caught:
        structure({"Id": ["x" * 100_000]}, ContainerInspectResponse)
    assert len(str(caught.value)) < 200


def test_a_body_that_is_not_json_is_refused() -> None:
    for body in (b"<html>", b'{"Id":', b"\xff", b"[" * 100_000):
        with pytest.raises(DecodingError, match="not JSON"):
            decode(body, ContainerState)
    with pytest.raises(DecodingError, match="is empty; expected JSON"):
        decode(b"", ContainerState)
    assert decode(b'{"Pid":5}', ContainerState).pid == 5


# --- absent, null, unknown


@pytest.mark.parametrize("raw", [{}, dict.fromkeys(["Id", "Names", "Labels", "Created", "HostConfig", "SizeRw"])])
def test_absent_and_null_properties_have_their_defaults(raw: Any) -> None:
    found = structure(raw, ContainerSummary)
    assert (found.id, found.names, found.labels) == ("", [], {})
    assert (found.created, found.host_config, found.size_rw) == (None, None, None)
    found.names.append("/web")
    assert structure(raw, ContainerSummary).names == []


def test_null_survives_a_round_trip_until_the_property_is_set() -> None:
    found = structure({"Image": "busybox", "Env": None, "Labels": None}, ContainerConfig)
    assert unstructure(found) == {"Image": "busybox", "Env": None, "Labels": None}
    found.env.append("A=1")
    found.labels = {}
    assert unstructure(found) == {"Image": "busybox", "Env": ["A=1"], "Labels": {}}


def test_an_unknown_value_of_an_enum_stays_a_string() -> None:
    found = structure({"State": "unknown"}, ContainerSummary)
    assert found.state == "unknown"
    assert unstructure(found)["State"] == "unknown"


def test_unknown_properties_are_kept_at_every_depth() -> None:
    raw = {
        "Name": "web",
        "Later": 1,
        "TaskTemplate": {"Later": [2], "ContainerSpec": {"Image": "busybox", "Later": {"a": 3}}},
    }
    spec = structure(raw, ServiceSpec)
    assert spec.extra == {"Later": 1}
    assert spec.task_template is not None
    assert spec.task_template.container_spec is not None
    spec.task_template.container_spec.image = "busybox:2"
    changed = copy.deepcopy(raw)
    changed["TaskTemplate"]["ContainerSpec"]["Image"] = "busybox:2"  # type: ignore[index]
    assert unstructure(spec) == changed


def test_unknown_properties_can_be_set_and_removed() -> None:
    config = ContainerConfig(image="busybox", extra={"Unknown": True})
    config.extra["More"] = [HealthConfig(retries=1)]
    assert unstructure(config) == {"Image": "busybox", "Unknown": True, "More": [{"Retries": 1}]}
    config.extra.clear()
    assert unstructure(config) == {"Image": "busybox"}


def test_a_field_takes_precedence_over_extra() -> None:
    assert unstructure(ContainerConfig(image="known", extra={"Image": "unknown"})) == {"Image": "known"}


def test_null_in_a_collection_is_empty_and_survives_a_round_trip() -> None:
    raw = {"PortBindings": {"80/tcp": None, "81/tcp": [{"HostPort": "81"}], "82/tcp": []}}
    found = structure(raw, HostConfig)
    assert found.port_bindings == {"80/tcp": [], "81/tcp": [PortBinding(host_port="81")], "82/tcp": []}
    assert unstructure(found) == raw


def test_null_in_place_of_a_collection_is_an_empty_one() -> None:
    assert structure(None, list[ContainerSummary]) == []
    assert structure(None, dict[str, ContainerState]) == {}
    assert structure([None, {"Pid": 1}], list[ContainerState]) == [ContainerState(), ContainerState(pid=1)]


def test_null_is_none_if_the_type_allows_none() -> None:
    assert structure(None, ContainerState | None) is None  # type: ignore[arg-type]
    assert structure([None, {}], list[ContainerState | None]) == [None, ContainerState()]
    assert structure({"a": None}, dict[str, list[int] | None]) == {"a": None}


def test_mappings_of_lists_of_mappings() -> None:
    raw = {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "81/tcp": None}}
    found = structure(raw, NetworkSettings)
    assert found.ports["80/tcp"][0].host_port == "8080"
    assert unstructure(found) == raw


def test_an_integer_is_accepted_for_a_float() -> None:
    assert structure([1, 1.5], list[float]) == [1, 1.5]


def test_free_form_values_are_unchanged() -> None:
    assert structure({"a": [1, {"b": None}]}, dict[str, Any]) == {"a": [1, {"b": None}]}
    anything: Any = Any
    assert structure(None, anything) is None


# --- times


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-03T04:05:06Z", datetime.datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2024-02-03T04:05:06.5Z", datetime.datetime(2024, 2, 3, 4, 5, 6, 500_000, tzinfo=UTC)),
        ("2024-02-03T04:05:06.123456789Z", datetime.datetime(2024, 2, 3, 4, 5, 6, 123_456, tzinfo=UTC)),
        ("2024-02-03T04:05:06.12345678+02:00", datetime.datetime(2024, 2, 3, 2, 5, 6, 123_456, tzinfo=UTC)),
        ("2024-02-03T04:05:06", datetime.datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2024-02-03 04:05:06.123456789 +0200 CEST", datetime.datetime(2024, 2, 3, 2, 5, 6, 123_456, tzinfo=UTC)),
        ("2024-02-03 04:05:06 +0000 UTC m=+1.5", datetime.datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("0001-01-01 00:00:00 +0000 UTC", None),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_times(text: str, moment: datetime.datetime | None) -> None:
    found = structure({"Created": text}, ContainerInspectResponse).created
    assert found == moment
    assert found is None or found.utcoffset() is not None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "2024-02-03T04:05:06Z", "2024-02-03T04:05:06.123456+02:00"])
def test_times_survive_a_round_trip(text: str) -> None:
    assert unstructure(structure({"FinishedAt": text}, ContainerState))["FinishedAt"] == text


def test_a_zero_time_can_be_replaced() -> None:
    state = structure({"FinishedAt": "0001-01-01T00:00:00Z"}, ContainerState)
    state.finished_at = datetime.datetime(2024, 2, 3, tzinfo=UTC)
    assert unstructure(state)["FinishedAt"] == "2024-02-03T00:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        (1714564800, datetime.datetime(2024, 5, 1, 12, tzinfo=UTC)),
        (0, datetime.datetime(1970, 1, 1, tzinfo=UTC)),
        (-1, datetime.datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (-62135596800, None),
        (None, None),
    ],
)
def test_times_in_seconds(seconds: int | None, moment: datetime.datetime | None) -> None:
    found = structure({"time": seconds, "timeNano": 1714564800123456789}, EventMessage)
    assert found.time == moment
    assert found.time_nano == 1714564800123456789
    assert unstructure(found)["time"] == seconds


def test_a_time_without_a_time_zone_is_refused() -> None:
    naive = datetime.datetime(2024, 2, 3, tzinfo=UTC).replace(tzinfo=None)
    for value in (
        ContainerState(finished_at=naive),
        EventMessage(time=naive),
        [naive],
        ContainerConfig(extra={"x": naive}),
    ):
        with pytest.raises(InvalidArgument, match="without a time zone"):
            unstructure(value)


# --- sent properties


def test_unset_properties_are_not_sent_and_empty_ones_are() -> None:
    assert unstructure(ContainerConfig()) == {}
    assert unstructure(ContainerConfig(image="", cmd=[], labels={}, tty=False)) == {
        "Image": "",
        "Cmd": [],
        "Labels": {},
        "Tty": False,
    }
    assert unstructure(HostConfig(memory=0, cpu_shares=None)) == {"Memory": 0}


def test_a_default_collection_is_sent_if_it_has_items() -> None:
    config = ContainerConfig()
    config.env.append("A=1")
    config.labels["a"] = "b"
    assert unstructure(config) == {"Env": ["A=1"], "Labels": {"a": "b"}}
    config.env.clear()
    config.labels.clear()
    assert unstructure(config) == {}
    config.env = []
    assert unstructure(config) == {"Env": []}


def test_a_structured_collection_that_was_emptied_is_sent() -> None:
    config = structure({"Env": ["A=1"], "Labels": {"a": "b"}}, ContainerConfig)
    config.env.clear()
    config.labels.clear()
    assert unstructure(config) == {"Env": [], "Labels": {}}


def test_defaults_are_not_shared() -> None:
    ContainerConfig().env.append("A=1")
    ContainerConfig().extra["x"] = 1
    assert unstructure(ContainerConfig()) == {}


def test_models_lists_and_mappings_can_be_nested() -> None:
    value = {"a": [HealthConfig(retries=1), (Mount(target="/x"),)], "b": None}
    assert unstructure(value) == {"a": [{"Retries": 1}, [{"Target": "/x"}]], "b": None}


def test_a_property_may_be_set_in_wire_form() -> None:
    request = ContainerCreateRequest(image="busybox", host_config={"Memory": 5})  # type: ignore[arg-type]
    assert unstructure(request) == {"Image": "busybox", "HostConfig": {"Memory": 5}}


class Value(enum.StrEnum):
    ONE = "one"


def test_subclasses_of_strings_and_other_sequences_are_sent() -> None:
    config = ContainerConfig(image=Value.ONE, cmd=("echo", Value.ONE), env={"A=1"})  # type: ignore[arg-type]
    assert json.loads(encode_json(config)) == {"Image": "one", "Cmd": ["echo", "one"], "Env": ["A=1"]}


@pytest.mark.parametrize("value", ["exit 0", b"exit 0", {"CMD": 1}, 5, True, HealthConfig(), iter(["a"])])
def test_a_value_that_is_not_a_list_is_refused_for_a_list(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="test must be a list"):
        unstructure(HealthConfig(test=value))


@pytest.mark.parametrize("value", ["a=b", ["a=b"], 5, {("a", "b")}])
def test_a_value_that_is_not_a_mapping_is_refused_for_a_mapping(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="labels must be a mapping"):
        unstructure(ContainerConfig(labels=value))


@pytest.mark.parametrize("value", [object(), b"x", bytearray(b"x"), {1: "a"}, {"a": {None: 1}}, print, [1j]])
def test_a_value_that_json_cannot_represent_is_refused(value: Any) -> None:
    for holder in (value, [value], {"a": value}, ContainerConfig(image=value), ContainerConfig(extra={"a": value})):
        with pytest.raises(InvalidArgumentType):
            unstructure(holder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [float("-inf")]}, HostConfig(memory=float("nan"))])  # type: ignore[arg-type]
def test_numbers_that_json_cannot_represent_are_refused(value: Any) -> None:
    with pytest.raises(InvalidArgument, match="JSON"):
        encode_json(value)


def test_a_surrogate_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="JSON"):
        encode_json(ContainerConfig(image="\ud800"))


def test_a_value_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value in (endless, ContainerConfig(extra={"x": endless})):
        with pytest.raises(InvalidArgument, match="contains itself"):
            unstructure(value)


def test_a_time_in_seconds_must_be_a_time() -> None:
    with pytest.raises(InvalidArgumentType, match="expected a datetime, not int"):
        unstructure(EventMessage(time=5))  # type: ignore[arg-type]


# --- copies


def test_evolve_changes_one_property_and_keeps_the_others() -> None:
    config = structure({"Image": "a", "Env": ["A=1"], "New": 1}, ContainerConfig)
    other = attrs.evolve(config, image="b")
    assert unstructure(other) == {"Image": "b", "Env": ["A=1"], "New": 1}
    assert unstructure(config)["Image"] == "a"


def test_a_deep_copy_shares_no_values() -> None:
    config = structure({"Env": ["A=1"], "New": {"a": [1]}}, ContainerConfig)
    other = copy.deepcopy(config)
    other.env.append("B=2")
    other.extra["New"]["a"].append(2)
    assert unstructure(config) == {"Env": ["A=1"], "New": {"a": [1]}}


def test_a_pickled_copy_keeps_which_properties_were_set() -> None:
    config = pickle.loads(pickle.dumps(structure({"Image": "a", "Labels": None, "Cmd": []}, ContainerConfig)))
    assert unstructure(config) == {"Image": "a", "Labels": None, "Cmd": []}
    config.env.append("A=1")
    assert unstructure(config)["Env"] == ["A=1"]


def test_models_are_equal_when_their_fields_are() -> None:
    assert ContainerSummary(id="a") == structure({"Id": "a", "Names": None}, ContainerSummary)
    assert ContainerSummary(id="a") != ContainerSummary(id="b")
    assert ContainerSummary(id="a") != ContainerSummary(id="a", extra={"New": 1})
    assert ContainerSummary(id="a", extra={}) == ContainerSummary(id="a")
    assert ContainerConfig() not in [HealthConfig(), {}]
