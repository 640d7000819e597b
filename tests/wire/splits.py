"""Splitting bytes, and decoding the parts: shared by the tests of all decoders."""

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from hypothesis import strategies as st

__all__ = ["POSITIONS", "AnyDecoder", "Outcome", "blocks", "decode", "single_bytes", "split", "with_cpu_limit"]

# Seconds of CPU time: far more than linear decoding takes, far less than quadratic decoding takes.
_CPU_LIMIT = 10.0

POSITIONS = st.lists(st.integers(min_value=0, max_value=4096), max_size=12)
"""Positions for `split`, taken modulo the length of the data."""


class AnyDecoder(Protocol):
    """Any decoder."""

    @property
    def error(self) -> Exception | None: ...

    def feed(self, data: bytes) -> list[Any]: ...

    def finish(self) -> list[Any]: ...


class Outcome(NamedTuple):
    """The items that a decoder returned, and the type and message of its error."""

    items: list[Any]
    error: tuple[type[Exception], str] | None

    @property
    def body(self) -> bytes:
        """The joined items of a decoder of bytes."""
        return b"".join(self.items)

    @property
    def error_type(self) -> type[Exception] | None:
        """The type of the error; None without an error."""
        return self.error and self.error[0]

    @property
    def message(self) -> str:
        """The message of the error; empty without an error."""
        return self.error[1] if self.error else ""


def split(data: bytes, positions: Iterable[int]) -> list[bytes]:
    """Split `data`; parts may be empty."""
    ends = [0, *sorted(position % (len(data) + 1) for position in positions), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(ends)]


def blocks(data: bytes, size: int) -> Iterator[bytes]:
    """Split `data` into blocks of a size."""
    return (data[begin : begin + size] for begin in range(0, len(data), size))


def single_bytes(data: bytes) -> Iterator[bytes]:
    """Split `data` into single bytes."""
    return blocks(data, 1)


def with_cpu_limit(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the parts; fail if processing them takes far too much CPU time."""
    deadline = time.process_time() + _CPU_LIMIT
    for part in parts:
        yield part
        assert time.process_time() < deadline, "decoding takes more than linear time"


def decode(decoder: AnyDecoder, parts: Iterable[bytes]) -> Outcome:
    """Feed the parts and finish, checking the contract of decoders."""
    items: list[Any] = []
    for part in with_cpu_limit(parts):
        earlier = decoder.error
        decoded = decoder.feed(part)
        assert earlier is None or (not decoded and decoder.error is earlier), "data after an error is ignored"
        items += decoded
    earlier = decoder.error
    last = decoder.finish()
    assert earlier is None or (not last and decoder.error is earlier), "the first error is kept"
    error = decoder.error
    return Outcome(items + last, None if error is None else (type(error), str(error)))
