"""Listing and inspecting containers, on a real engine."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import BadRequest, Conflict, Docker, ServerError
from aiodockerapi.models import FilesystemChange
from tests.support.containers import config, created, ended, started
from tests.support.deadline import until

if TYPE_CHECKING:
    from tests.support.names import Names

SLEEP = "exec sleep 1000"


async def listed(docker: Docker, names: Names, **options: Any) -> list[str]:
    """List the ids of the containers of this test."""
    [(key, value)] = names.labels.items()
    filters = {"label": f"{key}={value}", **options.pop("filters", {})}
    return [one.id for one in await docker.containers.list(filters=filters, **options)]


# --- list


async def test_only_running_containers_are_listed_by_default(docker: Docker, name: Names) -> None:
    idle = await created(docker, name, SLEEP)
    running = await started(docker, name, SLEEP)
    paused = await started(docker, name, SLEEP)
    await docker.containers.pause(paused)
    over = await ended(docker, name, "exit 3")

    assert await listed(docker, name) == [paused, running]
    assert await listed(docker, name, all=True) == [over, paused, running, idle]  # newest first
    assert await listed(docker, name, limit=1) == [over]
    assert await listed(docker, name, filters={"status": ["created", "paused"]}) == [paused, idle]
    assert await listed(docker, name, filters={"exited": "3"}, all=True) == [over]
    assert await listed(docker, name, filters={"label": "no-such-label"}, all=True) == []


async def test_a_summary_has_the_main_properties(docker: Docker, name: Names) -> None:
    web = name("web")
    more = {"Env": ["A=1"], "ExposedPorts": {"80/tcp": {}}, "HostConfig": {"NetworkMode": "bridge"}}
    made = await docker.containers.create(config(name, SLEEP, **more), name=web)
    before = datetime.datetime.now(datetime.UTC)
    await docker.containers.start(web)
    [found] = await docker.containers.list(filters={"name": f"^/{web}$"}, size=True)
    assert (found.id, found.names, found.image) == (made.id, [f"/{web}"], "busybox")
    assert found.image_id.startswith("sha256:")
    assert found.command == f"sh -c '{SLEEP}'"
    assert (found.state, found.status.split()[0]) == ("running", "Up")
    assert found.labels == name.labels
    assert found.created is not None
    assert abs(found.created - before) < datetime.timedelta(minutes=5)
    assert [(port.private_port, port.type) for port in found.ports] == [(80, "tcp")]
    assert found.host_config is not None
    assert found.host_config.network_mode in {"default", "bridge"}
    assert found.network_settings is not None
    assert found.network_settings.networks.keys() == {"bridge"}
    assert found.size_root_fs is not None
    assert found.size_root_fs > 100_000


async def test_sizes_are_not_included_by_default(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "echo 12345 > /tmp/five")
    plain = await docker.containers.inspect(container)
    assert (plain.size_rw, plain.size_root_fs) == (None, None)
    sized = await docker.containers.inspect(container, size=True)
    assert sized.size_rw == 6
    assert sized.size_root_fs is not None
    assert sized.size_root_fs > 100_000


@pytest.mark.parametrize(
    ("filters", "message"),
    [({"nope": "x"}, "(?i)invalid filter 'nope'"), ({"status": "x"}, "(?i)invalid filter 'status=x'")],
    ids=str,
)
async def test_an_invalid_filter_is_a_bad_request(docker: Docker, filters: dict[str, str], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        await docker.containers.list(filters=filters)


# --- inspect


async def test_a_container_is_found_by_name_and_by_a_prefix_of_its_id(docker: Docker, name: Names) -> None:
    web = name("web")
    made = await docker.containers.create(config(name, SLEEP), name=web)
    for one in (web, f"/{web}", made.id, made.id[:12]):
        assert (await docker.containers.inspect(one)).id == made.id


async def test_inspect_returns_the_state(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    execution = await docker.exec.create(container, {"Cmd": ["sleep", "1000"]})
    await docker.exec.start(execution.id, detach=True)
    found = await docker.containers.inspect(container)
    assert found.state is not None
    assert (found.state.status, found.state.running, found.state.exit_code) == ("running", True, 0)
    assert found.state.pid > 0
    assert found.state.finished_at is None
    assert found.created is not None
    assert found.state.started_at is not None
    assert found.created < found.state.started_at
    assert found.exec_ids == [execution.id]
    assert (found.path, found.args) == ("sh", ["-c", SLEEP])
    assert found.extra == {}


async def test_inspect_returns_the_state_after_the_exit(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "sleep 0.1; exit 3")
    state = (await docker.containers.inspect(container)).state
    assert state is not None
    assert (state.status, state.running, state.exit_code, state.pid) == ("exited", False, 3, 0)
    assert state.started_at is not None
    assert state.finished_at is not None
    assert state.started_at < state.finished_at


# --- top, changes, resize


async def test_top_lists_the_processes(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "sleep 1001 & exec sleep 1002")

    async def settled() -> bool:  # at first there may be shells that have not executed their command yet
        return not any("sh -c" in process[-1] for process in (await docker.containers.top(container)).processes)

    await until(settled)
    top = await docker.containers.top(container)
    assert {"PID", "PPID", "CMD"} <= set(top.titles)
    assert {process[-1] for process in top.processes} == {"sleep 1001", "sleep 1002"}
    assert all(len(process) == len(top.titles) for process in top.processes)


async def test_top_passes_arguments_to_ps(docker: Docker, name: Names) -> None:
    container = await started(docker, name, SLEEP)
    top = await docker.containers.top(container, ps_args="-o pid,comm")
    assert top.titles == ["PID", "COMMAND"]
    assert [process[1] for process in top.processes] == ["sleep"]
    for wrong, message in {"-o comm": "PID", "--no-such-option": "unknown gnu long option"}.items():
        with pytest.raises(ServerError, match=message):
            await docker.containers.top(container, ps_args=wrong)


async def test_top_of_a_stopped_container_is_a_conflict(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP)
    with pytest.raises(Conflict, match="is not running"):
        await docker.containers.top(container)


async def test_changes(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "echo > /etc/new; rm /etc/group; echo >> /etc/passwd")
    changed, added, deleted = 0, 1, 2
    found = await docker.containers.changes(container)
    assert {change.path: change.kind for change in found} == {
        "/etc": changed,
        "/etc/new": added,
        "/etc/passwd": changed,
        "/etc/group": deleted,
    }
    assert all(type(change) is FilesystemChange for change in found)


async def test_no_changes_are_an_empty_list(docker: Docker, name: Names) -> None:
    assert await docker.containers.changes(await created(docker, name, SLEEP)) == []


async def test_resize_sets_the_size_of_the_terminal(docker: Docker, name: Names) -> None:
    container = await created(docker, name, "read line; stty size", Tty=True, OpenStdin=True)
    async with docker.containers.attach(container, stdin=True) as attached:
        await docker.containers.start(container)
        await docker.containers.resize(container, 30, 100)
        await attached.send("go on\n")
        assert b"30 100\r\n" in b"".join([frame.data async for frame in attached])


async def test_resize_of_a_stopped_container_is_a_conflict(docker: Docker, name: Names) -> None:
    container = await created(docker, name, SLEEP, Tty=True)
    with pytest.raises(Conflict, match="is not running"):
        await docker.containers.resize(container, 30, 100)
