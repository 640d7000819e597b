"""A kept connection that the other side has closed while it was idle."""

import asyncio

import pytest

from aiodockerapi import Docker
from aiodockerapi.errors import DockerError, TransportError
from tests.faults.aftermath import outcome
from tests.faults.calls import KINDS, Call, World
from tests.support.faults import Plan, Proxy

@pytest.mark.parametrize("call", KINDS, ids=str)
async def test_close_that_was_seen_harms_no_call(call: Call, proxy: Proxy, faulty: Docker, world: World) -> None:
    plain = await outcome(call, faulty, world)
    proxy.hang_up()
    await proxy.until(lambda: proxy.open == 0)
    assert await outcome(call, faulty, world) == plain

@pytest.mark.parametrize("call", KINDS, ids=str)
async def test_unseen(call: Call, proxy: Proxy, faulty: Docker, world: World) -> None:
    plain = await outcome(call, faulty, world)
    await faulty.system.ping()
    n=len(proxy.exchanges)
    proxy.hang_up()
    found= await outcome(call, faulty, world)
    print(proxy.exchanges[n:])
    assert found == plain
