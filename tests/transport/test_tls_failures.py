"""A daemon that cannot be trusted, or does not speak TLS as it should: what the user reads, on both roads."""

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
    """A stream that is opened."""
    async with docker.system.events():
        pass


ROADS: dict[str, Callable[[Docker], Awaitable[Any]]] = {
    "plain": lambda docker: docker.containers.pause("web"),
    "upload": lambda docker: docker.images.load(bytes(1 << 21)),
    "stream": stream,
    "websocket": lambda docker: docker.containers.attach_websocket("web"),
}


def speaking(*names: str, oldest: bool = False, **dates: datetime) -> ssl.SSLContext:
    """The TLS of a daemon whose certificate is for those names, or whose TLS is of the oldest."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(*(names or ("localhost",)), **dates).configure_cert(context)
    if oldest:
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@asynccontextmanager
async def listening(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], context: ssl.SSLContext | None
) -> AsyncIterator[str]:
    """Something that listens in a daemon's place."""
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
    """Answer as a server of plain HTTP does."""
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request")
    writer.close()


def alert(code: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Break the handshake off, with an alert."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(bytes([21, 3, 3, 0, 2, 2, code]))
        writer.close()

    return handle


CASES: dict[str, tuple[Any, Callable[[], ssl.SSLContext | None], str]] = {
    "expired": (
        hang_up,
        lambda: speaking(not_before=NOW - 9 * DAY, not_after=NOW - DAY),
        r"certificate cannot be verified: certificate has expired\. Renew it",
    ),
    "too early": (
        hang_up,
        lambda: speaking(not_before=NOW + DAY, not_after=NOW + 9 * DAY),
        r"certificate cannot be verified: certificate is not yet valid\. Are the clocks of both machines correct\?",
    ),
    "another name": (
        hang_up,
        lambda: speaking("elsewhere.example.org"),
        r"certificate cannot be verified: Hostname mismatch, certificate is not valid for 'localhost'\. Use a name in the certificate",
    ),
    "old": (
        hang_up,
        lambda: speaking(oldest=True),
        r"(supports TLS 1\.1 at most|connection closed during the TLS handshake)",
    ),
    "no TLS": (plain, lambda: None, r"the daemon does not use TLS on this port\. Use its TLS port"),
    "no certificate, says OpenSSL": (
        alert(40),
        lambda: None,
        r"handshake failure: the daemon requires a client certificate, or there is no common cipher",
    ),
    "old, says the server": (alert(70), lambda: None, r"supports TLS 1\.1 at most, which is insecure"),
    "in trouble": (
        alert(80),
        lambda: None,
        r"the daemon failed during the handshake \(internal error\)\. See its log",
    ),
    "a name that it does not know": (
        alert(112),
        lambda: None,
        r"the daemon does not know this server name\. Use another address",
    ),
    "other protocols": (alert(120), lambda: None, r"none of the protocols of your ssl\.SSLContext \(ALPN\)"),
    "revoked": (alert(44), lambda: None, r"requires a client certificate .* \(certificate revoked\)\. Set one"),
    "nothing": (
        hang_up,
        lambda: None,
        r"connection closed during the TLS handshake\. Does the daemon use TLS on this port\?",
    ),
}


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("case", CASES)
async def test_what_the_user_reads(case: str, road: str) -> None:
    handle, context, words = CASES[case]
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the server's own trouble is no concern here
    tls = TLS(ca=AUTHORITY.cert_pem.bytes())
    async with listening(handle, context()) as host, Docker(host, tls=tls, api_version="1.44") as docker:
        with pytest.raises(ConnectFailed, match=words) as caught:
            await ROADS[road](docker)
    assert str(caught.value).startswith(f"cannot connect to {host} (the argument host): ")
    assert caught.value.__cause__ is not None
