"""A daemon that is stopped or killed during streams and calls."""

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

_NAME = "long-lived"
_TIMEOUT = 60.0

Armed = Callable[[], Awaitable[None]]
Call = Callable[[Docker, Armed], Awaitable[Any]]


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
    """A plain call in progress: the grace period is a minute, and the daemon reports its signal by an event."""
    async with docker.system.events(filters={"container": [_NAME], "event": ["kill"]}) as events:
        stopping = asyncio.ensure_future(docker.containers.stop(_NAME, timeout=60))
        await anext(events)
        await armed()
        return await stopping


# The end of an upgraded connection looks the same as the end of the process.
_END_WITHOUT_ERROR = {_attach, _exec}
_STREAMS = [_logs, _attach, _exec, _websocket, _stats, _events, _wait]


def _process(daemon: Engine) -> tuple[Path, int]:
    run = Path(daemon.host.removeprefix("unix://")).parent
    return run, int((run / "pid").read_text())


@contextlib.asynccontextmanager
async def _daemon(engine: Engine, command: str) -> AsyncIterator[Docker]:
    """A client and a running container; the test ends the daemon, which is started again afterwards."""
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


async def _outcomes(calls: Sequence[Call], docker: Docker, engine: Engine, number: signal.Signals) -> dict[Call, Any]:
    """Make long-lived calls, send the daemon a signal when all are in progress, and return how each of them ends."""
    outcomes: dict[Call, Any] = {}
    waiting = set(calls)
    all_armed = anyio.Event()

    async def make(call: Call) -> None:
        async def armed() -> None:
            waiting.discard(call)
            if not waiting:
                all_armed.set()

        try:
            outcomes[call] = await call(docker, armed)
        except DockerError as error:
            outcomes[call] = error

    with anyio.fail_after(_TIMEOUT):
        async with anyio.create_task_group() as tasks:
            for call in calls:
                tasks.start_soon(make, call)
            await all_armed.wait()
            os.kill(_process(engine)[1], number)
    return outcomes


async def test_killed(spare_engine: Engine) -> None:
    async with _daemon(spare_engine, "trap '' TERM; while :; do sleep 1; done") as docker:
        outcomes = await _outcomes([*_STREAMS, _stop], docker, spare_engine, signal.SIGKILL)
        assert isinstance(outcomes.pop(_stop), TransportError)
        for call, found in outcomes.items():
            assert found == [] if call in _END_WITHOUT_ERROR else isinstance(found, TruncatedStream), (call, found)
        with pytest.raises(ConnectFailed, match="nothing listens on the socket"):
            await docker.system.version()
        with pytest.raises(ConnectFailed, match="nothing listens on the socket"):
            async with docker.system.events():
                pass


async def test_stopped(spare_engine: Engine) -> None:
    """The daemon stops its containers first: streams of a container may end normally, streams of the daemon are truncated."""
    async with _daemon(spare_engine, "trap exit TERM; echo started; while :; do sleep 0.1; done") as docker:
        outcomes = await _outcomes(_STREAMS, docker, spare_engine, signal.SIGTERM)
        assert isinstance(outcomes.pop(_events), TruncatedStream)
        for call, found in outcomes.items():
            assert not isinstance(found, Exception) or isinstance(found, StreamError), (call, found)
        assert isinstance(outcomes[_wait], ContainerWaitResponse | TruncatedStream)
        while answers(spare_engine.host):  # noqa: ASYNC110 - there is no event for the end of the daemon
            await anyio.sleep(0.05)
        with pytest.raises(ConnectFailed, match=r"no such socket|nothing listens on the socket"):
            await docker.system.version()
