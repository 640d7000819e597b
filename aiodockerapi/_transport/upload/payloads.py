"""Request bodies as aiohttp payloads."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp.abc import AbstractStreamWriter

from ...errors import InvalidArgumentType

__all__ = ["BytesPayload", "StreamPayload", "holds_data"]

_BLOCK: Final = 1 << 17  # about what a Unix socket accepts at once


def holds_data(transport: asyncio.WriteTransport) -> bool:
    """Return whether the transport holds data that it has neither sent nor discarded."""
    try:
        return transport.get_write_buffer_size() > 0
    except AttributeError:  # a TLS transport that has been closed twice
        return False


class _Body(aiohttp.Payload):
    """A body that is sent in several writes."""

    _autoclose = True
    _transport: asyncio.WriteTransport | None = None

    @staticmethod
    async def _send(writer: AbstractStreamWriter, block: bytes | memoryview) -> None:
        """Write a block, and let the event loop run even if neither the source nor the socket waits.

        Otherwise an early response of the daemon, or the loss of the connection, would not be noticed. A lost TLS connection
        discards data without an error, and asyncio logs a warning.
        """
        await writer.write(block)
        await asyncio.sleep(0)

    @asynccontextmanager
    async def _sent_or_aborted(self, writer: AbstractStreamWriter) -> AsyncIterator[None]:
        """Wait until all data written in the block has been sent; if that fails, abort the connection (see `abort`)."""
        self._transport = transport = writer.transport
        try:
            yield
            if transport is not None and holds_data(transport):
                transport.set_write_buffer_limits(0)
                await writer.drain()
                transport.set_write_buffer_limits()
        except BaseException:
            self.abort()
            raise
        finally:
            self._transport = None

    def abort(self) -> None:
        """Abort the connection if the body is being sent.

        A connection that is merely closed still tries to send the data it holds. If the daemon has refused the call or hangs,
        and does not read, that connection would stay open until the daemon closes it.
        """
        if self._transport is not None:
            self._transport.abort()


class BytesPayload(_Body):
    """A large body in memory, written in parts so that the event loop runs in between."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._data = data
        self._size = len(data)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send the body."""
        view = memoryview(self._data)
        async with self._sent_or_aborted(writer):
            for start in range(0, len(view), _BLOCK):
                await self._send(writer, view[start : start + _BLOCK])

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the body as text, for debugging."""
        return self._data.decode(encoding, errors)


class StreamPayload(_Body):
    """A body from an async iterator.

    When sending ends, for whatever reason, the iterator is closed if it has an ``aclose`` method.

    :ivar failure: the exception that the iterator raised; None if it raised none.
    :ivar on_failure: called when the iterator has raised. A daemon that has responded already would otherwise wait for the rest
        of the body indefinitely.
    """

    def __init__(self, source: AsyncIterable[bytes]) -> None:
        super().__init__(source)
        self._source = source
        self.failure: Exception | None = None
        self.on_failure: Callable[[], object] | None = None

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send all blocks."""
        self._consumed = True  # it cannot be sent again
        blocks = None
        try:
            blocks = aiter(self._source)
            async with self._sent_or_aborted(writer):
                while block := await self._next(blocks):
                    await self._send(writer, block)
        finally:
            if close := getattr(blocks, "aclose", None):
                await close()

    async def _next(self, blocks: AsyncIterator[bytes]) -> bytes:
        """Return the next block that is not empty; ``b""`` at the end."""
        try:
            while (block := await anext(blocks, None)) is not None:
                if not isinstance(block, bytes | bytearray | memoryview):
                    raise InvalidArgumentType(f"a body must yield bytes, not {type(block).__name__}: {block!r:.80}")
                if block:
                    return block
        except Exception as error:
            self.failure = error
            if self.on_failure is not None:
                self.on_failure()
            raise
        return b""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Raise an error: the body does not exist before it is sent.

        :raises TypeError: always.
        """
        raise TypeError("a body from an iterator cannot be decoded")
