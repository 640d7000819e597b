"""The door at which foreign exceptions become ours, with the words that help."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from .._settings import Endpoint
from ..errors import ConnectFailed, InvalidArgument, RequestTimeout, TransportError

__all__ = ["closed_client", "connect_failure", "connect_timeout", "translated"]


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
    return str(error) or type(error).__name__


@contextmanager
def translated(endpoint: Endpoint, timeout: float | None) -> Iterator[None]:
    """Turn what aiohttp and sockets raise before an answer is complete into our own errors."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise connect_timeout(endpoint, timeout) from error
    except aiohttp.ClientConnectorError as error:
        raise connect_failure(endpoint, error.os_error) from error
    except aiohttp.ServerDisconnectedError as error:
        raise TransportError(f"{endpoint} closed the connection without an answer") from error
    except aiohttp.ClientPayloadError as error:
        raise TransportError(f"{endpoint} closed the connection in the middle of an answer") from error
    except aiohttp.ClientResponseError as error:
        raise TransportError(_not_http(endpoint, error)) from error
    except aiohttp.ClientError as error:
        # aiohttp's words may hold the whole URL, whose query is nobody's business: build arguments, for one.
        reason = error.__cause__ if isinstance(error.__cause__, OSError) else error
        raise TransportError(f"the connection to {endpoint} failed: {reason}") from error
    except OSError as error:
        if isinstance(error, TransportError):
            raise
        raise TransportError(f"the connection to {endpoint} failed: {error}") from error
    except (ValueError, TypeError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise InvalidArgument(f"the request cannot be sent: {error}") from error


def _not_http(endpoint: Endpoint, error: aiohttp.ClientResponseError) -> str:
    hint = "" if endpoint.is_tls or endpoint.is_unix else "; does it expect TLS?"
    return f"{endpoint} does not answer as a Docker daemon does: {error.message or error}{hint}"
