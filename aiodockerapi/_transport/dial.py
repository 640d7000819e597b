"""Making the connections that streams have for themselves."""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any, Final

import anyio

from .._settings import Endpoint
from ..errors import ConnectFailed
from .connection import Connection, Duplex
from .failures import connect_failure, connect_timeout
from .tls import TLSConnection

__all__ = ["dial"]

# A stream may be silent for weeks; probing tells a dead peer from a quiet one.
_KEEPALIVE: Final = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))


async def dial(endpoint: Endpoint, timeout: float | None, context: ssl.SSLContext | None) -> Duplex:
    """Connect to the daemon within `timeout` seconds, over TLS where there is a `context` for it.

    :raises ConnectFailed: nobody there, no permission, or no trust.
    :raises RequestTimeout: the connection was not accepted in time.
    """
    try:
        with anyio.fail_after(timeout):
            connection = Connection(await (_unix(endpoint) if endpoint.is_unix else _tcp(endpoint)))
            return connection if context is None else await _encrypted(connection, context, endpoint)
    except ConnectFailed:
        raise
    except OSError as error:
        if isinstance(error, TimeoutError) and error.errno is None:
            raise connect_timeout(endpoint, timeout) from error
        raise connect_failure(endpoint, error) from error
    except UnicodeError as error:
        raise ConnectFailed(f"cannot connect to {endpoint!s:.200} ({endpoint.source}): {error}") from error


async def _encrypted(connection: Connection, context: ssl.SSLContext, endpoint: Endpoint) -> TLSConnection:
    try:
        tls = TLSConnection(connection, context, endpoint.host)
        await tls.handshake(endpoint)
    except BaseException:
        connection.abort()
        raise
    return tls


async def _unix(endpoint: Endpoint) -> socket.socket:
    pause = 0.001
    while True:
        try:
            return await _connect(socket.AF_UNIX, endpoint.socket)
        except BlockingIOError:  # more connections wait to be accepted than the daemon's backlog holds
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.1)


async def _tcp(endpoint: Endpoint) -> socket.socket:
    loop = asyncio.get_running_loop()
    addresses = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    failures: list[OSError] = []
    for family, _, _, _, address in addresses:
        try:
            sock = await _connect(family, address)
        except OSError as error:
            failures.append(error)
            continue
        _configure(sock, _KEEPALIVE)
        return sock
    raise failures[0] if failures else OSError(f"no address for {endpoint.host}")


def _configure(sock: socket.socket, keepalive: Iterable[tuple[str, int]]) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in keepalive:
        option = getattr(socket, name, None)  # not every platform has them all
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


async def _connect(family: int, address: Any) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if family == socket.AF_UNIX:
            sock.connect(address)  # at once or not at all: asyncio would take "try again" for connected in a moment
        else:
            await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock
