"""Requests for operations that have no method."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar, Union
from urllib.parse import quote

from .. import models
from .._engine import Request, encode_json
from .._streams import DownloadStream, StreamCall
from .._transport import Upload, upload_body
from .._wire.arguments import QueryValue, header_values, query, text
from .._wire.json_text import loads
from ..errors import DecodingError, InvalidArgument, InvalidArgumentType
from ._common import Group

__all__ = ["Raw", "RequestBody", "Response"]

T = TypeVar("T")

RequestBody: TypeAlias = Union["models.Model", Mapping[str, Any], list[Any], Upload]
"""A model, mapping or list, sent as JSON; or bytes, a file, a path or an async iterator, sent unchanged."""


class Response(NamedTuple):
    """The response to `Docker.request`."""

    status: int
    """The HTTP status: below 300, or 304."""
    headers: Mapping[str, str]
    """The headers; their names are case-insensitive."""
    body: bytes
    """The body."""

    def __repr__(self) -> str:
        return f"Response(status={self.status}, headers={self.headers!r})"

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as a JSON value.

        :raises DecodingError: if it is not JSON.
        """
        try:
            return loads(self.body)
        except ValueError as error:
            raise DecodingError(f"the response is not JSON: {self.body[:200]!r}") from error

    def decode(self, cls: type[T]) -> T:
        """Return the body as a model, or as any type composed of models, such as ``list[ContainerSummary]``.

        :raises DecodingError: if it does not fit the type.
        """
        from .._codec import decode

        return decode(self.body, cls)


class Raw(Group):
    """Any request: ``docker.request``."""

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, QueryValue] | None = None,
        body: RequestBody | None = None,
        headers: Mapping[str, str] | None = None,
        versioned: bool = True,
    ) -> StreamCall[DownloadStream, Response]:
        """Send any request; see `Docker.request`."""
        if not (text(method, "method").isascii() and method.isalpha()):
            raise InvalidArgument(f"{method!r} is not an HTTP method")
        call = Request(
            method.upper(),
            _path(path),
            _query(parameters),
            _headers(headers, body),
            _encode(body),
            versioned=versioned,
        )

        async def enter() -> DownloadStream:
            return DownloadStream(await self._engine.download(call))

        async def run() -> Response:
            answer = await self._engine.answer(call)
            return Response(answer.status, answer.headers, answer.body)

        return StreamCall("request", enter, run=run)


def _query(parameters: Mapping[str, QueryValue] | None) -> str:
    if not isinstance(parameters, Mapping | None):
        raise InvalidArgumentType(f"parameters must be a mapping, not {type(parameters).__name__}")
    return query({text(name, "parameter name"): value for name, value in (parameters or {}).items()})


def _path(path: str) -> str:
    if not text(path, "path").startswith("/"):
        raise InvalidArgument(f"path must start with a slash, such as /containers/json, not {path!r}")
    if "?" in path or "#" in path:
        raise InvalidArgument(f"path {path!r} must not contain a query: use parameters=")
    if any(part in (".", "..") for part in path.split("/")):
        raise InvalidArgument(f"path {path!r} must not contain . or .. segments")
    try:
        return quote(path, safe="/%:@!$&'()*+,;=~")
    except UnicodeEncodeError:
        raise InvalidArgument(f"path {path!r} cannot be encoded as UTF-8") from None


def _is_json(body: RequestBody | None) -> bool:
    return body is not None and isinstance(body, Mapping | list | models.Model)


def _encode(body: RequestBody | None) -> Any:
    if body is None:
        return None
    if not _is_json(body):
        return upload_body(body, "body")  # type: ignore[arg-type]  # the other types are JSON
    return encode_json(body)


def _headers(headers: Mapping[str, str] | None, body: RequestBody | None) -> Mapping[str, str]:
    found = header_values(headers)
    if _is_json(body) and not any(name.lower() == "content-type" for name in found):
        found["Content-Type"] = "application/json"
    return found
