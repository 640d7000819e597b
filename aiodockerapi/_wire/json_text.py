"""Parsing and encoding of JSON, with msgspec or the standard library.

JSON is parsed with msgspec if it is installed (the extra ``speedups``) and loaded, and with the standard library otherwise.
Loading msgspec takes a few milliseconds: it is loaded for large bodies, for streams of JSON, and when many small bodies have
been read. The results are the same: msgspec rejects some texts that the standard library accepts (lone surrogates, numbers out
of the range of a float), so a text that msgspec rejects is parsed with the standard library, which also raises the errors. Both
reject ``NaN``, ``Infinity``, encodings other than UTF-8, and byte order marks.

orjson is not used: it is not faster here, and silently converts integers of more than 64 bits to floats. Encoding always uses
the standard library, because request bodies are small.
"""

import base64
import json
from typing import Any, NoReturn

from ..errors import MalformedStream

__all__ = [
    "LARGE_BODY_SIZE",
    "decode_header_json",
    "dumps",
    "encode_header_json",
    "loads",
    "loads_lines",
    "raw_decode",
    "set_decoder",
    "uses_msgspec",
]

LARGE_BODY_SIZE = 1 << 16
"""The size in bytes from which a body is decoded in other ways: a list of a hundred containers, or a dozen with all details."""

_SPACE = " \t\r\n"


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decoder = json.JSONDecoder(parse_constant=_reject_constant)
_raw_decode = _decoder.raw_decode
_scan_once: Any = _decoder.scan_once  # type: ignore[attr-defined]  # what `raw_decode` calls
_msgspec_decoder: Any = None


def set_decoder(decoder: Any) -> None:
    """Parse with a decoder of msgspec from now on, or with the standard library if it is None."""
    global _msgspec_decoder  # noqa: PLW0603 - one setting for the process
    _msgspec_decoder = decoder


def uses_msgspec() -> bool:
    """Return whether msgspec is in use."""
    return _msgspec_decoder is not None


def dumps(value: Any) -> bytes:
    """Encode a value as compact JSON in UTF-8.

    :raises ValueError: if it contains NaN, an infinity or a lone surrogate.
    :raises TypeError: if it contains an object that JSON does not have.
    """
    return _encode(value).encode()


def loads(text: str | bytes) -> Any:
    """Parse a JSON text.

    :raises ValueError: if it is not valid JSON, or nested too deeply.
    """
    if _msgspec_decoder is not None:
        try:
            return _msgspec_decoder.decode(text)
        except (ValueError, RecursionError):
            pass
    if not isinstance(text, str):
        text = text.decode()
    try:
        return _loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _loads(text: str) -> Any:
    try:
        value, end = _raw_decode(text)
    except json.JSONDecodeError:
        return _decoder.decode(text)  # accepts whitespace before the value
    if end == len(text) or not text[end:].strip(_SPACE):
        return value
    return _decoder.decode(text)


def raw_decode(text: str, position: int) -> tuple[Any, int]:
    """Parse the value that begins at a position; return it, and the position after it.

    :raises ValueError: if no valid value begins there, or it is nested too deeply.
    """
    try:
        return _raw_decode(text, position)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def loads_lines(block: bytes) -> list[Any] | None:
    """Parse a block of complete lines; return None unless each line is exactly one value.

    One call for the block is faster than one for each line.
    """
    if _msgspec_decoder is not None:
        try:
            values: list[Any] = _msgspec_decoder.decode_lines(block)
        except (ValueError, RecursionError):
            return None
        return values
    values = []
    try:
        text = block.decode()
        position, end = 0, len(text)
        while position < end:
            value, position = _scan_once(text, position)
            if text[position] != "\n":
                if not text.startswith("\r\n", position):
                    return None
                position += 1
            values.append(value)
            position += 1
    except (ValueError, StopIteration, IndexError, RecursionError):
        return None
    return values


def encode_header_json(value: Any) -> str:
    """Encode a value as JSON in padded, URL-safe base64, for ``X-Registry-Auth`` and ``X-Registry-Config``."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode("ascii")


def decode_header_json(text: str, header: str) -> Any:
    """Decode JSON in base64, as in ``X-Docker-Container-Path-Stat``.

    Docker uses the standard alphabet, Podman the URL-safe one.

    :param header: the name of the header, for the error.
    :raises MalformedStream: if it is not JSON in base64.
    """
    try:
        return loads(base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True))
    except ValueError as error:
        raise MalformedStream(f"cannot decode the daemon's header {header}: {text!r:.200}") from error
