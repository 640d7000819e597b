"""Code that type checkers must reject: if they accept a line, its unused comment is an error."""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from aiodockerapi import Docker, structure
from aiodockerapi.models import ContainerCreateRequest, ContainerState, HostConfig


async def arguments(docker: Docker) -> None:
    await docker.containers.start()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await docker.containers.start(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.start(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.stop("web", 5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await docker.containers.stop("web", timeout="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.stop("web", time=5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await docker.containers.list(all="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.list(filters={"a": 1})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    await docker.containers.list(filters="a=b")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.create("busybox")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.create(HostConfig())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.wait("web", condition="soon")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.logs("web", tail="ten")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.containers.run("busybox", [1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await docker.containers.run("a", on_cancel="wait")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.system.disk_usage(type="all")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.networks.connect("a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await docker.networks.create("backend")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.volumes.create(labels=["a"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.plugins.set("a", {"A": 1}, 2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await docker.services.update("web", {})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await docker.services.update("web", {}, version="1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.services.update("web", {}, version=1, rollback="all")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.secrets.create("key")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.swarm.unlock(unlock_key=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await docker.request("GET", "/x", parameters={"a": 1.5})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    await docker.request("POST", "/x", body="text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Docker(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Docker(timeout=5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def streams(docker: Docker) -> None:
    async for _ in docker.containers.logs("web"):  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        pass
    with docker.containers.logs("web"):  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        pass
    async with docker.containers.logs("web") as log:
        await log.send(b"x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
        for _ in log:  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
            pass
    async with docker.containers.attach("web") as attached:
        await attached.send(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    _ = (await docker.containers.logs("web")).text  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def handles(docker: Docker) -> None:
    web = docker.container("web")
    await web.stop("web")  # type: ignore[call-arg,arg-type]  # pyright: ignore[reportCallIssue]
    await web.stop(timeout="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await web.rename()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await web.create()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def data(state: ContainerState | None) -> None:
    HostConfig(True)  # type: ignore[call-arg,arg-type]  # pyright: ignore[reportCallIssue]
    HostConfig(auto_remove="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HostConfig(autoremove=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ContainerCreateRequest(cmd="ls")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HostConfig().binds = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    _ = HostConfig().nothing  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    _ = state.running  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    found: list[HostConfig] = structure([], HostConfig)  # type: ignore[arg-type]  # pyright: ignore[reportAssignmentType]
    found.clear()
