"""Server programs for tests: install a program, wait until it responds, and end it with all its child processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.support.engine import EngineUnavailable
from tests.support.engine._machine import alive, processes
from tests.support.engine._packages import apt, search_path

__all__ = ["descendants", "end_all", "free_port", "program", "running"]

_START, _STOP = 20.0, 10.0
"""Seconds that a server may take to respond after its start, and to exit."""


def program(name: str, package: str) -> str:
    """Return the path of a program; Debian's package is installed first if necessary and possible."""
    # Only one of several test processes installs the package; the others wait.
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found := shutil.which(name, path=search_path()):
            return found
        if os.geteuid() or not shutil.which("apt-get"):
            raise EngineUnavailable(
                f"{name} is not installed, and installing Debian's {package} requires root and apt-get"
            )
        apt("update")
        apt("install", "-y", "--no-install-recommends", package)
    if found := shutil.which(name, path=search_path()):
        return found
    raise EngineUnavailable(f"Debian's {package} does not contain the program {name}")


def free_port() -> int:
    """Return a port on 127.0.0.1 that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _START
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            lines = log.read_text(errors="replace").strip().splitlines()
            raise EngineUnavailable(f"{process.args!r:.60} did not start: {lines[-1] if lines else 'no output'}")
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(
    command: Sequence[str], answers: Callable[[], bool], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a foreground server in a new session; the block begins when it responds."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True
        )
    try:
        _await(process, answers, log)
        yield process
    finally:
        _end(process)


def descendants(pid: int) -> list[int]:
    """Return the child processes of a process, their child processes, and so on."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # The state and the parent follow the program's name in parentheses, which may contain any characters.
                parent = (entry / "stat").read_bytes().rpartition(b")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(entry.name))
    found, left = list[int](), [pid]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def end_all(mark: str, *roots: int) -> None:
    """Kill these processes, their descendants, and all with the mark (see `_machine.mark`); return when they have ended."""
    for root in roots:
        with contextlib.suppress(ProcessLookupError):
            os.kill(root, signal.SIGSTOP)  # so that it starts no more processes
    left = {*roots, *(pid for root in roots for pid in descendants(root)), *processes(mark)}
    deadline = time.monotonic() + _STOP
    while left:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
        left = {pid for pid in left if alive(pid)} | set(processes(mark))
        if time.monotonic() > deadline:
            raise EngineUnavailable(f"processes {sorted(left)} cannot be killed")
