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
        r"it cannot be trusted: certificate has expired\. Renew it on the daemon's machine",
    ),
    "too early": (
        hang_up,
        lambda: speaking(not_before=NOW + DAY, not_after=NOW + 9 * DAY),
        r"it cannot be trusted: certificate is not yet valid\. Do the clocks of both machines agree\?",
    ),
    "another name": (
        hang_up,
        lambda: speaking("elsewhere.example.org"),
        r"it cannot be trusted: Hostname mismatch, certificate is not valid for 'localhost'\. Connect by a name that it bears",
    ),
    "old": (
        hang_up,
        lambda: speaking(oldest=True),
        r"it (speaks TLS older than 1\.2 only|closed the connection before TLS)",
    ),
    "no TLS": (plain, lambda: None, r"it does not speak TLS on this port\. Take the port on which it does"),
    "no certificate, says OpenSSL": (
        alert(40),
        lambda: None,
        r"it broke the handshake off: it misses a client certificate, or the two sides have no cipher in common",
    ),
    "old, says the server": (alert(70), lambda: None, r"it speaks TLS older than 1\.2 only, which is not safe"),
    "in trouble": (
        alert(80),
        lambda: None,
        r"it failed while TLS was being agreed on \(internal error\)\. See its log",
    ),
    "a name that it does not know": (
        alert(112),
        lambda: None,
        r"it is not known by this name there\. Connect by another",
    ),
    "other protocols": (alert(120), lambda: None, r"none of the protocols that your ssl\.SSLContext offers \(ALPN\)"),
    "revoked": (alert(44), lambda: None, r"wants a client certificate .* \(certificate revoked\)\. Give a valid one"),
    "nothing": (
        hang_up,
        lambda: None,
        r"it closed the connection before TLS was agreed on\. Does it speak TLS on this port\?",
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
