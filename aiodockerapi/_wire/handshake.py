"""A request and the head of its response on a connection of its own, for streams and upgrades.

Implemented here because h11 takes longer for one head than the rest of a short call; the tests compare it with h11.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from ..errors import InvalidArgument

__all__ = ["HEADER_NAME", "BadHead", "Handshake", "Head"]

HEADER_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
"""The pattern of a header name, and of an HTTP method."""

_MAX_HEAD: Final = 64 * 1024
_TOKEN: Final = re.compile(HEADER_NAME)
_TARGET: Final = re.compile(r"[!-~]+")
_NOT_ALLOWED: Final = re.compile(r"[^\t -~]|^\s|\s\Z")
_END: Final = re.compile(rb"\n\r?\n")
_BEGINNING: Final = b"HTTP/1."
_STATUS: Final = re.compile(r"HTTP/1\.[01] ([1-9]\d\d)(?: [^\x00-\x08\n-\x1f\x7f]*)?", re.ASCII)
_FIELD: Final = re.compile(rf"({HEADER_NAME}):[ \t]*([^\x00-\x08\n-\x1f\x7f]*)")
_LENGTH: Final = re.compile(r"\d{1,20}", re.ASCII)


class BadHead(Exception):
    """Data that is not the head of an HTTP response.

    :ivar reason: what is wrong with the head; empty if the data is not HTTP at all.
    :ivar data: the beginning of the data.
    """

    def __init__(self, reason: str, data: bytes = b"") -> None:
        super().__init__(reason)
        self.reason = reason
        self.data = data


class Head(NamedTuple):
    """The status and headers of a response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]

    @property
    def content_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Handshake:
    """Encodes a request and parses the head of the response.

    Bytes that arrive together with the head belong to the stream; they are in `rest` afterwards.
    """

    def __init__(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> None:
        self._method, self._target, self._headers, self._body = method, target, headers, body
        self._received = b""
        self.rest = b""

    def opening(self) -> bytes:
        """Return the request as bytes.

        :raises InvalidArgument: if a header name or value contains characters that are not allowed.
        """
        if not (_TOKEN.fullmatch(self._method) and _TARGET.fullmatch(self._target)):
            raise InvalidArgument("the request cannot be sent: its method or target is invalid")
        lines = [f"{self._method} {self._target} HTTP/1.1"]
        for name, value in self._headers.items():
            if not _TOKEN.fullmatch(name):
                raise InvalidArgument(f"the request cannot be sent: {name!r} is not a header name")
            if _NOT_ALLOWED.search(value):  # not shown: it may be a credential
                raise InvalidArgument(f"the value of header {name!r} contains characters that are not allowed")
            lines.append(f"{name}: {value}")
        if self._body or self._method != "GET":
            lines.append(f"Content-Length: {len(self._body)}")
        lines.append("\r\n")
        return "\r\n".join(lines).encode("ascii") + self._body

    def feed(self, data: bytes) -> Head | None:
        """Take the next bytes; return the head once it is complete.

        :raises BadHead: if they are not the head of a response.
        """
        received = self._received + data
        while True:
            # The end may have begun with the previous bytes.
            end = _END.search(received, max(0, len(received) - len(data) - 2))
            if (end.end() if end else len(received)) > _MAX_HEAD:
                raise BadHead(f"the head of its response is longer than {_MAX_HEAD >> 10} KiB")
            if end is None:
                if received[:7] != _BEGINNING[: len(received)]:
                    raise BadHead("", received)
                self._received = received
                return None
            head = _parse_head(received[: end.start()].decode("latin-1"))
            received = data = received[end.end() :]
            if head.status >= 200:
                break
            if head.status == 101:
                if not any(name.lower() == "upgrade" for name in self._headers):
                    raise BadHead("it switches to another protocol, which was not requested")
                break
        self._received, self.rest = b"", received
        return head


def _parse_head(text: str) -> Head:
    """Parse a head without the empty line at its end.

    :raises BadHead: if it is invalid.
    """
    first, *lines = text.split("\n")
    status = _STATUS.fullmatch(first.removesuffix("\r"))
    if status is None:
        raise BadHead("", first.encode("latin-1"))
    headers: dict[str, str] = {}
    for line in lines:
        field = _FIELD.fullmatch(line.removesuffix("\r"))
        if field is None:
            raise BadHead(f"the head of its response contains {line[:80]!r}")
        name, value = field[1].lower(), field[2].rstrip(" \t")
        # Two different lengths would be two ends of one body.
        if name == "content-length" and (not _LENGTH.fullmatch(value) or headers.get(name, value) != value):
            raise BadHead(f"its Content-Length is {value[:80]!r}")
        headers[name] = value
    if headers.get("transfer-encoding", "chunked").lower() != "chunked":
        raise BadHead("its response has a Transfer-Encoding that was not requested")
    return Head(int(status[1]), headers)
