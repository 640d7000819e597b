"""Validation of arguments, and their encoding for URLs: path segments, query parameters and timestamps."""

import datetime
import re
import time
from collections.abc import Iterable, Mapping
from typing import TypeAlias
from urllib.parse import quote

from ..errors import InvalidArgument, InvalidArgumentType
from .handshake import HEADER_NAME

__all__ = [
    "QueryValue",
    "When",
    "check_seconds",
    "check_type",
    "header_values",
    "integer",
    "optional_bool",
    "optional_str",
    "path_segment",
    "query",
    "strings",
    "text",
    "timestamp",
]

When: TypeAlias = datetime.datetime | datetime.timedelta | int | float | str
"""A point in time: an aware `datetime`, a `timedelta` before now, seconds since 1970, or a string.

Strings have the formats of the docker CLI: ``1714564800.5``, ``2024-05-01T12:00:00Z``, and ``10m`` or ``1h30m`` before now.
"""

QueryValue: TypeAlias = str | int | bool | Iterable[str] | None

_UNRESERVED = re.compile(r"\w[\w.-]*", re.ASCII)  # needs no percent-encoding
_FORBIDDEN = re.compile(r"[/?#%\\\s\x00-\x1f\x7f]")
_FORBIDDEN_IN_LOOSE = re.compile(r"[/?#\x00-\x1f\x7f]")
_NANOSECOND_DIGITS = re.compile(r"[.,]\d{6}(\d{1,3})", re.ASCII)
_SECONDS = re.compile(r"\d{1,18}(\.\d{1,9})?", re.ASCII)
_DURATION = re.compile(
    r"([-+]?)((?:(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:h|ms|m|s|us|\u00b5s|\u03bcs|ns))+)", re.ASCII
)
_DURATION_PART = re.compile(r"(\d*)\.?(\d*)([^\d.]+)", re.ASCII)
_UNIT_NANOSECONDS = {
    "h": 3600 * 10**9,
    "m": 60 * 10**9,
    "s": 10**9,
    "ms": 10**6,
    "us": 1000,
    "\u00b5s": 1000,
    "\u03bcs": 1000,
    "ns": 1,
}
_HEADER_NAME = re.compile(HEADER_NAME)
_MAX_SECONDS = 1e9
_UTC = datetime.UTC
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=_UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


def path_segment(value: str, noun: str, *, loose: bool = False) -> str:
    """Percent-encode a name or ID as one path segment.

    The daemon routes by the decoded path, so a name with a slash would reach another endpoint even if it is encoded.

    :param noun: what the argument is, for errors.
    :param loose: whether the name may contain spaces, percent signs and backslashes.
    :raises InvalidArgument: if it cannot be one segment.
    """
    checked = text(value, noun)
    if _UNRESERVED.fullmatch(checked):
        return checked
    if not checked.strip("."):
        raise InvalidArgument(f"{noun} must be a name or ID, not {checked!r}")
    found = (_FORBIDDEN_IN_LOOSE if loose else _FORBIDDEN).search(checked)
    if found is not None:
        raise InvalidArgument(f"{noun} must be a name or ID, not {checked!r}: it contains {found[0]!r}")
    return _percent_encode(checked, noun)


def text(value: str, noun: str) -> str:
    """Return a string argument.

    :raises InvalidArgumentType: if it is not a string.
    """
    if not isinstance(value, str):
        raise InvalidArgumentType(f"{noun} must be a string, not {type(value).__name__}: {value!r:.80}")
    return value


def _percent_encode(value: str, noun: str) -> str:
    if _UNRESERVED.fullmatch(value):
        return value
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise InvalidArgument(f"{noun} {value!r} cannot be encoded as UTF-8") from None


def optional_str(value: str | None, noun: str) -> str | None:
    """Return a string argument, or None, which is not sent.

    :raises InvalidArgumentType: if it is not a string.
    """
    return None if value is None else text(value, noun)


def integer(value: int | None, noun: str, *, least: int | None = None) -> int | None:
    """Return an integer argument, or None, which is not sent.

    :param least: the smallest value allowed.
    :raises InvalidArgumentType: if it is not an integer.
    :raises InvalidArgument: if it is less than `least`.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidArgumentType(f"{noun} must be an integer, not {type(value).__name__}: {value!r:.80}")
    if least is not None and value < least:
        raise InvalidArgument(f"{noun} must be at least {least}, not {value}")
    return value


def optional_bool(value: bool | None, noun: str) -> bool | None:
    """Return a boolean argument, or None, which is not sent.

    :raises InvalidArgumentType: if it is not a bool.
    """
    if value is not None and not isinstance(value, bool):
        raise InvalidArgumentType(f"{noun} must be True or False, not {type(value).__name__}: {value!r:.80}")
    return value


def check_seconds(value: float | None, noun: str) -> None:
    """Check a time in seconds; None stands for no limit.

    :raises InvalidArgumentType: if it is not a number.
    :raises InvalidArgument: if it is not positive, or 30 years or more.
    """
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidArgumentType(f"{noun} must be a number of seconds, not {type(value).__name__}: {value!r:.80}")
    if not 0 < value <= _MAX_SECONDS:  # event loops and threads do not accept longer timeouts
        raise InvalidArgument(
            f"{noun} must be more than 0 seconds and less than 30 years, or None for no limit, not {value!r:.80}"
        )


def check_type(value: object, kind: type, noun: str, *, optional: bool = False) -> None:
    """Check the type of an argument that may be secret: the error does not include the value.

    :raises InvalidArgumentType: if it is not of the type.
    """
    if not (isinstance(value, kind) or (optional and value is None)):
        expected = "True or False" if kind is bool else f"of type {kind.__name__}"
        raise InvalidArgumentType(f"{noun} must be {expected}, not {type(value).__name__}")


def header_values(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return headers as a dict. Errors do not include values, which may be credentials.

    :raises InvalidArgumentType: if they are not a mapping of strings to strings.
    :raises InvalidArgument: if a name is not a valid header name.
    """
    if headers is None:
        return {}
    if not isinstance(headers, Mapping):
        raise InvalidArgumentType(f"headers must be a mapping of names to values, not {type(headers).__name__}")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(text(name, "header name")):
            raise InvalidArgument(f"{name!r} is not a valid header name")
        if not isinstance(value, str):
            raise InvalidArgumentType(f"header {name} must be a string, not {type(value).__name__}")
    return dict(headers)


