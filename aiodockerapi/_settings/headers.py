"""Custom headers: the user's configuration adds them to every request."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from .._wire.handshake import HEADER_NAME
from ..errors import ConfigurationError

__all__ = ["check_headers", "headers_from_environment"]

_VARIABLE: Final = "DOCKER_CUSTOM_HEADERS"
_FORMAT: Final = 'the format is name=value,name=value; quote a field that contains a comma: "name=one, two"'
_FIELD: Final = re.compile(r'"((?:[^"]|"")*)"(?=,|$)|([^",\r\n]*)(?=,|$)')
_NAME: Final = re.compile(HEADER_NAME)
_VALUE: Final = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*")  # surrogates stand for undecodable bytes

# The client sets these itself: message framing, the host, and the user agent.
_FRAMING: Final = (
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
)
_RESERVED: Final = frozenset({"accept-encoding", "host", "user-agent", *_FRAMING})


def headers_from_environment(environ: Mapping[str, str]) -> dict[str, str] | None:
    """Return the headers in DOCKER_CUSTOM_HEADERS, which replace those of config.json; None if it is not set.

    :raises ConfigurationError: if the variable is invalid. The message shows no values: they may be credentials.
    """
    text = environ.get(_VARIABLE)
    if not text:
        return None
    headers = {}
    for field in _fields(text.rstrip("\r\n")):
        name, equals, value = field.partition("=")
        if not equals:
            raise ConfigurationError(f"{_VARIABLE} has a field without '='; {_FORMAT}")
        headers[name.strip()] = value
    return check_headers(headers, _VARIABLE)


def _fields(text: str) -> Iterator[str]:
    """Iterate over the fields of a line of CSV."""
    position = 0
    while position <= len(text):
        match = _FIELD.match(text, position)
        if match is None:
            raise ConfigurationError(f"{_VARIABLE} is invalid at character {position + 1}; {_FORMAT}")
        yield match[2] if match[1] is None else match[1].replace('""', '"')
        position = match.end() + 1


def check_headers(headers: Mapping[str, str], source: str) -> dict[str, str]:
    """Check headers, normalize their names, and drop those that the client sets itself.

    :param source: the setting that contains the headers, for errors.
    :raises ConfigurationError: if a name or value is invalid.
    """
    checked = {}
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"{source} contains an invalid header name: {name!r:.80}")
        if not _VALUE.fullmatch(value):
            raise ConfigurationError(
                f"{source} contains an invalid value of the header {name}: it must be text without control characters"
            )
        normalized = "-".join(part.capitalize() for part in name.split("-"))
        if name.lower() not in _RESERVED:
            checked[normalized] = value.strip(" \t")
    return checked
