"""Tables of calls: the exact request of each, and its result for a response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from aiodockerapi import Docker, UnsupportedFeature, __version__

from .server import NO_CONTENT, Received, Reply, Server

__all__ = ["Case", "Refusal", "check", "check_refused", "check_unsupported", "drained", "frame", "pairs"]


@dataclass(frozen=True)
class Case:
    """A call, the request that it must send, and its result for a response."""

    name: str
    call: Callable[[Docker], Awaitable[Any]]
    line: str
    """Method and path, without the version prefix."""
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """Decoded, in order; a list repeats the key."""
    body: Any = None
    """Bytes, or a value that is encoded as JSON; None for no body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Required headers by lower-case name, in addition to those of every request."""
    reply: Reply = NO_CONTENT
    result: Any = None

    def __str__(self) -> str:
        return self.name


def pairs(query: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    """Return the query as decoded pairs."""
    return [(key, one) for key, value in query.items() for one in ([value] if isinstance(value, str) else value)]


async def check(case: Case, server: Server, version: str) -> Received:
    """Make the call, and check its request and result."""
    server.default = case.reply
    async with Docker(server.host, api_version=version) as docker:
        result = await case.call(docker)
    [request] = server.received
    method, _, path = case.line.partition(" ")
    assert request.line == f"{method} /v{version}{path}"
    assert request.query == pairs(case.query)
    _check_headers(request, case)
    if case.body is None:
        assert request.body == b""
    elif isinstance(case.body, bytes):
        assert request.body == case.body
    else:
        assert request.json() == case.body
    assert result == case.result
    assert isinstance(result, type(case.result))
    return request


def _check_headers(request: Received, case: Case) -> None:
    expected = {"host": "docker", "user-agent": f"aiodockerapi/{__version__}", "accept-encoding": "identity"}
    if case.body is not None and not isinstance(case.body, bytes):
        expected["content-type"] = "application/json"
    expected |= case.headers
    assert {name: value for name, value in request.headers.items() if name in expected} == expected
    if case.body is None and "content-type" not in case.headers:
        assert request.headers.get("content-type") in (None, "application/octet-stream")


async def drained(call: Any, items: list[Any] | None = None) -> list[Any]:
    """Enter a call, and return all items of its stream; `items` has those before an error."""
    items = [] if items is None else items
    async with call as stream:
        async for item in stream:
            items.append(item)
    return items


def frame(stream: int, data: bytes) -> bytes:
    """Return a frame of a multiplexed stream."""
    return stream.to_bytes() + bytes(3) + len(data).to_bytes(4) + data


@dataclass(frozen=True)
class Refusal:
    """A call with invalid arguments, and the expected error."""

    call: Callable[[Any], Awaitable[Any]]
    """Takes a `Docker`, untyped because type checkers would refuse the arguments."""
    error: type[Exception]
    words: str
    """A regular expression for the error message."""

    def __str__(self) -> str:
        return self.words


async def check_refused(refusal: Refusal, server: Server, version: str = "1.44") -> None:
    """Check that the call is refused and nothing is sent."""
    async with Docker(server.host, api_version=version) as docker:
        with pytest.raises(refusal.error, match=refusal.words):
            await refusal.call(docker)
    assert server.received == []


async def check_unsupported(case: Case, server: Server, option: str, needs: str) -> None:
    """Check that the call is sent to the first engine that supports the option, and not to the version before."""
    await check(case, server, needs)
    server.received.clear()
    major, minor = needs.split(".")
    older = f"{major}.{int(minor) - 1}"
    async with Docker(server.host, api_version=older) as docker:
        with pytest.raises(UnsupportedFeature) as caught:
            await case.call(docker)
        assert not await docker.supports(option)
    assert (caught.value.option, caught.value.needs, caught.value.has) == (option, needs, older)
    assert server.received == []
