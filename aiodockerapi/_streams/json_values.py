"""Streams of JSON values: events, stats samples, progress messages."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .._transport import Download, StreamAnswer
from .._wire.json_stream import JSONStreamDecoder
from ..errors import DecodingError, DockerError, OperationFailed
from .items import ItemStream

__all__ = ["ValueDecoder", "ValueStream", "reported_error"]

ValueT = TypeVar("ValueT")


class ValueDecoder(Generic[ValueT]):
    """Decodes a stream of JSON values into models; an error reported by the daemon ends the stream.

    :param cls: the model.
    """

    def __init__(self, cls: type[ValueT]) -> None:
        from .._codec import decoder  # already imported with the class

        self.error: DockerError | None = None
        self._json = JSONStreamDecoder()
        self._structure: Callable[[Any], ValueT] = decoder(cls)

    def feed(self, data: bytes) -> list[ValueT]:
        return self._convert(self._json.feed(data))

    def finish(self) -> list[ValueT]:
        return self._convert(self._json.finish())

    def _convert(self, items: list[Any]) -> list[ValueT]:
        values: list[ValueT] = []
        structure = self._structure
        for item in items:
            if item.__class__ is dict and ("errorDetail" in item or "error" in item):
                self.error = reported_error(item)
                return values
            try:
                values.append(structure(item))
            except DecodingError as error:
                self.error = error
                return values
        self.error = self._json.error
        return values


def reported_error(item: dict[str, Any]) -> OperationFailed:
    """Return the error that a message of the daemon contains."""
    detail = item.get("errorDetail")
    detail = detail if isinstance(detail, dict) else {}
    message = detail.get("message") or item.get("error") or "the daemon reported an error without a message"
    code = detail.get("code")
    return OperationFailed(str(message).strip(), code if isinstance(code, int) else None)


class ValueStream(ItemStream[ValueT]):
    """A stream of values: events or stats samples.

    Iterating yields instances of a model, and ends when the daemon ends the stream.

    :raises OperationFailed: if the daemon reports an error inside the stream.
    :raises TruncatedStream: if the connection ended before the stream did.
    :raises MalformedStream: if the stream is not JSON.
    :raises DecodingError: if a value does not fit its model.
    """

    def __init__(self, answer: StreamAnswer | Download, cls: type[ValueT]) -> None:
        super().__init__(answer.receive, ValueDecoder(cls), answer.request)
        self._answer = answer

    def __aiter__(self) -> "ValueStream[ValueT]":
        return self

    async def aclose(self) -> None:
        """Close the connection; done at the end of the ``async with`` block."""
        self._answer.close()
