"""A proxy between a client and an engine that forwards and records everything."""

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
    """The data of one connection."""

    sent: bytearray = field(default_factory=bytearray)
    """The data that the client has sent."""
    received: bytearray = field(default_factory=bytearray)
    """The data that the client has received."""

    @property
    def requests(self) -> list[str]:
        """Method and target of every request, such as ``GET /v1.41/info``."""
        return [f"{method.decode()} {target.decode()}" for method, target in _REQUEST.findall(self.sent)]


class Proxy:
    """The address of the proxy, and the data that it has forwarded."""

    def __init__(self, upstream: str, folder: str) -> None:
        self.host = f"unix://{folder}/proxy.sock"
        self.conversations: list[Conversation] = []
        self.used = asyncio.Event()
        """Set after the first connection."""
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
        """Forward both directions until both have ended."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        conversation = Conversation()
        self.conversations.append(conversation)
        self.used.set()
        try:
            engine_reader, engine_writer = await self._dial()
            try:
                async with asyncio.TaskGroup() as directions:
                    directions.create_task(_forward(reader, engine_writer, conversation.sent))
                    directions.create_task(_forward(engine_reader, writer, conversation.received))
            finally:
                engine_writer.close()
        except* (OSError, asyncio.CancelledError):
            pass  # one side has closed its connection, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def switch_to(self, upstream: str) -> None:
        """Forward to another engine from now on; existing connections break, as if the daemon were replaced."""
        self._upstream = urlsplit(upstream)
        await self.stop()

    async def stop(self) -> None:
        """Break the existing connections."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, record: bytearray) -> None:
    while data := await reader.read(_BLOCK):
        record += data
        writer.write(data)
        await writer.drain()
    with suppress(OSError):  # the peer has closed its connection
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
