"""Streams of JSON values: events, stats samples, progress messages."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .._transport import Download, StreamAnswer
from .._wire.json_stream import JSONStreamDecoder
from ..errors import DecodingError, DockerError, OperationFailed
from .items import ItemStream

__all__ = ["ValueDecoder", "ValueStream", "reported"]

ValueT = TypeVar("ValueT")


class ValueDecoder(Generic[ValueT]):
    """JSON values as models; an error that the daemon reports among them ends the stream."""

    def __init__(self, cls: type[ValueT]) -> None:
        from .._codec import decoder  # loaded by now, with the class

        self.error: DockerError | None = None
        self._json = JSONStreamDecoder()
        self._read: Callable[[Any], ValueT] = decoder(cls)

    def feed(self, data: bytes) -> list[ValueT]:
        return self._values(self._json.feed(data))

    def finish(self) -> list[ValueT]:
        return self._values(self._json.finish())

    def _values(self, raw: list[Any]) -> list[ValueT]:
        values: list[ValueT] = []
        read = self._read
        for item in raw:
            if item.__class__ is dict and ("errorDetail" in item or "error" in item):
                self.error = reported(item)
                return values
            try:
                values.append(read(item))
            except DecodingError as error:
                self.error = error
                return values
        self.error = self._json.error
        return values


def reported(item: dict[str, Any]) -> OperationFailed:
    """The error that a message is about."""
    detail = item.get("errorDetail")
    detail = detail if isinstance(detail, dict) else {}
    message = detail.get("message") or item.get("error") or "the daemon reported an error without a word"
    code = detail.get("code")
    return OperationFailed(str(message).strip(), code if isinstance(code, int) else None)


class ValueStream(ItemStream[ValueT]):
    """Values as they come; iterate over it."""

    def __init__(self, answer: StreamAnswer | Download, cls: type[ValueT]) -> None:
        super().__init__(answer.receive, ValueDecoder(cls), answer.request)
        self._answer = answer

    def __aiter__(self) -> "ValueStream[ValueT]":
        return self

    async def aclose(self) -> None:
        """Close the connection; leaving the ``async with`` block does it."""
        self._answer.close()
