"""The output of containers and exec instances: frames, lines, and attached streams."""

import codecs
from collections.abc import AsyncIterable, Iterator
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

from .._transport import StreamAnswer, WebSocket
from .._wire.decoder_protocol import Decoder
from .._wire.frames import Frame, FrameTuple, RawDecoder
from .._wire.layered import layer_decoders
from ..errors import InvalidArgument, TransportError
from .items import ItemStream, LineStream

__all__ = ["AttachedStream", "FrameStream", "Output", "WebSocketStream", "collect"]


class Output(NamedTuple):
    """The complete output of a container or exec instance."""

    stdout: bytes
    """What the process wrote to stdout; with a terminal, all of its output."""
    stderr: bytes
    """What the process wrote to stderr; empty with a terminal."""


class _OutputStream(ItemStream[Frame]):
    """A stream that is read either as frames or as lines."""

    _frames_read = False
    _lines: LineStream | None = None
    _text_options = ("", "")

    def _make_items(self, values: list[Any]) -> Iterator[Frame]:
        self._frames_read = True
        return map(tuple.__new__, repeat(Frame), values)  # takes half the time of Frame(...)

    async def _collect(self) -> Output:
        stdout: list[bytes] = []
        stderr: list[bytes] = []
        while frames := await self._next_batch():
            for stream, data in frames:
                (stdout if stream == "stdout" else stderr).append(data)
        return Output(b"".join(stdout), b"".join(stderr))

    def lines(self, *, encoding: str = "utf-8", errors: str = "replace") -> LineStream:
        """Return an iterator over the lines of text in the stream; lines of stdout and stderr are assembled separately.

        A stream is read either as frames or as lines: call this before reading any frame. Another call with the same arguments
        returns the same iterator, so that a second loop continues after the last line that the first loop read.

        :param encoding: encoding of the text, which must encode a line feed as the byte ``\\n``.
        :param errors: handling of bytes that cannot be decoded, as in `bytes.decode`.
        :returns: an iterator over `Line` objects, in the order in which the lines were completed, until the stream ends.
        :raises InvalidArgument: if the encoding or the error handler is unknown.
        :raises RuntimeError: if frames have been read, or lines with another encoding or error handler.
        """
        try:
            options = codecs.lookup(encoding).name, errors
            codecs.lookup_error(errors)
        except (LookupError, TypeError) as error:
            raise InvalidArgument(
                f"cannot decode text with encoding={encoding!r}, errors={errors!r}: {error}"
            ) from None
        if self._lines is None:
            if self._frames_read:
                raise RuntimeError("this stream is being read as frames: call lines() before reading any frame")
            self._lines = LineStream(partial(self._next_batch, elsewhere=True), encoding, errors)
            self._read_elsewhere = (
                "this stream is being read as lines: frames cannot be read after lines() has been called"
            )
            self._text_options = options
        elif options != self._text_options:
            raise RuntimeError(
                "this stream is being read as lines with encoding={!r}, errors={!r}".format(*self._text_options)
            )
        return self._lines


class FrameStream(_OutputStream):
    """The output of a container, as it arrives.

    Iterating yields `Frame` objects until the stream ends: for logs without ``follow`` after the existing output, otherwise
    when the container stops. To read text, use `lines` instead.

    :raises OperationFailed: if the daemon reports an error inside the stream.
    :raises TruncatedStream: if the connection ended before the stream did.
    :raises MalformedStream: if the stream is not in the expected format.
    :raises RuntimeError: if `lines` has been called.
    """

    def __init__(self, answer: StreamAnswer, decoder: Decoder[FrameTuple]) -> None:
        super().__init__(answer.receive_block, layer_decoders(answer.body, decoder), answer.request)
        self._answer = answer

    def __aiter__(self) -> "FrameStream":
        return self

    async def aclose(self) -> None:
        """Close the connection; called automatically at the end of the ``async with`` block."""
        self._answer.close()


class AttachedStream(FrameStream):
    """The input and output of an attached container or exec instance.

    Iterating yields `Frame` objects until the process ends or the daemon detaches. To read text, use `lines` instead.

    :raises OperationFailed: if the daemon reports an error inside the stream.
    :raises TruncatedStream: if the connection ended inside a frame.
    :raises MalformedStream: if the stream is not in the expected format.
    :raises RuntimeError: if `lines` has been called.
    """

    async def send(self, data: bytes | bytearray | memoryview | str) -> None:
        """Write to stdin of the process; wait while the process is not reading its input.

        :param data: bytes, or text that is encoded as UTF-8.
        :raises TransportError: if the process has ended, or its stdin has been closed.
        """
        if self._ended:
            raise TransportError("the process has ended and reads no more input")
        await self._answer.send(data.encode() if isinstance(data, str) else data)

    async def send_eof(self) -> None:
        """Close stdin of the process, so that it reaches the end of its input; its output can still be read.

        :raises TransportError: if one direction of the connection cannot be closed separately, as for Windows named pipes.
        """
        await self._answer.send_eof()

    async def send_all(self, data: bytes | bytearray | memoryview | str | AsyncIterable[bytes]) -> None:
        """Write data to stdin of the process, then close stdin; equivalent to `send` and `send_eof`.

        :param data: bytes, text that is encoded as UTF-8, or an asynchronous iterable of bytes.
        :raises TransportError: if the process has ended before it read all of the data.
        """
        if isinstance(data, AsyncIterable):
            async for part in data:
                await self.send(part)
        else:
            await self.send(data)
        await self.send_eof()

    def __aiter__(self) -> "AttachedStream":
        return self


class WebSocketStream(_OutputStream):
    """The input and output of a container attached over a WebSocket.

    Iterating yields `Frame` objects until the container stops. To read text, use `lines` instead. The daemon does not
    distinguish stdout and stderr, so all frames belong to ``stdout``. Stdin cannot be closed separately.

    :raises TruncatedStream: if the connection ended without a closing handshake.
    :raises RuntimeError: if `lines` has been called.
    """

    def __init__(self, socket: WebSocket) -> None:
        super().__init__(socket.receive, RawDecoder(), socket.request)
        self._socket = socket

    async def send(self, data: bytes | str) -> None:
        """Write to stdin of the container.

        :param data: bytes, or text that is encoded as UTF-8.
        :raises TransportError: if the container has stopped.
        """
        await self._socket.send(data.encode() if isinstance(data, str) else data)

    def __aiter__(self) -> "WebSocketStream":
        return self

    async def aclose(self) -> None:
        """Close the WebSocket; called automatically at the end of the ``async with`` block."""
        await self._socket.aclose()


async def collect(stream: FrameStream | WebSocketStream) -> Output:
    """Read a stream until it ends, and return its output."""
    return await stream._collect()  # noqa: SLF001 - not public: users await the call
