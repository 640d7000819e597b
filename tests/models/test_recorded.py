"""Recorded responses of real engines survive a round trip through the models, which know every property."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from aiodockerapi import models, structure, unstructure
from aiodockerapi.models import Model

RECORDED = sorted((Path(__file__).parent.parent / "data").glob("engine-*/*.json"))
CLASSES: dict[str, Any] = {
    "version": models.SystemVersion,
    "info": models.SystemInfo,
    "df": models.SystemDataUsageResponse,
    "events": list[models.EventMessage],
    "containers": list[models.ContainerSummary],
    "container": models.ContainerInspectResponse,
    "container-idle": models.ContainerInspectResponse,
    "stats": models.ContainerStatsResponse,
    "stats-idle": models.ContainerStatsResponse,
    "top": models.ContainerTopResponse,
    "changes": list[models.FilesystemChange],
    "changes-idle": list[models.FilesystemChange],
    "exec-prepared": models.ExecInspectResponse,
    "exec-running": models.ExecInspectResponse,
    "exec-ended": models.ExecInspectResponse,
    "image": models.ImageInspect,
    "images": list[models.ImageSummary],
    "image-history": list[models.ImageHistoryResponseItem],
    "network": models.NetworkInspect,
    "networks": list[models.NetworkSummary],
    "volume": models.Volume,
    "volumes": models.VolumeListResponse,
}
UNDOCUMENTED = {"df": {"BuilderSize"}, "networks": {"[].Containers"}}
"""Properties that engines send, but that no version of the definitions contains."""

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)")


def comparable(value: Any) -> Any:
    """Return the value with every time as a `datetime`, which is precise to the microsecond."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, str) and (match := _TIME.fullmatch(value)):
        return datetime.datetime.fromisoformat(f"{match[1]}.{match[2] or '0'}{match[3]}")
    return value


def without_false(value: Any, raw: Any) -> Any:
    """Return the value without the flags that are False because they are absent in the raw value."""
    if isinstance(value, dict) and isinstance(raw, dict):
        return {
            key: without_false(item, raw.get(key)) for key, item in value.items() if key in raw or item is not False
        }
    if isinstance(value, list) and isinstance(raw, list) and len(value) == len(raw):
        return [without_false(item, one) for item, one in zip(value, raw, strict=True)]
    return value


def unknown(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of the properties that the models do not know."""
    if isinstance(value, Model):
        yield from (f"{path}.{key}".lstrip(".") for key in value.extra)
        for field in attrs.fields(type(value)):
            if not field.name.startswith("_"):
                yield from unknown(getattr(value, field.name), f"{path}.{field.metadata['wire']}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from unknown(item, f"{path}[{key}]")
    elif isinstance(value, list):
        for item in value:
            yield from unknown(item, f"{path}[]")


def test_all_responses_of_two_engines_are_recorded() -> None:
    assert {path.parent.name for path in RECORDED} >= {"engine-1.41", "engine-1.45"}
    for folder in {path.parent for path in RECORDED}:
        assert {path.stem for path in folder.glob("*.json")} == CLASSES.keys()


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_response_survives_a_round_trip(path: Path) -> None:
    raw = json.loads(path.read_text())
    back = unstructure(structure(raw, CLASSES[path.stem]))
    assert comparable(without_false(back, raw)) == comparable(raw)
    assert raw == json.loads(path.read_text())


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_property_is_known(path: Path) -> None:
    found = structure(json.loads(path.read_text()), CLASSES[path.stem])
    assert set(unknown(found)) <= UNDOCUMENTED.get(path.stem, set())


def test_the_values_of_a_container() -> None:
    raw = json.loads((RECORDED[0].parent / "container.json").read_text())
    found = structure(raw, models.ContainerInspectResponse)
    assert found.name == "/recorded-web"
    assert found.state is not None
    assert (found.state.status, found.state.finished_at) == ("running", None)
    assert found.state.health is not None
    assert found.state.health.status == "healthy"
    assert found.state.health.log[0].exit_code == 0
    assert found.config is not None
    assert found.config.exposed_ports == {"80/tcp": {}, "81/udp": {}}
    assert found.host_config is not None
    assert found.host_config.memory == 1 << 26
    assert {mount.destination: mount.type for mount in found.mounts} == {
        "/data": "volume",
        "/more": "volume",
        "/scratch": "tmpfs",
    }
    assert found.network_settings is not None
    assert found.network_settings.ports["80/tcp"][0].host_ip == "127.0.0.1"
    assert found.network_settings.ports["81/udp"] == []
    assert unstructure(found)["NetworkSettings"]["Ports"]["81/udp"] is None
