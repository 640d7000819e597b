"""The result does not depend on how the bytes of a response are split into segments."""

import asyncio

import pytest

from aiodockerapi import Docker
from tests.faults.aftermath import Aftermath, outcome
from tests.faults.calls import KINDS, Call, World
from tests.support.faults import EVERY_BYTE, Plan, Proxy

kinds = pytest.mark.parametrize("call", KINDS, ids=str)


@kinds
async def test_byte_by_byte(call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath) -> None:
    plain = await outcome(call, faulty, world)
    with proxy.fault(Plan(segments=EVERY_BYTE)):
        trickled = await outcome(call, faulty, world)
    assert plain.error is None
    assert trickled == plain
    await aftermath.is_clean()


@kinds
async def test_request_byte_by_byte(call: Call, proxy: Proxy, faulty: Docker, world: World) -> None:
    plain = await outcome(call, faulty, world)
    with proxy.fault(Plan(side="request", segments=EVERY_BYTE)):
        assert await outcome(call, faulty, world) == plain


# Not those whose response begins before it is complete, nor those whose length varies.
_COMPLETE = {
    "json",
    "logs-followed",
    "logs-awaited",
    "attach",
    "websocket",
    "exec-start",
    "wait",
    "export",
    "get-archive",
}


@pytest.mark.parametrize("call", [call for call in KINDS if call.name in _COMPLETE], ids=str)
async def test_everything_in_one_segment(call: Call, proxy: Proxy, faulty: Docker, world: World) -> None:
    """Bytes that arrive together with the head are the first of the stream."""
    plain = await outcome(call, faulty, world)
    with proxy.fault(Plan(call.target, segments=[proxy.exchange(call.target).size])):
        assert await outcome(call, faulty, world) == plain


async def test_delayed_head(proxy: Proxy, faulty: Docker, world: World) -> None:
    """Only a timeout of the caller limits the time for a response."""
    call = KINDS[0]
    with proxy.fault(Plan(call.target, at=0, fault="stall")) as plan:
        waiting = asyncio.ensure_future(outcome(call, faulty, world))
        await plan.reached.wait()
        plan.resume.set()
        assert (await waiting).error is None
