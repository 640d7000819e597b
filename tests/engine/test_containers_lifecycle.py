"""The lifecycle of containers, on a real engine."""

from __future__ import annotations

import datetime
import re
from signal import Signals
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import BadRequest, Conflict, Docker, InvalidArgument, NotFound, ServerError
from aiodockerapi.models import (
    ContainerCreateRequest,
    ContainerState,
    ContainerUpdateRequest,
    HostConfig,
    RestartPolicy,
)
from tests.support.containers import config, created, started

if TYPE_CHECKING:
    from tests.support.names import Names

SLEEP = "exec sleep 1000"
MEGABYTE = 1 << 20
REFUSED = (BadRequest, ServerError)  # 500 with 20.10, 400 with newer engines


async def state(docker: Docker, container: str) -> ContainerState:
    found = (await docker.containers.inspect(container)).state
    assert found is not None
    return found


async def ready(docker: Docker, container: str) -> None:
    """Wait for the first output of a container."""
    async with docker.containers.logs(container, follow=True) as log:
        async for _ in log:
            return


# --- create


async def test_create_applies_the_configuration(docker: Docker, name: Names) -> None:
    web = name("web")
    request = ContainerCreateRequest(
        image="busybox",
        cmd=["sleep", "1000"],
        env=["A=1"],
        labels=name.labels,
        working_dir="/tmp",
        host_config=HostConfig(
            network_mode="none",
            memory=64 * MEGABYTE,
            restart_policy=RestartPolicy(name="on-failure", maximum_retry_count=3),
        ),
    )
    made = await docker.containers.create(request, name=web)
    assert re.fullmatch("[0-9a-f]{64}", made.id)
    assert all(isinstance(warning, str) for warning in made.warnings)

    found = await docker.containers.inspect(web)
    assert (found.id, found.name) == (made.id, f"/{web}")
    assert found.config is not None
    assert found.host_config is not None
    assert found.config.cmd == ["sleep", "1000"]
    assert "A=1" in found.config.env
    assert found.config.labels == name.labels
    assert found.config.working_dir == "/tmp"
    assert found.host_config.memory == 64 * MEGABYTE
    assert found.host_config.restart_policy == RestartPolicy(name="on-failure", maximum_retry_count=3)
    assert found.state is not None
    assert (found.state.status, found.state.running, found.state.started_at) == ("created", False, None)


