"""Configs of a real swarm."""

from __future__ import annotations

import base64
import datetime
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, BadRequest, Conflict, Docker, NotFound, StaleVersion, Unavailable
from aiodockerapi.models import Config, ConfigSpec, ObjectVersion
from tests.support.swarm import service_spec, task_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.support.engine import Engine

DATA = base64.b64encode(b"open sesame").decode()


async def made(manager: Docker, name: str = "key", **labels: str) -> Config:
    """Create a config, and return it."""
    created = await manager.configs.create(ConfigSpec(name=name, data=DATA, labels=labels))
    return await manager.configs.inspect(created.id)


async def test_a_config_is_stored_with_its_data(manager: Docker) -> None:
    created = await manager.configs.create(ConfigSpec(name="key", data=DATA, labels={"a": "b"}))
    assert created.id
    for key in (created.id, "key"):
        config = await manager.configs.inspect(key)
        assert config.id == created.id
        assert config.spec == ConfigSpec(name="key", labels={"a": "b"}, data=DATA)
        assert config.version is not None
        assert config.version.index > 0
        assert config.created_at is not None
        assert abs(datetime.datetime.now(datetime.UTC) - config.created_at) < datetime.timedelta(minutes=10)
    assert await manager.configs.list() == [config]


async def test_lists_are_filtered(manager: Docker) -> None:
    for name, label in (("one", "a"), ("two", "a"), ("three", "b")):
        await made(manager, name, kind=label)

    async def listed(**filters: Any) -> set[str | None]:
        return {config.spec.name for config in await manager.configs.list(filters=filters) if config.spec is not None}

    assert await listed() == {"one", "two", "three"}
    assert await listed(label="kind=a") == {"one", "two"}
    assert await listed(name=["one", "three"]) == {"one", "three"}
    with pytest.raises(BadRequest, match=r"(?i)invalid filter"):
        await listed(colour="red")


async def test_an_update_changes_the_labels(manager: Docker) -> None:
    config = await made(manager, old="1")
    assert config.spec is not None
    config.spec.labels = {"new": "1"}
    await manager.configs.update(config.id, config.spec, version=config.version)
    updated = await manager.configs.inspect("key")
    assert updated.spec == ConfigSpec(name="key", labels={"new": "1"}, data=DATA)
    assert updated.version != config.version


@pytest.mark.parametrize("version_type", ["number", "model"])
async def test_an_update_with_an_old_version_is_stale(manager: Docker, version_type: str) -> None:
    config = await made(manager)
    assert config.version is not None
    await manager.configs.update("key", ConfigSpec(name="key", labels={"a": "1"}), version=config.version)
    stale = config.version.index if version_type == "number" else ObjectVersion(index=config.version.index)
    with pytest.raises(StaleVersion, match="update out of sequence"):
        await manager.configs.update("key", ConfigSpec(name="key"), version=stale)
    current = await manager.configs.inspect("key")
    assert current.spec is not None
    assert current.spec.labels == {"a": "1"}


async def test_a_service_reads_its_config_from_a_file(manager: Docker) -> None:
    config = await made(manager)
    reference = {
        "ConfigID": config.id,
        "ConfigName": "key",
        "File": {"Name": "/etc/the-key", "UID": "0", "GID": "0", "Mode": 0o400},
    }
    service = await manager.services.create(service_spec("web", "cat /etc/the-key", Configs=[reference]))
    await task_in(manager, service.id, "complete")
    assert (await manager.services.logs("web")).stdout == b"open sesame"
    with pytest.raises(BadRequest, match="in use"):
        await manager.configs.remove("key")
    await manager.services.remove("web")
    await manager.configs.remove("key")
    with pytest.raises(NotFound):
        await manager.configs.inspect("key")


async def test_errors_of_the_daemon(manager: Docker) -> None:
    await made(manager)
    cases: list[tuple[Callable[[], Awaitable[Any]], type[APIError], str]] = [
        (lambda: manager.configs.create({"Name": "key", "Data": DATA}), Conflict, "already exists"),
        (lambda: manager.configs.create({"Name": "new", "Data": "###"}), BadRequest, "base64"),
        (lambda: manager.configs.create({"Name": "a/b", "Data": DATA}), BadRequest, "invalid name"),
        (
            lambda: manager.configs.create({"Name": "big", "Data": base64.b64encode(bytes(1_024_001)).decode()}),
            BadRequest,
            r"10(00|24)",
        ),
        (lambda: manager.configs.inspect("none"), NotFound, "none"),
        (lambda: manager.configs.remove("none"), NotFound, "none"),
        (lambda: manager.configs.update("none", {"Name": "none"}, version=1), NotFound, "none"),
        (lambda: manager.configs.update("key", {"Name": "other"}, version=1), BadRequest, "only updates to Labels"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            await call()


async def test_without_a_swarm_they_are_unavailable(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        with pytest.raises(Unavailable, match="not a swarm manager"):
            await docker.configs.list()


async def test_a_handle_has_the_same_methods(manager: Docker) -> None:
    await made(manager)
    config = manager.config("key")
    await config.update({"Name": "key", "Labels": {"a": "b"}}, version=(await config.inspect()).version)
    spec = (await config.inspect()).spec
    assert spec is not None
    assert spec.labels == {"a": "b"}
    await config.remove()
