"""Making the connections that streams have for themselves."""

import asyncio
import socket
from collections.abc import Iterable
from typing import Any, Final

import anyio

from .._settings import Endpoint
from .connection import Connection
from .failures import connect_failure, connect_timeout

__all__ = ["dial"]

# A stream may be silent for weeks; probing tells a dead peer from a quiet one.
_KEEPALIVE: Final = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))


async def dial(endpoint: Endpoint, timeout: float | None) -> Connection:
    """Connect to the daemon within `timeout` seconds.

    :raises ConnectFailed: nobody there, or no permission.
    :raises RequestTimeout: the connection was not accepted in time.
    """
    try:
        with anyio.fail_after(timeout):
            sock = await (_unix(endpoint) if endpoint.is_unix else _tcp(endpoint))
    except TimeoutError as error:
        raise connect_timeout(endpoint, timeout) from error
    except OSError as error:
        raise connect_failure(endpoint, error) from error
    return Connection(sock)


async def _unix(endpoint: Endpoint) -> socket.socket:
    return await _connect(socket.AF_UNIX, endpoint.socket)


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
        await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock
