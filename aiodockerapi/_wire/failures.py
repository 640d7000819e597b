"""Answers that are errors: the daemon's message out of the body, and the class that fits."""

import re

from ..errors import (
    APIError,
    BadRequest,
    Conflict,
    ConnectFailed,
    DockerError,
    Forbidden,
    NotFound,
    NotImplementedByDaemon,
    ServerError,
    StaleVersion,
    Unauthorized,
    Unavailable,
    UnsupportedVersion,
)
from .json_text import loads
from .patterns import Pattern

__all__ = ["failure"]

_CLASSES: dict[int, type[APIError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    501: NotImplementedByDaemon,
    503: Unavailable,
}
_VERSION = Pattern(r"client version \S+ is too (old|new)", re.IGNORECASE)
_NOT_TLS = "Client sent an HTTP request to an HTTPS server"
# swarmkit's words for an update that is based on an old version; their status differs from call to call.
_STALE = "update out of sequence"
_WORDLESS = "the daemon gave no reason: answers to HEAD have no body"


def failure(status: int, body: bytes, *, method: str, path: str, content_type: str = "") -> DockerError:
    """The error to raise for an answer that is not a success."""
    message = _WORDLESS if method == "HEAD" and status >= 400 else _message(status, body, content_type)
    if status == 400 and _VERSION.search(message):
        return UnsupportedVersion(message)
    if status == 400 and _NOT_TLS in message:
        return ConnectFailed(
            "the daemon expects TLS on this port, and was spoken to without. Ask for TLS: tls=, DOCKER_TLS_VERIFY or https://"
        )
    cls = StaleVersion if _STALE in message else _CLASSES.get(status)
    if cls is None:
        cls = ServerError if status >= 500 else APIError
    return cls(status, message, method=method, path=path)


def _message(status: int, body: bytes, content_type: str) -> str:
    text = body.decode("utf-8", "replace").strip()
    if 300 <= status < 400:
        return "the daemon redirects this request, which no daemon does: is something else in front of it?"
    if not text:
        return _silent(status)
    if text.startswith("{"):
        try:
            value = loads(text)
        except ValueError:
            return text
        message = value.get("message") or value.get("cause") if isinstance(value, dict) else None
        return str(message).strip() if message else _silent(status) if content_type == "application/json" else text
    return text


def _silent(status: int) -> str:
    if status == 404:
        return "no such page: the daemon does not know this operation in the API version in use"
    return "the daemon gave no reason"
