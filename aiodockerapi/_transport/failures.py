"""The door at which foreign exceptions become ours, with the words that help."""

import ast
import errno
import os
import re
import socket
import ssl
from typing import Final, NoReturn

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy

from .._settings import Endpoint
from .._wire.strangers import expects_tls, no_http, speaks_tls, stranger
from ..errors import ConnectFailed, DockerError, InvalidArgument, RequestTimeout, TransportError
from .local_failures import local_reason
from .tls_failures import CLOSED_EARLY, refused_certificate, tls_reason

__all__ = [
    "FOREIGN",
    "broken",
    "closed_client",
    "connect_failure",
    "connect_timeout",
    "discreet",
    "hung_up",
    "raise_ours",
]

FOREIGN: Final = (aiohttp.ClientError, OSError, ValueError, TypeError)
"""What a call over aiohttp may raise that is not for users' eyes."""

# Where aiohttp shows the line that it could not read.
_BYTES: Final = re.compile(r"^\s*(b'.*'|b\".*\")$", re.MULTILINE)
_UNREACHABLE: Final = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.ETIMEDOUT)


def closed_client() -> TransportError:
    """For calls on a client that has been closed."""
    return TransportError("this Docker client has been closed")


def connect_timeout(endpoint: Endpoint, seconds: float | None) -> RequestTimeout:
    """For a connection that was not accepted in time."""
    limit = "in time" if seconds is None else f"within {seconds:g} seconds (connect_timeout=)"
    return RequestTimeout(f"{endpoint} did not accept a connection {limit}")


def connect_failure(endpoint: Endpoint, error: OSError) -> ConnectFailed:
    """For a connection that could not be made: what is wrong, and what to do."""
    failed = ConnectFailed(f"cannot connect to {endpoint} ({endpoint.source}): {_reason(endpoint, error)}")
    if not isinstance(error, socket.gaierror | ssl.SSLError):  # their numbers are their own
        failed.errno = error.errno
    return failed


def _reason(endpoint: Endpoint, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        _, percent, zone = endpoint.host.partition("%")
        if percent:
            return f"this machine has no network interface {zone!r}, which the address names behind its percent sign"
        return f"the host name {endpoint.host!r} cannot be resolved"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too many files and connections are open. Raise the limit (ulimit -n), or open fewer streams at once"
    if endpoint.is_unix:
        return local_reason(endpoint.socket, error)
    if error.errno == errno.ECONNREFUSED:
        return "connection refused. Is the Docker daemon running, and does it listen on this port?"
    if error.errno in _UNREACHABLE:
        return (
            f"there is no way to it ({os.strerror(error.errno or 0)}). Is the machine on, and the network (a VPN?) up?"
        )
    if error.errno == errno.EINVAL and endpoint.host.lower().startswith("fe80:"):
        return f"a link-local address needs the network interface that leads to it: [{endpoint.host}%eth0]"
    if isinstance(error, ssl.SSLError):
        return tls_reason(error)
    if endpoint.is_tls and isinstance(error, ConnectionResetError):
        return CLOSED_EARLY
    return str(error) or type(error).__name__


def broken(endpoint: Endpoint, error: Exception) -> TransportError:
    """For a connection that broke before the answer."""
    return TransportError(f"the connection to {endpoint} failed: {error}")


def hung_up(endpoint: Endpoint) -> TransportError:
    """For a connection that the other side closed before it answered."""
    hint = (
        ""
        if endpoint.is_tls or endpoint.is_unix or endpoint.scheme == "npipe"
        else "; does it expect TLS on this port?"
    )
    return TransportError(f"{endpoint} closed the connection without an answer{hint}")


def raise_ours(error: Exception, endpoint: Endpoint, timeout: float | None) -> NoReturn:
    """Raise our own error for one of the `FOREIGN`, raised before an answer was complete."""
    if isinstance(error, DockerError):
        raise error
    if isinstance(error, aiohttp.ClientConnectorError):  # around what the system said
        raise connect_failure(endpoint, error.os_error) from error.os_error
    if endpoint.is_tls and (refused := refused_certificate(error)):
        raise connect_failure(endpoint, refused) from refused
    if isinstance(error, aiohttp.ClientError):
        discreet(error)
        raise _from_aiohttp(error, endpoint, timeout) from error
    if isinstance(error, OSError):
        raise broken(endpoint, error) from error
    raise InvalidArgument(f"the request cannot be sent: {error}") from error


def discreet(error: aiohttp.ClientError) -> aiohttp.ClientError:
    """aiohttp's error without the query and the headers of the request: a traceback would show what is secret in them."""
    if isinstance(error, aiohttp.ClientResponseError):
        url = error.request_info.real_url.with_query(None)
        nothing: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())
        error.request_info = aiohttp.RequestInfo(url, error.request_info.method, nothing, url)
        error.args = (error.request_info, error.history)
    elif isinstance(error, aiohttp.ClientOSError) and error.strerror and "?" in error.strerror:
        error.strerror = error.strerror.partition("?")[0]
        error.args = (error.errno, error.strerror)
    return error


def _from_aiohttp(error: aiohttp.ClientError, endpoint: Endpoint, timeout: float | None) -> TransportError:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return connect_timeout(endpoint, timeout)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return hung_up(endpoint)
    if isinstance(error, aiohttp.ClientPayloadError):
        return TransportError(f"{endpoint} closed the connection in the middle of an answer")
    if isinstance(error, aiohttp.ClientResponseError):
        return _not_http(endpoint, error)
    # aiohttp's words may hold the whole URL, whose query is nobody's business: build arguments, for one.
    reason = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(reason, aiohttp.ClientConnectionResetError):  # it would write to a connection that had been closed
        reason = ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    return broken(endpoint, reason)


def _not_http(endpoint: Endpoint, error: aiohttp.ClientResponseError) -> TransportError:
    words = error.message or str(error)
    shown = _BYTES.search(words)
    if shown is None:
        return stranger(endpoint, f"{words.strip().splitlines()[0]}. Check the address")
    beginning: bytes = ast.literal_eval(shown[1])
    if speaks_tls(beginning):
        return expects_tls(endpoint)
    return stranger(endpoint, no_http(repr(beginning[:80])))
