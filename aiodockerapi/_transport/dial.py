"""Connecting, for streams that have a connection of their own."""

import asyncio
import socket
from typing import Any, Final

from .._settings import Endpoint
from ..errors import TransportError
from .connection import Connection, Duplex
from .diagnostics.translation import connect_failed, connect_timed_out
from .pipe import open_pipe
from .tls import TLSConnection
from .tls_contexts import TLSContexts

__all__ = ["dial", "tcp_socket"]

# A stream may be silent for weeks; the probes detect a dead peer. Pooled connections stay idle between calls.
_KEEPALIVE: Final = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))


async def dial(endpoint: Endpoint, timeout: float | None, tls: TLSContexts | None) -> Duplex:
    """Connect to the daemon within `timeout` seconds, over TLS if `tls` is given.

    :raises ConnectFailed: if the daemon does not listen, permission is denied, or TLS fails.
    :raises RequestTimeout: if the connection was not accepted in time.
    """
    import anyio

    try:
        if endpoint.scheme == "unix":
            return Connection(await _unix(endpoint, timeout))
        with anyio.fail_after(timeout):
            if endpoint.scheme == "npipe":
                return await open_pipe(endpoint.socket)
            context = None if tls is None else await tls.context()
            connection = Connection(await _tcp(endpoint))
            if tls is None or context is None:
                return connection
            return await _encrypted(TLSConnection(connection, context, endpoint, tls.server_name))
    except TransportError:
        raise
    except OSError as error:
        if isinstance(error, TimeoutError) and error.errno is None:
            raise connect_timed_out(endpoint, timeout) from error
        raise connect_failed(endpoint, error) from error


async def _encrypted(connection: TLSConnection) -> TLSConnection:
    try:
        await connection.handshake()
    except BaseException as error:
        connection.abort()
        if isinstance(error, TransportError) and isinstance(error.__cause__, OSError):
            raise error.__cause__ from None  # reported as a failure to connect
        raise
    return connection


async def _unix(endpoint: Endpoint, timeout: float | None) -> socket.socket:
    import anyio

    try:
        return _connect_unix(endpoint.socket)
    except BlockingIOError:  # the daemon's backlog is full
        with anyio.fail_after(timeout):
            return await _connect_unix_later(endpoint.socket)


async def _connect_unix_later(path: str) -> socket.socket:
    pause = 0.001
    while True:
        await asyncio.sleep(pause)
        try:
            return _connect_unix(path)
        except BlockingIOError:
            pause = min(pause * 2, 0.1)


def _connect_unix(path: str) -> socket.socket:
    """Connect at once or fail: asyncio would treat EAGAIN as a connection in progress."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.connect(path)
    except BaseException:
        sock.close()
        raise
    return sock


async def _tcp(endpoint: Endpoint) -> socket.socket:
    loop = asyncio.get_running_loop()
    addresses = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    failures: list[OSError] = []
    for family, _, _, _, address in addresses:
        try:
            return await _connect(family, address)
        except OSError as error:
            failures.append(error)
    raise failures[0] if failures else OSError(f"no address for {endpoint.host}")


def tcp_socket(family: int) -> socket.socket:
    """Return a TCP socket with keep-alive, which detects a dead peer, and without Nagle's algorithm."""
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE:
            option = getattr(socket, name, None)  # not every platform has all of them
            if option is not None:
                sock.setsockopt(socket.IPPROTO_TCP, option, value)
    except BaseException:
        sock.close()
        raise
    return sock


async def _connect(family: int, address: Any) -> socket.socket:
    sock = tcp_socket(family)
    try:
        await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock
