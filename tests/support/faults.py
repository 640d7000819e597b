"""A proxy between a client and a real engine that injects faults at a byte that the test chooses.

    async with Proxy(engine_host) as proxy, Docker(proxy.host) as docker:
        with proxy.fault(Plan("/logs", at=17)):  # closed after 17 bytes of the response to the request for logs
            ...

It runs in the event loop of the test, so a test can wait for its events, and a byte that is sent alone is read alone.
"""

import asyncio
import contextlib
import itertools
import os
import re
import select
import socket
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

import anyio

__all__ = ["EVERY_BYTE", "Exchange", "Plan", "Proxy"]

_BLOCK: Final = 1 << 16
_KEPT: Final = 1 << 18  # bytes of a request or response that are recorded
_TIMEOUT: Final = 20.0
_METHODS: Final = (b"GET /", b"HEAD /", b"POST /", b"PUT /", b"DELETE /")

EVERY_BYTE: Final = itertools.repeat(1)
"""Segments of one byte."""

Side = Literal["answer", "request"]


@dataclass
class Plan:
    """The fault for exchanges whose request line matches the regular expression `target`."""

    target: str = ""
    at: int | None = None
    """The number of bytes that pass before the fault; None for no fault."""
    fault: Literal["close", "reset", "stall", "corrupt"] = "close"
    side: Side = "answer"
    """The direction whose bytes are counted, and split into segments."""
    segments: Iterable[int] = ()
    """The sizes of the writes into which bytes are split; later bytes are forwarded as they arrive."""
    skip: int = 0
    """The number of matching exchanges without a fault first."""
    times: int = -1
    """The number of exchanges with the fault after those; -1 for all."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a fault has happened."""
    resume: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the test to continue a stalled exchange."""

    def claims(self, line: bytes) -> bool:
        """Return whether the exchange with this request line gets the fault, and count it."""
        if not self.times or not self.matches(line):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def matches(self, line: bytes) -> bool:
        """Return whether the request line matches."""
        return re.search(self.target, line.decode("latin-1")) is not None


@dataclass
class Exchange:
    """A request that passed, and the response of the engine."""

    line: bytes
    request: bytearray = field(default_factory=bytearray)
    answer: bytearray = field(default_factory=bytearray)
    """The first bytes of the response as the engine sent them, which may differ from what the client received."""
    size: int = 0
    """The number of bytes that the client received."""

    @property
    def head(self) -> int:
        """The size of the head of the response in bytes."""
        return self.answer.index(b"\r\n\r\n") + 4


class _Broken(Exception):
    """Raised to end a link at once."""


class Proxy:
    """Listens on a socket and forwards every connection to an engine."""

    def __init__(self, engine: str, *, tcp: bool = False) -> None:
        self._engine = engine
        self._tcp = tcp
        self._folder = tempfile.TemporaryDirectory(prefix="faults-")
        self._links: dict[asyncio.Task[None], _Link] = {}
        self._plan: Plan | None = None
        self._changed = asyncio.Event()
        self.host = ""
        """The address of the proxy, as in DOCKER_HOST."""
        self.accepted = 0
        """The number of accepted connections."""
        self.dropping = False
        """Whether connections are closed as soon as they are accepted."""
        self.exchanges: list[Exchange] = []
        """All requests that passed, the oldest first."""

    async def __aenter__(self) -> Self:
        self._listener = self._listen()
        self._accepting = asyncio.create_task(self._accept())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.hang_up()
        for task in [self._accepting, *self._links]:
            task.cancel()
        await asyncio.gather(self._accepting, *self._links, return_exceptions=True)
        self._listener.close()
        self._folder.cleanup()

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET if self._tcp else socket.AF_UNIX)
        path = f"{self._folder.name}/s"
        listener.bind(("127.0.0.1", 0) if self._tcp else path)
        listener.listen(128)
        listener.setblocking(False)
        self.host = f"tcp://127.0.0.1:{listener.getsockname()[1]}" if self._tcp else f"unix://{path}"
        return listener

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(self._listener)
            self.accepted += 1
            if self.dropping:
                client.close()
                continue
            link = _Link(self, client)
            task = asyncio.create_task(link.run(self._engine))
            self._links[task] = link
            task.add_done_callback(self._ended)
            self.notify()

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._links[task]
        self.notify()

    # -- control by the test

    @contextlib.contextmanager
    def fault(self, plan: Plan) -> Iterator[Plan]:
        """Inject the fault of a plan until the end of the block; links that are stalled then stay so."""
        self._plan = plan
        try:
            yield plan
        finally:
            self._plan = None

    def hang_up(self) -> None:
        """Close all connections, like an engine that restarts."""
        for link in self._links.values():
            link.hang_up()

    # -- state for the test

    @property
    def plan(self) -> Plan | None:
        """The plan in use."""
        return self._plan

    @property
    def open(self) -> int:
        """The number of open connections of the client."""
        return len(self._links)

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """The tasks of the proxy."""
        own: set[asyncio.Task[None]] = {self._accepting, *self._links}
        return own.union(*(link.pumps for link in self._links.values()))

    @property
    def descriptors(self) -> set[int]:
        """The file descriptors of the proxy."""
        ends = [self._listener, *(end for link in self._links.values() for end in link.ends)]
        return {end.fileno() for end in ends}

    def exchange(self, target: str) -> Exchange:
        """Return the last exchange whose request line contains `target`."""
        return next(item for item in reversed(self.exchanges) if target.encode() in item.line)

    def notify(self) -> None:
        """Make `until` check its condition again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on the proxy holds."""
        with anyio.fail_after(_TIMEOUT):
            while not condition():
                await self._changed.wait()


class _Link:
    """A connection of the client, and the corresponding one to the engine."""

    def __init__(self, proxy: Proxy, client: socket.socket) -> None:
        self._proxy = proxy
        self._plan: Plan | None = None
        self._sizes: Iterator[int] = iter(())
        self._passed = 0
        self._held = bytearray()
        self._reset_by_unread = False
        self._exchange = Exchange(b"")
        self._client = client
        self.ends = [client]
        self.pumps: list[asyncio.Task[None]] = []
        if client.family == socket.AF_INET:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def run(self, engine: str) -> None:
        """Forward both directions until both have ended, or a peer has closed its connection."""
        try:
            self._upstream = await _connect(engine)
            self.ends.append(self._upstream)
            self.pumps = [asyncio.create_task(self._up()), asyncio.create_task(self._down())]
            done, _ = await asyncio.wait(self.pumps, return_when=asyncio.FIRST_EXCEPTION)
            for pump in done:
                with contextlib.suppress(OSError, _Broken, asyncio.CancelledError):
                    pump.result()
        finally:
            for pump in self.pumps:
                pump.cancel()
            try:
                await asyncio.gather(*self.pumps, return_exceptions=True)
            finally:
                for end in self.ends:
                    end.close()

    def hang_up(self) -> None:
        """Shut down both connections at once; they are closed a little later."""
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for pump in self.pumps:
            pump.cancel()

    # -- the two directions

    async def _up(self) -> None:
        while data := await self._receive():
            if data.startswith(_METHODS):
                self._begin(data.partition(b"\r\n")[0])
            self._exchange.request += data[: _KEPT - len(self._exchange.request)]
            await self._pass(data, self._upstream, "request")
            while self._reset_by_unread:  # until the other direction ends the link
                await self._pass(await self._after_unread_byte(), self._upstream, "request")
        self._upstream.shutdown(socket.SHUT_WR)
        await self._until_closed(asyncio.Event())

    async def _receive(self) -> bytes:
        """Return the next bytes from the client; to reset a Unix socket later, one of them must stay unread."""
        await _readable(self._client)
        plan = self._proxy.plan
        if plan is None or plan.fault != "reset" or self._client.family != socket.AF_UNIX:
            return self._client.recv(_BLOCK)
        data = self._client.recv(_BLOCK, socket.MSG_PEEK)
        self._reset_by_unread = plan.matches(data.partition(b"\r\n")[0])
        if data:
            self._client.recv(len(data) - self._reset_by_unread)
        return data

    async def _after_unread_byte(self) -> bytes:
        """Return the bytes after the unread one; the last byte received stays unread in its place."""
        while len(data := self._client.recv(_BLOCK, socket.MSG_PEEK)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)  # the socket is always readable, so there is no event for a second byte
        self._client.recv(len(data) - 1)
        return data[1:]

    async def _until_closed(self, resume: asyncio.Event) -> None:
        """Wait until the client has closed its connection; asyncio cannot distinguish that from a half-close."""
        poll = select.poll()
        poll.register(self._client, 0)
        while not resume.is_set():
            if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0)):
                raise _Broken
            await asyncio.sleep(0.005)

    async def _down(self) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(self._upstream, _BLOCK):
            self._exchange.answer += data[: _KEPT - len(self._exchange.answer)]
            await self._pass(data, self._client, "answer")
        await self._write(self._client, bytes(self._held))
        raise _Broken

    def _begin(self, line: bytes) -> None:
        self._exchange = Exchange(line)
        self._proxy.exchanges.append(self._exchange)
        plan = self._proxy.plan
        self._plan = plan if plan is not None and plan.claims(line) else None
        self._sizes = iter(self._plan.segments if self._plan else ())
        self._size: int | None = None
        self._passed = 0
        self._held.clear()

    # -- the bytes of one direction

    async def _pass(self, data: bytes, sink: socket.socket, side: Side) -> None:
        plan = self._plan
        if plan is None or plan.side != side:
            await self._write(sink, data)
            return
        self._held += data
        while self._held:
            piece = self._segment()
            if not piece:
                return
            del self._held[: len(piece)]
            if plan.at is not None and self._passed <= plan.at < self._passed + len(piece):
                piece = await self._inject(plan, piece, plan.at - self._passed, sink)
            await self._write(sink, piece)
            self._passed += len(piece)
            await asyncio.sleep(0)  # a reader in this loop reads this piece alone

    def _segment(self) -> bytes:
        """Return the next segment to send; empty while it is incomplete."""
        if self._size is None:
            self._size = next(self._sizes, 0)
        if len(self._held) < self._size:
            return b""
        size, self._size = self._size or len(self._held), None
        return bytes(self._held[:size])

    async def _inject(self, plan: Plan, piece: bytes, count: int, sink: socket.socket) -> bytes:
        """Forward the first `count` bytes of a piece, and inject the fault; return the bytes to be sent after that."""
        if plan.fault == "corrupt":
            plan.reached.set()
            return piece[:count] + bytes([piece[count] ^ 0x55]) + piece[count + 1 :]
        await self._write(sink, piece[:count])
        self._passed += count
        plan.reached.set()
        if plan.fault == "stall":
            await self._until_closed(plan.resume)
            return piece[count:]
        if plan.fault == "reset" and self._client.family == socket.AF_INET:
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _Broken

    async def _write(self, sink: socket.socket, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(sink, data)
        if sink is self._client:
            self._exchange.size += len(data)
            self._proxy.notify()


async def _connect(engine: str) -> socket.socket:
    parts = urlsplit(engine)
    sock = socket.socket(socket.AF_UNIX if parts.scheme == "unix" else socket.AF_INET)
    sock.setblocking(False)
    address = parts.path if parts.scheme == "unix" else (parts.hostname, parts.port)
    try:
        await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


def _set(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)


async def _readable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(sock, _set, ready)
    try:
        await ready
    finally:
        loop.remove_reader(sock)


def open_descriptors() -> set[int]:
    """Return the open file descriptors of this process."""
    return {int(entry.name) for entry in Path("/proc/self/fd").iterdir() if os.path.lexists(entry)}
