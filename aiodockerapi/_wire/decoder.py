"""The contract that every decoder of a stream keeps.

A decoder is a small state machine. It knows nothing of sockets, loops or text encodings it was not told about:

* `feed` takes the next bytes, however they were split on their way, and returns the items that are complete now;
* `finish` is called once, at the end of the bytes, and returns the items that only the end completes;
* `error` is set as soon as the stream turns out to be wrong. Neither method raises: what was decoded before the fault
  is returned first, and whoever drives the decoder raises the error afterwards. Later bytes are ignored.

Any split of the same bytes gives the same items and the same error.
"""

from typing import Protocol, TypeVar

from ..errors import DockerError

__all__ = ["Decoder"]

ItemT = TypeVar("ItemT")


class Decoder(Protocol[ItemT]):
    """Bytes in, items out."""

    @property
    def error(self) -> DockerError | None:
        """What is wrong with the stream, as soon as that shows."""
        ...

    def feed(self, data: bytes) -> list[ItemT]:
        """Take the next bytes and return the items that they complete."""
        ...

    def finish(self) -> list[ItemT]:
        """Take the end of the bytes and return the items that it completes."""
        ...
