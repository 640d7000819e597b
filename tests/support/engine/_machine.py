"""What a daemon leaves on a machine besides its answers: processes, mounts, bridges, cgroups; to find and to remove."""

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
    """The environment by which a daemon's processes are known later: all but those in containers inherit it."""
    return {_MARK: name}


def processes(name: str) -> list[int]:
    """The processes of the daemon marked so, and those in its containers (they sit in its cgroup)."""
    marked, grouped = f"{_MARK}={name}".encode(), f"/{name}/".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or not alive(int(entry.name)):
            continue
        if marked in _read(entry / "environ").split(b"\0") or grouped in _read(entry / "cgroup"):
            found.append(int(entry.name))
    return found


def runs(program: str) -> bool:
    """Tell whether any process of that program runs, whosever it is."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return any(
        _read(Path(f"/proc/{pid}/comm")).decode(errors="replace").strip() == program and alive(pid) for pid in pids
    )


def _stat(pid: int) -> list[bytes]:
    # The second field is the program's name in parentheses and may hold anything, spaces and parentheses too.
    return _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()


def alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not, whoever forgets to collect it."""
    fields = _stat(pid)
    return bool(fields) and fields[0] not in {b"Z", b"X"}


def started_at(pid: int) -> int:
    """When a process started, in clock ticks since boot: pid and start name one process for good. 0: there is none."""
    fields = _stat(pid)
    return int(fields[19]) if fields and fields[0] not in {b"Z", b"X"} else 0


def end(pids: Iterable[int], number: signal.Signals, patience: float) -> list[int]:
    """Send a signal and wait; return those that outlive the patience (in seconds)."""
    left = list(pids)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    deadline = time.monotonic() + patience
    while (left := [pid for pid in left if alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _mounts_below(directory: Path) -> list[str]:
    prefix = f"{directory}/"
    points = []
    for line in Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines():
        # The kernel writes blanks and backslashes in a path as octal escapes.
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split(" ")[4])
        if f"{point}/".startswith(prefix):
            points.append(point)
    return points


def unmount_below(directory: Path) -> None:
    """Unmount all that is mounted at or under a directory, the last mounted first."""
    for point in reversed(_mounts_below(directory)):
        if subprocess.run(["umount", point], capture_output=True, check=False).returncode:
            subprocess.run(["umount", "--lazy", point], capture_output=True, check=False)


def _ip(*words: str) -> bool:
    return subprocess.run(["ip", *words], capture_output=True, check=False).returncode == 0


def bridges() -> list[str]:
    """The names of the bridges in this network namespace."""
    return [entry.parent.name for entry in Path("/sys/class/net").glob("*/bridge")]


def bridge_empties(name: str, patience: float) -> bool:
    """Wait until nothing is plugged into a bridge: the kernel takes its time to clear a dead network namespace."""
    deadline = time.monotonic() + patience
    while plugged := list(Path(f"/sys/class/net/{name}/brif").glob("*")):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return not plugged


def bridge_add(name: str, address: str) -> bool:
    """Make a bridge with an address like `10.1.2.1/24`; tell whether that worked."""
    return (
        _ip("link", "add", name, "type", "bridge")
        and _ip("address", "add", address, "dev", name)
        and _ip("link", "set", name, "up")
    )


def bridge_delete(name: str) -> None:
    """Remove a bridge; a name that is not there, or no bridge, is left in peace."""
    if name in bridges():
        _ip("link", "delete", name)


def _routed() -> Iterator[ipaddress.IPv4Network]:
    for line in _read(Path("/proc/net/route")).decode().splitlines()[1:]:
        fields = line.split()
        # Both numbers are printed as the machine keeps them: little-endian.
        base, mask = (bytes.fromhex(fields[index])[::-1] for index in (1, 7))
        if any(mask):
            yield ipaddress.IPv4Network((base, str(ipaddress.IPv4Address(mask))), strict=False)


def free_networks(candidates: Iterable[str]) -> Iterator[ipaddress.IPv4Network]:
    """Those of the networks that no route of this machine touches."""
    taken = list(_routed())
    for candidate in candidates:
        network = ipaddress.IPv4Network(candidate)
        if not any(network.overlaps(other) for other in taken):
            yield network


def _cgroups(name: str) -> Iterator[Path]:
    """The cgroups of that name and all below them, in every hierarchy, the innermost first."""
    for top in [_CGROUPS / name, *_CGROUPS.glob(f"*/{name}")]:
        for directory, _, _ in os.walk(top, topdown=False):
            yield Path(directory)


def cgroups_thaw(name: str) -> None:
    """Let paused processes go on: a frozen one does not even die of SIGKILL."""
    for directory in _cgroups(name):
        for file, thawed in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
            with contextlib.suppress(OSError):
                if (directory / file).exists():
                    (directory / file).write_text(thawed)


def cgroups_remove(name: str) -> None:
    """Remove the cgroups of that name; those that still hold a process stay."""
    for directory in _cgroups(name):
        with contextlib.suppress(OSError):
            directory.rmdir()


def programs_missing(names: Iterable[str], path: str) -> list[str]:
    """Those of the programs that are not on that PATH."""
    return [name for name in names if not shutil.which(name, path=path)]
