"""JSON text to values and back: the one place that knows which library does it."""

import json
from typing import Any

__all__ = ["dumps", "loads", "scan"]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decode = json.loads
_scan = json.JSONDecoder().raw_decode


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return _encode(value).encode()


def loads(text: str | bytes) -> Any:
    """The value of a text.

    :raises ValueError: it is not JSON, or is nested too deeply.
    """
    try:
        return _decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def scan(text: str, position: int) -> tuple[Any, int]:
    """The value that begins at a position, and where it ends.

    :raises ValueError: there is none, or it is nested too deeply.
    """
    try:
        return _scan(text, position)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
