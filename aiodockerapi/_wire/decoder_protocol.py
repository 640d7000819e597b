"""The protocol of stream decoders.

A decoder is a small state machine without I/O:

* `feed` takes the next bytes, split at any position, and returns the items that are now complete;
* `finish` is called once, at the end of the bytes, and returns the remaining items;
* `error` is set as soon as an error is detected. Neither method raises: items decoded before the error are returned first,
  and the caller raises the error afterwards. Later bytes are ignored.

The items and the error do not depend on how the bytes were split.
"""

from typing import Protocol, TypeVar

from ..errors import DockerError

__all__ = ["Decoder"]

ItemT = TypeVar("ItemT")


class Decoder(Protocol[ItemT]):
    """A decoder of bytes into items."""

    @property
    def error(self) -> DockerError | None:
        """The error in the stream; None until one is detected."""
        ...

    def feed(self, data: bytes) -> list[ItemT]:
        """Take the next bytes; return the items that are now complete."""
        ...

    def finish(self) -> list[ItemT]:
        """Take the end of the bytes; return the remaining items."""
        ...
