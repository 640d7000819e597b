"""A connection of its own for one stream.

An asyncio transport drops what has been received as soon as a write fails, and a process that ends without reading its
stdin makes the write fail while its output is still on the way. So this works on the socket itself: the two directions
fail independently, and a cancelled `receive` loses nothing, for the bytes wait in a list, not in a future.
"""

import asyncio
import socket
from typing import Final, Protocol

from ..errors import TransportError

__all__ = ["Connection", "Duplex", "OneReader"]

# What is larger than 128 KiB, the C library takes from the kernel and gives back each time: page by page that costs more
# than the reading itself.
_BLOCK: Final = (1 << 17) - 64
_ENOUGH: Final = 1 << 18  # bytes received ahead of a slow reader, before the socket is left alone
_WORTHWHILE: Final = 1 << 16  # to be handed over alone rather than copied together with what came later
_SLICE: Final = 1 << 18


class Duplex(Protocol):
    """Bytes in both directions."""

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        ...

    async def receive(self) -> bytes:
        """Bytes that have arrived, all unless they are many; waits for the first. ``b""`` is the end."""
        ...

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`."""
        ...

    async def send_eof(self) -> None:
        """Half-close."""
        ...

    def abort(self) -> None:
        """Close at once."""
        ...


class Connection:
    """A connected socket: `receive`, `send`, `send_eof`, and `abort`, which never waits."""

    __slots__ = (
        "_blocks", "_closed", "_descriptor", "_ended", "_error", "_loop", "_reader", "_reading", "_size", "_socket", "_writer"
    )  # fmt: skip

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._descriptor = sock.fileno()
        self._blocks: list[bytes] = []
        self._size = 0
        self._reading = False
        self._ended = False
        self._closed = False
        self._error: OSError | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._listen()

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        return self._closed

    def _listen(self) -> None:
        if not (self._reading or self._ended or self._closed):
            self._loop.add_reader(self._descriptor, self._readable)
            self._reading = True

    def _rest(self) -> None:
        if self._reading:
            self._loop.remove_reader(self._descriptor)
            self._reading = False

    def _readable(self) -> None:
        try:
            block = self._socket.recv(_BLOCK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._error = error
            block = b""
        if block:
            self._blocks.append(block)
            self._size += len(block)
        else:
            self._ended = True
        if self._ended or self._size >= _ENOUGH:
            self._rest()
        _wake(self._reader)
        if self._ended:
            _wake(self._writer)

    async def receive(self) -> bytes:
        """Bytes that have arrived, all unless they are many; waits for the first. ``b""`` is the end.

        :raises TransportError: the connection broke.
        """
        while not self._blocks:
            if self._closed:
                raise TransportError("the connection has been closed on this side")
            if self._ended:
                if self._error is not None:
                    raise TransportError(f"the connection broke: {self._error}") from self._error
                return b""
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        data = self._take()
        if self._size < _ENOUGH:
            self._listen()
        return data

    def _take(self) -> bytes:
        blocks = self._blocks
        if len(blocks) > 1 and (self._size <= _BLOCK or len(blocks[0]) < _WORTHWHILE):
            blocks[:] = [b"".join(blocks)]
        data = blocks.pop(0)
        self._size -= len(data)
        return data

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: the other side has closed the connection.
        """
        view = memoryview(data).cast("B")
        while view:
            sent = await self.send_some(view)
            view = view[sent:]
            if view and sent < _SLICE and not self._ended:
                await self._writable()  # there was no room for more
            elif view:
                await asyncio.sleep(0)  # a reader as fast as we are must not keep the loop from everything else

    async def send_some(self, data: bytes | memoryview) -> int:
        """Send the beginning of `data`, as soon as there is room for it, and return how many bytes that was."""
        while not self._closed:
            try:
                return self._socket.send(memoryview(data)[:_SLICE])
            except (BlockingIOError, InterruptedError):
                if self._ended:  # dockerd closes its side when the process has ended, and reads no more
                    raise TransportError("the daemon has closed the stream: nobody reads what is sent") from None
                await self._writable()
            except OSError as error:
                raise TransportError(f"the daemon has closed the stream: {error}") from error
        raise TransportError("the connection has been closed on this side")

    async def _writable(self) -> None:
        if self._writer is not None:
            raise TransportError("two tasks send on the same stream at once")
        self._writer = self._loop.create_future()
        self._loop.add_writer(self._descriptor, _wake, self._writer)
        try:
            await self._writer
        finally:
            self._writer = None
            if not self._closed:
                self._loop.remove_writer(self._descriptor)

    async def send_eof(self) -> None:
        """Half-close: the other side reads the end, and may go on sending."""
        if self._closed:
            return
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the other side was faster

    def abort(self) -> None:
        """Close at once, whatever is under way; whoever waits gets an error."""
        if self._closed:
            return
        self._rest()
        if self._writer is not None:
            self._loop.remove_writer(self._descriptor)
        self._closed = True
        self._socket.close()
        self._blocks.clear()
        _wake(self._reader)
        _wake(self._writer)


def _wake(waiter: "asyncio.Future[None] | None") -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


class OneReader:
    """Lets one task at a time into its block; another one would take what the first is waiting for."""

    def __init__(self) -> None:
        self._taken = False

    def __enter__(self) -> None:
        if self._taken:
            raise TransportError("two tasks read from the same stream at once")
        self._taken = True

    def __exit__(self, *_: object) -> None:
        self._taken = False
