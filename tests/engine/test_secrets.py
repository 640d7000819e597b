"""Secrets of a real swarm."""

from __future__ import annotations

import base64
import datetime
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, BadRequest, Conflict, Docker, NotFound, StaleVersion, Unavailable
from aiodockerapi.models import ObjectVersion, Secret, SecretSpec
from tests.support.swarm import service_spec, task_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.support.engine import Engine

DATA = base64.b64encode(b"open sesame").decode()


async def made(manager: Docker, name: str = "key", **labels: str) -> Secret:
    """Create a secret, and return it."""
    created = await manager.secrets.create(SecretSpec(name=name, data=DATA, labels=labels))
    return await manager.secrets.inspect(created.id)


async def test_a_secret_is_stored_and_its_data_is_not_returned(manager: Docker) -> None:
    created = await manager.secrets.create(SecretSpec(name="key", data=DATA, labels={"a": "b"}))
    assert created.id
    for key in (created.id, "key"):
        secret = await manager.secrets.inspect(key)
        assert secret.id == created.id
        assert secret.spec == SecretSpec(name="key", labels={"a": "b"})
        assert secret.version is not None
        assert secret.version.index > 0
        assert secret.created_at is not None
        assert abs(datetime.datetime.now(datetime.UTC) - secret.created_at) < datetime.timedelta(minutes=10)
    assert await manager.secrets.list() == [secret]


async def test_lists_are_filtered(manager: Docker) -> None:
    for name, label in (("one", "a"), ("two", "a"), ("three", "b")):
        await made(manager, name, kind=label)

    async def listed(**filters: Any) -> set[str | None]:
        return {secret.spec.name for secret in await manager.secrets.list(filters=filters) if secret.spec is not None}

    assert await listed() == {"one", "two", "three"}
    assert await listed(label="kind=a") == {"one", "two"}
    assert await listed(name=["one", "three"]) == {"one", "three"}
    with pytest.raises(BadRequest, match=r"(?i)invalid filter"):
        await listed(colour="red")


async def test_an_update_changes_the_labels(manager: Docker) -> None:
    secret = await made(manager, old="1")
    assert secret.spec is not None
    secret.spec.labels = {"new": "1"}
    await manager.secrets.update(secret.id, secret.spec, version=secret.version)
    updated = await manager.secrets.inspect("key")
    assert updated.spec == SecretSpec(name="key", labels={"new": "1"})
    assert updated.version != secret.version


@pytest.mark.parametrize("version_type", ["number", "model"])
async def test_an_update_with_an_old_version_is_stale(manager: Docker, version_type: str) -> None:
    secret = await made(manager)
    assert secret.version is not None
    await manager.secrets.update("key", SecretSpec(name="key", labels={"a": "1"}), version=secret.version)
    stale = secret.version.index if version_type == "number" else ObjectVersion(index=secret.version.index)
    with pytest.raises(StaleVersion, match="update out of sequence"):
        await manager.secrets.update("key", SecretSpec(name="key"), version=stale)
    current = await manager.secrets.inspect("key")
    assert current.spec is not None
    assert current.spec.labels == {"a": "1"}


async def test_a_service_reads_its_secret_from_a_file(manager: Docker) -> None:
    secret = await made(manager)
    reference = {
        "SecretID": secret.id,
        "SecretName": "key",
        "File": {"Name": "the-key", "UID": "0", "GID": "0", "Mode": 0o400},
    }
    service = await manager.services.create(service_spec("web", "cat /run/secrets/the-key", Secrets=[reference]))
    await task_in(manager, service.id, "complete")
    assert (await manager.services.logs("web")).stdout == b"open sesame"
    with pytest.raises(BadRequest, match="in use"):
        await manager.secrets.remove("key")
    await manager.services.remove("web")
    await manager.secrets.remove("key")
    with pytest.raises(NotFound):
        await manager.secrets.inspect("key")


async def test_errors_of_the_daemon(manager: Docker) -> None:
    await made(manager)
    cases: list[tuple[Callable[[], Awaitable[Any]], type[APIError], str]] = [
        (lambda: manager.secrets.create({"Name": "key", "Data": DATA}), Conflict, "already exists"),
        (lambda: manager.secrets.create({"Name": "new", "Data": "###"}), BadRequest, "base64"),
        (lambda: manager.secrets.create({"Name": "a/b", "Data": DATA}), BadRequest, "invalid name"),
        (
            lambda: manager.secrets.create({"Name": "big", "Data": base64.b64encode(bytes(512_001)).decode()}),
            BadRequest,
            "512000",
        ),
        (lambda: manager.secrets.inspect("none"), NotFound, "none"),
        (lambda: manager.secrets.remove("none"), NotFound, "none"),
        (lambda: manager.secrets.update("none", {"Name": "none"}, version=1), NotFound, "none"),
        (lambda: manager.secrets.update("key", {"Name": "other"}, version=1), BadRequest, "only updates to Labels"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            await call()


async def test_without_a_swarm_they_are_unavailable(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        with pytest.raises(Unavailable, match="not a swarm manager"):
            await docker.secrets.list()


async def test_a_handle_has_the_same_methods(manager: Docker) -> None:
    await made(manager)
    secret = manager.secret("key")
    await secret.update({"Name": "key", "Labels": {"a": "b"}}, version=(await secret.inspect()).version)
    spec = (await secret.inspect()).spec
    assert spec is not None
    assert spec.labels == {"a": "b"}
    await secret.remove()
