"""A pooled connection that the daemon has closed while it was idle."""

import pytest

from aiodockerapi import Docker
from aiodockerapi.errors import ConnectFailed, TransportError
from tests.faults.aftermath import Aftermath, outcome
from tests.faults.calls import KINDS, Call, World
from tests.support.faults import Plan, Proxy

# Calls whose first request is a GET or HEAD, or uses a dedicated connection.
_SAFE = [call for call in KINDS if call.name not in {"empty", "exec-run", "run", "upload"}]
_UNSAFE = [call for call in KINDS if call not in _SAFE]


@pytest.mark.parametrize("call", KINDS, ids=str)
async def test_a_detected_close_affects_no_call(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    plain = await outcome(call, faulty, world)
    proxy.hang_up()
    await proxy.until(lambda: proxy.open == 0)
    assert await outcome(call, faulty, world) == plain
    await aftermath.is_clean()


@pytest.mark.parametrize("call", _SAFE, ids=str)
async def test_an_undetected_close_affects_no_safe_call(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    """The event loop was busy, and the close is detected only by the call itself, which is repeated."""
    plain = await outcome(call, faulty, world)
    await faulty.system.ping()
    proxy.hang_up()
    assert await outcome(call, faulty, world) == plain
    await aftermath.is_clean()


@pytest.mark.parametrize("call", _UNSAFE, ids=str)
async def test_an_undetected_close_fails_a_call_that_must_not_be_repeated(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    """The daemon may have carried it out, and the body of an upload may have been consumed."""
    await outcome(call, faulty, world)
    await faulty.system.ping()
    before = len(proxy.exchanges)
    proxy.hang_up()
    found = await outcome(call, faulty, world)
    assert isinstance(found.error, TransportError)
    assert not isinstance(found.error, ConnectFailed)
    assert len(proxy.exchanges) == before
    assert "http" not in str(found.error)  # the query may contain secrets, such as build arguments
    await aftermath.is_clean()


async def test_a_safe_call_whose_response_was_lost_is_repeated(proxy: Proxy, faulty: Docker, world: World) -> None:
    with proxy.fault(Plan("/json", at=100, times=1)):
        found = await faulty.containers.inspect(world.running)
    assert found.name == f"/{world.running}"


async def test_a_post_whose_response_was_lost_is_an_error(proxy: Proxy, faulty: Docker, world: World) -> None:
    before = len(proxy.exchanges)
    with proxy.fault(Plan("/start", at=0, times=1)), pytest.raises(TransportError):
        await faulty.containers.start(world.running)
    assert len(proxy.exchanges) == before + 1
