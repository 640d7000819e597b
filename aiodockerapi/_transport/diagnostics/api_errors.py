"""Error responses: the daemon's message from the body, and the exception class for the status."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

import aiohttp

from ..._wire.json_text import loads
from ..._wire.request_info import RequestInfo
from ...errors import (
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
from . import not_a_daemon
from .not_a_daemon import check_address

__all__ = ["ErrorResponse", "read_error"]

_CLASSES: Final[Mapping[int, type[APIError]]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    501: NotImplementedByDaemon,
    503: Unavailable,
}
_VERSION: Final = (
    r"(?i)client version \S+ is too (?:old|new)(?:\. (?:min|max)imum supported API version is (\d+\.\d+))?"
)
# SwarmKit's message for an update that is based on an old version; its status differs between calls.
_STALE: Final = "update out of sequence"
_NO_BODY: Final = "no reason given: responses to HEAD have no body"
_NO_FILE: Final = "no such container, or no such path in it (responses to HEAD have no body that says which)"
_UNKNOWN_ROUTE: Final = "the daemon does not support this operation in the API version in use"
_NOT_FOUND: Final = ": the object does not exist, or the operation is not supported in the API version in use"
_ANONYMOUS: Final = "The response has no API version, so it is probably not from a Docker daemon"
_NO_ROUTE: Final = {"page not found", "404 page not found", "Not Found"}
"""The messages of Docker, Go's HTTP server and Podman for an unknown path."""
_NO_ROUTE_DOCKER: Final = "page not found"
_MAX_TEXT: Final = 2000
"""Characters shown of a body that is not a daemon's message: it is a page, a dump or a log."""
_MAX_BODY: Final = 1 << 20
_ZLIB_OR_GZIP: Final = 47


class ErrorResponse(NamedTuple):
    """A response with the status of an error; header names are looked up in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"ErrorResponse(status={self.status})"  # the headers and the body may hold secrets

    def error(self, request: RequestInfo, peer: object = "") -> DockerError:
        """Return the exception for the response.

        :param peer: the address, for messages about a peer that is not a daemon.
        """
        message = _Message(self._replace(body=_decompressed(self.body, self.headers)), request, peer).text()
        if self.status == 400 and (found := re.search(_VERSION, message)):
            return UnsupportedVersion(message, supported=found[1])
        if self.status == 400 and not_a_daemon.is_plain_http_refusal(message):
            return not_a_daemon.expects_tls(peer)
        cls = StaleVersion if _STALE in message else _CLASSES.get(self.status)
        if cls is None:
            cls = ServerError if self.status >= 500 else APIError
        return cls(self.status, message, method=request.method, path=request.path, reference=request.reference)


class _Message(NamedTuple):
    """The message of an exception for an error response."""

    response: ErrorResponse
    request: RequestInfo
    peer: object

    @property
    def is_anonymous(self) -> bool:
        """Whether the response has no API version: a daemon omits it only where it does not know the path."""
        headers = self.response.headers
        return bool(self.peer) and not ("api-version" in headers or "libpod-api-version" in headers)

    def text(self) -> str:
        """Return the daemon's message, and what helps."""
        status, headers, body = self.response
        if 300 <= status < 400:
            return not_a_daemon.redirect(headers, self.peer)
        text = body.decode("utf-8", "replace").strip()
        value = _json_object(text)
        if other := not_a_daemon.other_server(headers, value, self.peer):
            return other
        message = self._from_body(text, value)
        if self.request.path == "/_ping":
            message = self._of_ping(message, from_daemon=isinstance(value, dict) and "message" in value)
        if authentication := not_a_daemon.authentication_required(headers):
            return f"{message.rstrip('.')}. {authentication}"
        return message

    def _from_body(self, text: str, value: object) -> str:
        status, headers, body = self.response
        if not_a_daemon.is_web_page(body) or (not text and self.is_anonymous and not_a_daemon.has_html_type(headers)):
            return not_a_daemon.web_page(body, status, self.peer)
        if self.request.method == "HEAD" and status >= 400:
            reason = _NO_FILE if status == 404 and self.request.path.endswith("/archive") else _NO_BODY
            return f"{reason}{self._doubt()}"
        if not text:
            return self._without_message()
        if isinstance(value, dict):
            message = value.get("message") or value.get("cause")
            if not message:
                content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
                return self._without_message() if content_type == "application/json" else _shortened(text)
            text = str(message).strip()
        else:
            text = _shortened(text)
        if status == 404 and text in _NO_ROUTE:
            return f"{text}: {_UNKNOWN_ROUTE}{'' if text == _NO_ROUTE_DOCKER else self._doubt()}"
        return text

    def _without_message(self) -> str:
        reason = f"the daemon gave no reason{_NOT_FOUND if self.response.status == 404 else ''}"
        return f"{reason}{self._doubt()}"

    def _doubt(self) -> str:
        """Return the hint for a response that a server of another kind could have sent as well."""
        if not self.is_anonymous:
            return ""
        return f"; or this is not a Docker daemon, as the response has no API version. {check_address(self.peer)}"

    def _of_ping(self, message: str, *, from_daemon: bool) -> str:
        if self.response.status == 404:
            return not_a_daemon.ping_missing(self.peer)
        if self.response.status == 403:
            return not_a_daemon.ping_forbidden(message)
        if self.is_anonymous and not from_daemon and check_address() not in message:
            return f"{message.rstrip('.')}. {_ANONYMOUS}. {check_address(self.peer)}"
        return message


async def read_error(receive: Callable[[], Awaitable[bytes]]) -> bytes:
    """Read the body of an error response up to a limit; a broken connection ends it."""
    body = bytearray()
    with suppress(DockerError, aiohttp.ClientError, OSError):
        while len(body) < _MAX_BODY and (data := await receive()):
            body += data
    return bytes(body)


def _decompressed(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the body, decompressed if a proxy compressed it; empty if its compression is not supported."""
    if not body or not not_a_daemon.content_encoding(headers):
        return body
    import zlib

    try:
        return zlib.decompressobj(_ZLIB_OR_GZIP).decompress(body, _MAX_BODY)
    except zlib.error:
        return b""


def _json_object(text: str) -> object:
    """Return the JSON object in the text, or None."""
    if not text.startswith("{"):
        return None
    try:
        return loads(text)
    except ValueError:
        return None


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}... ({len(text)} characters)"
