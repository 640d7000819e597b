"""JSON text to values and back: the one place that knows which library does it.

Values are read by msgspec where it is installed (the extra ``speedups``) and has been loaded, otherwise by the standard
library. Loading msgspec takes a few milliseconds: it is loaded for large bodies, for streams of JSON, and when many small
bodies have been read. The values are the same: msgspec refuses a few texts that the standard library reads (half a surrogate
pair, a number beyond what a float holds), so a text that msgspec refuses is read again by the standard library, which also
reports the error.
Neither reads what is no JSON: ``NaN`` and ``Infinity``, other encodings than UTF-8, a byte order mark.

orjson was tried as well. It is no faster here, and makes a float of an integer of more than 64 bits without a word.
Writing is the standard library's alone: bodies are small.
"""

import json
from typing import Any, NoReturn

__all__ = ["LARGE", "dumps", "fast", "lines", "loads", "read_with", "scan"]

LARGE = 1 << 16
"""From this length on a body is worth another way of reading: a hundred containers, or a dozen with all there is of them."""

_SPACE = " \t\r\n"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decoder = json.JSONDecoder(parse_constant=_no_constant)
_scan = _decoder.raw_decode
_scan_once: Any = _decoder.scan_once  # type: ignore[attr-defined]  # what `raw_decode` calls
_fast: Any = None


def read_with(decoder: Any) -> None:
    """Read with a decoder of msgspec's from now on; None is the standard library."""
    global _fast  # noqa: PLW0603 - there is one such switch
    _fast = decoder


def fast() -> bool:
    """Whether msgspec reads."""
    return _fast is not None


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return _encode(value).encode()


def loads(text: str | bytes) -> Any:
    """The value of a text.

    :raises ValueError: it is not JSON, or is nested too deeply.
    """
    if _fast is not None:
        try:
            return _fast.decode(text)
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
        value, end = _scan(text)
    except json.JSONDecodeError:
        return _decoder.decode(text)  # there may be space before the value
    if end == len(text) or not text[end:].strip(_SPACE):
        return value
    return _decoder.decode(text)


def scan(text: str, position: int) -> tuple[Any, int]:
    """The value that begins at a position, and where it ends.

    :raises ValueError: there is none, or it is nested too deeply.
    """
    try:
        return _scan(text, position)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def lines(block: bytes) -> list[Any] | None:
    """The values of a block of whole lines; None where the lines are not simply values, and want a closer look.

    A call for the block instead of one for each line is what makes this worth while.
    """
    if _fast is not None:
        try:
            found: list[Any] = _fast.decode_lines(block)
        except (ValueError, RecursionError):
            return None
        return found
    values: list[Any] = []
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
