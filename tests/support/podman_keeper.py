"""`python -m tests.support.podman_keeper FOLDER [...]`: removes a private Podman service when it is no longer used.

It waits for the end of its standard input, a pipe from the process that uses the service. The pipe is closed however that
process ends: normally, by an exception, or by SIGKILL. So the cleanup is the same in all cases.
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
"""Objects that Podman creates outside of the directory, with the same names for every service."""

_ENVIRONMENT = "environment"
"""The file in the directory of the service with the environment for its command line."""

_RUNTIME = Path("/run/runc")
"""The state directory of runc; Buildah does not remove the state of an aborted build."""

_REMOVAL_TIMEOUT, _TIMEOUT = 20.0, 60.0
"""Seconds: the timeout of each Podman command for the removal of objects, and that of the whole cleanup."""


@contextmanager
def kept(folder: Path, environment: dict[str, str], address: Path | None = None) -> Iterator[None]:
    """Remove a service that is started in the block, and its directory, after the block.

    :param address: another file to remove, with its directory.
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
        start_new_session=True,  # Ctrl-C must not interrupt the cleanup
    )
    try:
        yield
    finally:
        _, errors = keeper.communicate(timeout=_TIMEOUT)
    if keeper.returncode:
        raise EngineUnavailable(
            f"Podman's service cannot be removed: {errors.decode(errors='replace').strip()[-1000:]}"
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _rooted(pid: Path, needle: bytes) -> bool:
    """Return whether a process is in a container of the service: its root is mounted from files of the service."""
    return any(line.split(b" ")[4] == b"/" and needle in line for line in _read(pid / "mountinfo").splitlines())


def _inside(folder: Path) -> list[int]:
    """Return the processes of a service that do not inherit its environment, and therefore do not have its mark.

    These are the processes with its directory in their arguments (conmon, one for each container, and for minutes after each
    exec) and those in its containers.
    """
    needle = f"{folder}/".encode()
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (needle in _read(entry / "cmdline") or _rooted(entry, needle))
    ]


def _thaw(pids: list[int]) -> None:
    """Resume paused processes, since SIGKILL has no effect on frozen ones."""
    for pid in pids:
        for line in _read(Path(f"/proc/{pid}/cgroup")).decode().splitlines():
            _, _, name = line.rpartition(f"/{_CGROUP}/")
            if name != line:
                cgroups_thaw(f"{_CGROUP}/{name}")


def _remove_all(folder: Path) -> None:
    """Let Podman remove its containers and networks; the rest is removed by force afterwards."""
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
                timeout=_REMOVAL_TIMEOUT,
            )


def _remove_runtime_state(folder: Path) -> None:
    for state in _RUNTIME.glob("*/state.json"):
        if f"{folder}/".encode() in _read(state):
            shutil.rmtree(state.parent, ignore_errors=True)


def _end(folder: Path, address: Path | None, bridge: bool) -> None:
    with ExitStack() as last:  # every step runs, even if others fail; the order is reversed
        last.callback(shutil.rmtree, folder)
        if address is not None:
            last.callback(shutil.rmtree, address.parent, ignore_errors=True)
        if bridge and not list(Path(f"/sys/class/net/{_BRIDGE}/brif").glob("*")):
            last.callback(bridge_delete, _BRIDGE)
        last.callback(cgroups_remove, _CGROUP)  # those in use remain
        last.callback(_remove_runtime_state, folder)
        last.callback(unmount_below, folder)
        _remove_all(folder)
        programs.end_all(folder.name)
        while inside := _inside(folder):  # the exit of a process may start another one for cleanup
            _thaw(inside)
            programs.end_all(folder.name, *inside)


def main() -> None:
    """Wait for the end of the standard input, and remove the service."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the cleanup must not be interrupted
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", type=Path)
    parser.add_argument("--bridge", action="store_true")
    arguments = parser.parse_args()
    sys.stdin.buffer.read()
    _end(arguments.folder, arguments.address, arguments.bridge)


if __name__ == "__main__":
    main()
