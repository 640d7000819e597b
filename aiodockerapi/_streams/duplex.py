"""An upgraded connection without a format: bytes in both directions."""

from .._transport import StreamAnswer

__all__ = ["ByteStream"]


class ByteStream:
    """A connection upgraded by the daemon.

    Iterating yields bytes as they arrive, and ends when the daemon ends its direction.

    :raises TruncatedStream: if the connection broke.
    """

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
        """Return bytes that have arrived, waiting for the first one; ``b""`` at the end.

        :raises TruncatedStream: if the connection broke.
        """
        return await self._answer.receive()

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes, waiting while the daemon does not read.

        :raises TransportError: if the daemon has closed the connection.
        """
        await self._answer.send(data)

    async def send_eof(self) -> None:
        """Half-close the connection: the daemon reads the end, and can still send.

        :raises TransportError: if the connection cannot be half-closed, as with Windows named pipes.
        """
        await self._answer.send_eof()

    async def aclose(self) -> None:
        """Close the connection; done at the end of the ``async with`` block."""
        self._answer.close()
