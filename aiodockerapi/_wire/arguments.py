"""Arguments of calls, checked and spelt for a URL: path segments, query values, points in time."""

import datetime
import re
import time
from collections.abc import Iterable, Mapping
from typing import TypeAlias
from urllib.parse import quote

from ..errors import InvalidArgument, InvalidArgumentType

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
"""A point in time: aware `datetime`, `timedelta` before now, seconds since 1970, or the text of one of these.

The texts are those of the docker command: ``1714564800.5``, ``2024-05-01T12:00:00Z``, and ``10m`` or ``1h30m`` before now.
"""

QueryValue: TypeAlias = str | int | bool | Iterable[str] | None

_PLAIN = re.compile(r"\w[\w.-]*", re.ASCII)  # stands in a URL as it is
_FORBIDDEN = re.compile(r"[/?#%\\\s\x00-\x1f\x7f]")
_FORBIDDEN_IN_LOOSE = re.compile(r"[/?#\x00-\x1f\x7f]")
_BEYOND_MICROSECONDS = re.compile(r"[.,]\d{6}(\d{1,3})", re.ASCII)
_SECONDS = re.compile(r"\d{1,18}(\.\d{1,9})?", re.ASCII)
_SPAN = re.compile(r"([-+]?)((?:(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:h|ms|m|s|us|\u00b5s|\u03bcs|ns))+)", re.ASCII)
_SPAN_PART = re.compile(r"(\d*)\.?(\d*)([^\d.]+)", re.ASCII)
_UNITS = {
    "h": 3600 * 10**9,
    "m": 60 * 10**9,
    "s": 10**9,
    "ms": 10**6,
    "us": 1000,
    "\u00b5s": 1000,
    "\u03bcs": 1000,
    "ns": 1,
}
_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_LONGEST = 1e9
_UTC = datetime.UTC
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=_UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


def path_segment(value: str, noun: str, *, loose: bool = False) -> str:
    """One path segment that names an object: refused unless it can only ever be that segment.

    The daemon routes on the decoded path, so a name with a slash would reach another endpoint even when escaped.
    `loose` is for objects whose names may hold spaces, percent signs and backslashes.
    """
    checked = text(value, noun)
    if _PLAIN.fullmatch(checked):
        return checked
    if not checked:
        raise InvalidArgument(f"the {noun} is empty: a name or id is needed")
    if checked.strip(".") == "":
        raise InvalidArgument(f"{noun} {checked!r} is not a name or id: it consists of dots")
    found = (_FORBIDDEN_IN_LOOSE if loose else _FORBIDDEN).search(checked)
    if found is not None:
        raise InvalidArgument(f"{noun} {checked!r} is not a name or id: it contains {found[0]!r}")
    return _quoted(checked, noun)


def text(value: str, noun: str) -> str:
    """A string argument."""
    if not isinstance(value, str):
        raise InvalidArgumentType(f"{noun} must be a string, not {type(value).__name__}: {value!r:.80}")
    return value


