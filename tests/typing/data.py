"""Typing of models: reading responses and building requests. Checked, not run."""

from datetime import datetime
from typing import Any, assert_type

import attrs

from aiodockerapi import models, structure, unstructure
from aiodockerapi.models import (
    AuthConfig,
    ContainerConfig,
    ContainerInspectResponse,
    ContainerState,
    ContainerSummary,
    EndpointSettings,
    HealthConfig,
    HostConfig,
    Mount,
    NetworkingConfig,
    SystemInfo,
)


def reading(summary: ContainerSummary, found: ContainerInspectResponse, info: SystemInfo) -> None:
    # Properties that a daemon always sends are not optional.
    assert_type(summary.id, str)
    assert_type(summary.names, list[str])
    assert_type(summary.labels, dict[str, str])
    assert_type(summary.created, datetime | None)
    assert_type(found.id, str)
    assert_type(found.name, str)
    assert_type(found.restart_count, int)
    assert_type(info.containers_running, int)
    assert_type(found.state, ContainerState | None)
    if found.state is not None:
        assert_type(found.state.running, bool)
        assert_type(found.state.exit_code, int)
        assert_type(found.state.started_at, datetime | None)
        assert_type(len(found.state.status), int)
        assert_type(found.state.status == "running", bool)
    for name, endpoint in (found.network_settings.networks if found.network_settings else {}).items():
        assert_type(name, str)
        assert_type(endpoint, EndpointSettings)
        assert_type(endpoint.ip_address, str | None)
    assert_type(found.config, ContainerConfig | None)
    assert_type(found.extra, dict[str, Any])


def building() -> HostConfig:
    config = HostConfig()
    assert_type(config.auto_remove, bool | None)
    assert_type(config.binds, list[str])
    config.binds.append("/a:/b:ro")
    config.memory = 1 << 30
    HealthConfig(test=["CMD", "true"], interval=10**9, start_interval=None)
    NetworkingConfig(endpoints_config={"backend": EndpointSettings(aliases=["web"])})
    AuthConfig(username="u", password="p")
    Mount(type="volume", source="data", target="/data", read_only=True)
    return attrs.evolve(HostConfig(network_mode="host", nano_cpus=5 * 10**8), privileged=True)


def conversion(raw: object) -> None:
    assert_type(structure(raw, HostConfig), HostConfig)
    assert_type(structure(raw, list[ContainerSummary]), list[ContainerSummary])
    assert_type(structure(raw, dict[str, HostConfig]), dict[str, HostConfig])
    assert_type(unstructure(HostConfig()), Any)
    assert_type(models.HostConfig(extra={"Later": 1}), HostConfig)
