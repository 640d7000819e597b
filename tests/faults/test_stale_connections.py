"""A kept connection that the other side has closed while it was idle."""

import pytest

from aiodockerapi import Docker
from aiodockerapi.errors import ConnectFailed, TransportError
from tests.faults.aftermath import Aftermath, outcome
from tests.faults.calls import KINDS, Call, World
from tests.support.faults import Plan, Proxy

# What sends its first request by GET or HEAD, or has a connection of its own for it.
_SAFE = [call for call in KINDS if call.name not in {"empty", "exec-run", "run", "upload"}]
_UNSAFE = [call for call in KINDS if call not in _SAFE]


@pytest.mark.parametrize("call", KINDS, ids=str)
async def test_close_that_was_seen_harms_no_call(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    plain = await outcome(call, faulty, world)
    proxy.hang_up()
    await proxy.until(lambda: proxy.open == 0)
    assert await outcome(call, faulty, world) == plain
    await aftermath.is_clean()


@pytest.mark.parametrize("call", _SAFE, ids=str)
async def test_close_that_nobody_has_seen_yet_harms_no_safe_call(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    """The event loop was kept busy, and learns of the close only by the call itself: it is sent again."""
    plain = await outcome(call, faulty, world)
    await faulty.system.ping()
    proxy.hang_up()
    assert await outcome(call, faulty, world) == plain
    await aftermath.is_clean()


@pytest.mark.parametrize("call", _UNSAFE, ids=str)
async def test_close_that_nobody_has_seen_yet_fails_a_call_that_must_not_be_repeated(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    """The daemon might have taken it: that is for the caller to find out. An upload's body may be used up."""
    await outcome(call, faulty, world)
    await faulty.system.ping()
    taken = len(proxy.exchanges)
    proxy.hang_up()
    found = await outcome(call, faulty, world)
    assert isinstance(found.error, TransportError)
    assert not isinstance(found.error, ConnectFailed)
    assert len(proxy.exchanges) == taken
    assert "http" not in str(found.error)  # a query may hold what is nobody's business, such as build arguments
    await aftermath.is_clean()


async def test_answer_to_a_safe_call_that_was_lost_is_asked_for_again(
    proxy: Proxy, faulty: Docker, world: World
) -> None:
    with proxy.fault(Plan("/json", at=100, times=1)):
        found = await faulty.containers.inspect(world.running)
    assert found.name == f"/{world.running}"


async def test_answer_to_a_post_that_was_lost_is_an_error(proxy: Proxy, faulty: Docker, world: World) -> None:
    taken = len(proxy.exchanges)
    with proxy.fault(Plan("/start", at=0, times=1)), pytest.raises(TransportError):
        await faulty.containers.start(world.running)
    assert len(proxy.exchanges) == taken + 1
