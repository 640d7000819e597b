"""A connection that the daemon has handed over: bytes in both directions, and nothing else."""

from .._transport import StreamAnswer

__all__ = ["ByteStream"]


class ByteStream:
    """Both directions of a connection: iterate for the bytes that come, `send` others."""

    def __init__(self, answer: StreamAnswer) -> None:
        self._answer = answer

    def __aiter__(self) -> "ByteStream":
        return self

    async def __anext__(self) -> bytes:
        data = await self._answer.receive()
        if not data:
            raise StopAsyncIteration
        return data

    async def receive(self) -> bytes:
        """The next bytes that have arrived; waits for the first. ``b""`` is the end.

        :raises TruncatedStream: the connection broke.
        """
        return await self._answer.receive()

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes; waits while the daemon does not read.

        :raises TransportError: the daemon has closed the connection.
        """
        await self._answer.send(data)

    async def send_eof(self) -> None:
        """Half-close: the daemon reads the end, and may go on sending."""
        await self._answer.send_eof()

    async def aclose(self) -> None:
        """Close the connection; leaving the ``async with`` block does it."""
        self._answer.close()
