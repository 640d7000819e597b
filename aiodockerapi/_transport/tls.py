"""TLS over a connection of our own, with half-close.

Event loops close both directions of a TLS connection at once. A process that reads its stdin until EOF before it writes its
output needs a half-close, so TLS records are encoded and decoded here: reading continues after our ``close_notify``.
"""

import ssl
from typing import Final

from .._settings import Endpoint
from ..errors import TransportError
from .connection import Connection
from .diagnostics.tls import client_certificate_error
from .diagnostics.translation import connect_failed

__all__ = ["TLSConnection"]

_RECORD: Final = 1 << 14  # the largest TLS record
_SLICE: Final = 1 << 16


class TLSConnection:
    """An encrypted `Connection`; call `handshake` first."""

    def __init__(self, connection: Connection, context: ssl.SSLContext, endpoint: Endpoint, name: str | None) -> None:
        import anyio

        self._connection = connection
        self._endpoint = endpoint
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        # A trailing dot is part of a DNS name, but not of the name in a certificate; aiohttp removes it as well.
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
        """Perform the TLS handshake and verify the peer.

        :raises ssl.SSLError: if the peer cannot be verified, or does not use TLS.
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
        """Return all data that has arrived, waiting for the first byte; ``b""`` is the end.

        :raises TransportError: if the connection broke, or ended without a close_notify.
        """
        while True:
            data = self._read()
            if data is not None:
                return data
            if self._outgoing.pending:
                await self._flush()
            await self._fill()

    def _read(self) -> bytes | None:
        """Return all data that can be decrypted now; None if there is none."""
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
                return b"".join(parts)  # the next call gets the error again
            if isinstance(error, ssl.SSLEOFError):
                raise TransportError("the TLS connection ended without close_notify") from error
            if client_certificate_error(error):
                raise connect_failed(self._endpoint, error) from error
            raise TransportError(f"the TLS connection broke: {error.reason or error}") from error
        return b"".join(parts)

    async def _fill(self) -> None:
        """Pass more received data to TLS; if two tasks wait for that, one does it for both."""
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
        """Send the TLS records; those left by a cancelled flush first, since the peer needs them in order."""
        async with self._flushing:
            self._unsent += self._outgoing.read()
            while self._unsent:
                sent = await self._connection.send_some(self._unsent)
                self._unsent = self._unsent[sent:]

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`.

        :raises TransportError: if the peer has closed the connection.
        """
        view = memoryview(data).cast("B")
        while view:
            if self._unsent:
                await self._flush()
            try:
                written = self._tls.write(view[:_SLICE])
            except ssl.SSLWantReadError:  # TLS 1.2: the peer renegotiates
                await self._flush()
                await self._fill()
                continue
            except ssl.SSLError as error:
                raise TransportError(f"the daemon has closed the stream: {error.reason or error}") from error
            view = view[written:]
            await self._flush()

    async def send_eof(self) -> None:
        """Half-close: the peer reads the end and can still send."""
        try:
            self._tls.unwrap()
        except ssl.SSLWantReadError:
            pass  # our close_notify is encoded; the peer's has not arrived yet
        except ssl.SSLError:
            return  # the peer has already closed the connection
        try:
            await self._flush()
        except TransportError:
            return

    def abort(self) -> None:
        """Close at once."""
        self._connection.abort()
