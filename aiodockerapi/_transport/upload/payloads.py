"""Bodies in the form in which aiohttp sends them best."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp.abc import AbstractStreamWriter

from ...errors import InvalidArgumentType

__all__ = ["BytesPayload", "StreamPayload", "holds_data"]

_BLOCK: Final = 1 << 17  # what the socket of a daemon takes at once, more or less


def holds_data(transport: asyncio.WriteTransport) -> bool:
    """Whether something of what was written has not been sent yet, nor lost."""
    try:
        return transport.get_write_buffer_size() > 0
    except AttributeError:  # one over TLS that has been closed twice does not know any more
        return False


class _Body(aiohttp.Payload):
    """A body that takes several writes."""

    _autoclose = True
    _transport: asyncio.WriteTransport | None = None

    @staticmethod
    async def _send(writer: AbstractStreamWriter, block: bytes | memoryview) -> None:
        """Write a block, and let the loop run, even if neither the source nor the socket waits.

        Only so it is heard that the daemon has answered already, or that the connection is lost. What is written to a lost one
        over TLS is dropped without an error, and asyncio complains of it in the log.
        """
        await writer.write(block)
        await asyncio.sleep(0)

    @asynccontextmanager
    async def _all_or_nothing(self, writer: AbstractStreamWriter) -> AsyncIterator[None]:
        """What is written here goes out, or its connection is lost at once; see `abort`."""
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
        """Lose the connection, if the body is being sent.

        A connection that is merely closed goes on sending what it holds: for as long as a daemon that takes no more of it,
        since it has refused the call or stands still, cares to keep it.
        """
        if self._transport is not None:
            self._transport.abort()


class BytesPayload(_Body):
    """A large body that is there already, written in parts, so that the loop gets to run in between."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._data = data
        self._size = len(data)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send all of it."""
        view = memoryview(self._data)
        async with self._all_or_nothing(writer):
            for start in range(0, len(view), _BLOCK):
                await self._send(writer, view[start : start + _BLOCK])

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The body as a text; only for looking at it."""
        return self._data.decode(encoding, errors)


class StreamPayload(_Body):
    """A body that is made while it is sent, and what went wrong in its making.

    Whatever ends the sending ends the making too: the source is closed, if it can be.

    :ivar failure: what the source raised.
    :ivar on_failure: called once it has raised. A daemon that answers already would wait for the rest for ever.
    """

    def __init__(self, source: AsyncIterable[bytes]) -> None:
        super().__init__(source)
        self._source = source
        self.failure: Exception | None = None
        self.on_failure: Callable[[], object] | None = None

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send all blocks."""
        self._consumed = True  # there is no second time
        blocks = None
        try:
            blocks = aiter(self._source)
            async with self._all_or_nothing(writer):
                while block := await self._next(blocks):
                    await self._send(writer, block)
        finally:
            if close := getattr(blocks, "aclose", None):
                await close()

    async def _next(self, blocks: AsyncIterator[bytes]) -> bytes:
        """The next block that holds anything; an empty one is the end."""
        try:
            while (block := await anext(blocks, None)) is not None:
                if not isinstance(block, bytes | bytearray | memoryview):
                    raise InvalidArgumentType(f"a body is made of bytes, not of {type(block).__name__}: {block!r:.80}")
                if block:
                    return block
        except Exception as error:
            self.failure = error
            if self.on_failure is not None:
                self.on_failure()
            raise
        return b""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Nothing to look at: the body is not there before it is sent."""
        raise TypeError("a body that is made while it is sent cannot be decoded")
