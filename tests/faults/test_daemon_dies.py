"""A daemon that is stopped or killed while streams are open and calls under way."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest

from aiodockerapi import Docker
from aiodockerapi.errors import ConnectFailed, DockerError, StreamError, TransportError, TruncatedStream
from aiodockerapi.models import ContainerWaitResponse
from tests.support.containers import OFFLINE
from tests.support.engine import Engine, answers, restart

_NAME = "lasting"
_PATIENCE = 60.0

Armed = Callable[[], Awaitable[None]]
Lasting = Callable[[Docker, Armed], Awaitable[Any]]


async def _logs(docker: Docker, armed: Armed) -> Any:
    async with docker.containers.logs(_NAME, follow=True) as log:
        await armed()
        return [line async for line in log.lines()]


async def _attach(docker: Docker, armed: Armed) -> Any:
    async with docker.containers.attach(_NAME) as attached:
        await armed()
        return [frame async for frame in attached]


async def _exec(docker: Docker, armed: Armed) -> Any:
    created = await docker.exec.create(_NAME, {"Cmd": ["cat"], "AttachStdin": True, "AttachStdout": True})
    async with docker.exec.start(created.id) as attached:
        await armed()
        return [frame async for frame in attached]


async def _websocket(docker: Docker, armed: Armed) -> Any:
    async with docker.containers.attach_websocket(_NAME) as attached:
        await armed()
        return [frame async for frame in attached]


async def _stats(docker: Docker, armed: Armed) -> Any:
    async with docker.containers.stats(_NAME) as samples:
        await armed()
        return [sample async for sample in samples]


async def _events(docker: Docker, armed: Armed) -> Any:
    async with docker.system.events() as events:
        await armed()
        return [event async for event in events]


async def _wait(docker: Docker, armed: Armed) -> Any:
    async with docker.containers.wait(_NAME) as waiting:
        await armed()
        return await waiting.result()


async def _stop(docker: Docker, armed: Armed) -> Any:
    """A plain call that is under way: the daemon gives the container a minute, and says so by an event."""
    async with docker.system.events(filters={"container": [_NAME], "event": ["kill"]}) as events:
        stopping = asyncio.ensure_future(docker.containers.stop(_NAME, timeout=60))
        await anext(events)
        await armed()
        return await stopping


# An upgraded connection ends like that of a process that has ended: nothing tells the two apart.
_ENDS_UNTOLD = {_attach, _exec}
_LASTING = [_logs, _attach, _exec, _websocket, _stats, _events, _wait]


def _process(daemon: Engine) -> tuple[Path, int]:
    run = Path(daemon.host.removeprefix("unix://")).parent
    return run, int((run / "pid").read_text())


@contextlib.asynccontextmanager
async def _daemon(engine: Engine, command: str) -> AsyncIterator[Docker]:
    """A client, and a container that runs; the daemon is ended meanwhile, and started again afterwards."""
    async with Docker(engine.host) as docker:
        config = {"Image": "busybox", "Cmd": ["sh", "-c", command], "StopTimeout": 1, **OFFLINE}
        await docker.containers.create(config, name=_NAME)
        try:
            await docker.containers.start(_NAME)
            yield docker
        finally:
            restart(engine.host)
            await docker.containers.remove(_NAME, force=True)
        assert (await docker.system.version()).api_version


async def _outcomes(
    calls: Sequence[Lasting], docker: Docker, engine: Engine, number: signal.Signals
) -> dict[Lasting, Any]:
    """Make calls that last, end the daemon as soon as all are under way, and see how each of them ends."""
    outcomes: dict[Lasting, Any] = {}
    waiting = set(calls)
    everyone = anyio.Event()

    async def keep(call: Lasting) -> None:
        async def armed() -> None:
            waiting.discard(call)
            if not waiting:
                everyone.set()

        try:
            outcomes[call] = await call(docker, armed)
        except DockerError as error:
            outcomes[call] = error

    with anyio.fail_after(_PATIENCE):
        async with anyio.create_task_group() as tasks:
            for call in calls:
                tasks.start_soon(keep, call)
            await everyone.wait()
            os.kill(_process(engine)[1], number)
    return outcomes


async def test_killed(spare_engine: Engine) -> None:
    async with _daemon(spare_engine, "trap '' TERM; while :; do sleep 1; done") as docker:
        outcomes = await _outcomes([*_LASTING, _stop], docker, spare_engine, signal.SIGKILL)
        assert isinstance(outcomes.pop(_stop), TransportError)
        for call, found in outcomes.items():
            assert found == [] if call in _ENDS_UNTOLD else isinstance(found, TruncatedStream), (call, found)
        with pytest.raises(ConnectFailed, match="nothing listens on the socket"):
            await docker.system.version()
        with pytest.raises(ConnectFailed, match="nothing listens on the socket"):
            async with docker.system.events():
                pass


async def test_stopped(spare_engine: Engine) -> None:
    """The daemon ends its containers first; what depends on one ends well, what depends on the daemon does not."""
    async with _daemon(spare_engine, "trap exit TERM; echo started; while :; do sleep 0.1; done") as docker:
        outcomes = await _outcomes(_LASTING, docker, spare_engine, signal.SIGTERM)
        assert isinstance(outcomes.pop(_events), TruncatedStream)
        for call, found in outcomes.items():
            assert not isinstance(found, Exception) or isinstance(found, StreamError), (call, found)
        assert isinstance(outcomes[_wait], ContainerWaitResponse | TruncatedStream)
        while answers(spare_engine.host):  # noqa: ASYNC110 - the daemon tells nobody when it is gone
            await anyio.sleep(0.05)
        with pytest.raises(ConnectFailed, match=r"there is no such socket|nothing listens on the socket"):
            await docker.system.version()
