"""Find and remove the objects of a daemon on a machine: processes, mounts, bridges and cgroups."""

import contextlib
import ipaddress
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = [
    "alive",
    "bridge_add",
    "bridge_delete",
    "bridge_empties",
    "bridges",
    "cgroups_remove",
    "cgroups_thaw",
    "end",
    "free_networks",
    "mark",
    "processes",
    "programs_missing",
    "runs",
    "started_at",
    "unmount_below",
]

_MARK = "ENGINE_FOR_TESTS"
_CGROUPS = Path("/sys/fs/cgroup")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def mark(name: str) -> dict[str, str]:
    """Return the environment variable that marks the processes of a daemon; all but those in containers inherit it."""
    return {_MARK: name}


def processes(name: str) -> list[int]:
    """Return the processes with that mark, and those in containers of the daemon, which are in its cgroup."""
    marked, grouped = f"{_MARK}={name}".encode(), f"/{name}/".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or not alive(int(entry.name)):
            continue
        if marked in _read(entry / "environ").split(b"\0") or grouped in _read(entry / "cgroup"):
            found.append(int(entry.name))
    return found


def runs(program: str) -> bool:
    """Return whether any process of that program runs, of any user."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return any(
        _read(Path(f"/proc/{pid}/comm")).decode(errors="replace").strip() == program and alive(pid) for pid in pids
    )


def _stat(pid: int) -> list[bytes]:
    # The second field is the program's name in parentheses, which may contain any characters, including parentheses.
    return _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()


def alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    fields = _stat(pid)
    return bool(fields) and fields[0] not in {b"Z", b"X"}


def started_at(pid: int) -> int:
    """Return the start time of a process in clock ticks since boot, unique together with the PID; 0 if it has ended."""
    fields = _stat(pid)
    return int(fields[19]) if fields and fields[0] not in {b"Z", b"X"} else 0


def end(pids: Iterable[int], number: signal.Signals, timeout: float) -> list[int]:
    """Send a signal and wait; return the processes that have not ended within the timeout in seconds."""
    left = list(pids)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    deadline = time.monotonic() + timeout
    while (left := [pid for pid in left if alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _mounts_below(directory: Path) -> list[str]:
    prefix = f"{directory}/"
    points = []
    for line in Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines():
        # The kernel writes spaces and backslashes in a path as octal escapes.
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split(" ")[4])
        if f"{point}/".startswith(prefix):
            points.append(point)
    return points


def unmount_below(directory: Path) -> None:
    """Unmount everything at or below a directory, in reverse order of mounting."""
    for point in reversed(_mounts_below(directory)):
        if subprocess.run(["umount", point], capture_output=True, check=False).returncode:
            subprocess.run(["umount", "--lazy", point], capture_output=True, check=False)


def _ip(*arguments: str) -> bool:
    return subprocess.run(["ip", *arguments], capture_output=True, check=False).returncode == 0


def bridges() -> list[str]:
    """Return the names of the bridges in this network namespace."""
    return [entry.parent.name for entry in Path("/sys/class/net").glob("*/bridge")]


def bridge_empties(name: str, timeout: float) -> bool:
    """Wait until a bridge has no interfaces, and return whether it has none; the kernel removes them with a delay."""
    deadline = time.monotonic() + timeout
    while interfaces := list(Path(f"/sys/class/net/{name}/brif").glob("*")):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return not interfaces


def bridge_add(name: str, address: str) -> bool:
    """Create a bridge with an address like `10.1.2.1/24`; return whether that succeeded."""
    return (
        _ip("link", "add", name, "type", "bridge")
        and _ip("address", "add", address, "dev", name)
        and _ip("link", "set", name, "up")
    )


def bridge_delete(name: str) -> None:
    """Remove a bridge if it exists and is a bridge."""
    if name in bridges():
        _ip("link", "delete", name)


def _routed() -> Iterator[ipaddress.IPv4Network]:
    for line in _read(Path("/proc/net/route")).decode().splitlines()[1:]:
        fields = line.split()
        # Both numbers are printed in the byte order of the machine: little-endian.
        base, mask = (bytes.fromhex(fields[index])[::-1] for index in (1, 7))
        if any(mask):
            yield ipaddress.IPv4Network((base, str(ipaddress.IPv4Address(mask))), strict=False)


def free_networks(candidates: Iterable[str]) -> Iterator[ipaddress.IPv4Network]:
    """Yield the candidates that do not overlap with a route of this machine."""
    taken = list(_routed())
    for candidate in candidates:
        network = ipaddress.IPv4Network(candidate)
        if not any(network.overlaps(other) for other in taken):
            yield network


def _cgroups(name: str) -> Iterator[Path]:
    """Yield the cgroups of that name and all below them, in every hierarchy, the innermost first."""
    for top in [_CGROUPS / name, *_CGROUPS.glob(f"*/{name}")]:
        for directory, _, _ in os.walk(top, topdown=False):
            yield Path(directory)


def cgroups_thaw(name: str) -> None:
    """Resume paused processes, since SIGKILL has no effect on frozen ones."""
    for directory in _cgroups(name):
        for file, thawed in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
            with contextlib.suppress(OSError):
                if (directory / file).exists():
                    (directory / file).write_text(thawed)


def cgroups_remove(name: str) -> None:
    """Remove the cgroups of that name; those with processes remain."""
    for directory in _cgroups(name):
        with contextlib.suppress(OSError):
            directory.rmdir()


def programs_missing(names: Iterable[str], path: str) -> list[str]:
    """Return the programs that are not on that PATH."""
    return [name for name in names if not shutil.which(name, path=path)]
