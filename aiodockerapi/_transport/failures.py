"""The door at which foreign exceptions become ours, with the words that help."""

import errno
import socket
import ssl
from typing import Final, NoReturn

import aiohttp

from .._settings import Endpoint
from .._wire.strangers import banner
from ..errors import ConnectFailed, DockerError, InvalidArgument, RequestTimeout, TransportError
from .tls_failures import refused_certificate, tls_reason

__all__ = ["FOREIGN", "closed_client", "connect_failure", "connect_timeout", "raise_ours"]

FOREIGN: Final = (aiohttp.ClientError, OSError, ValueError, TypeError)
"""What a call over aiohttp may raise that is not for users' eyes."""


def closed_client() -> TransportError:
    """For calls on a client that has been closed."""
    return TransportError("this Docker client has been closed")


def connect_timeout(endpoint: Endpoint, seconds: float | None) -> RequestTimeout:
    """For a connection that was not accepted in time."""
    limit = "in time" if seconds is None else f"within {seconds:g} seconds (connect_timeout=)"
    return RequestTimeout(f"{endpoint} did not accept a connection {limit}")


def connect_failure(endpoint: Endpoint, error: OSError) -> ConnectFailed:
    """For a connection that could not be made: what is wrong, and what to do."""
    return ConnectFailed(f"cannot connect to {endpoint} ({endpoint.source}): {_reason(endpoint, error)}")


def _reason(endpoint: Endpoint, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"the host name {endpoint.host!r} cannot be resolved"
    if endpoint.is_unix:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return "there is no such socket. Is the Docker daemon running? If it listens elsewhere, set DOCKER_HOST or host="
        if error.errno in (errno.EACCES, errno.EPERM):
            return "no permission to use the socket. Run as root, or join its group (usually: docker) and log in again"
        if error.errno == errno.ECONNREFUSED:
            return "nothing listens on the socket. The Docker daemon has stopped, or is starting"
        if error.errno == errno.ENOTSOCK:
            return "that is not a socket"
    if error.errno == errno.ECONNREFUSED:
        return "connection refused. Is the Docker daemon running, and does it listen on this port?"
    if isinstance(error, ssl.SSLError):
        return tls_reason(error)
    if endpoint.is_tls and isinstance(error, ConnectionResetError):
        return "it closed the connection before TLS was agreed on. Does it speak TLS on this port?"
    return str(error) or type(error).__name__


def raise_ours(error: Exception, endpoint: Endpoint, timeout: float | None) -> NoReturn:
    """Raise our own error for one of the `FOREIGN`, raised before an answer was complete."""
    if isinstance(error, DockerError):
        raise error
    if isinstance(error, aiohttp.ClientError):
        raise _from_aiohttp(error, endpoint, timeout) from error
    if isinstance(error, OSError):
        raise TransportError(f"the connection to {endpoint} failed: {error}") from error
    raise InvalidArgument(f"the request cannot be sent: {error}") from error


def _from_aiohttp(error: aiohttp.ClientError, endpoint: Endpoint, timeout: float | None) -> TransportError:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return connect_timeout(endpoint, timeout)
    if isinstance(error, aiohttp.ClientConnectorError):
        return connect_failure(endpoint, error.os_error)
    if endpoint.is_tls and (refused := refused_certificate(error)):
        return connect_failure(endpoint, refused)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return TransportError(f"{endpoint} closed the connection without an answer")
    if isinstance(error, aiohttp.ClientPayloadError):
        return TransportError(f"{endpoint} closed the connection in the middle of an answer")
    if isinstance(error, aiohttp.ClientResponseError):
        return TransportError(_not_http(endpoint, error))
    # aiohttp's words may hold the whole URL, whose query is nobody's business: build arguments, for one.
    reason = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return TransportError(f"the connection to {endpoint} failed: {reason}")


def _not_http(endpoint: Endpoint, error: aiohttp.ClientResponseError) -> str:
    words = str(error.message or error)
    if known := banner(words):
        return f"{endpoint} does not answer as a Docker daemon does: {known}"
    hint = "" if endpoint.is_tls or endpoint.is_unix else "; does it expect TLS?"
    return f"{endpoint} does not answer as a Docker daemon does: {words}{hint}"
