"""Options newer than the API version in use raise an error, and nothing is sent to the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aiodockerapi import Docker, UnsupportedFeature
from aiodockerapi._engine.features import FEATURES
from aiodockerapi.models import ContainerCreateRequest, HealthConfig
from tests.support.proxy import proxied

CALLS: dict[str, Callable[[Docker], Any]] = {
    "containers.stop.signal": lambda d: d.containers.stop("web", signal="SIGINT"),
    "containers.restart.signal": lambda d: d.containers.restart("web", signal=2),
    "containers.attach_websocket.stdin": lambda d: d.containers.attach_websocket("web", stdin=False),
    "containers.attach_websocket.stdout": lambda d: d.containers.attach_websocket("web", stdout=True),
    "containers.attach_websocket.stderr": lambda d: d.containers.attach_websocket("web", stderr=True),
    "containers.create.healthcheck.start_interval": lambda d: d.containers.create(
        ContainerCreateRequest(image="busybox", healthcheck=HealthConfig(start_interval=1))
    ),
    "exec.create.console_size": lambda d: d.exec.create("web", {"Cmd": ["sh"], "ConsoleSize": [24, 80]}),
    "exec.start.console_size": lambda d: d.exec.start("0123", console_size=(24, 80)),
    "system.disk_usage.type": lambda d: d.system.disk_usage(type="image"),
    "system.disk_usage.verbose": lambda d: d.system.disk_usage(verbose=False),
}


def test_all_features_of_these_groups_are_tested() -> None:
    assert {name for name in FEATURES if name.startswith(("containers.", "exec.", "system."))} <= CALLS.keys()


@pytest.mark.parametrize("feature", CALLS)
async def test_nothing_is_sent(feature: str, engine_host: str) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature) as caught:
            await CALLS[feature](docker)
        assert (caught.value.option, caught.value.has) == (feature, "1.41")
        assert proxy.requests == []
