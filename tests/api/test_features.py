"""Options and operations that not every engine supports."""

import pytest

from aiodockerapi._engine.features import FEATURES, Feature, required_features
from aiodockerapi._wire.versions import NEWEST, OLDEST, ApiVersion

OLD, MIDDLE, NEW = ApiVersion(1, 41), ApiVersion(1, 44), ApiVersion(1, 52)


@pytest.mark.parametrize(
    ("since", "until", "supporting", "needs"),
    [
        (MIDDLE, None, [MIDDLE, NEW], "1.44"),
        (None, MIDDLE, [OLD, MIDDLE], "1.44 or older"),
        (OLD, MIDDLE, [OLD, MIDDLE], "1.41 to 1.44"),
        (MIDDLE, MIDDLE, [MIDDLE], "1.44 to 1.44"),
    ],
)
def test_a_feature_is_supported_by_its_range_of_versions(
    since: ApiVersion | None, until: ApiVersion | None, supporting: list[ApiVersion], needs: str
) -> None:
    feature = Feature("a.b", since, until)
    assert [version for version in (OLD, MIDDLE, NEW) if feature.supported_by(version)] == supporting
    assert feature.needs == needs


def test_versions_are_compared_as_numbers() -> None:
    assert not Feature("a.b", ApiVersion(1, 100)).supported_by(ApiVersion(1, 55))


@pytest.mark.parametrize("name", FEATURES)
def test_each_feature_of_the_table_is_newer_than_the_oldest_version(name: str) -> None:
    feature = FEATURES[name]
    assert feature.name == name
    assert all(part.isidentifier() for part in name.split("."))
    assert feature.since is not None
    assert OLDEST < feature.since <= NEWEST


def test_only_features_in_use_are_returned() -> None:
    assert required_features(containers__stop__signal=None) == ()
    assert required_features(containers__stop__signal="SIGINT") == (FEATURES["containers.stop.signal"],)


@pytest.mark.parametrize("value", [False, 0, "", []])
def test_an_option_with_an_empty_value_is_in_use(value: object) -> None:
    assert required_features(system__disk_usage__verbose=value) == (FEATURES["system.disk_usage.verbose"],)


def test_several_features_are_returned_in_order() -> None:
    features = required_features(
        containers__attach_websocket__stdin=True,
        containers__attach_websocket__stdout=None,
        containers__attach_websocket__stderr=False,
    )
    assert [feature.name for feature in features] == [
        "containers.attach_websocket.stdin",
        "containers.attach_websocket.stderr",
    ]


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        required_features(containers__stop__nothing=1)
