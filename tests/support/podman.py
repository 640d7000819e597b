"""Podman's service on a socket of its own: another daemon that speaks the Engine API, as far as it does.

    with running() as host:         # unix:///.../podman.sock, and busybox:latest is there
        ...

All of its state lies in one directory, which goes in the end; neither the system's nor the user's Podman is touched.
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
# Nothing more of the state is put elsewhere: what conmon calls to clear up after a container is told of these places alone,
# and while that has not been done, waiting for the container does not end.
_STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{folder}/root"
runroot = "{folder}/run"
"""


# Docker takes every loopback address without TLS; Podman is to be told.
_REGISTRIES = """\
unqualified-search-registries = ["docker.io"]
[[registry]]
location = "127.0.0.1"
insecure = true
"""


@contextmanager
def running(address: Path | None = None) -> Iterator[str]:
    """Run Podman's service; gives its address, as DOCKER_HOST has it.

    However this process ends, no process, mount or file of the service remains.

    :param address: a link to its socket, to be made in a directory of its own, which goes as well.
    """
    server = programs.program("podman", "podman")
    programs.program("runc", "runc")
    # /tmp and a short name: what conmon makes in it has a path that must fit into a socket's address.
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
