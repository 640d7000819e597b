"""Answers that are errors: the daemon's message out of the body, and the class that fits."""

import re
from collections.abc import Mapping

from ..errors import (
    APIError,
    BadRequest,
    Conflict,
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
from .strangers import expects_tls, forbidden_ping, is_page, no_ping, page, redirected, wants_tls
from .versions import ApiVersion

__all__ = ["failure", "refused_version"]

_CLASSES: dict[int, type[APIError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    501: NotImplementedByDaemon,
    503: Unavailable,
}
_NO_HEADERS: Mapping[str, str] = {}
_VERSION = Pattern(
    r"client version \S+ is too (?:old|new)(?:\. (?:min|max)imum supported API version is (\d+\.\d+))?", re.IGNORECASE
)
# swarmkit's words for an update that is based on an old version; their status differs from call to call.
_STALE = "update out of sequence"
_WORDLESS = "the daemon gave no reason: answers to HEAD have no body"
_NO_FILE = (
    "there is no such container, or no such path in it: which, the daemon does not say, as answers to HEAD have no body"
)
_UNKNOWN = "the daemon does not know this operation in the API version in use"
_NO_ROUTE = {"page not found", "404 page not found", "Not Found"}
"""What Docker, Go's own server and Podman say of a path that is none."""


def failure(
    status: int, body: bytes, *, method: str, path: str, headers: Mapping[str, str] = _NO_HEADERS
) -> DockerError:
    """The error to raise for an answer that is not a success; `headers` are found by their lower-case names."""
    message = _WORDLESS if method == "HEAD" and status >= 400 else _message(status, body, headers)
    if status == 404 and method == "HEAD" and path.endswith("/archive"):
        message = _NO_FILE
    if status == 404 and message in _NO_ROUTE:
        message = f"{message}: {_UNKNOWN}"
    if status == 404 and path == "/_ping":
        message = no_ping(headers)
    if status == 403 and path == "/_ping":
        message = forbidden_ping(message)
    if status == 400 and _VERSION.search(message):
        return UnsupportedVersion(message)
    if status == 400 and wants_tls(message):
        return expects_tls()
    cls = StaleVersion if _STALE in message else _CLASSES.get(status)
    if cls is None:
        cls = ServerError if status >= 500 else APIError
    return cls(status, message, method=method, path=path)


def refused_version(error: DockerError) -> ApiVersion | None:
    """The newest or oldest version that the engine takes, where it has refused the one in use."""
    found = _VERSION.search(str(error)) if isinstance(error, UnsupportedVersion) else None
    return ApiVersion.parse(found[1]) if found and found[1] else None


def _message(status: int, body: bytes, headers: Mapping[str, str]) -> str:
    text = body.decode("utf-8", "replace").strip()
    if 300 <= status < 400:
        return redirected(headers)
    if not text:
        return _silent(status)
    if is_page(body):
        return page(body)
    if text.startswith("{"):
        try:
            value = loads(text)
        except ValueError:
            return text
        message = value.get("message") or value.get("cause") if isinstance(value, dict) else None
        if message:
            return str(message).strip()
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        return _silent(status) if content_type == "application/json" else text
    return text


def _silent(status: int) -> str:
    if status == 404:
        return "the daemon gave no reason: nothing has this name, or it does not know this operation in the API version in use"
    return "the daemon gave no reason"
