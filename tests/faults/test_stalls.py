"""A stalled connection: the timeout of the caller ends the call at once, and the connection is released."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import anyio
import pytest

from aiodockerapi import Docker
from tests.faults.aftermath import TIMEOUT, Aftermath, outcome
from tests.faults.calls import CALLS, KINDS, Call, World
from tests.support.containers import offline
from tests.support.faults import Plan, Proxy

calls = pytest.mark.parametrize("call", CALLS, ids=str)
_SPOTS = ["start", "in the head", "after the head", "in the body"]


Deadline = Callable[[asyncio.Event], AbstractAsyncContextManager[None]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time for cleanup after a cancellation, in which the daemon does not respond here."""
    monkeypatch.setattr("aiodockerapi.api.containers.run._CANCEL_LIMIT", 0.2)
    monkeypatch.setattr("aiodockerapi.api.exec._CANCEL_LIMIT", 0.2)


@asynccontextmanager
async def _asyncio_deadline(passed: asyncio.Event) -> AsyncIterator[None]:
    """An `asyncio.timeout` that expires when an event is set."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as deadline:
        watcher = asyncio.ensure_future(passed.wait())
        watcher.add_done_callback(lambda _: None if watcher.cancelled() else deadline.reschedule(loop.time()))
        try:
            yield
        finally:
            watcher.cancel()


@asynccontextmanager
async def _anyio_deadline(passed: asyncio.Event) -> AsyncIterator[None]:
    """An `anyio.fail_after` that expires when an event is set."""
    with anyio.fail_after(None) as scope:

        def end(watcher: "asyncio.Future[Any]") -> None:
            if not watcher.cancelled():
                scope.deadline = anyio.current_time()

        watcher = asyncio.ensure_future(passed.wait())
        watcher.add_done_callback(end)
        try:
            yield
        finally:
            watcher.cancel()


async def _spot(call: Call, where: str, proxy: Proxy, docker: Docker, world: World) -> int:
    await outcome(call, docker, world)
    whole = proxy.exchange(call.target)
    last = min(whole.size - 1, (whole.head + whole.size) // 2)
    return dict(zip(_SPOTS, (0, whole.head // 2, min(whole.head, whole.size - 1), last), strict=True))[where]


@calls
@pytest.mark.parametrize("deadline", [_asyncio_deadline, _anyio_deadline], ids=["asyncio", "anyio"])
async def test_deadline_ends_a_stalled_call(
    deadline: Deadline, call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    for where in _SPOTS if call.points == "all" else _SPOTS[::2]:
        spot = await _spot(call, where, proxy, faulty, world)
        with proxy.fault(Plan(call.target, at=spot, fault="stall")) as plan, anyio.fail_after(TIMEOUT):
            with pytest.raises(TimeoutError):
                async with deadline(plan.reached):
                    await call.run(faulty, world)
            assert plan.reached.is_set()
    await aftermath.is_clean()


@calls
async def test_request_is_not_read(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    with proxy.fault(Plan(call.target, at=10, side="request", fault="stall")) as plan, anyio.fail_after(TIMEOUT):
        with pytest.raises(TimeoutError):
            async with _anyio_deadline(plan.reached):
                await call.run(faulty, world)
        assert plan.reached.is_set()
    await aftermath.is_clean()


@pytest.mark.parametrize("call", KINDS, ids=str)
async def test_call_continues_after_a_stall(call: Call, proxy: Proxy, faulty: Docker, world: World) -> None:
    plain = await outcome(call, faulty, world)
    spot = await _spot(call, "in the body", proxy, faulty, world)
    with proxy.fault(Plan(call.target, at=spot, fault="stall")) as plan:
        running = asyncio.ensure_future(outcome(call, faulty, world))
        with anyio.fail_after(TIMEOUT):
            await plan.reached.wait()
        plan.resume.set()
        assert await running == plain


@pytest.mark.parametrize("deadline", [_asyncio_deadline, _anyio_deadline], ids=["asyncio", "anyio"])
@pytest.mark.parametrize("target", ["/attach", "/wait", "/start"])
async def test_run_ends_when_the_daemon_no_longer_responds(
    deadline: Deadline, target: str, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    """The requests to kill and remove the container stall too, so it is left behind."""
    with (
        proxy.fault(Plan(f"{target}|/kill|DELETE", at=0, fault="stall")) as plan,
        anyio.fail_after(TIMEOUT),
        pytest.raises(TimeoutError),
    ):
        async with deadline(plan.reached):
            await faulty.containers.run("busybox", ["true"], config=offline(world.names))
    await aftermath.is_clean()


@pytest.mark.parametrize("deadline", [_asyncio_deadline, _anyio_deadline], ids=["asyncio", "anyio"])
async def test_exec_run_ends_when_the_daemon_no_longer_responds(
    deadline: Deadline, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    """The second command, which kills the first, stalls too."""
    with (
        proxy.fault(Plan("/exec", at=0, fault="stall", skip=1)) as plan,
        anyio.fail_after(TIMEOUT),
        pytest.raises(TimeoutError),
    ):
        async with deadline(plan.reached):
            await faulty.exec.run(world.running, ["true"], on_cancel="kill")
    await aftermath.is_clean()
