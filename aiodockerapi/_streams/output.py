"""The output of containers and exec instances: frames, lines, and both directions of an attached one."""

import codecs
from collections.abc import AsyncIterable, Iterator
from itertools import repeat
from typing import Any, NamedTuple

from .._transport import StreamAnswer, WebSocket
from .._wire.decoder import Decoder
from .._wire.frames import Frame, Piece, RawDecoder
from .._wire.layered import layered
from ..errors import InvalidArgument, TransportError
from .items import ItemStream, LineStream

__all__ = ["AttachedStream", "FrameStream", "Output", "WebSocketStream", "collect"]


class Output(NamedTuple):
    """All that a container or exec instance wrote."""

    stdout: bytes
    """What it wrote to stdout, and all of its output where it has a terminal."""
    stderr: bytes
    """What it wrote to stderr."""


class _Frames(ItemStream[Frame]):
    """Frames, which can be read as lines too."""

    _as_lines: LineStream | None = None

    def _items(self, values: list[Any]) -> Iterator[Frame]:
        return map(tuple.__new__, repeat(Frame), values)  # half the time of Frame(...)

    async def _collect(self) -> Output:
        stdout: list[bytes] = []
        stderr: list[bytes] = []
        while pieces := await self._arrived():
            for stream, data in pieces:
                (stdout if stream == "stdout" else stderr).append(data)
        return Output(b"".join(stdout), b"".join(stderr))

    def lines(self, *, encoding: str = "utf-8", errors: str = "replace") -> LineStream:
        """Iterate over lines of text instead of frames, each stream put together for itself.

        Called again, it goes on behind the last line that was handed out, in the encoding that was chosen first.

        :param encoding: how the process writes text; any that keeps line feeds as they are.
        :param errors: what to do with bytes that are no text, as in `bytes.decode`.
        :raises InvalidArgument: there is no such encoding, or no such way with errors.
        """
        try:
            codecs.lookup(encoding)
            codecs.lookup_error(errors)
        except (LookupError, TypeError) as error:
            raise InvalidArgument(
                f"text cannot be read with encoding={encoding!r}, errors={errors!r}: {error}"
            ) from None
        # A second decoder would not know of the lines that have arrived and were not asked for yet.
        if self._as_lines is None:
            self._as_lines = LineStream(self._arrived, encoding, errors)
        return self._as_lines


class FrameStream(_Frames):
    """Output as it comes: iterate for `Frame` objects, or over `lines` for text."""

    def __init__(self, answer: StreamAnswer, decoder: Decoder[Piece]) -> None:
        super().__init__(answer.receive_block, layered(answer.body, decoder), answer.request)
        self._answer = answer

    def __aiter__(self) -> "FrameStream":
        return self

    async def aclose(self) -> None:
        """Close the connection; leaving the ``async with`` block does it."""
        self._answer.close()


class AttachedStream(FrameStream):
    """Both directions of an attached container or exec instance: frames out, `send` in."""

    async def send(self, data: bytes | bytearray | memoryview | str) -> None:
        """Write to its stdin; text goes as UTF-8. Waits while the process does not read.

        :raises TransportError: the process has ended, or its stdin was closed.
        """
        if self._ended:
            raise TransportError("the process has ended: nobody reads what is sent")
        await self._answer.send(data.encode() if isinstance(data, str) else data)

    async def send_eof(self) -> None:
        """Close its stdin, and go on reading its output: the process reads the end of its input."""
        await self._answer.send_eof()

    async def send_all(self, data: bytes | bytearray | memoryview | str | AsyncIterable[bytes]) -> None:
        """Write all of `data` to its stdin, and close that; the same as `send`, then `send_eof`.

        :param data: all at once, or as it is made.
        :raises TransportError: the process has ended without reading all of it.
        """
        if isinstance(data, AsyncIterable):
            async for part in data:
                await self.send(part)
        else:
            await self.send(data)
        await self.send_eof()

    def __aiter__(self) -> "AttachedStream":
        return self


class WebSocketStream(_Frames):
    """Both directions of a container attached over a WebSocket.

    The daemon sends both outputs as one there, so every frame is ``stdout``, and there is no way to close stdin alone.
    """

    def __init__(self, socket: WebSocket) -> None:
        super().__init__(socket.receive, RawDecoder(), socket.request)
        self._socket = socket

    async def send(self, data: bytes | str) -> None:
        """Write to the container's stdin; text goes as UTF-8.

        :raises TransportError: the container has ended.
        """
        await self._socket.send(data.encode() if isinstance(data, str) else data)

    def __aiter__(self) -> "WebSocketStream":
        return self

    async def aclose(self) -> None:
        """Close the WebSocket; leaving the ``async with`` block does it."""
        await self._socket.aclose()


async def collect(frames: FrameStream | WebSocketStream) -> Output:
    """Read a stream of frames to its end."""
    return await frames._collect()  # noqa: SLF001 - not for users, who await the call
