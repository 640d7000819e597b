"""Tables of calls: what each sends, byte by byte, and what it makes of the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiodockerapi import Docker

from .server import NO_CONTENT, Received, Reply, Server

__all__ = ["Case", "check", "drained", "frame", "pairs"]


@dataclass(frozen=True)
class Case:
    """One row: a call, the request that it must send, and its result for an answer."""

    name: str
    call: Callable[[Docker], Awaitable[Any]]
    line: str
    """Method and path; the path without the version."""
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """Decoded, in order; a list repeats its key."""
    body: Any = None
    """Bytes, or what the JSON says; None is no body at all."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that must be there besides the ones that every request has; by their lower-case names."""
    reply: Reply = NO_CONTENT
    result: Any = None

    def __str__(self) -> str:
        return self.name


def pairs(query: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    """A query as decoded pairs."""
    return [(key, one) for key, value in query.items() for one in ([value] if isinstance(value, str) else value)]


async def check(case: Case, server: Server, version: str) -> Received:
    """Make the call, and hold request and result against the row."""
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
    expected = {"host": "docker", "user-agent": "aiodockerapi", "accept-encoding": "identity"}
    if case.body is not None and not isinstance(case.body, bytes):
        expected["content-type"] = "application/json"
    expected |= case.headers
    assert {name: value for name, value in request.headers.items() if name in expected} == expected
    if case.body is None and "content-type" not in case.headers:
        assert request.headers.get("content-type") in (None, "application/octet-stream")


async def drained(call: Any, items: list[Any] | None = None) -> list[Any]:
    """Enter a call that streams, and take all its items; what came before an error is in `items`."""
    items = [] if items is None else items
    async with call as stream:
        async for item in stream:
            items.append(item)
    return items


def frame(stream: int, data: bytes) -> bytes:
    """A frame of a multiplexed stream."""
    return stream.to_bytes() + bytes(3) + len(data).to_bytes(4) + data
