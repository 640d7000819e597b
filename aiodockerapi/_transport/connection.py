"""A connection of its own for one stream.

An asyncio transport discards received data as soon as a write fails, and a process that ends without reading its stdin makes
the write fail while its output is still in transit. `Connection` therefore uses the socket itself: the two directions fail
independently. A cancelled `receive` loses nothing, because received data is kept in a list, not in a future.
"""

import asyncio
import socket
from typing import Final, Protocol

from ..errors import TransportError

__all__ = ["Connection", "Duplex", "ReadGuard", "ReceiveBuffer"]

# The C library returns blocks above 128 KiB to the kernel each time: the page faults would cost more than reading.
_BLOCK: Final = (1 << 17) - 64
_MAX_BUFFERED: Final = 1 << 18  # bytes received ahead of a slow reader before reading is paused
_JOIN_BELOW: Final = 1 << 16  # smaller blocks are joined with the following ones
_SLICE: Final = 1 << 18


class Duplex(Protocol):
    """A byte stream in both directions."""

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        ...

    async def receive(self) -> bytes:
        """Return data that has arrived, waiting for the first byte; ``b""`` is the end."""
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


class ReceiveBuffer:
    """Data that has arrived and has not been read yet; the base of connections.

    A subclass calls `_received` and `_end_received`, and implements `_resume`.
    """

    __slots__ = ("_blocks", "_closed", "_ended", "_error", "_reader", "_size")

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._size = 0
        self._ended = False
        self._closed = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        return self._closed

    def _received(self, block: bytes) -> bool:
        """Store received data; return whether reading is to be paused."""
        self._blocks.append(block)
        self._size += len(block)
        _wake(self._reader)
        return self._size >= _MAX_BUFFERED

    def _end_received(self, error: Exception | None) -> None:
        self._ended = True
        self._error = self._error or error
        _wake(self._reader)

    def _discard(self) -> None:
        self._closed = True
        self._blocks.clear()
        _wake(self._reader)

    def _resume(self) -> None:
        """Resume reading, which may have been paused because the buffer was full."""
        raise AssertionError("implemented by subclasses")

    async def receive(self) -> bytes:
        """Return data that has arrived, all of it unless it is large, waiting for the first byte; ``b""`` is the end.

        :raises TransportError: if the connection broke.
        """
        while not self._blocks:
            if self._closed:
                raise TransportError("the connection was closed by the client")
            if self._ended:
                if self._error is not None:
                    raise TransportError(f"the connection broke: {self._error}") from self._error
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        data = self._take()
        if self._size < _MAX_BUFFERED:
            self._resume()
        return data

    def _take(self) -> bytes:
        blocks = self._blocks
        if len(blocks) > 1 and (self._size <= _BLOCK or len(blocks[0]) < _JOIN_BELOW):
            blocks[:] = [b"".join(blocks)]
        data = blocks.pop(0)
        self._size -= len(data)
        return data


class Connection(ReceiveBuffer):
    """A connected socket: `receive`, `send`, `send_eof`, and `abort`, which never waits."""

    __slots__ = ("_descriptor", "_loop", "_reading", "_socket", "_writer")

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._descriptor = sock.fileno()
        self._reading = False
        self._writer: asyncio.Future[None] | None = None
        self._resume()

    def _resume(self) -> None:
        if not (self._reading or self._ended or self._closed):
            self._loop.add_reader(self._descriptor, self._readable)
            self._reading = True

    def _pause(self) -> None:
        if self._reading:
            self._loop.remove_reader(self._descriptor)
            self._reading = False

    def _readable(self) -> None:
        error: OSError | None = None
        try:
            block = self._socket.recv(_BLOCK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as caught:
            error, block = caught, b""
        if block:
            if self._received(block):
                self._pause()
        else:
            self._pause()
            self._end_received(error)
            _wake(self._writer)

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: if the peer has closed the connection.
        """
        view = memoryview(data).cast("B")
        while view:
            sent = await self.send_some(view)
            view = view[sent:]
            if view and sent < _SLICE and not self._ended:
                await self._writable()
            elif view:
                await asyncio.sleep(0)  # a fast peer must not keep the event loop from other tasks

    async def send_some(self, data: bytes | memoryview) -> int:
        """Send the beginning of `data` as soon as there is room, and return how many bytes were sent."""
        while not self._closed:
            try:
                return self._socket.send(memoryview(data)[:_SLICE])
            except (BlockingIOError, InterruptedError):
                if self._ended:  # dockerd closes its side when the process has ended, and stops reading
                    raise TransportError("the daemon has closed the stream and reads no more input") from None
                await self._writable()
            except OSError as error:
                raise TransportError(f"the daemon has closed the stream: {error}") from error
        raise TransportError("the connection was closed by the client")

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
        """Half-close: the peer reads the end and can still send."""
        if self._closed:
            return
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the peer has already closed the connection

    def abort(self) -> None:
        """Close at once; tasks that wait for this connection get an error."""
        if self._closed:
            return
        self._pause()
        if self._writer is not None:
            self._loop.remove_writer(self._descriptor)
        self._socket.close()
        self._discard()
        _wake(self._writer)


def _wake(waiter: "asyncio.Future[None] | None") -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


class ReadGuard:
    """A block that admits one task at a time: a second reader would take data that the first one waits for."""

    def __init__(self) -> None:
        self._entered = False

    def __enter__(self) -> None:
        if self._entered:
            raise TransportError("two tasks read from the same stream at once")
        self._entered = True

    def __exit__(self, *_: object) -> None:
        self._entered = False
