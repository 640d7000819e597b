"""Error messages for a daemon that cannot be trusted or whose TLS fails, with every kind of call."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from aiodockerapi import TLS, ConnectFailed, Docker

AUTHORITY = trustme.CA()
DAY = timedelta(days=1)
NOW = datetime.now(UTC)


async def stream(docker: Docker) -> None:
    """Open a stream."""
    async with docker.system.events():
        pass


CALLS: dict[str, Callable[[Docker], Awaitable[Any]]] = {
    "plain": lambda docker: docker.containers.pause("web"),
    "upload": lambda docker: docker.images.load(bytes(1 << 21)),
    "stream": stream,
    "websocket": lambda docker: docker.containers.attach_websocket("web"),
}


def server_context(*names: str, old: bool = False, **dates: datetime) -> ssl.SSLContext:
    """Return the context of a daemon whose certificate has these names, or that supports only TLS 1.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(*(names or ("localhost",)), **dates).configure_cert(context)
    if old:
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@asynccontextmanager
async def listening(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], context: ssl.SSLContext | None
) -> AsyncIterator[str]:
    """Run a server in place of a daemon."""
    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    try:
        yield f"tcp://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close at once."""
    writer.close()


async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Respond like a server of plain HTTP."""
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request")
    writer.close()


def alert(code: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Abort the handshake with an alert."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(bytes([21, 3, 3, 0, 2, 2, code]))
        writer.close()

    return handle


CASES: dict[str, tuple[Any, Callable[[], ssl.SSLContext | None], str]] = {
    "expired": (
        hang_up,
        lambda: server_context(not_before=NOW - 9 * DAY, not_after=NOW - DAY),
        r"certificate cannot be verified: certificate has expired\. Renew it",
    ),
    "not yet valid": (
        hang_up,
        lambda: server_context(not_before=NOW + DAY, not_after=NOW + 9 * DAY),
        r"certificate cannot be verified: certificate is not yet valid\. Are the clocks of both machines correct\?",
    ),
    "name mismatch": (
        hang_up,
        lambda: server_context("elsewhere.example.org"),
        (
            r"certificate cannot be verified: Hostname mismatch, certificate is not valid for 'localhost'\. "
            r"Use a name in the certificate"
        ),
    ),
    "old version, detected by the client": (
        hang_up,
        lambda: server_context(old=True),
        r"(supports TLS 1\.1 at most|connection closed during the TLS handshake)",
    ),
    "no TLS": (plain, lambda: None, r"the daemon does not use TLS on this port\. Use its TLS port"),
    "handshake failure alert": (
        alert(40),
        lambda: None,
        r"handshake failure: the daemon requires a client certificate, or there is no common cipher",
    ),
    "protocol version alert": (alert(70), lambda: None, r"supports TLS 1\.1 at most, which is insecure"),
    "internal error alert": (
        alert(80),
        lambda: None,
        r"the daemon failed during the handshake \(internal error\)\. See its log",
    ),
    "unrecognized name alert": (
        alert(112),
        lambda: None,
        r"the daemon does not know this server name\. Use another address",
    ),
    "no application protocol alert": (
        alert(120),
        lambda: None,
        r"none of the protocols of your ssl\.SSLContext \(ALPN\)",
    ),
    "certificate revoked alert": (
        alert(44),
        lambda: None,
        r"requires a client certificate .* \(certificate revoked\)\. Set one",
    ),
    "closed": (
        hang_up,
        lambda: None,
        r"connection closed during the TLS handshake\. Does the daemon use TLS on this port\?",
    ),
}


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("case", CASES)
async def test_the_error_message(case: str, kind: str) -> None:
    handle, context, pattern = CASES[case]
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # errors in the server are expected
    tls = TLS(ca=AUTHORITY.cert_pem.bytes())
    async with listening(handle, context()) as host, Docker(host, tls=tls, api_version="1.44") as docker:
        with pytest.raises(ConnectFailed, match=pattern) as caught:
            await CALLS[kind](docker)
    assert str(caught.value).startswith(f"cannot connect to {host} (the argument host): ")
    assert caught.value.__cause__ is not None
