"""A proxy between a client and a real engine that spoils what passes through it, at a byte that the test chooses.

    async with Proxy(engine_host) as proxy, Docker(proxy.host) as docker:
        with proxy.fault(Plan("/logs", at=17)):  # closed after 17 bytes of the answer to the request for logs
            ...

It lives in the event loop of the test, so a test can wait for what happens in it, and a byte that is sent alone is read alone.
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
_KEPT: Final = 1 << 18  # bytes of an answer that are kept for the test to look at
_PATIENCE: Final = 20.0
_METHODS: Final = (b"GET /", b"HEAD /", b"POST /", b"PUT /", b"DELETE /")

EVERY_BYTE: Final = itertools.repeat(1)
"""The segments of a trickle."""

Side = Literal["answer", "request"]


@dataclass
class Plan:
    """What becomes of the exchanges whose request line matches `target`, from the first byte of each on."""

    target: str = ""
    at: int | None = None
    """So many bytes pass before the fault; None passes all."""
    fault: Literal["close", "reset", "stall", "corrupt"] = "close"
    side: Side = "answer"
    """Whose bytes are counted, and cut into segments."""
    segments: Iterable[int] = ()
    """The sizes in which bytes are sent on, one write each, however they came; what comes after these, as it comes."""
    skip: int = 0
    """How many such exchanges it leaves alone first."""
    times: int = -1
    """How many it spoils then; -1 is all of them."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a fault has happened."""
    resume: asyncio.Event = field(default_factory=asyncio.Event)
    """To be set by the test: a stalled exchange goes on."""

    def claims(self, line: bytes) -> bool:
        """Whether it spoils the exchange with this request line."""
        if not self.times or not self.matches(line):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def matches(self, line: bytes) -> bool:
        """Whether it is meant for the exchange with this request line."""
        return re.search(self.target, line.decode("latin-1")) is not None


@dataclass
class Exchange:
    """A request that passed, and what the engine answered."""

    line: bytes
    request: bytearray = field(default_factory=bytearray)
    answer: bytearray = field(default_factory=bytearray)
    """The first bytes of it, as the engine sent them, whatever the client got."""
    size: int = 0
    """How many bytes the client got."""

    @property
    def head(self) -> int:
        """How many bytes the head of the answer has."""
        return self.answer.index(b"\r\n\r\n") + 4


class _Broken(Exception):
    """The link is to end at once."""


class Proxy:
    """Listens on a socket of its own and hands every connection on to an engine."""

    def __init__(self, engine: str, *, tcp: bool = False) -> None:
        self._engine = engine
        self._tcp = tcp
        self._folder = tempfile.TemporaryDirectory(prefix="faults-")
        self._links: dict[asyncio.Task[None], _Link] = {}
        self._plan: Plan | None = None
        self._changed = asyncio.Event()
        self.host = ""
        """Its address, as DOCKER_HOST has it."""
        self.accepted = 0
        """How many connections it has taken."""
        self.dropping = False
        """Whether connections are closed as soon as they are made."""
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

    # -- what a test tells it

    @contextlib.contextmanager
    def fault(self, plan: Plan) -> Iterator[Plan]:
        """Spoil what the plan says; afterwards all passes again, except on links that are stalled."""
        self._plan = plan
        try:
            yield plan
        finally:
            self._plan = None

    def hang_up(self) -> None:
        """Close all connections, as an engine does that restarts."""
        for link in self._links.values():
            link.hang_up()

    # -- what a test asks it

    @property
    def plan(self) -> Plan | None:
        """What is spoiled at present."""
        return self._plan

    @property
    def open(self) -> int:
        """How many connections the client holds open."""
        return len(self._links)

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """The tasks that are the proxy's own."""
        own: set[asyncio.Task[None]] = {self._accepting, *self._links}
        return own.union(*(link.pumps for link in self._links.values()))

    @property
    def descriptors(self) -> set[int]:
        """The files of this process that are the proxy's own."""
        ends = [self._listener, *(end for link in self._links.values() for end in link.ends)]
        return {end.fileno() for end in ends}

    def exchange(self, target: str) -> Exchange:
        """The last exchange whose request line holds `target`."""
        return next(item for item in reversed(self.exchanges) if target.encode() in item.line)

    def notify(self) -> None:
        """Something has changed: `until` looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on the proxy holds."""
        with anyio.fail_after(_PATIENCE):
            while not condition():
                await self._changed.wait()


class _Link:
    """One connection of the client's, and the one to the engine that belongs to it."""

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
        """Carry bytes both ways until both sides have ended, or one is gone."""
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
        """End both sides at once; what belongs to them is given back a little later."""
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
                await self._pass(await self._beyond_the_last(), self._upstream, "request")
        self._upstream.shutdown(socket.SHUT_WR)
        await self._gone(asyncio.Event())

    async def _receive(self) -> bytes:
        """The next bytes of the client's; to reset a unix connection later, one of them has to stay unread."""
        await _readable(self._client)
        plan = self._proxy.plan
        if plan is None or plan.fault != "reset" or self._client.family != socket.AF_UNIX:
            return self._client.recv(_BLOCK)
        data = self._client.recv(_BLOCK, socket.MSG_PEEK)
        self._reset_by_unread = plan.matches(data.partition(b"\r\n")[0])
        if data:
            self._client.recv(len(data) - self._reset_by_unread)
        return data

    async def _beyond_the_last(self) -> bytes:
        """What has come after the byte that stays unread; the last of it stays unread in its place."""
        while len(data := self._client.recv(_BLOCK, socket.MSG_PEEK)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)  # there is always that byte to be read: no event tells of a second
        self._client.recv(len(data) - 1)
        return data[1:]

    async def _gone(self, resume: asyncio.Event) -> None:
        """Wait until the client has closed, not just half-closed, which is all that asyncio could tell us."""
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

    # -- one direction's bytes

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
                piece = await self._spoil(plan, piece, plan.at - self._passed, sink)
            await self._write(sink, piece)
            self._passed += len(piece)
            await asyncio.sleep(0)  # who reads in this loop reads this piece alone

    def _segment(self) -> bytes:
        """The next piece to send; none as long as it has not come completely."""
        if self._size is None:
            self._size = next(self._sizes, 0)
        if len(self._held) < self._size:
            return b""
        size, self._size = self._size or len(self._held), None
        return bytes(self._held[:size])

    async def _spoil(self, plan: Plan, piece: bytes, room: int, sink: socket.socket) -> bytes:
        """Let `room` bytes of a piece through, and do to the rest what is planned; returns what is to be sent of it."""
        if plan.fault == "corrupt":
            plan.reached.set()
            return piece[:room] + bytes([piece[room] ^ 0x55]) + piece[room + 1 :]
        await self._write(sink, piece[:room])
        self._passed += room
        plan.reached.set()
        if plan.fault == "stall":
            await self._gone(plan.resume)
            return piece[room:]
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
    """The open files of this process."""
    return {int(entry.name) for entry in Path("/proc/self/fd").iterdir() if os.path.lexists(entry)}
