"""Answers that are errors: the daemon's message out of the body, and the class that fits."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

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
from .strangers import (
    check,
    encoding,
    expects_tls,
    forbidden_ping,
    foreign,
    is_html,
    is_page,
    no_ping,
    page,
    redirected,
    wants_credentials,
    wants_tls,
)
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
_TWO_REASONS = ": nothing has this name, or it does not know this operation in the API version in use"
_ANONYMOUS = "It tells no API version: something else than a Docker daemon answers"
_NO_ROUTE = {"page not found", "404 page not found", "Not Found"}
"""What Docker, Go's own server and Podman say of a path that is none."""
_DOCKERS: Final = "page not found"
_LONGEST: Final = 2000
"""What is longer and no message of a daemon's is a page, a dump or a log: enough of it tells what it is."""
_LARGEST: Final = 1 << 20
_ANY_FORMAT: Final = 47  # of those that zlib knows, told by how it begins


def failure(
    status: int,
    body: bytes,
    *,
    method: str,
    path: str,
    headers: Mapping[str, str] = _NO_HEADERS,
    peer: object = "",
    reference: str = "",
) -> DockerError:
    """The error to raise for an answer that is not a success; `headers` are found by their lower-case names.

    :param peer: the address, for what may be no daemon.
    :param reference: what the request was about, where the path does not say.
    """
    answer = _Answer(status, _plain(body, headers), method, path, headers, peer)
    message = answer.message()
    if status == 400 and _VERSION.search(message):
        return UnsupportedVersion(message)
    if status == 400 and wants_tls(message):
        return expects_tls(peer)
    cls = StaleVersion if _STALE in message else _CLASSES.get(status)
    if cls is None:
        cls = ServerError if status >= 500 else APIError
    return cls(status, message, method=method, path=path, reference=reference)


class _Answer(NamedTuple):
    """An answer that is an error, and what it was an answer to."""

    status: int
    body: bytes
    method: str
    path: str
    headers: Mapping[str, str]
    peer: object

    @property
    def anonymous(self) -> bool:
        """Whether it bears no API version: a daemon leaves that out where it knows no such path, and hardly elsewhere."""
        return bool(self.peer) and not ("api-version" in self.headers or "libpod-api-version" in self.headers)

    def message(self) -> str:
        """What it says, and what is to be said of it."""
        if 300 <= self.status < 400:
            return redirected(self.headers, self.peer)
        text = self.body.decode("utf-8", "replace").strip()
        value = _value(text)
        if other := foreign(self.headers, value, self.peer):
            return other
        said = self._said(text, value)
        if self.path == "/_ping":
            said = self._about_a_ping(said, daemons=isinstance(value, dict) and "message" in value)
        if credentials := wants_credentials(self.headers):
            return f"{said.rstrip('.')}. {credentials}"
        return said

    def _said(self, text: str, value: object) -> str:
        if is_page(self.body) or (not text and self.anonymous and is_html(self.headers)):
            return page(self.body, self.status, self.peer)
        if self.method == "HEAD" and self.status >= 400:
            words = _NO_FILE if self.status == 404 and self.path.endswith("/archive") else _WORDLESS
            return f"{words}{self._or_none()}"
        if not text:
            return self._silent()
        if isinstance(value, dict):
            message = value.get("message") or value.get("cause")
            if not message:
                content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
                return self._silent() if content_type == "application/json" else _cut(text)
            text = str(message).strip()
        else:
            text = _cut(text)
        if self.status == 404 and text in _NO_ROUTE:
            return f"{text}: {_UNKNOWN}{'' if text == _DOCKERS else self._or_none()}"
        return text

    def _silent(self) -> str:
        reason = f"the daemon gave no reason{_TWO_REASONS if self.status == 404 else ''}"
        return f"{reason}{self._or_none()}"

    def _or_none(self) -> str:
        """For an answer that a server of any other kind might give as well."""
        return f"; or it is no Docker daemon, as it tells no API version. {check(self.peer)}" if self.anonymous else ""

    def _about_a_ping(self, said: str, *, daemons: bool) -> str:
        if self.status == 404:
            return no_ping(self.peer)
        if self.status == 403:
            return forbidden_ping(said)
        if self.anonymous and not daemons and check() not in said:
            return f"{said.rstrip('.')}. {_ANONYMOUS}. {check(self.peer)}"
        return said


def refused_version(error: DockerError) -> ApiVersion | None:
    """The newest or oldest version that the engine takes, where it has refused the one in use."""
    found = _VERSION.search(str(error)) if isinstance(error, UnsupportedVersion) else None
    return ApiVersion.parse(found[1]) if found and found[1] else None


def _plain(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body; decompressed, where something has compressed it that was not asked to."""
    if not body or not encoding(headers):
        return body
    import zlib

    try:
        return zlib.decompressobj(_ANY_FORMAT).decompress(body, _LARGEST)
    except zlib.error:
        return b""  # in a form that nobody here can read


def _value(text: str) -> object:
    """What the text is in JSON, if it is an object."""
    if not text.startswith("{"):
        return None
    try:
        return loads(text)
    except ValueError:
        return None


def _cut(text: str) -> str:
    """A text that is no message of a daemon's."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"
