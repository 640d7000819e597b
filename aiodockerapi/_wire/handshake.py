"""One request and the head of its answer on a connection of its own, for streams and upgrades."""

import re
from collections.abc import Mapping
from typing import Final

import attrs
import h11

from ..errors import InvalidArgument, TransportError

__all__ = ["Handshake", "Head"]

_LARGEST_HEAD: Final = 64 * 1024
_UNSENDABLE: Final = re.compile(r"[^\t -~]|^\s|\s\Z")


@attrs.frozen
class Head:
    """Status and headers of an answer; headers by their lower-case names."""

    status: int
    headers: Mapping[str, str]

    @property
    def content_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Handshake:
    """Spells a request and reads the head of the answer.

    Bytes that arrive together with the head belong to the stream: they are in `rest` afterwards.
    """

    def __init__(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> None:
        self._connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self._method, self._target = method, target
        self._headers = dict(headers)
        if body or method != "GET":
            self._headers["Content-Length"] = str(len(body))
        self._body = body
        self.rest = b""

    def opening(self) -> bytes:
        """The request as bytes.

        :raises InvalidArgument: a header holds what a header cannot hold.
        """
        send = self._connection.send
        for name, value in self._headers.items():
            if _UNSENDABLE.search(value):  # which may be a credential: it is not shown
                raise InvalidArgument(f"the value of the header {name!r} holds what a header cannot hold")
        try:
            head = send(h11.Request(method=self._method, target=self._target, headers=list(self._headers.items())))
        except (h11.LocalProtocolError, UnicodeEncodeError) as error:
            raise InvalidArgument(f"the request cannot be sent: {error}") from error
        body = send(h11.Data(data=self._body)) if self._body else b""
        return b"".join(part or b"" for part in (head, body, send(h11.EndOfMessage())))

    def feed(self, data: bytes) -> Head | None:
        """Take the next bytes, ``b""`` for the end; return the head once it is complete."""
        try:
            self._connection.receive_data(data)
            while True:
                event = self._connection.next_event()
                if event is h11.NEED_DATA:
                    return None
                if isinstance(event, h11.InformationalResponse) and event.status_code != 101:
                    continue
                if isinstance(event, h11.Response | h11.InformationalResponse):
                    self.rest = self._connection.trailing_data[0]
                    return _head(event)
                raise TransportError("the daemon closed the connection without an answer")
        except h11.RemoteProtocolError as error:
            if not data:
                raise TransportError("the daemon closed the connection without a complete answer") from error
            raise TransportError(f"the other side does not answer as a Docker daemon does: {error}") from error


def _head(event: h11.Response | h11.InformationalResponse) -> Head:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
    return Head(event.status_code, headers)
