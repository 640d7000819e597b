"""One request and the head of its answer on a connection of its own, for streams and upgrades.

Written out here, since h11 takes longer over one head than all the rest of a short call does; the tests hold it against h11.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from ..errors import InvalidArgument, TransportError
from .patterns import Pattern
from .strangers import expects_tls, no_http, speaks_tls, stranger

__all__ = ["Handshake", "Head"]

_LARGEST_HEAD: Final = 64 * 1024
_TOKEN: Final = Pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET: Final = Pattern(r"[!-~]+")
_UNSENDABLE: Final = Pattern(r"[^\t -~]|^\s|\s\Z")
_END: Final = Pattern(rb"\n\r?\n")
_BEGINNING: Final = b"HTTP/1."
_STATUS: Final = Pattern(r"HTTP/1\.[01] ([1-9]\d\d)(?: [^\x00-\x08\n-\x1f\x7f]*)?", re.ASCII)
_FIELD: Final = Pattern(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\n-\x1f\x7f]*)")
_LENGTH: Final = Pattern(r"\d{1,20}", re.ASCII)


class Head(NamedTuple):
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

    def __init__(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        peer: object = "the other side",
    ) -> None:
        self._method, self._target, self._headers, self._body = method, target, headers, body
        self._peer = peer
        self._received = b""
        self.rest = b""

    def opening(self) -> bytes:
        """The request as bytes.

        :raises InvalidArgument: a header holds what a header cannot hold.
        """
        if not (_TOKEN.fullmatch(self._method) and _TARGET.fullmatch(self._target)):
            raise InvalidArgument("the request cannot be sent: its method or its target is none")
        lines = [f"{self._method} {self._target} HTTP/1.1"]
        for name, value in self._headers.items():
            if not _TOKEN.fullmatch(name):
                raise InvalidArgument(f"the request cannot be sent: {name!r} is not the name of a header")
            if _UNSENDABLE.search(value):  # which may be a credential: it is not shown
                raise InvalidArgument(f"the value of the header {name!r} holds what a header cannot hold")
            lines.append(f"{name}: {value}")
        if self._body or self._method != "GET":
            lines.append(f"Content-Length: {len(self._body)}")
        lines.append("\r\n")
        return "\r\n".join(lines).encode("ascii") + self._body

    def feed(self, data: bytes) -> Head | None:
        """Take the next bytes, ``b""`` for the end; return the head once it is complete.

        :raises TransportError: there is none.
        """
        if not data:
            raise TransportError(f"{self._peer} closed the connection without an answer")
        try:
            return self._taken(data)
        except _Strange as strange:
            raise stranger(self._peer, str(strange)) from None

    def _taken(self, data: bytes) -> Head | None:
        received = self._received + data
        while True:
            # The end may have begun with the bytes before these.
            end = _END.search(received, max(0, len(received) - len(data) - 2))
            if (end.end() if end else len(received)) > _LARGEST_HEAD:
                raise _Strange("its head is too long")
            if end is None:
                if received[:7] != _BEGINNING[: len(received)]:
                    raise self._unreadable(received)
                self._received = received
                return None
            head = _head(received[: end.start()].decode("latin-1"))
            received = data = received[end.end() :]
            if head.status >= 200:
                break
            if head.status == 101:
                if not any(name.lower() == "upgrade" for name in self._headers):
                    raise _Strange("it switches to another protocol, which nobody asked for")
                break
        self._received, self.rest = b"", received
        return head

    def _unreadable(self, received: bytes) -> Exception:
        if speaks_tls(received):
            return expects_tls(self._peer)
        return _Strange(no_http(repr(received[:80])))


class _Strange(Exception):
    """How it is known that this is no answer of a daemon's."""


def _head(text: str) -> Head:
    """Read a head, without the empty line at its end.

    :raises _Strange: it is none.
    """
    first, *lines = text.split("\n")
    status = _STATUS.fullmatch(first.removesuffix("\r"))
    if status is None:
        raise _Strange(no_http(repr(first[:80].encode("latin-1"))))
    headers: dict[str, str] = {}
    for line in lines:
        field = _FIELD.fullmatch(line.removesuffix("\r"))
        if field is None:
            raise _Strange(f"its head holds {line[:80]!r}")
        name, value = field[1].lower(), field[2].rstrip(" \t")
        # Two lengths would be two ends of one body.
        if name == "content-length" and (not _LENGTH.fullmatch(value) or headers.get(name, value) != value):
            raise _Strange(f"its length is {value[:80]!r}")
        headers[name] = value
    if headers.get("transfer-encoding", "chunked").lower() != "chunked":
        raise _Strange("its body is encoded in a way that was not asked for")
    return Head(int(status[1]), headers)
