"""TLS over a connection of our own, with half-close.

Event loops close both directions of a TLS connection at once. A process that reads its stdin to the end before it answers
needs the one and still has to be heard, so the TLS records are made here: after our ``close_notify`` reading goes on.
"""

import ssl
from typing import Final

from .._settings import Endpoint
from ..errors import TransportError
from .connection import Connection
from .failures import connect_failure
from .tls_failures import refused_certificate

__all__ = ["TLSConnection"]

_RECORD: Final = 1 << 14  # no more is decrypted at once
_SLICE: Final = 1 << 16


class TLSConnection:
    """A `Connection` whose bytes are encrypted; `handshake` comes first."""

    def __init__(self, connection: Connection, context: ssl.SSLContext, endpoint: Endpoint, name: str | None) -> None:
        import anyio

        self._connection = connection
        self._endpoint = endpoint
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        # A name that ends with a dot is looked for as it is, and stands in the certificate without it; aiohttp knows that.
        name = (name or endpoint.host).rstrip(".")
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._unsent = b""
        self._flushing = anyio.Lock()
        self._filling = anyio.Lock()
        self._filled = 0

    @property
    def closed(self) -> bool:
        """Whether `abort` has been called."""
        return self._connection.closed

    async def handshake(self) -> None:
        """Agree on keys, and verify whom we speak to.

        :raises ssl.SSLError: the other side is not whom it should be, or speaks no TLS.
        """
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._fill()
            else:
                await self._flush()
                return

    async def receive(self) -> bytes:
        """All bytes that have arrived; waits for the first. ``b""`` is the end.

        :raises TransportError: the connection broke, or ended without TLS saying so.
        """
        while True:
            data = self._read()
            if data is not None:
                return data
            if self._outgoing.pending:
                await self._flush()
            await self._fill()

    def _read(self) -> bytes | None:
        """All bytes that can be decrypted now; None when none can."""
        parts: list[bytes] = []
        try:
            while part := self._tls.read(_RECORD):
                parts.append(part)
        except ssl.SSLWantReadError:
            return b"".join(parts) if parts else None
        except ssl.SSLZeroReturnError:
            return b"".join(parts)
        except ssl.SSLError as error:
            if parts:
                return b"".join(parts)  # the next call meets the error again
            if isinstance(error, ssl.SSLEOFError):
                raise TransportError("the connection ended without TLS saying so") from error
            if refused_certificate(error):
                raise connect_failure(self._endpoint, error) from error
            raise TransportError(f"the TLS connection broke: {error.reason or error}") from error
        return b"".join(parts)

    async def _fill(self) -> None:
        """Hand more of what has arrived to TLS; of two that wait for that, one does it for both."""
        filled = self._filled
        async with self._filling:
            if self._filled != filled:
                return
            data = await self._connection.receive()
            self._filled += 1
            if data:
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    async def _flush(self) -> None:
        """Send what TLS has made; what a cancelled flush left goes first, or the other side could not decrypt the rest."""
        async with self._flushing:
            self._unsent += self._outgoing.read()
            while self._unsent:
                sent = await self._connection.send_some(self._unsent)
                self._unsent = self._unsent[sent:]

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: the other side has closed the connection.
        """
        view = memoryview(data).cast("B")
        while view:
            if self._unsent:
                await self._flush()
            try:
                written = self._tls.write(view[:_SLICE])
            except ssl.SSLWantReadError:  # TLS 1.2: the other side wants to agree on new keys first
                await self._flush()
                await self._fill()
                continue
            except ssl.SSLError as error:
                raise TransportError(f"the daemon has closed the stream: {error.reason or error}") from error
            view = view[written:]
            await self._flush()

    async def send_eof(self) -> None:
        """Half-close: the other side reads the end, and may go on sending."""
        try:
            self._tls.unwrap()
        except ssl.SSLWantReadError:
            pass  # our close_notify is made; the other side's is not here yet
        except ssl.SSLError:
            return  # the other side was faster
        try:
            await self._flush()
        except TransportError:
            return

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self._connection.abort()
