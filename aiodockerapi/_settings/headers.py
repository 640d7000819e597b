"""Headers that the user's configuration adds to each request."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..errors import ConfigurationError

__all__ = ["checked_headers", "headers_from_environment"]

_VARIABLE: Final = "DOCKER_CUSTOM_HEADERS"
_FORM: Final = 'its form is name=value,name=value; what holds a comma is quoted: "name=one, two"'
_FIELD: Final = re.compile(r'"((?:[^"]|"")*)"(?=,|$)|([^",\r\n]*)(?=,|$)')
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*")  # nor bytes that are no text

# What an HTTP message cannot do without is ours, and so is who we say we are.
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
_OURS: Final = frozenset({"accept-encoding", "host", "user-agent", *_FRAMING})


def headers_from_environment(environ: Mapping[str, str]) -> dict[str, str] | None:
    """What DOCKER_CUSTOM_HEADERS says; None if it is not set. It takes the place of config.json's headers.

    :raises ConfigurationError: it cannot be read. Its values are not shown: they may be credentials.
    """
    text = environ.get(_VARIABLE)
    if not text:
        return None
    headers = {}
    for field in _fields(text.rstrip("\r\n")):
        name, equals, value = field.partition("=")
        if not equals:
            raise ConfigurationError(f"{_VARIABLE} has a part without '='; {_FORM}")
        headers[name.strip()] = value
    return checked_headers(headers, _VARIABLE)


def _fields(text: str) -> Iterator[str]:
    """The parts of a line of CSV."""
    position = 0
    while position <= len(text):
        match = _FIELD.match(text, position)
        if match is None:
            raise ConfigurationError(f"{_VARIABLE} cannot be read from character {position + 1} on; {_FORM}")
        yield match[2] if match[1] is None else match[1].replace('""', '"')
        position = match.end() + 1


def checked_headers(headers: Mapping[str, str], source: str) -> dict[str, str]:
    """Headers under their usual spelling, without those that are ours to send.

    :raises ConfigurationError: one of them is no header.
    """
    checked = {}
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"{source} names a header {name!r:.80}, which is no header's name")
        if not _VALUE.fullmatch(value):
            raise ConfigurationError(
                f"{source} gives the header {name} a value with line breaks, or one that is no text"
            )
        usual = "-".join(part.capitalize() for part in name.split("-"))
        if name.lower() not in _OURS:
            checked[usual] = value.strip(" \t")
    return checked
