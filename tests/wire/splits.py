"""Cutting bytes into pieces, and what a decoder makes of them: shared by the tests of all decoders."""

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from hypothesis import strategies as st

__all__ = ["CUTS", "AnyDecoder", "Outcome", "blocks", "cut", "decode", "single_bytes", "watched"]

# Far more than a decoder needs whose work grows with its input, far less than one takes whose work grows with the square.
_ENOUGH = 10.0

CUTS = st.lists(st.integers(min_value=0, max_value=4096), max_size=12)
"""Where to cut: positions for `cut`, taken modulo the length of what is cut."""


class AnyDecoder(Protocol):
    """A decoder of anything."""

    @property
    def error(self) -> Exception | None: ...

    def feed(self, data: bytes) -> list[Any]: ...

    def finish(self) -> list[Any]: ...


class Outcome(NamedTuple):
    """All that a decoder returned, and the type and text of its error."""

    items: list[Any]
    error: tuple[type[Exception], str] | None

    @property
    def body(self) -> bytes:
        """The items, where they are pieces of bytes and not things of their own."""
        return b"".join(self.items)

    @property
    def fault(self) -> type[Exception] | None:
        """The type of the error."""
        return self.error and self.error[0]

    @property
    def message(self) -> str:
        """The text of the error."""
        return self.error[1] if self.error else ""


def cut(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    """`data` in pieces; some may be empty."""
    edges = [0, *sorted(edge % (len(data) + 1) for edge in cuts), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges)]


def blocks(data: bytes, size: int) -> Iterator[bytes]:
    """`data` in pieces of that size."""
    return (data[begin : begin + size] for begin in range(0, len(data), size))


def single_bytes(data: bytes) -> Iterator[bytes]:
    """`data`, a byte at a time."""
    return blocks(data, 1)


def watched(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces; fails where what is done with them takes the processor far too long."""
    deadline = time.process_time() + _ENOUGH
    for piece in pieces:
        yield piece
        assert time.process_time() < deadline, "the work grows faster than the input"


def decode(decoder: AnyDecoder, pieces: Iterable[bytes]) -> Outcome:
    """Feed the pieces one after another and finish, holding the decoder to its contract on the way."""
    items: list[Any] = []
    for piece in watched(pieces):
        broken = decoder.error
        found = decoder.feed(piece)
        assert broken is None or (not found and decoder.error is broken), "after an error nothing more is decoded"
        items += found
    broken = decoder.error
    last = decoder.finish()
    assert broken is None or (not last and decoder.error is broken), "an error stays the only one"
    error = decoder.error
    return Outcome(items + last, None if error is None else (type(error), str(error)))
