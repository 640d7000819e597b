"""Servers of other programs, run beside the tests: to get the program, to wait for it, to end it and all that it started."""

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
"""Seconds that a server may take to answer, and to leave."""


def program(name: str, package: str) -> str:
    """Where a program lies; Debian's package is installed first where need be, and where that is possible."""
    # Several test processes may come here at once: one of them installs, the others wait for it.
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found := shutil.which(name, path=search_path()):
            return found
        if os.geteuid() or not shutil.which("apt-get"):
            raise EngineUnavailable(f"there is no {name}, and installing Debian's takes root and apt-get")
        apt("update")
        apt("install", "-y", "--no-install-recommends", package)
    if found := shutil.which(name, path=search_path()):
        return found
    raise EngineUnavailable(f"Debian's {package} did not bring the program {name}")


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _START
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip().splitlines()
            raise EngineUnavailable(f"{process.args!r:.60} did not come up: {said[-1] if said else 'it says nothing'}")
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
    """Run a server that stays in the foreground, in a session of its own; the block begins when it answers."""
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
    """The processes that a process has started, those that they have started, and so on."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # Behind the program's name in parentheses, which may hold anything, come the state and the parent.
                parent = (entry / "stat").read_bytes().rpartition(b")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(entry.name))
    found, left = list[int](), [pid]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def end_all(mark: str, *roots: int) -> None:
    """Kill these processes, all below them, and all that bear the mark (see `_machine.mark`); return when they are gone."""
    for root in roots:
        with contextlib.suppress(ProcessLookupError):
            os.kill(root, signal.SIGSTOP)  # so that it starts nobody while we look
    left = {*roots, *(pid for root in roots for pid in descendants(root)), *processes(mark)}
    deadline = time.monotonic() + _STOP
    while left:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
        left = {pid for pid in left if alive(pid)} | set(processes(mark))
        if time.monotonic() > deadline:
            raise EngineUnavailable(f"processes {sorted(left)} do not die")
