"""A proxy that stands between a client and an engine, passes everything on, and remembers it."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["Conversation", "Proxy", "proxied"]

_BLOCK = 1 << 16
_REQUEST = re.compile(rb"^([A-Z]+) (/\S*) HTTP/1\.1\r$", re.MULTILINE)


@dataclass
class Conversation:
    """One connection: what went over it."""

    sent: bytearray = field(default_factory=bytearray)
    """By the client."""
    received: bytearray = field(default_factory=bytearray)
    """By the client."""

    @property
    def requests(self) -> list[str]:
        """Method and target of every request, such as ``GET /v1.41/info``."""
        return [f"{method.decode()} {target.decode()}" for method, target in _REQUEST.findall(self.sent)]


class Proxy:
    """Where it listens, and what went through it."""

    def __init__(self, upstream: str, folder: str) -> None:
        self.host = f"unix://{folder}/proxy.sock"
        self.conversations: list[Conversation] = []
        self.used = asyncio.Event()
        """Set once anybody has connected."""
        self._upstream = urlsplit(upstream)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def requests(self) -> list[str]:
        """All requests, in the order in which their connections were opened."""
        return [one for conversation in self.conversations for one in conversation.requests]

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._upstream.scheme == "unix":
            return await asyncio.open_unix_connection(self._upstream.path)
        return await asyncio.open_connection(self._upstream.hostname, self._upstream.port)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass both directions on until both have ended."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        conversation = Conversation()
        self.conversations.append(conversation)
        self.used.set()
        try:
            far_reader, far_writer = await self._dial()
            try:
                async with asyncio.TaskGroup() as ways:
                    ways.create_task(_pass(reader, far_writer, conversation.sent))
                    ways.create_task(_pass(far_reader, writer, conversation.received))
            finally:
                far_writer.close()
        except* (OSError, asyncio.CancelledError):
            pass  # one side has left, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def lead_to(self, upstream: str) -> None:
        """Pass on to another engine from now on; what is connected breaks, as it does when a daemon is replaced."""
        self._upstream = urlsplit(upstream)
        await self.stop()

    async def stop(self) -> None:
        """Break what is still connected."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, record: bytearray) -> None:
    while data := await reader.read(_BLOCK):
        record += data
        writer.write(data)
        await writer.drain()
    with suppress(OSError):  # the other side has gone meanwhile
        writer.write_eof()


@asynccontextmanager
async def proxied(upstream: str) -> AsyncIterator[Proxy]:
    """Run a proxy to the engine at that address."""
    with tempfile.TemporaryDirectory(prefix="aiodockerapi-") as folder:
        proxy = Proxy(upstream, folder)
        server = await asyncio.start_unix_server(proxy.connected, Path(folder, "proxy.sock"))
        try:
            yield proxy
        finally:
            server.close()
            await proxy.stop()
