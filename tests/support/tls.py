"""Daemons behind TLS: certificates of all sorts, a real dockerd that has one, and a gate that speaks one version of TLS only.

certificates = Certificates(folder)
with secured(certificates) as host:                     # tcp://localhost:PORT, and nobody gets in without a certificate
    certificates.client()                               # a directory for DOCKER_CERT_PATH: ca.pem, cert.pem, key.pem
with secured(certificates, "elsewhere.example.org"): ...        # a certificate in another name
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

_OURS = ("localhost", "127.0.0.1")
_BLOCK = 1 << 16


class Certificates:
    """An authority that daemon and client trust, what it has signed, and somebody else's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = trustme.CA()
        self._stranger = trustme.CA()

    def _issue(self, *names: str, expired: bool, stranger: bool) -> trustme.LeafCert:
        issuer = self._stranger if stranger else self.authority
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

    def server(self, *names: str, expired: bool = False, stranger: bool = False) -> Path:
        """A directory with what a daemon needs: `ca.pem` to check clients with, `cert.pem`, `key.pem`.

        :param names: whom it is for; by default the addresses of this machine.
        :param expired: it was good until yesterday.
        :param stranger: an authority signed it that the client does not know.
        """
        return self._write(self._issue(*(names or _OURS), expired=expired, stranger=stranger), self.authority)

    def client(self, *, expired: bool = False, stranger: bool = False, trusting: bool = True) -> Path:
        """A directory with what a client needs, for DOCKER_CERT_PATH.

        :param expired: its certificate was good until yesterday.
        :param stranger: an authority signed it that the daemon does not know.
        :param trusting: False has it trust another authority than the daemon's.
        """
        certificate = self._issue("client@example.org", expired=expired, stranger=stranger)
        return self._write(certificate, self.authority if trusting else self._stranger)

    def context(self, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """A client's context, of all versions or of one."""
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
    certificates: Certificates, *names: str, expired: bool = False, stranger: bool = False, verify: bool = True
) -> Iterator[str]:
    """The tcp:// address, by the name of localhost, of a dockerd of our own behind TLS.

    :param names: whom its certificate is for; see `Certificates.server` for this and the next two.
    :param verify: False has it let in everybody who speaks TLS.
    """
    files = certificates.server(*names, expired=expired, stranger=stranger)
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


class _Passage:
    """One connection through the gate: decrypted on its way in, encrypted on its way out; each way ends for itself."""

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

    async def shake(self) -> None:
        """The handshake; of one that fails, the client learns by an alert."""
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

    async def inwards(self, daemon: asyncio.StreamWriter) -> None:
        """What the client says, to the daemon, and that it has said everything."""
        while True:
            try:
                data = self._tls.read(_BLOCK)
            except ssl.SSLWantReadError:
                await self._more()
                continue
            except ssl.SSLError:  # the end, properly announced or not
                data = b""
            if not data:
                break
            daemon.write(data)
            await daemon.drain()
        daemon.write_eof()

    async def outwards(self, daemon: asyncio.StreamReader) -> None:
        """What the daemon says, to the client, and that it has said everything."""
        while data := await daemon.read(_BLOCK):
            self._tls.write(data)
            await self._flush()
        with suppress(ssl.SSLError):  # it would like to wait for the client's goodbye
            self._tls.unwrap()
        await self._flush()
        self._writer.write_eof()


@asynccontextmanager
async def gate(
    certificates: Certificates, host: str, version: ssl.TLSVersion | None = None, *, verify: bool = True
) -> AsyncIterator[str]:
    """The tcp:// address of a gate to a daemon on a unix socket: it speaks one version of TLS only, which no dockerd would.

    :param verify: False lets in everybody who speaks that.
    """
    files = certificates.server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / "cert.pem", files / "key.pem")
    _limit(context, version)
    if verify:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files / "ca.pem")

    async def passage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        through = _Passage(context, reader, writer)
        try:
            with suppress(ssl.SSLError, OSError):
                await through.shake()
                inner, outer = await asyncio.open_unix_connection(host.removeprefix("unix://"))
                try:
                    await asyncio.gather(through.inwards(outer), through.outwards(inner))
                finally:
                    outer.close()
        finally:
            writer.close()

    passages = set[asyncio.Task[None]]()

    def admit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(passage(reader, writer))
        passages.add(task)
        task.add_done_callback(passages.discard)

    server = await asyncio.start_server(admit, "127.0.0.1", 0)
    try:
        yield f"tcp://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        left = list(passages)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