async def test_a_name_is_generated_by_default(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    assert re.fullmatch(r"/[a-z]+_[a-z]+\d*", (await docker.containers.inspect(container)).name)


async def test_the_platform_must_match_the_image(docker: Docker, name: Names) -> None:
    info = await docker.system.version()
    await docker.containers.create(config(name, SLEEP), platform=f"{info.os}/{info.arch}")
    with pytest.raises(NotFound, match="does not match the specified platform"):
        await docker.containers.create(config(name, SLEEP), platform="linux/s390x")
    with pytest.raises(InvalidArgument, match="platform must be"):
        await docker.containers.create(config(name, SLEEP), platform="a/b/c/d")


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"Image": "no-such-image:1"}, NotFound, "No such image: no-such-image:1"),
        ({"Image": "Not A Reference"}, BadRequest, "invalid reference format"),
        ({"StopSignal": "SIGNONE"}, BadRequest, "(?i)invalid signal"),
        ({"HostConfig": {"Memory": 1}}, BadRequest, "Minimum memory limit"),
        ({"HostConfig": {"NanoCpus": -1}}, BadRequest, "Range of CPUs"),
        ({"Env": {"A": "1"}}, REFUSED, "cannot unmarshal object"),
    ],
    ids=str,
)
async def test_an_invalid_configuration_is_an_error(
    docker: Docker, name: Names, more: dict[str, Any], error: Any, message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        await docker.containers.create(config(name, SLEEP, **more))
    assert (caught.value.method, caught.value.path) == ("POST", "/containers/create")


@pytest.mark.parametrize("wrong", ["a b", "a/b", "a?b", "a\nb", "..", "-a", "ä"])
async def test_an_invalid_name_is_a_bad_request(docker: Docker, name: Names, wrong: str) -> None:
    with pytest.raises(BadRequest, match="Invalid container name"):
        await docker.containers.create(config(name, SLEEP), name=wrong)
    container = await created(docker, name, SLEEP)
    with pytest.raises(BadRequest, match="Invalid container name"):
        await docker.containers.rename(container, wrong)


async def test_a_name_in_use_is_a_conflict(docker: Docker, name: Names) -> None:
    taken, other = name(), name()
    await docker.containers.create(config(name, SLEEP), name=taken)
    with pytest.raises(Conflict, match="already in use"):
        await docker.containers.create(config(name, SLEEP), name=taken)
    await docker.containers.create(config(name, SLEEP), name=other)
    with pytest.raises(Conflict, match="already in use"):
        await docker.containers.rename(other, taken)


# --- start, stop, restart, kill


async def test_start_and_stop_return_whether_the_state_changed(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    assert await docker.containers.stop(container) is False
    assert await docker.containers.start(container) is True
    assert (await state(docker, container)).status == "running"
    assert await docker.containers.start(container) is False
    assert await docker.containers.stop(container, timeout=0) is True
    assert await docker.containers.stop(container, timeout=0) is False
    assert (await state(docker, container)).status == "exited"


async def test_a_command_that_does_not_exist_cannot_be_started(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "", Cmd=["no-such-command"])
    with pytest.raises(BadRequest, match="executable file not found"):
        await docker.containers.start(container)
    after = await state(docker, container)
    assert (after.status, after.exit_code) == ("created", 127)
    assert "executable file not found" in after.error
    with pytest.raises(ServerError, match="executable file not found"):
        await docker.containers.restart(container)


@pytest.mark.parametrize("timeout", [30, datetime.timedelta(seconds=30), -1], ids=str)
async def test_stop_sends_the_stop_signal(docker: Docker, name: Names, timeout: Any) -> None:
    container = await started(docker, name, "trap 'exit 3' INT; echo ready; sleep 1000 & wait", StopSignal="SIGINT")
    await ready(docker, container)
    assert await docker.containers.stop(container, timeout=timeout) is True
    assert (await state(docker, container)).exit_code == 3


async def test_stop_kills_after_the_grace_period(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "trap '' TERM; echo ready; sleep 1000 & wait")
    await ready(docker, container)
    assert await docker.containers.stop(container, timeout=0.5) is True
    assert (await state(docker, container)).exit_code == 137


async def test_restart_stops_and_starts(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    first = await state(docker, container)
    await docker.containers.restart(container, timeout=0)
    second = await state(docker, container)
    assert second.running
    assert first.started_at is not None
    assert second.started_at is not None
    assert second.started_at > first.started_at
    assert second.pid != first.pid


async def test_restart_starts_a_stopped_container(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    await docker.containers.restart(container)
    assert (await state(docker, container)).running


@pytest.mark.parametrize("signal", ["USR1", "SIGUSR1", "10", 10, Signals.SIGUSR1], ids=repr)
async def test_kill_sends_a_signal(docker: Docker, name: Names, signal: str | int) -> None:
    container = await started(docker, name, "trap 'exit 7' USR1; echo ready; sleep 1000 & wait")
    await ready(docker, container)
    await docker.containers.kill(container, signal=signal)
    assert (await docker.containers.wait(container)).status_code == 7


async def test_kill_kills(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    await docker.containers.kill(container)
    assert (await docker.containers.wait(container)).status_code == 137
    with pytest.raises(Conflict, match="is not running"):
        await docker.containers.kill(container)


@pytest.mark.parametrize(
    ("signal", "error"),
    [("SIGNONE", BadRequest), ("0", BadRequest), (0, BadRequest), (99, REFUSED), (-1, REFUSED)],
)
async def test_an_unknown_signal_is_refused(docker: Docker, name: Names, signal: str | int, error: Any) -> None:
    container = await started(docker, name, SLEEP)
    with pytest.raises(error, match=r"[Ii]nvalid signal|does not support signal"):
        await docker.containers.kill(container, signal=signal)
    assert (await state(docker, container)).running


# --- update, rename, pause


async def test_update_changes_only_the_given_values(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP, HostConfig={"CpuShares": 256, "PidsLimit": 40})
    answer = await docker.containers.update(
        container, ContainerUpdateRequest(pids_limit=50, restart_policy=RestartPolicy(name="unless-stopped"))
    )
    assert all(isinstance(warning, str) for warning in answer.warnings)
    host = (await docker.containers.inspect(container)).host_config
    assert host is not None
    assert host.restart_policy is not None
    assert (host.pids_limit, host.cpu_shares, host.restart_policy.name) == (50, 256, "unless-stopped")


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ({"Memory": 1}, "Minimum memory limit"),
        ({"Memory": -5}, "Minimum memory limit"),
        ({"NanoCpus": -1}, "Range of CPUs"),
        ({"RestartPolicy": {"Name": "sometimes"}}, "invalid restart policy"),
    ],
    ids=str,
)
async def test_an_invalid_update_is_a_bad_request(
    docker: Docker, name: Names, update: dict[str, Any], message: str
) -> None:
    container = await created(docker, name, SLEEP)
    with pytest.raises(BadRequest, match=message):
        await docker.containers.update(container, update)


async def test_after_a_rename_only_the_new_name_is_found(docker: Docker, name: Names) -> None:
    old, new = name("old"), name("new")
    made = await docker.containers.create(config(name, SLEEP), name=old)
    await docker.containers.rename(old, new)
    assert (await docker.containers.inspect(new)).id == made.id
    with pytest.raises(NotFound):
        await docker.containers.inspect(old)
    with pytest.raises(BadRequest, match="same name"):
        await docker.containers.rename(new, new)


async def test_pause_and_unpause(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    with pytest.raises(ServerError, match="is not paused"):
        await docker.containers.unpause(container)
    await docker.containers.pause(container)
    paused = await state(docker, container)
    assert (paused.status, paused.paused, paused.running) == ("paused", True, True)
    for call in (docker.containers.pause, docker.containers.start):
        with pytest.raises(Conflict, match="paused"):
            await call(container)
    await docker.containers.unpause(container)
    assert (await state(docker, container)).status == "running"


async def test_pausing_a_stopped_container_is_a_conflict(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    with pytest.raises(Conflict, match="is not running"):
        await docker.containers.pause(container)
