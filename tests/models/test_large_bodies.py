"""Large bodies are decoded by other code than small ones, with the same results."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import DecodingError, models, structure, unstructure
from aiodockerapi._codec import decode, json_bodies
from aiodockerapi._codec.msgspec_bodies import typed_reader
from aiodockerapi._wire.json_text import LARGE_BODY_SIZE
from aiodockerapi.models import ContainerState, ContainerSummary, EventMessage, Model
from tests.models.catalogue import CLASSES, example, property_names, typed_fields
from tests.models.test_recorded import CLASSES as RECORDED_CLASSES
from tests.models.test_recorded import RECORDED
from tests.support.json_libraries import json_library

pytestmark = pytest.mark.usefixtures(json_library.__name__)

every_class = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)


@pytest.fixture(autouse=True)
def every_body_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_bodies, "LARGE_BODY_SIZE", 0)


@pytest.fixture(autouse=True)
def no_class_was_refused_before() -> Iterator[None]:
    json_bodies._not_typed.clear()
    yield
    json_bodies._not_typed.clear()


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def same(cls: Any, raw: Any) -> Any:
    """Decode a value as a large and as a small body, compare the results, and return one."""
    found, expected = decode(body(raw), cls), structure(raw, cls)
    assert found == expected
    assert repr(found) == repr(expected)
    assert unstructure(found) == unstructure(expected)
    return found


def test_a_hundred_containers_are_large() -> None:
    recorded = (Path(__file__).parent.parent / "data/engine-1.45/containers.json").read_bytes()
    each = len(body(json.loads(recorded))) // len(json.loads(recorded))
    assert 50 * each < LARGE_BODY_SIZE < 100 * each


# --- the same results


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_recorded_responses(path: Path) -> None:
    same(RECORDED_CLASSES[path.stem], json.loads(path.read_bytes()))


@every_class
def test_every_class_full_empty_and_null(cls: type[Model]) -> None:
    full, null = example(cls), dict.fromkeys(property_names(cls))
    for raw in (full, {}, null):
        same(cls, raw)
    same(list[cls], [full, {}, null])  # type: ignore[valid-type]
    assert cls not in json_bodies._not_typed, "the class was decoded without dicts"


@every_class
def test_every_class_with_an_unknown_property(cls: type[Model]) -> None:
    raw = example(cls) | {"UnknownField": {"Deep": [1, None]}}
    assert same(cls, raw).extra == {"UnknownField": {"Deep": [1, None]}}


@every_class
def test_every_property_of_the_wrong_type(cls: type[Model]) -> None:
    for name, (_, wrong) in typed_fields(cls).items():
        with pytest.raises(DecodingError) as caught:
            decode(body(example(cls) | {name: wrong}), cls)
        with pytest.raises(DecodingError) as expected:
            structure(example(cls) | {name: wrong}, cls)
        assert str(caught.value) == str(expected.value)


@pytest.mark.parametrize(
    ("cls", "raw"),
    [
        (list[ContainerSummary], None),
        (list[ContainerSummary], []),
        (list[ContainerSummary], [None, {"Id": "a"}]),
        (list[ContainerSummary | None], [None, {"Id": "a"}]),
        (dict[str, ContainerState], {"a": {"Pid": 1}, "b": None}),
        (list[str], ["a"]),
        (list[list[int]], [[1], None]),
        (ContainerState, {"Pid": 1 << 70, "FinishedAt": "0001-01-01T00:00:00Z", "StartedAt": "", "Error": None}),
        (list[EventMessage], [{"time": 1.5}, {"time": -1}, {"time": -62135596800}, {"time": None}, {"time": 1 << 33}]),
        (models.HostConfig, {"PortBindings": {"80/tcp": None, "81/tcp": [None, {"HostPort": "1"}]}, "Memory": None}),
        (models.ContainerStatsResponse, {"preread": "0001-01-01T00:00:00Z", "pids_stats": {"current": None}}),
        (dict[str, Any], {"a": [1, {"b": None}]}),
    ],
)
def test_null_times_and_large_numbers(cls: Any, raw: Any) -> None:
    same(cls, raw)


@pytest.mark.parametrize(
    ("raw", "cls", "path"),
    [
        ([{"Id": "a"}, {"Names": ["/a", 5]}], list[ContainerSummary], "[1].Names[1]"),
        ([{"Mounts": [{"RW": True}, {"RW": 1}]}], list[ContainerSummary], "[0].Mounts[1].RW"),
        ([{"Pid": 1.0}], list[ContainerState], "[0].Pid"),
        ([{"StartedAt": "2024-01-01T00:00:00Z"}, {"StartedAt": "today"}], list[ContainerState], "[1].StartedAt"),
        ({"a": 1}, list[ContainerState], ""),
        ([], ContainerState, ""),
        (None, ContainerState, ""),
    ],
)
def test_the_error_has_the_path(raw: Any, cls: Any, path: str) -> None:
    with pytest.raises(DecodingError) as caught:
        decode(body(raw), cls)
    with pytest.raises(DecodingError) as expected:
        structure(raw, cls)
    assert (caught.value.path, str(caught.value)) == (path, str(expected.value))


@pytest.mark.parametrize("text", [b"", b"[", b"<html>", b"[NaN]", b"\xff", b"[" * 100_000])
def test_invalid_json_is_refused(text: bytes) -> None:
    with pytest.raises(DecodingError, match=r"not JSON|is empty; expected JSON"):
        decode(text, list[ContainerState])


def test_text_that_only_the_standard_library_accepts_is_decoded() -> None:
    assert decode(b'[{"Error":"\\ud800"}]', list[ContainerState])[0].error == "\ud800"


def test_objects_share_no_collections() -> None:
    raw = [{"Names": ["/a"], "Labels": {"a": "b"}, "Ports": None}] * 2
    one, other = decode(body(raw), list[ContainerSummary])
    one.names.append("/b")
    one.labels["c"] = "d"
    one.ports.append(models.PortSummary())
    assert (other.names, other.labels, other.ports) == (["/a"], {"a": "b"}, [])
    assert unstructure(other)["Ports"] is None


# --- which decoder


def test_an_unknown_property_switches_its_class_to_the_other_decoder(json_library: str) -> None:
    for raw in ([{"Id": "a"}], [{"Id": "a", "Tomorrow": 1}], [{"Id": "b"}]):
        same(list[ContainerSummary], raw)
    assert (list[ContainerSummary] in json_bodies._not_typed) is (json_library == "msgspec")


def test_an_error_does_not_switch_the_decoder() -> None:
    with pytest.raises(DecodingError):
        decode(b'[{"Id":5}]', list[ContainerSummary])
    assert not json_bodies._not_typed


def test_only_models_and_lists_of_them_are_decoded_without_dicts(json_library: str) -> None:
    assert (typed_reader(ContainerState) is not None) is (json_library == "msgspec")
    assert (typed_reader(list[ContainerState]) is not None) is (json_library == "msgspec")
    for other in (list[str], dict[str, ContainerState], list[list[ContainerState]], int):
        assert typed_reader(other) is None


# --- threads


def in_threads(count: int, work: Callable[[], object]) -> None:
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is checked in the thread of the test
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_many_threads_may_decode_at_once() -> None:
    text = body([example(ContainerSummary)] * 20)
    expected = decode(text, list[ContainerSummary])

    def read() -> None:
        assert all(decode(text, list[ContainerSummary]) == expected for _ in range(20))

    in_threads(8, read)


def test_many_threads_may_be_the_first_to_decode_a_class() -> None:
    from aiodockerapi._codec import msgspec_bodies, structuring

    text, barrier = body(example(models.ContainerInspectResponse)), threading.Barrier(8)
    for cached in (
        structuring.hook_for,
        structuring.item_hook,
        structuring._maker,
        msgspec_bodies._mirror,
        msgspec_bodies._reader,
        json_bodies._decoder,
    ):
        cached.cache_clear()  # type: ignore[union-attr]

    def read() -> None:
        barrier.wait()
        same(models.ContainerInspectResponse, json.loads(text))

    in_threads(8, read)
