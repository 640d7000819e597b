"""A wait for a container's exit that the daemon has taken up."""

from __future__ import annotations

from typing import Final

from .. import models
from .._engine import LazyType
from .._transport import StreamAnswer
from ..errors import DecodingError, MalformedStream, OperationFailed

__all__ = ["Waiting"]

_LARGEST: Final = 1 << 20
_EXIT: Final = LazyType(lambda: models.ContainerWaitResponse)


class Waiting:
    """An armed wait: the daemon watches already, so an exit from now on is not missed."""

    def __init__(self, answer: StreamAnswer) -> None:
        self._answer = answer
        self._body = bytearray()
        self._result: models.ContainerWaitResponse | None = None
        _EXIT.begin()

    async def result(self) -> models.ContainerWaitResponse:
        """Wait until the condition is met, and return the exit. May be called again, after a cancelled call too.

        :raises OperationFailed: the daemon could not wait to the end, for example because the removal failed.
        :raises TruncatedStream: the connection ended before that, for example because the daemon stopped.
        """
        if self._result is None:
            while data := await self._answer.receive():
                self._body += data
                if len(self._body) > _LARGEST:
                    raise self._answer.request.annotate(MalformedStream("the answer to wait is too long to be an exit"))
            self._result = await self._decoded()
            self._answer.close()
        if self._result.error is not None and self._result.error.message:
            raise self._answer.request.annotate(OperationFailed(self._result.error.message))
        return self._result

    async def _decoded(self) -> models.ContainerWaitResponse:
        try:
            return await _EXIT.decode(bytes(self._body))
        except DecodingError as error:
            text = self._body[:2048].decode("utf-8", "replace").strip()
            raise self._answer.request.annotate(MalformedStream(f"the answer to wait is no exit: {text!r}")) from error

    async def aclose(self) -> None:
        """Give up waiting; the container is left as it is."""
        self._answer.close()
