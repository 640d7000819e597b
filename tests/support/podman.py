"""A private Podman service: another daemon that supports a part of the Engine API.

    with running() as host:         # unix:///.../podman.sock, with busybox:latest
        ...

All of its state is in one directory, which is removed at the end. Podman's state of the system and the user is not used.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import programs
from tests.support.engine import answers
from tests.support.engine._image import ensure_image
from tests.support.engine._machine import mark
from tests.support.podman_keeper import kept

__all__ = ["running"]

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
# No other part of the state may be moved: conmon passes only these directories to the cleanup command of a container, and
# waiting for the container does not end before the cleanup.
_STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{folder}/root"
runroot = "{folder}/run"
"""


# Docker accepts loopback addresses without TLS by default; Podman requires a setting.
_REGISTRIES = """\
unqualified-search-registries = ["docker.io"]
[[registry]]
location = "127.0.0.1"
insecure = true
"""


@contextmanager
def running(address: Path | None = None) -> Iterator[str]:
    """Run Podman's service; yield its address for DOCKER_HOST.

    However this process ends, no process, mount or file of the service remains.

    :param address: the path of a symbolic link to its socket; its directory is created, and removed at the end.
    """
    server = programs.program("podman", "podman")
    programs.program("runc", "runc")
    # Short, because the paths of conmon's sockets in it must not exceed the limit for socket addresses.
    folder = Path(tempfile.mkdtemp(prefix=f"pod-{secrets.token_hex(3)}-", dir="/tmp"))
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
    socket = folder / "podman.sock"
    command = [server, "system", "service", "--time=0", f"unix://{socket}"]
    with (
        kept(folder, environment, address),
        programs.running(command, lambda: answers(f"unix://{socket}"), folder / "log", environment),
    ):
        ensure_image(f"unix://{socket}", ours=True)
        if address is not None:
            address.parent.mkdir()
            address.symlink_to(socket)
        yield f"unix://{address or socket}"
