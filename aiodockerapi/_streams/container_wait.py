"""A wait for the exit of a container."""

from __future__ import annotations

from typing import Final

from .. import models
from .._concurrency import begin
from .._engine import LazyType
from .._transport import StreamAnswer
from ..errors import DecodingError, MalformedStream, OperationFailed

__all__ = ["Waiting"]

_MAX_BODY: Final = 1 << 20
_EXIT: Final = LazyType(lambda: models.ContainerWaitResponse)


class Waiting:
    """An armed wait: the daemon already watches the container, so an exit from now on is not missed."""

    def __init__(self, answer: StreamAnswer) -> None:
        self._answer = answer
        self._body = bytearray()
        self._result: models.ContainerWaitResponse | None = None
        begin(_EXIT)

    async def result(self) -> models.ContainerWaitResponse:
        """Wait until the condition is met, and return the exit. Can be called again, even after a cancelled call.

        :raises OperationFailed: if the daemon reports an error, for example because the removal of the container failed.
        :raises TruncatedStream: if the connection ended before the condition was met, for example because the daemon stopped.
        :raises MalformedStream: if the response is not an exit.
        """
        if self._result is None:
            while data := await self._answer.receive():
                self._body += data
                if len(self._body) > _MAX_BODY:
                    raise self._answer.request.annotate(MalformedStream("the response to wait is too long"))
            self._result = await self._decode()
            self._answer.close()
        if self._result.error is not None and self._result.error.message:
            raise self._answer.request.annotate(OperationFailed(self._result.error.message))
        return self._result

    async def _decode(self) -> models.ContainerWaitResponse:
        try:
            return await _EXIT.decode(bytes(self._body))
        except DecodingError as error:
            text = self._body[:2048].decode("utf-8", "replace").strip()
            raise self._answer.request.annotate(
                MalformedStream(f"the response to wait is not an exit: {text!r}")
            ) from error

    async def aclose(self) -> None:
        """Close the connection; the container is not affected. Done at the end of the ``async with`` block."""
        self._answer.close()
