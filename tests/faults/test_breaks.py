"""A response or request that is truncated at any byte raises a typed error, and the client still works."""

import pytest

from aiodockerapi import Docker
from aiodockerapi.errors import ConnectFailed, MalformedStream, TransportError
from tests.faults.aftermath import Aftermath, Outcome, outcome
from tests.faults.calls import CALLS, KINDS, Call, World
from tests.support.faults import Exchange, Plan, Proxy

calls = pytest.mark.parametrize("call", CALLS, ids=str)
kinds = pytest.mark.parametrize("call", KINDS, ids=str)
_EVERYWHERE = {"json", "logs-followed", "attach", "websocket", "wait"}


def _spots(call: Call, exchange: Exchange) -> list[int]:
    """Return the numbers of bytes of the response after which to close the connection."""
    head, size = exchange.head, exchange.size
    spots = {0, head, size - 1}
    if call.points != "few":
        spots |= {1, head - 1, head + 1, head + 8, head + 9, (head + size) // 2}
    if call.points == "all":
        spots.update(range(0, head, 1 if call.name in _EVERYWHERE else 9))
        spots.update(range(head, size, max(1, (size - head) // 100)))
        spots.update(range(size - 8, size))  # the last chunk
    return sorted(spot for spot in spots if 0 <= spot < size)


def _frame_ends(exchange: Exchange) -> set[int]:
    """Return the positions at which an upgraded connection may end without loss of data."""
    ends, position = set[int](), exchange.head
    while position < exchange.size:
        ends.add(position)
        position += 8 + int.from_bytes(exchange.answer[position + 4 : position + 8])
    return ends


def _fits(call: Call, found: Outcome, spot: int, whole: Exchange) -> bool:
    """Return whether the call has ended as required for a response truncated at this position."""
    if call.end == "frame" and spot in _frame_ends(whole):
        return found.error is None
    if spot < whole.head:
        return isinstance(found.error, TransportError) and not isinstance(found.error, ConnectFailed)
    return isinstance(found.error, call.broken)


@calls
async def test_response_truncated_anywhere(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    plain = await outcome(call, faulty, world)
    whole = proxy.exchange(call.target)
    wrong = {}
    for spot in _spots(call, whole):
        with proxy.fault(Plan(call.target, at=spot)):
            found = await outcome(call, faulty, world)
        if not _fits(call, found, spot, whole):
            wrong[spot - whole.head] = found
    assert wrong == {}
    assert await outcome(call, faulty, world) == plain
    await aftermath.is_clean()


@calls
async def test_response_reset_anywhere(
    call: Call, tcp_proxy: Proxy, faulty_tcp: Docker, world: World, aftermath_tcp: Aftermath
) -> None:
    await outcome(call, faulty_tcp, world)
    whole = tcp_proxy.exchange(call.target)
    wrong = {}
    for spot in _spots(call, whole)[:: 10 if call.points == "all" else 1]:
        with tcp_proxy.fault(Plan(call.target, at=spot, fault="reset")):
            found = await outcome(call, faulty_tcp, world)
        if call.sends and spot in _frame_ends(whole):
            continue
        if not isinstance(found.error, TransportError if spot < whole.head else call.broken):
            wrong[spot - whole.head] = found
    assert wrong == {}
    await aftermath_tcp.is_clean_over_tcp()


@kinds
async def test_response_reset_over_unix(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    """A Unix socket is reset if its peer closes it with unread data."""
    await outcome(call, faulty, world)
    whole = proxy.exchange(call.target)
    with proxy.fault(Plan(call.target, at=whole.head - 5, fault="reset")):
        found = await outcome(call, faulty, world)
    assert isinstance(found.error, TransportError)
    assert not isinstance(found.error, ConnectFailed)
    await aftermath.is_clean()


_LOGS = next(call for call in CALLS if call.name == "logs-followed")
_JSON = CALLS[0]


@pytest.mark.parametrize(
    ("call", "behind", "error"),
    [
        pytest.param(_JSON, None, TransportError, id="status-line-of-a-call"),
        pytest.param(_LOGS, None, TransportError, id="status-line-of-a-stream"),
        pytest.param(_LOGS, 0, MalformedStream, id="size-of-a-chunk-of-a-stream"),
        pytest.param(_LOGS, 3, MalformedStream, id="header-of-a-frame"),
    ],
)
async def test_one_corrupt_byte(
    call: Call,
    behind: int | None,
    error: type[Exception],
    proxy: Proxy,
    faulty: Docker,
    world: World,
    aftermath: Aftermath,
) -> None:
    await outcome(call, faulty, world)
    spot = 0 if behind is None else proxy.exchange(call.target).head + behind
    with proxy.fault(Plan(call.target, at=spot, fault="corrupt")):
        found = await outcome(call, faulty, world)
    assert isinstance(found.error, error)
    await aftermath.is_clean()


@calls
async def test_request_truncated(call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath) -> None:
    await outcome(call, faulty, world)
    request = proxy.exchange(call.target).request
    # stdin is sent on the connection, after the request.
    size = request.index(b"\r\n\r\n") if call.sends else len(request)
    if call.target == "/_ping":
        size -= len("HEAD") - len("GET")  # a ping that fails is repeated with GET
    for spot in (0, 30, size - 1)[call.points == "few" :: 2 if call.points == "few" else 1]:
        with proxy.fault(Plan(call.target, side="request", at=spot)):
            found = await outcome(call, faulty, world)
        assert isinstance(found.error, TransportError)
        assert not isinstance(found.error, ConnectFailed)
    await aftermath.is_clean()


@kinds
async def test_connection_dropped_at_accept(
    call: Call, proxy: Proxy, faulty: Docker, world: World, aftermath: Aftermath
) -> None:
    proxy.hang_up()
    await proxy.until(lambda: proxy.open == 0)
    proxy.dropping = True
    found = await outcome(call, faulty, world)
    assert isinstance(found.error, TransportError)
    proxy.dropping = False
    await aftermath.is_clean()