def strings(values: Iterable[str] | str | None, noun: str) -> list[str] | None:
    """Return strings as a list, a single one too, or None, which is not sent.

    :raises InvalidArgumentType: if they are not strings.
    """
    if values is None:
        return None
    return [text(value, f"each of {noun}") for value in _items([values] if isinstance(values, str) else values, noun)]


def query(pairs: Mapping[str, QueryValue]) -> str:
    """Return the query string of the parameters that are not None; a list repeats its parameter.

    :raises InvalidArgumentType: if a value is not a string, a bool, an int or a list of strings.
    """
    parts: list[str] = []
    for name, value in pairs.items():
        if value is None:
            continue
        key = name if name.isidentifier() else _percent_encode(name, "parameter")
        if isinstance(value, bool):
            parts.append(f"{key}={'true' if value else 'false'}")
        elif isinstance(value, int):
            parts.append(f"{key}={value}")
        elif isinstance(value, str):
            parts.append(f"{key}={_percent_encode(value, key)}")
        else:
            parts.extend(f"{key}={_percent_encode(text(item, key), key)}" for item in _items(value, key))
    return "&".join(parts)


def _items(value: Iterable[str], noun: str) -> Iterable[str]:
    if isinstance(value, Mapping | bytes | bytearray) or not isinstance(value, Iterable):
        raise InvalidArgumentType(f"{noun} must be a list of strings, not {type(value).__name__}: {value!r:.80}")
    return value


def timestamp(value: When | None, noun: str) -> str | None:
    """Return a point in time in the daemon's format: seconds since 1970 with up to nine decimals; None is not sent.

    :raises InvalidArgumentType: if it has another type.
    :raises InvalidArgument: if it is malformed, out of range, or without a time zone.
    """
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return _format_nanoseconds(_epoch_nanoseconds(value, noun))
    if isinstance(value, datetime.timedelta):
        return _format_nanoseconds(time.time_ns() - value // _MICROSECOND * 1000)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InvalidArgumentType(
            f"{noun} must be a datetime, a timedelta before now or seconds since 1970, "
            f"not {type(value).__name__}: {value!r:.80}"
        )
    if isinstance(value, str):
        return _parse_text(value, noun)
    if not 0 <= value < 1e12:
        raise InvalidArgument(f"{noun} must be seconds since 1970, not {value!r}")
    # A float of this size is precise to microseconds; its further digits would be a slightly later time.
    return str(value) if isinstance(value, int) else f"{value:.6f}000"


def _epoch_nanoseconds(value: datetime.datetime, noun: str) -> int:
    if value.utcoffset() is None:
        raise InvalidArgument(f"{noun} must be a datetime with a time zone, such as datetime.now(UTC), not {value!r}")
    return (value - _EPOCH) // _MICROSECOND * 1000


def _format_nanoseconds(value: int) -> str:
    value = max(value, 0)
    return f"{value // 10**9}.{value % 10**9:09d}"


def _parse_text(value: str, noun: str) -> str:
    if _SECONDS.fullmatch(value):
        return value
    duration = _DURATION.fullmatch(value)
    if duration is not None:
        nanoseconds = _duration_nanoseconds(duration[2])
        return _format_nanoseconds(time.time_ns() + (nanoseconds if duration[1] == "-" else -nanoseconds))
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise InvalidArgument(
            f"{noun} must be seconds since 1970, a time such as 2024-05-01T12:00:00Z or a duration such as 1h30m, not {value!r}"
        ) from None
    digits = _NANOSECOND_DIGITS.search(value)  # a datetime is only precise to microseconds
    return _format_nanoseconds(_epoch_nanoseconds(moment, noun) + (int(digits[1].ljust(3, "0")) if digits else 0))


def _duration_nanoseconds(duration: str) -> int:
    """Return the nanoseconds of a duration in the format of Go, such as ``1h30m``."""
    parts = (part.groups() for part in _DURATION_PART.finditer(duration))
    return sum(
        int(whole + decimals) * _UNIT_NANOSECONDS[unit] // 10 ** len(decimals) for whole, decimals, unit in parts
    )