def _quoted(value: str, noun: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise InvalidArgument(f"{noun} {value!r} cannot be sent: it is not text") from None


def optional_str(value: str | None, noun: str) -> str | None:
    """A string argument that may be left out; None stays None (not sent)."""
    return None if value is None else text(value, noun)


def integer(value: int | None, noun: str, *, least: int | None = None) -> int | None:
    """A whole number, at least `least`; None stays None (not sent)."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidArgumentType(f"{noun} must be a whole number, not {type(value).__name__}: {value!r:.80}")
    if least is not None and value < least:
        raise InvalidArgument(f"{noun} must be at least {least}, not {value}")
    return value


def optional_bool(value: bool | None, noun: str) -> bool | None:
    """A switch; None stays None (not sent)."""
    if value is not None and not isinstance(value, bool):
        raise InvalidArgumentType(f"{noun} must be True or False, not {type(value).__name__}: {value!r:.80}")
    return value


def check_seconds(value: float | None, noun: str) -> None:
    """Refuse what is no span of time; None is without end."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidArgumentType(f"{noun} must be a number of seconds, not {type(value).__name__}: {value!r:.80}")
    if not 0 < value <= _LONGEST:  # neither event loops nor threads can wait for ever by a number
        raise InvalidArgument(
            f"{noun} must be more than 0 seconds and less than 30 years, not {value!r:.80}; None has no end"
        )


def check_type(value: object, kind: type, noun: str, *, optional: bool = False) -> None:
    """Refuse what is not of a kind; what it is may be secret, so its type alone is told."""
    if not (isinstance(value, kind) or (optional and value is None)):
        wanted = "True or False" if kind is bool else f"of type {kind.__name__}"
        raise InvalidArgumentType(f"{noun} must be {wanted}, not {type(value).__name__}")


def header_values(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Headers by their names; no error shows a value, which may be a credential."""
    if headers is None:
        return {}
    if not isinstance(headers, Mapping):
        raise InvalidArgumentType(f"headers must be a mapping of names to values, not {type(headers).__name__}")
    for name, value in headers.items():
        if not _TOKEN.fullmatch(text(name, "the name of a header")):
            raise InvalidArgument(f"{name!r} is not the name of a header")
        if not isinstance(value, str):
            raise InvalidArgumentType(f"header {name} must be a string, not {type(value).__name__}")
    return dict(headers)


def strings(values: Iterable[str] | str | None, noun: str) -> list[str] | None:
    """Strings, or one alone; None stays None (not sent)."""
    if values is None:
        return None
    return [text(value, f"each of {noun}") for value in _items([values] if isinstance(values, str) else values, noun)]


def query(pairs: Mapping[str, QueryValue]) -> str:
    """The query string of the pairs that are set; a list repeats its key."""
    parts: list[str] = []
    for name, value in pairs.items():
        if value is None:
            continue
        key = name if name.isidentifier() else _quoted(name, "the name of a parameter")
        if isinstance(value, bool):
            parts.append(f"{key}={'true' if value else 'false'}")
        elif isinstance(value, int):
            parts.append(f"{key}={value}")
        elif isinstance(value, str):
            parts.append(f"{key}={_quoted(value, key)}")
        else:
            parts.extend(f"{key}={_quoted(text(item, key), key)}" for item in _items(value, key))
    return "&".join(parts)


def _items(value: Iterable[str], noun: str) -> Iterable[str]:
    if isinstance(value, Mapping | bytes | bytearray) or not isinstance(value, Iterable):
        raise InvalidArgumentType(f"{noun} must be a list of strings, not {type(value).__name__}: {value!r:.80}")
    return value


def timestamp(value: When | None, noun: str) -> str | None:
    """A point in time as the daemon reads it: seconds since 1970 with up to nine decimals."""
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return _spelt(_nanoseconds(value, noun))
    if isinstance(value, datetime.timedelta):
        return _spelt(time.time_ns() - value // _MICROSECOND * 1000)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InvalidArgumentType(
            f"{noun} must be a datetime, a timedelta before now or seconds since 1970, "
            f"not {type(value).__name__}: {value!r:.80}"
        )
    if isinstance(value, str):
        return _from_text(value, noun)
    if not 0 <= value < 1e12:
        raise InvalidArgument(f"{noun} must be in seconds since 1970, not {value!r}")
    # A float of today's size holds microseconds; further digits of it would name a moment a little too late.
    return str(value) if isinstance(value, int) else f"{value:.6f}000"


def _nanoseconds(value: datetime.datetime, noun: str) -> int:
    if value.utcoffset() is None:
        raise InvalidArgument(f"{noun} must be a datetime with a time zone, such as datetime.now(UTC), not {value!r}")
    return (value - _EPOCH) // _MICROSECOND * 1000


def _spelt(value: int) -> str:
    value = max(value, 0)
    return f"{value // 10**9}.{value % 10**9:09d}"


def _from_text(value: str, noun: str) -> str:
    if _SECONDS.fullmatch(value):
        return value
    span = _SPAN.fullmatch(value)
    if span is not None:
        return _spelt(time.time_ns() - (-_length(span[2]) if span[1] == "-" else _length(span[2])))
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise InvalidArgument(
            f"{noun} {value!r} is neither seconds since 1970, a time such as 2024-05-01T12:00:00Z, nor a span such as 1h30m"
        ) from None
    finer = _BEYOND_MICROSECONDS.search(value)  # a datetime holds no more than microseconds
    return _spelt(_nanoseconds(moment, noun) + (int(finer[1].ljust(3, "0")) if finer else 0))


def _length(span: str) -> int:
    """The nanoseconds of a span as Go writes it, such as ``1h30m``."""
    parts = (part.groups() for part in _SPAN_PART.finditer(span))
    return sum(int(whole + decimals) * _UNITS[unit] // 10 ** len(decimals) for whole, decimals, unit in parts)
