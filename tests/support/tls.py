"""TLS: certificates, a real dockerd that uses them, and a TLS proxy that supports a single version of TLS.

certificates = Certificates(folder)
with secured(certificates) as host:                     # tcp://localhost:PORT, requires a client certificate
    certificates.client()                               # a directory for DOCKER_CERT_PATH: ca.pem, cert.pem, key.pem
with secured(certificates, "elsewhere.example.org"): ...        # a certificate for another name
with secured(certificates, expired=True): ...
async with gate(certificates, engine_host, ssl.TLSVersion.TLSv1_2) as host: ...
"""

from __future__ import annotations

import asyncio
import os
import secrets
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from tests.support import engine as engines

__all__ = ["Certificates", "gate", "secured"]

_THIS_MACHINE = ("localhost", "127.0.0.1")
_BLOCK = 1 << 16


class Certificates:
    """A certificate authority that daemon and client trust, its certificates, and an untrusted authority."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = trustme.CA()
        self._untrusted = trustme.CA()

    def _issue(self, *names: str, expired: bool, untrusted: bool) -> trustme.LeafCert:
        issuer = self._untrusted if untrusted else self.authority
        if not expired:
            return issuer.issue_cert(*names)
        now = datetime.now(UTC)
        return issuer.issue_cert(*names, not_before=now - timedelta(days=2), not_after=now - timedelta(days=1))

    def _write(self, certificate: trustme.LeafCert, authority: trustme.CA) -> Path:
        folder = self.folder / secrets.token_hex(4)
        folder.mkdir()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
        certificate.private_key_pem.write_to_path(folder / "key.pem")
        return folder

    def server(self, *names: str, expired: bool = False, untrusted: bool = False) -> Path:
        """Create a directory with the files of a daemon: `ca.pem` to verify clients, `cert.pem`, `key.pem`.

        :param names: the names in the certificate; by default the addresses of this machine.
        :param expired: whether the certificate expired yesterday.
        :param untrusted: whether it is signed by an authority that the client does not trust.
        """
        return self._write(self._issue(*(names or _THIS_MACHINE), expired=expired, untrusted=untrusted), self.authority)

    def client(self, *, expired: bool = False, untrusted: bool = False, trusting: bool = True) -> Path:
        """Create a directory with the files of a client, for DOCKER_CERT_PATH.

        :param expired: whether the certificate expired yesterday.
        :param untrusted: whether it is signed by an authority that the daemon does not trust.
        :param trusting: whether the client trusts the authority of the daemon.
        """
        certificate = self._issue("client@example.org", expired=expired, untrusted=untrusted)
        return self._write(certificate, self.authority if trusting else self._untrusted)

    def context(self, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """Return a context of a client, with all versions of TLS or a single one."""
        files = self.client()
        context = ssl.create_default_context(cafile=files / "ca.pem")
        context.load_cert_chain(files / "cert.pem", files / "key.pem")
        _limit(context, version)
        return context


def _limit(context: ssl.SSLContext, version: ssl.TLSVersion | None) -> None:
    if version is not None:
        context.minimum_version = context.maximum_version = version


@contextmanager
def secured(
    certificates: Certificates, *names: str, expired: bool = False, untrusted: bool = False, verify: bool = True
) -> Iterator[str]:
    """Run a dedicated dockerd with TLS; its tcp:// address has the host name localhost.

    :param names: the names in its certificate; see `Certificates.server` for this and the next two.
    :param verify: whether it requires a client certificate.
    """
    files = certificates.server(*names, expired=expired, untrusted=untrusted)
    flags = ["--tls", f"--tlscert={files / 'cert.pem'}", f"--tlskey={files / 'key.pem'}"]
    if verify:
        flags += ["--tlsverify", f"--tlscacert={files / 'ca.pem'}"]
    suite = os.environ.get("ENGINE_SUITE", "")
    spec = engines.Spec(f"tls-{os.getpid()}-{files.name}", flags=tuple(flags), suite=suite)
    engine = engines.acquire(os.getpid(), spec, own=True)
    try:
        assert engine.tcp is not None
        yield engine.tcp.replace("127.0.0.1", "localhost")
    finally:
        engines.release(os.getpid(), spec)


class _GateConnection:
    """One connection of the TLS proxy; each direction is closed independently."""

    def __init__(self, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def _flush(self) -> None:
        self._writer.write(self._outgoing.read())
        await self._writer.drain()

    async def _more(self) -> None:
        if data := await self._reader.read(_BLOCK):
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    async def handshake(self) -> None:
        """Perform the handshake; if it fails, the client gets an alert."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._more()
            else:
                return
            finally:
                await self._flush()

    async def forward_request(self, daemon: asyncio.StreamWriter) -> None:
        """Decrypt data from the client and send it to the daemon, including the end."""
        while True:
            try:
                data = self._tls.read(_BLOCK)
            except ssl.SSLWantReadError:
                await self._more()
                continue
            except ssl.SSLError:  # the end, with or without close_notify
                data = b""
            if not data:
                break
            daemon.write(data)
            await daemon.drain()
        daemon.write_eof()

    async def forward_response(self, daemon: asyncio.StreamReader) -> None:
        """Encrypt data from the daemon and send it to the client, including the end."""
        while data := await daemon.read(_BLOCK):
            self._tls.write(data)
            await self._flush()
        with suppress(ssl.SSLError):  # the close_notify of the client has not arrived yet
            self._tls.unwrap()
        await self._flush()
        self._writer.write_eof()


@asynccontextmanager
async def gate(
    certificates: Certificates, host: str, version: ssl.TLSVersion | None = None, *, verify: bool = True
) -> AsyncIterator[str]:
    """Run a TLS proxy to a daemon on a Unix socket, with a single version of TLS, which dockerd has no option for.

    :param verify: whether it requires a client certificate.
    """
    files = certificates.server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / "cert.pem", files / "key.pem")
    _limit(context, version)
    if verify:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files / "ca.pem")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _GateConnection(context, reader, writer)
        try:
            with suppress(ssl.SSLError, OSError):
                await connection.handshake()
                inner, outer = await asyncio.open_unix_connection(host.removeprefix("unix://"))
                try:
                    await asyncio.gather(connection.forward_request(outer), connection.forward_response(inner))
                finally:
                    outer.close()
        finally:
            writer.close()

    tasks = set[asyncio.Task[None]]()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"tcp://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        left = list(tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
