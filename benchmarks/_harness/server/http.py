"""The subset of HTTP that the clients of the suite use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

__all__ = ["Answer", "Connection", "Request", "Stream", "chunk", "head", "whole"]

_LIMIT: Final = 1 << 16


@dataclass(frozen=True)
class Request:
    """A request of a client."""

    method: str
    path: str
    """The path without the version prefix."""
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Stream = AsyncIterator[bytes]
Answer = bytes | Stream
"""A response including its head, as one block or as a stream; the connection stays open after it."""


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Return the head of a response, including the headers that dockerd always sends."""
    fixed = ["Api-Version: 1.45", "Docker-Experimental: false", "Ostype: linux", "Server: Docker/26.1.5 (linux)"]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, *fixed, "", ""]).encode()


def whole(body: bytes, *, status: str = "200 OK") -> bytes:
    """Return a JSON response: like Go's server, with Content-Length if it is small, otherwise as one chunk."""
    kind = "Content-Type: application/json"
    if len(body) < 2048:
        return head(kind, f"Content-Length: {len(body)}", status=status) + body
    return head(kind, "Transfer-Encoding: chunked", status=status) + chunk(body) + b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """Encode data as a chunk of a body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


class Connection(asyncio.Protocol):
    """A connection to a client."""

    def __init__(self, answer: Callable[[Request], Answer], known: dict[bytes, bytes]) -> None:
        self._answer = answer
        self._known = known  # responses to requests without a body, by request line
        self._received = bytearray()
        self._writable = asyncio.Event()
        self._writable.set()
        self._sending: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        if self._sending is not None:
            self._sending.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._received += data
        while self._sending is None and self._next():
            pass

    def _next(self) -> bool:
        """Answer the next request; return False if it is not complete yet."""
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return False
        line = bytes(self._received[: self._received.index(b"\r\n")])
        if (known := self._known.get(line)) is not None:
            del self._received[: end + 4]
            self._transport.write(known)
            return True
        body = _body(self._received, end)
        if body is None:
            return False
        answer = self._answer(_request(line, body))
        if not isinstance(answer, bytes):
            self._sending = asyncio.create_task(self._send(answer))
            return True
        if line.startswith((b"GET", b"HEAD")) and not line.split()[1].startswith(b"/benchmark"):
            self._known[line] = answer
        self._transport.write(answer)
        return True

    async def _send(self, stream: Stream) -> None:
        async for data in stream:
            await self._writable.wait()
            self._transport.write(data)
        self._sending = None


def _request(line: bytes, body: bytes) -> Request:
    method, target, _ = line.decode().split(" ")
    path, _, query = target.partition("?")
    if path.startswith("/v1."):
        path = path[path.index("/", 1) :]
    return Request(method, path, dict(parse_qsl(query, keep_blank_values=True)), body)


def _body(received: bytearray, end: int) -> bytes | None:
    """Remove a request from the received data and return its body; None if it is not complete yet."""
    headers = bytes(received[:end]).lower()
    start = end + 4
    if b"\r\ntransfer-encoding: chunked" in headers:
        # The last chunk is at the end of the data: clients of the suite do not pipeline requests.
        if not received.endswith(b"0\r\n\r\n", start):
            return None
        body = b"".join(_chunks(bytes(received[start:])))
        received.clear()
        return body
    length = 0
    if b"\r\ncontent-length:" in headers:
        length = int(headers.partition(b"\r\ncontent-length:")[2].split(b"\r\n")[0])
    if len(received) < start + length:
        return None
    body = bytes(received[start : start + length])
    del received[: start + length]
    return body


def _chunks(body: bytes) -> Iterable[bytes]:
    position = 0
    while True:
        line = body.index(b"\r\n", position)
        length = int(body[position:line], 16)
        if not length:
            return
        yield body[line + 2 : line + 2 + length]
        position = line + 2 + length + 2
