"""Every model, structured from JSON and unstructured to JSON."""

import copy
import datetime
import pickle
from typing import Any

import attrs
import pytest

from aiodockerapi import DecodingError, structure, unstructure
from aiodockerapi.models import Model
from tests.models.catalogue import CLASSES, example, property_names, typed_fields, wire_fields

every_class = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)

UNKNOWN = {"UnknownField": {"Deep": [1, None, {"er": "\u00e9"}]}}


def same(value: Any, other: Any) -> bool:
    """Return whether two values are equal as JSON, in which 1 and True differ."""
    if isinstance(value, dict):
        return isinstance(other, dict) and value.keys() == other.keys() and all(same(value[k], other[k]) for k in value)
    if isinstance(value, list):
        return isinstance(other, list) and len(value) == len(other) and all(map(same, value, other))
    return type(value) is type(other) and value == other


@every_class
def test_an_empty_object_survives_a_round_trip(cls: type[Model]) -> None:
    value = structure({}, cls)
    assert value == cls()
    assert structure(unstructure(value), cls) == value
    assert all(sent is False for sent in unstructure(value).values()), "only flags are sent if they were not set"


@every_class
def test_null_counts_as_absent_and_survives_a_round_trip(cls: type[Model]) -> None:
    raw = dict.fromkeys(property_names(cls))
    value = structure(raw, cls)
    assert value == cls()
    assert structure(unstructure(value), cls) == value
    assert unstructure(value).keys() == raw.keys()


@every_class
def test_an_object_with_every_property_survives_a_round_trip(cls: type[Model]) -> None:
    raw = example(cls)
    value = structure(raw, cls)
    assert same(unstructure(value), raw)
    assert value.extra == {}
    assert [field.name for field in wire_fields(cls) if getattr(value, field.name) in (None, "", 0, [], {})] == []


@every_class
def test_unknown_properties_survive_a_round_trip(cls: type[Model]) -> None:
    raw = example(cls) | UNKNOWN
    value = structure(raw, cls)
    assert value.extra == UNKNOWN
    assert same(unstructure(value), raw)
    assert value != structure(example(cls), cls)


@every_class
def test_unknown_properties_of_an_empty_object_survive_a_round_trip(cls: type[Model]) -> None:
    assert unstructure(structure(UNKNOWN, cls)).items() >= UNKNOWN.items()


@every_class
def test_structuring_and_unstructuring_do_not_change_their_arguments(cls: type[Model]) -> None:
    raw = example(cls) | UNKNOWN
    before = copy.deepcopy(raw)
    value = structure(raw, cls)
    again = copy.deepcopy(value)
    written = unstructure(value)
    _empty(written)
    assert raw == before
    assert value == again


def _empty(value: Any) -> None:
    """Remove all items of a collection, and of the collections in it."""
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _empty(item)
    value.clear()


@every_class
def test_typed_collections_are_not_shared_with_the_raw_value(cls: type[Model]) -> None:
    raw = example(cls)
    value = structure(raw, cls)
    for field, _ in typed_fields(cls).values():
        collection = getattr(value, field)
        if isinstance(collection, dict | list):
            collection.clear()
    assert same(raw, example(cls))


@every_class
def test_copies_are_equal(cls: type[Model]) -> None:
    value = structure(example(cls) | UNKNOWN, cls)
    for other in (copy.copy(value), copy.deepcopy(value), attrs.evolve(value), pickle.loads(pickle.dumps(value))):
        assert other == value
        assert other is not value
        assert same(unstructure(other), unstructure(value))


@every_class
def test_copies_of_unset_properties_are_not_sent(cls: type[Model]) -> None:
    value = cls()
    for other in (copy.copy(value), copy.deepcopy(value), attrs.evolve(value), pickle.loads(pickle.dumps(value))):
        assert same(unstructure(other), unstructure(value))


@every_class
def test_the_error_for_a_property_of_the_wrong_type_has_its_name(cls: type[Model]) -> None:
    for name, (_, wrong) in typed_fields(cls).items():
        with pytest.raises(DecodingError) as caught:
            structure({name: wrong}, cls)
        assert caught.value.path == name


@every_class
def test_times_have_a_time_zone(cls: type[Model]) -> None:
    value = structure(example(cls), cls)
    times = [item for field in wire_fields(cls) if isinstance(item := getattr(value, field.name), datetime.datetime)]
    assert all(moment.utcoffset() == datetime.timedelta(0) for moment in times)
