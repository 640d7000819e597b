"""Requests as the engine sends them: the path without the version prefix, and the features that they require."""

from collections.abc import AsyncIterable, Callable, Mapping
from typing import NamedTuple

from .._wire.arguments import QueryValue, query
from .._wire.request_info import RequestInfo
from .._wire.versions import ApiVersion
from .features import Feature

__all__ = ["Request", "request"]

_NO_HEADERS: Mapping[str, str] = {}


class Request(NamedTuple):
    """A request without the version prefix and the headers of the connection.

    :ivar path: percent-encoded, beginning with a slash, without the version prefix.
    :ivar query: percent-encoded, without the question mark.
    :ivar body: complete bytes, or an iterable that produces them while they are sent.
    :ivar features: the features that the engine must support to understand this request.
    :ivar versioned: whether the path gets the version prefix.
    :ivar for_version: builds the request for another API version, where it differs between versions.
    :ivar reference: the image or plugin that the request is about, where the path does not name it; for errors only.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = _NO_HEADERS
    body: bytes | AsyncIterable[bytes] | None = None
    features: tuple[Feature, ...] = ()
    versioned: bool = True
    for_version: "Callable[[ApiVersion], Request] | None" = None
    reference: str = ""

    @property
    def target(self) -> str:
        """The path and the query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def info(self, version: ApiVersion) -> RequestInfo:
        """Return what errors report about this request when it is sent in the given API version."""
        return RequestInfo(self.method, self.path, self.reference, version)

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {self.path!r})"  # the other fields may hold credentials


def request(
    method: str,
    path: str,
    parameters: Mapping[str, QueryValue] | None = None,
    *,
    body: bytes | AsyncIterable[bytes] | None = None,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    features: tuple[Feature, ...] = (),
    reference: str = "",
) -> Request:
    """Build a `Request`; parameters that are None are omitted."""
    if content_type is not None:
        headers = {**(headers or _NO_HEADERS), "Content-Type": content_type}
    return Request(
        method,
        path,
        query(parameters) if parameters else "",
        headers or _NO_HEADERS,
        body,
        features,
        reference=reference,
    )
