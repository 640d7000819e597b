"""Open sockets and memory of the process, read from /proc; Linux only."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

__all__ = ["memory", "peak_memory", "sockets"]


def sockets() -> int:
    """Return the number of open sockets of this process."""
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the descriptor of the listing itself is already closed
            count += str(entry.readlink()).startswith("socket:")
    return count


def memory() -> int:
    """Return the resident memory of this process (RSS), in bytes."""
    return _status("VmRSS")


def peak_memory() -> int:
    """Return the peak resident memory since this program was started, in bytes.

    `resource.getrusage` also includes the memory of the process before it executed this program.
    """
    return _status("VmHWM")


def _status(key: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == key:
            return int(value.split()[0]) * 1024
    raise LookupError(key)
