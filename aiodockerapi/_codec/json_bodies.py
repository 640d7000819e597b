"""Decode bodies and JSON values to models, or raise errors with the path of the wrong value."""

import functools
import gc
import typing
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar, cast

from .._wire.json_text import LARGE_BODY_SIZE, loads
from ..errors import DecodingError
from .cattrs_types import Mismatch
from .fields import Hook, is_model
from .structuring import hook_for, item_hook, locate

__all__ = ["decode", "decoder", "uncollected"]

T = TypeVar("T")
A = TypeVar("A")

_not_typed: Final[set[Any]] = set()
"""Types whose large bodies msgspec rejected although they were valid: this engine sends unknown properties."""


def decoder(cls: type[T]) -> Callable[[Any], T]:
    """Return the function that converts JSON values to `cls`. Look it up once and call it often."""
    return cast("Callable[[Any], T]", _decoder(cls))


def _make_decoder(cls: Any) -> Hook:
    hook = hook_for(cls) if is_model(cls) else item_hook(cls)  # Go encodes an empty list as null, at the top level too

    def decode_value(raw: Any) -> Any:
        try:
            return hook(raw)
        except Mismatch as mismatch:
            found = locate(cls, raw, mismatch)
            raise DecodingError(str(found), found.path.lstrip(".")) from None

    return decode_value


_decoder: Callable[[Any], Hook] = functools.cache(_make_decoder)


def decode(body: bytes, cls: type[T]) -> T:
    """Decode a JSON body to a model.

    :raises DecodingError: if the body is not JSON, or if a value has the wrong type.
    """
    if len(body) < LARGE_BODY_SIZE:
        return decoder(cls)(_loads(body))
    return uncollected(lambda large: cast("T", _decode_large(large, cls)), body)


def _loads(body: bytes) -> Any:
    try:
        return loads(body)
    except ValueError as error:
        what = f"not JSON: {body[:200]!r}" if body else "empty; expected JSON"
        raise DecodingError(f"the daemon's answer is {what}") from error


def _decode_large(body: bytes, cls: Any) -> Any:
    from .msgspec_bodies import typed_reader  # loads msgspec

    read = typed_reader(cls) if cls not in _not_typed else None
    if read is None:
        return _decode_untyped(body, cls)
    try:
        return read(body)
    except (ValueError, RecursionError, Mismatch):
        found = _decode_untyped(body, cls)
        _not_typed.add(cls)
        return found


def _decode_untyped(body: bytes, cls: Any) -> Any:
    raw = _loads(body)
    if typing.get_origin(cls) is not list or raw.__class__ is not list:
        return decoder(cls)(raw)
    read = item_hook(typing.get_args(cls)[0])
    try:
        # Each model replaces its JSON value, so that the memory of the value can be reused for the next model.
        for i, one in enumerate(raw):
            raw[i] = read(one)
    except Mismatch:
        return decoder(cls)(_loads(body))  # raises an error with the path
    return raw


# --- the garbage collector

_gc_lock: Final = Lock()
_pauses = 0
_was_enabled = False


def uncollected(read: Callable[[A], T], value: A) -> T:
    """Return `read(value)`, with automatic garbage collection paused while it runs.

    Every few hundred new objects trigger a collection, and every so many of these a collection of all objects in the
    program. A long list creates tens of thousands of objects that are all in use: the collections find no garbage, and take
    an eighth to a half of the time. The next collection afterwards examines these objects once.

    Several threads may run this at the same time: the first one pauses the collector, the last one resumes it. A collector
    that the program has disabled stays disabled.
    """
    global _pauses, _was_enabled  # noqa: PLW0603 - the process has a single collector
    with _gc_lock:
        if not _pauses:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        return read(value)
    finally:
        with _gc_lock:
            _pauses -= 1
            if not _pauses and _was_enabled:
                gc.enable()
