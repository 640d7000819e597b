"""Podman's service on a socket of its own: another daemon that speaks the Engine API, as far as it does.

    with running() as host:         # unix:///.../podman.sock, and busybox:latest is there
        ...

All of its state lies in one directory, which goes in the end; neither the system's nor the user's Podman is touched.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support import programs
from tests.support.engine import answers
from tests.support.engine._image import ensure_image
from tests.support.engine._machine import bridge_delete, bridges, cgroups_remove, mark, unmount_below

__all__ = ["running"]

_CGROUP, _BRIDGE = "libpod_parent", "cni-podman0"
"""What Podman makes outside of our directory, under the same names whosever service it is."""

_REMOVAL = 20.0
"""Seconds that Podman may take to remove all of its containers."""

_CONFIGURATION = """\
[containers]
cgroups = "enabled"
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
log_driver = "k8s-file"
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
events_logfile_path = "{folder}/events.log"
lock_type = "file"
runtime = "runc"
tmp_dir = "{folder}/tmp"
[network]
network_config_dir = "{folder}/networks"
"""
# Nothing more of the state is put elsewhere: what conmon calls to clear up after a container is told of these places alone,
# and while that has not been done, waiting for the container does not end.
_STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{folder}/root"
runroot = "{folder}/run"
"""


def _monitors(folder: Path) -> list[int]:
    """The processes that are told of the directory: one beside each container, and for minutes after each exec as well.

    They keep nothing of the environment that they were started with.
    """
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and f"{folder}/".encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


# Docker takes every loopback address without TLS; Podman is to be told.
_REGISTRIES = """\
unqualified-search-registries = ["docker.io"]
[[registry]]
location = "127.0.0.1"
insecure = true
"""


@contextmanager
def running() -> Iterator[str]:
    """Run Podman's service; gives its address, as DOCKER_HOST has it."""
    server = programs.program("podman", "podman")
    programs.program("runc", "runc")
    bridged = _BRIDGE in bridges()
    # /tmp and a short name: what conmon makes in it has a path that must fit into a socket's address.
    folder = Path(tempfile.mkdtemp(prefix=f"pod-{secrets.token_hex(3)}-", dir="/tmp"))
    try:
        (folder / "tmp").mkdir()
        (folder / "containers.conf").write_text(_CONFIGURATION.format(folder=folder))
        (folder / "storage.conf").write_text(_STORAGE.format(folder=folder))
        (folder / "registries.conf").write_text(_REGISTRIES)
        environment = {
            **os.environ,
            **mark(folder.name),
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(folder / "registries.conf"),
            "TMPDIR": str(folder / "tmp"),
        }
        host = f"unix://{folder}/podman.sock"
        command = [server, "system", "service", "--time=0", host]
        with programs.running(command, lambda: answers(host), folder / "log", environment):
            ensure_image(host, ours=True)
            try:
                yield host
            finally:
                # Its containers have no parent but init: Podman is asked to end them, and the rest is done by force.
                remove = [server, "rm", "--all", "--force", "--time=0"]
                with suppress(subprocess.TimeoutExpired):
                    subprocess.run(remove, env=environment, capture_output=True, check=False, timeout=_REMOVAL)
    finally:
        programs.end_all(folder.name, *_monitors(folder))
        unmount_below(folder)
        cgroups_remove(_CGROUP)  # what is still in use stays
        if not bridged:
            bridge_delete(_BRIDGE)
        shutil.rmtree(folder)
