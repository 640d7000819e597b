"""`python -m tests.support.podman_keeper FOLDER [...]`: takes down one of our Podman services when nobody needs it any more.

It waits for the end of its standard input. The other end of that pipe is with whoever uses the service, and goes when they go:
in peace, by an exception, or by a signal that leaves no time to clear up. So there is one way to end, and each run takes it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.support import programs
from tests.support.engine import EngineUnavailable
from tests.support.engine._machine import bridge_delete, bridges, cgroups_remove, cgroups_thaw, unmount_below

__all__ = ["kept"]

_CGROUP, _BRIDGE = "libpod_parent", "cni-podman0"
"""What Podman makes outside of our directory, under the same names whosever service it is."""

_ENVIRONMENT = "environment"
"""The file in the service's directory that holds the environment for its command line."""

_RUNTIME = Path("/run/runc")
"""Where runc keeps its notes; Buildah forgets those of a build that was broken off."""

_REMOVAL, _PATIENCE = 20.0, 60.0
"""Seconds that Podman may take to remove all of its containers, and for all of the end."""


@contextmanager
def kept(folder: Path, environment: dict[str, str], address: Path | None = None) -> Iterator[None]:
    """A service that lives in a directory, and is started in this block, is gone with that directory after it.

    `address` is another file that goes, and the directory that it is in.
    """
    (folder / _ENVIRONMENT).write_bytes(b"\0".join(os.fsencode(f"{key}={value}") for key, value in environment.items()))
    command = [sys.executable, "-m", __name__, str(folder)]
    command += ["--address", str(address)] if address else []
    command += [] if _BRIDGE in bridges() else ["--bridge"]
    keeper = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,  # Ctrl-C is for those who use the service
    )
    try:
        yield
    finally:
        _, said = keeper.communicate(timeout=_PATIENCE)
    if keeper.returncode:
        raise EngineUnavailable(f"Podman's service does not go: {said.decode(errors='replace').strip()[-1000:]}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _rooted(pid: Path, needle: bytes) -> bool:
    """Tell whether a process is in one of the service's containers: what it has as `/` is made of files of the service."""
    return any(line.split(b" ")[4] == b"/" and needle in line for line in _read(pid / "mountinfo").splitlines())


def _inside(folder: Path) -> list[int]:
    """The processes that belong to a service and do not bear its mark, as they keep nothing of its environment.

    Those which are told of its directory: one beside each container, and for minutes after each exec as well. And what runs
    in its containers.
    """
    needle = f"{folder}/".encode()
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (needle in _read(entry / "cmdline") or _rooted(entry, needle))
    ]


def _thaw(pids: list[int]) -> None:
    """Let those go on that are paused: not even SIGKILL ends them."""
    for pid in pids:
        for line in _read(Path(f"/proc/{pid}/cgroup")).decode().splitlines():
            _, _, name = line.rpartition(f"/{_CGROUP}/")
            if name != line:
                cgroups_thaw(f"{_CGROUP}/{name}")


def _remove_all(folder: Path) -> None:
    """Ask Podman itself to end its containers: it knows what belongs to them. What is left is done by force."""
    pairs = (line.partition(b"=") for line in _read(folder / _ENVIRONMENT).split(b"\0"))
    environment = {os.fsdecode(key): os.fsdecode(value) for key, _, value in pairs}
    for command in (["rm", "--all", "--force", "--time=0"], ["network", "prune", "--force"]):
        with suppress(subprocess.TimeoutExpired, OSError):
            subprocess.run(
                ["podman", *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_REMOVAL,
            )


def _forget(folder: Path) -> None:
    for note in _RUNTIME.glob("*/state.json"):
        if f"{folder}/".encode() in _read(note):
            shutil.rmtree(note.parent, ignore_errors=True)


def _end(folder: Path, address: Path | None, bridge: bool) -> None:
    with ExitStack() as last:  # each step is taken, whatever becomes of the ones before; the first is written last
        last.callback(shutil.rmtree, folder)
        if address is not None:
            last.callback(shutil.rmtree, address.parent, ignore_errors=True)
        if bridge and not list(Path(f"/sys/class/net/{_BRIDGE}/brif").glob("*")):
            last.callback(bridge_delete, _BRIDGE)
        last.callback(cgroups_remove, _CGROUP)  # what is still in use stays
        last.callback(_forget, folder)
        last.callback(unmount_below, folder)
        _remove_all(folder)
        programs.end_all(folder.name)
        while inside := _inside(folder):  # the end of one may call another, to clear up
            _thaw(inside)
            programs.end_all(folder.name, *inside)


def main() -> None:
    """Wait, and clear up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends by itself, and who ends it too early has to do its work
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", type=Path)
    parser.add_argument("--bridge", action="store_true")
    arguments = parser.parse_args()
    sys.stdin.buffer.read()
    _end(arguments.folder, arguments.address, arguments.bridge)


if __name__ == "__main__":
    main()
