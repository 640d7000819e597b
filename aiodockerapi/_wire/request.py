"""One request to the daemon, ready to be sent over any road."""

from collections.abc import AsyncIterable, Callable, Mapping
from typing import NamedTuple, TypeVar

from ..errors import DecodingError, DockerError, StreamError
from .arguments import QueryValue, query
from .features import Feature
from .versions import ApiVersion

__all__ = ["NO_CALL", "Call", "Request", "request"]

_NO_HEADERS: Mapping[str, str] = {}
ErrorT = TypeVar("ErrorT", bound=DockerError)


class Call(NamedTuple):
    """What is told of a request where its answer turns out wrong: nothing that could be a secret.

    :ivar reference: what it is about, where the path does not say.
    """

    method: str = ""
    path: str = ""
    reference: str = ""

    def named(self, error: ErrorT) -> ErrorT:
        """The error, which says from now on that it is about the answer to this request."""
        if isinstance(error, StreamError) and not error.path:
            error.method, error.path, error.reference = self
        elif isinstance(error, DecodingError) and not error.call:
            error.call = f"{self.method} {self.path}".strip()
        return error


NO_CALL = Call()


class Request(NamedTuple):
    """What goes over the wire, but for the version prefix and the headers of the connection.

    :ivar path: percent-encoded, beginning with a slash, without the version.
    :ivar query: percent-encoded, without the question mark.
    :ivar body: complete, or produced while it is sent.
    :ivar features: what the engine must know to understand this request.
    :ivar versioned: whether the path gets the version prefix; only the ping goes without.
    :ivar remade: makes it anew for another version, where it does not read the same in all.
    :ivar reference: the image or plugin that it is about, where the path does not say; only for errors.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = _NO_HEADERS
    body: bytes | AsyncIterable[bytes] | None = None
    features: tuple[Feature, ...] = ()
    versioned: bool = True
    remade: "Callable[[ApiVersion], Request] | None" = None
    reference: str = ""

    @property
    def target(self) -> str:
        """Path and query together."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def call(self) -> Call:
        """What errors tell of it."""
        return Call(self.method, self.path, self.reference)

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {self.path!r})"  # credentials may be in all the rest


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
    """Put a `Request` together; parameters that are None are left out."""
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
