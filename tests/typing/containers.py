"""Typing of `docker.containers`. Checked, not run."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, assert_type

from aiodockerapi import Docker, RunResult
from aiodockerapi.models import (
    ContainerConfig,
    ContainerCreateRequest,
    ContainerCreateResponse,
    ContainerInspectResponse,
    ContainerPathStat,
    ContainerPruneResponse,
    ContainerStatsResponse,
    ContainerSummary,
    ContainerTopResponse,
    ContainerUpdateRequest,
    ContainerUpdateResponse,
    ContainerWaitResponse,
    FilesystemChange,
    HostConfig,
    IDResponse,
    PortBinding,
    RestartPolicy,
)


async def inspection(docker: Docker) -> None:
    assert_type(await docker.containers.list(), list[ContainerSummary])
    await docker.containers.list(all=True, limit=3, size=False, filters={"status": "exited", "label": ["a", "b=c"]})
    await docker.containers.list(filters={"is-task": True, "name": ("a", "b"), "id": {"x"}})
    assert_type(await docker.containers.inspect("web", size=True), ContainerInspectResponse)
    assert_type(await docker.containers.top("web", ps_args="aux"), ContainerTopResponse)
    assert_type(await docker.containers.changes("web"), list[FilesystemChange])
    assert_type(await docker.containers.stats("web", one_shot=True), ContainerStatsResponse)
    assert_type(await docker.containers.archive_info("web", "/etc"), ContainerPathStat)


async def lifecycle(docker: Docker, wire: Mapping[str, Any], options: dict[str, object]) -> None:
    config = ContainerCreateRequest(
        image="busybox",
        cmd=["sleep", "60"],
        env=["A=1"],
        labels={"a": "b"},
        exposed_ports={"80/tcp": {}},
        host_config=HostConfig(
            auto_remove=True,
            port_bindings={"80/tcp": [PortBinding(host_port="8080")]},
            restart_policy=RestartPolicy(name="on-failure", maximum_retry_count=3),
        ),
    )
    created = await docker.containers.create(config, name="web", platform="linux/amd64")
    assert_type(created, ContainerCreateResponse)
    assert_type(created.id, str)
    assert_type(created.warnings, list[str])
    await docker.containers.create({"Image": "busybox", "Cmd": ["sh"], "HostConfig": {"AutoRemove": True}})
    await docker.containers.create(wire)
    await docker.containers.create(options)
    assert_type(await docker.containers.start(created.id), bool)
    assert_type(await docker.containers.stop("web", timeout=2.5, signal="SIGINT"), bool)
    assert_type(await docker.containers.stop("web", timeout=timedelta(minutes=1), signal=2), bool)
    assert_type(await docker.containers.update("web", ContainerUpdateRequest(memory=1 << 30)), ContainerUpdateResponse)
    assert_type(await docker.containers.commit("web", config=ContainerConfig(), changes=["USER x"]), IDResponse)
    assert_type(await docker.containers.commit("web", config={"User": "x"}, changes="USER x"), IDResponse)
    assert_type(await docker.containers.prune(filters={"until": "10m"}), ContainerPruneResponse)
    await docker.containers.restart("web")
    await docker.containers.kill("web", signal=9)
    await docker.containers.rename("web", "other")
    await docker.containers.pause("web")
    await docker.containers.unpause("web")
    await docker.containers.resize("web", 24, 80)
    await docker.containers.resize("web", height=24, width=80)
    await docker.containers.remove("web", force=True, volumes=True)


async def running(docker: Docker, how: Literal["leave", "stop", "kill"]) -> None:
    result = await docker.containers.run("busybox", ["cat"], stdin="hello", auto_remove=True, on_cancel=how)
    assert_type(result, RunResult)
    assert_type(result.exit_code, int)
    assert_type(result.stdout, bytes)
    assert_type(result.error, str)
    assert_type(result.warnings, tuple[str, ...])
    await docker.containers.run("busybox", ("echo", "x"), config={"Env": ["A=1"]}, pull="never")
    await docker.containers.run("busybox", config=ContainerCreateRequest(tty=True), stdin=b"x", auth={"username": "u"})


async def waiting(docker: Docker) -> None:
    assert_type(await docker.containers.wait("web"), ContainerWaitResponse)
    async with docker.containers.wait("web", condition="next-exit") as armed:
        await docker.containers.start("web")
        ended = await armed.result()
    assert_type(ended, ContainerWaitResponse)
    assert_type(ended.status_code, int)


async def files(docker: Docker, path: Path) -> None:
    assert_type(await docker.containers.export("web"), bytes)
    assert_type(await docker.containers.get_archive("web", "/etc"), bytes)
    async with docker.containers.export("web") as download:
        async for chunk in download:
            assert_type(chunk, bytes)
        assert_type(await download.read(), bytes)
    async with docker.containers.get_archive("web", "/etc") as archive:
        assert_type(archive.stat, ContainerPathStat)
        assert_type(archive.stat.is_dir, bool)
        assert_type(archive.stat.mtime, datetime | None)
        assert_type(await archive.write_to(path / "etc.tar"), int)
        await archive.extract("directory", filter="data")
    await docker.containers.put_archive("web", "/", b"tar", copy_uid_gid=True)
    await docker.containers.put_archive("web", "/", path)
    with path.open("rb") as file:
        await docker.containers.put_archive("web", "/", file)


async def times(docker: Docker) -> None:
    await docker.containers.logs("web", since=datetime.now(UTC), until=timedelta(minutes=5), tail=10)
    await docker.containers.logs("web", since=1714564800, until=1714564800.5, tail="all")
    await docker.containers.logs("web", since="2024-05-01T12:00:00Z")
