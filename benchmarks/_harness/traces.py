"""What a process holds: sockets, and memory. Read from /proc, hence on Linux only."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

__all__ = ["memory", "peak_memory", "sockets"]


def sockets() -> int:
    """How many sockets this process has open."""
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the listing's own descriptor is gone by now
            count += str(entry.readlink()).startswith("socket:")
    return count


def memory() -> int:
    """How many bytes of this process are in memory."""
    return _status("VmRSS")


def peak_memory() -> int:
    """The most bytes that have been in memory since this program was started.

    `resource.getrusage` would count in what the process was before it became this program.
    """
    return _status("VmHWM")


def _status(key: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == key:
            return int(value.split()[0]) * 1024
    raise LookupError(key)
