"""Translation of exceptions of aiohttp, ssl and the operating system to those of this library, with what helps."""

import ast
import errno
import os
import re
import socket
import ssl
from typing import Final, NoReturn

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy

from ..._settings import Endpoint
from ...errors import ConnectFailed, DockerError, InvalidArgument, RequestTimeout, TransportError
from . import not_a_daemon
from .tls import CLOSED_DURING_HANDSHAKE, client_certificate_error, tls_reason
from .unix_socket import unix_socket_reason

__all__ = [
    "FOREIGN",
    "client_closed",
    "closed_without_response",
    "connect_failed",
    "connect_timed_out",
    "connection_failed",
    "raise_translated",
    "redacted",
]

FOREIGN: Final = (aiohttp.ClientError, OSError, ValueError, TypeError)
"""What a call over aiohttp may raise, to be translated."""

# The line that aiohttp could not parse, in its error message.
_BYTES: Final = r"(?m)^\s*(b'.*'|b\".*\")$"
_UNREACHABLE: Final = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.ETIMEDOUT)


def client_closed() -> TransportError:
    """Return the error for a call on a closed client."""
    return TransportError("this Docker client is closed")


def connect_timed_out(endpoint: Endpoint, seconds: float | None) -> RequestTimeout:
    """Return the error for a connection that was not accepted in time."""
    limit = "in time" if seconds is None else f"within {seconds:g} seconds (connect_timeout=)"
    return RequestTimeout(f"{endpoint} did not accept a connection {limit}")


def connect_failed(endpoint: Endpoint, error: OSError) -> ConnectFailed:
    """Return the error for a connection that could not be established."""
    failed = ConnectFailed(f"cannot connect to {endpoint} ({endpoint.source}): {_reason(endpoint, error)}")
    if not isinstance(error, socket.gaierror | ssl.SSLError):  # these have numbers of their own
        failed.errno = error.errno
    return failed


def _reason(endpoint: Endpoint, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        _, percent, zone = endpoint.host.partition("%")
        if percent:
            return f"the network interface {zone!r} in the address does not exist"
        return f"cannot resolve the host name {endpoint.host!r}"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too many open files. Raise the limit (ulimit -n), or open fewer streams at once"
    if endpoint.is_unix:
        return unix_socket_reason(endpoint.socket, error)
    if error.errno == errno.ECONNREFUSED:
        return "connection refused. Is the Docker daemon running, and does it listen on this port?"
    if error.errno in _UNREACHABLE:
        return f"host unreachable ({os.strerror(error.errno or 0)}). Are the machine and the network (VPN) up?"
    if error.errno == errno.EINVAL and endpoint.host.lower().startswith("fe80:"):
        return f"a link-local address requires a network interface: [{endpoint.host}%eth0]"
    if isinstance(error, ssl.SSLError):
        return tls_reason(error)
    if endpoint.is_tls and isinstance(error, ConnectionResetError):
        return CLOSED_DURING_HANDSHAKE
    return str(error) or type(error).__name__


def connection_failed(endpoint: Endpoint, error: Exception) -> TransportError:
    """Return the error for a connection that broke before the response."""
    return TransportError(f"the connection to {endpoint} failed: {error}")


def closed_without_response(endpoint: Endpoint) -> TransportError:
    """Return the error for a connection that the peer closed before it responded."""
    hint = (
        ""
        if endpoint.is_tls or endpoint.is_unix or endpoint.scheme == "npipe"
        else "; does it expect TLS on this port?"
    )
    return TransportError(f"{endpoint} closed the connection without a response{hint}")


def raise_translated(error: Exception, endpoint: Endpoint, timeout: float | None) -> NoReturn:
    """Raise the error of this library for one of the `FOREIGN`, raised before a response was complete."""
    if isinstance(error, DockerError):
        raise error
    if isinstance(error, aiohttp.ClientConnectorError):  # a wrapper of the system's error
        raise connect_failed(endpoint, error.os_error) from error.os_error
    if endpoint.is_tls and (refused := client_certificate_error(error)):
        raise connect_failed(endpoint, refused) from refused
    if isinstance(error, aiohttp.ClientError):
        redacted(error)
        raise _from_aiohttp(error, endpoint, timeout) from error
    if isinstance(error, OSError):
        raise connection_failed(endpoint, error) from error
    raise InvalidArgument(f"the request cannot be sent: {error}") from error


def redacted(error: aiohttp.ClientError) -> aiohttp.ClientError:
    """Return aiohttp's error without the query and the headers of the request, which a traceback would show."""
    if isinstance(error, aiohttp.ClientResponseError):
        url = error.request_info.real_url.with_query(None)
        no_headers: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())
        error.request_info = aiohttp.RequestInfo(url, error.request_info.method, no_headers, url)
        error.args = (error.request_info, error.history)
    elif isinstance(error, aiohttp.ClientOSError) and error.strerror and "?" in error.strerror:
        error.strerror = error.strerror.partition("?")[0]
        error.args = (error.errno, error.strerror)
    return error


def _from_aiohttp(error: aiohttp.ClientError, endpoint: Endpoint, timeout: float | None) -> TransportError:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return connect_timed_out(endpoint, timeout)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return closed_without_response(endpoint)
    if isinstance(error, aiohttp.ClientPayloadError):
        return TransportError(f"{endpoint} closed the connection in the middle of a response")
    if isinstance(error, aiohttp.ClientResponseError):
        return _unparsable(endpoint, error)
    # aiohttp's message may contain the whole URL with its query, which may hold secrets.
    reason = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(reason, aiohttp.ClientConnectionResetError):  # aiohttp tried to write to a closed connection
        reason = ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    return connection_failed(endpoint, reason)


def _unparsable(endpoint: Endpoint, error: aiohttp.ClientResponseError) -> TransportError:
    message = error.message or str(error)
    shown = re.search(_BYTES, message)
    if shown is None:
        return not_a_daemon.error(endpoint, f"{message.strip().splitlines()[0]}. Check the address")
    beginning: bytes = ast.literal_eval(shown[1])
    if not_a_daemon.is_tls_record(beginning):
        return not_a_daemon.expects_tls(endpoint)
    return not_a_daemon.error(endpoint, not_a_daemon.not_http(repr(beginning[:80])))
