"""One request to the daemon, ready to be sent over any road."""

from collections.abc import AsyncIterable, Mapping

import attrs

from .arguments import QueryValue, query
from .features import Feature

__all__ = ["Request", "request"]

_NO_HEADERS: Mapping[str, str] = {}


@attrs.frozen
class Request:
    """What goes over the wire, but for the version prefix and the headers of the connection.

    :ivar path: percent-encoded, beginning with a slash, without the version.
    :ivar query: percent-encoded, without the question mark.
    :ivar body: complete, or produced while it is sent.
    :ivar features: what the engine must know to understand this request.
    :ivar versioned: whether the path gets the version prefix; only the ping goes without.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = attrs.field(default=_NO_HEADERS, repr=False)  # credentials are among them
    body: bytes | AsyncIterable[bytes] | None = attrs.field(default=None, repr=False)
    features: tuple[Feature, ...] = ()
    versioned: bool = True

    @property
    def target(self) -> str:
        """Path and query together."""
        return f"{self.path}?{self.query}" if self.query else self.path


def request(
    method: str,
    path: str,
    parameters: Mapping[str, QueryValue] | None = None,
    *,
    body: bytes | AsyncIterable[bytes] | None = None,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    features: tuple[Feature, ...] = (),
) -> Request:
    """Put a `Request` together; parameters that are None are left out."""
    all_headers = dict(headers) if headers else {}
    if content_type is not None:
        all_headers["Content-Type"] = content_type
    return Request(
        method,
        path,
        query(parameters) if parameters else "",
        all_headers or _NO_HEADERS,
        body,
        features,
    )
