"""Plugins of a real engine: create, enable, set, push, pull and upgrade."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, Conflict, Docker, NotFound, OperationFailed, PluginPullResult, ServerError
from aiodockerapi.models import AuthConfig
from tests.support.plugins import plugin_archive
from tests.support.registry import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.engine import Engine

NAME = "tests/memory:1.0"


@pytest.fixture
async def docker(spare_engine: Engine) -> AsyncIterator[Docker]:
    """A client of an engine whose plugins are all removed after the test."""
    async with Docker(spare_engine.host) as client:
        try:
            yield client
        finally:
            for volume in (await client.volumes.list()).volumes:
                await client.volumes.remove(volume.name, force=True)
            for plugin in await client.plugins.list():
                await client.plugins.remove(plugin.name, force=True)


async def test_the_lifecycle_of_a_plugin(docker: Docker) -> None:
    await docker.plugins.create(NAME, io.BytesIO(plugin_archive()))
    plugin = await docker.plugins.inspect(NAME)
    assert (plugin.name, plugin.enabled) == (NAME, False)
    assert plugin.config is not None
    assert plugin.config.description == "volumes in memory"
    assert plugin.config.interface is not None
    assert plugin.config.interface.types == ["docker.volumedriver/1.0"]
    assert plugin.settings is not None
    assert plugin.settings.env == ["GREETING=hello"]
    assert (await docker.plugins.inspect(plugin.id)).id == plugin.id

    await docker.plugins.set(NAME, ["GREETING=bonjour"])
    await docker.plugins.enable(NAME, timeout=20)
    assert (await docker.plugins.inspect(NAME)).enabled
    await docker.volumes.create("data", driver=NAME, driver_opts={"size": "1"})
    assert (await docker.volumes.inspect("data")).status == {"Greeting": "bonjour"}

    with pytest.raises(Conflict, match="already enabled"):
        await docker.plugins.enable(NAME)
    with pytest.raises(APIError, match="cannot set on an active plugin"):
        await docker.plugins.set(NAME, ["GREETING=hola"])
    with pytest.raises(APIError, match="in use"):
        await docker.plugins.disable(NAME)
    await docker.volumes.remove("data")
    with pytest.raises(Conflict, match="enabled"):
        await docker.plugins.remove(NAME)
    await docker.plugins.disable(NAME)
    assert not (await docker.plugins.inspect(NAME)).enabled
    await docker.plugins.remove(NAME)
    with pytest.raises(NotFound, match="not found"):
        await docker.plugins.inspect(NAME)


async def test_lists_are_filtered(docker: Docker) -> None:
    await docker.plugins.create("tests/one", plugin_archive())
    await docker.plugins.create("tests/two", plugin_archive())
    await docker.plugins.enable("tests/two")

    async def listed(**filters: Any) -> list[str]:
        return sorted(plugin.name for plugin in await docker.plugins.list(filters=filters))

    assert await listed() == ["tests/one:latest", "tests/two:latest"]
    assert await listed(enabled=True) == ["tests/two:latest"]
    assert await listed(enabled=False, capability="volumedriver") == ["tests/one:latest"]
    assert await listed(capability="networkdriver") == []
    await docker.plugins.remove("tests/two", force=True)
    assert await listed(enabled=["true"]) == []


async def test_a_plugin_is_pushed_and_pulled(docker: Docker) -> None:
    with running(htpasswd={"me": "pw?>"}) as registry:
        name, auth = registry.name("tests/memory:1.0"), AuthConfig(username="me", password="pw?>")
        await docker.plugins.create(name, plugin_archive())
        with pytest.raises(OperationFailed):
            await docker.plugins.push(name)
        pushed = await docker.plugins.push(name, auth=auth)
        assert pushed.plugin == name
        assert pushed.digest.startswith("sha256:")
        assert pushed.size > 0
        await docker.plugins.remove(name)

        assert await docker.plugins.privileges(name) == []
        wanted = await docker.plugins.privileges(name, auth=auth)
        assert {privilege.name for privilege in wanted} == {"mount"}
        async with docker.plugins.pull(name, alias="mine", auth=auth, privileges=wanted) as pulling:
            statuses = [message.status async for message in pulling]
            assert await pulling.result() == PluginPullResult("mine", pushed.digest)
        assert f"Digest: {pushed.digest}" in statuses
        mine = await docker.plugins.inspect("mine")
        assert (mine.name, mine.plugin_reference) == ("mine:latest", name)
        await docker.plugins.enable("mine")
        assert (await docker.plugins.inspect("mine")).enabled


async def test_a_plugin_is_upgraded(docker: Docker) -> None:
    with running() as registry:
        name = registry.name("tests/memory")
        for tag in ("1", "2"):
            await docker.plugins.create(f"{name}:{tag}", plugin_archive(f"release {tag}"))
            await docker.plugins.push(f"{name}:{tag}")
            await docker.plugins.remove(f"{name}:{tag}")
        wanted = await docker.plugins.privileges(f"{name}:1")
        await docker.plugins.pull(f"{name}:1", alias="mine", privileges=wanted)
        await docker.plugins.set("mine", ["GREETING=bonjour"])

        plugin = docker.plugin("mine")
        await plugin.enable()
        with pytest.raises(APIError, match="must be disabled"):
            await plugin.upgrade(f"{name}:2", privileges=wanted)
        await plugin.disable()
        with pytest.raises(OperationFailed, match="incorrect privilege"):
            await plugin.upgrade(f"{name}:2")
        upgraded = await plugin.upgrade(f"{name}:2", privileges=wanted)
        assert upgraded.digest.startswith("sha256:")
        found = await plugin.inspect()
        assert found.config is not None
        assert found.config.description == "release 2"
        assert found.settings is not None
        assert found.settings.env == ["GREETING=bonjour"]


async def test_privileges_must_be_granted(docker: Docker) -> None:
    with running() as registry:
        name = registry.name("tests/memory")
        await docker.plugins.create(name, plugin_archive())
        await docker.plugins.push(name)
        await docker.plugins.remove(name)
        with pytest.raises(OperationFailed, match="incorrect privilege"):
            await docker.plugins.pull(name)
        assert await docker.plugins.list() == []


async def test_errors_of_the_daemon(docker: Docker) -> None:
    await docker.plugins.create("tests/memory", plugin_archive())
    cases: list[tuple[Any, type[APIError], str]] = [
        (lambda: docker.plugins.inspect("none"), NotFound, "none"),
        (lambda: docker.plugins.remove("none"), NotFound, "none"),
        (lambda: docker.plugins.enable("none"), NotFound, "none"),
        (lambda: docker.plugins.disable("none"), NotFound, "none"),
        (lambda: docker.plugins.set("none", ["A=b"]), NotFound, "none"),
        (lambda: docker.plugins.push("none"), NotFound, "none"),
        (lambda: docker.plugins.upgrade("none", "127.0.0.1:1/none"), NotFound, "none"),
        (lambda: docker.plugins.set("tests/memory", ["NONE=1"]), APIError, "NONE"),
        (lambda: docker.plugins.disable("tests/memory"), Conflict, "disabled"),
        (lambda: docker.plugins.create("tests/memory", plugin_archive()), APIError, "already exists"),
        (lambda: docker.plugins.create("tests/broken", b"not an archive"), ServerError, "tar"),
        (lambda: docker.plugins.pull("127.0.0.1:1/none"), ServerError, "connection refused"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            await call()
