"""A private dockerd: start it in addition to other daemons on the machine, and remove it without a trace."""

import contextlib
import json
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.engine import _machine
from tests.support.engine._errors import REMEDY, EngineUnavailable
from tests.support.engine._http import answers, request, request_json, works
from tests.support.engine._packages import search_path

__all__ = ["Spec", "dismantle", "launch", "restart"]

_START, _STOP = 60.0, 25.0
"""Seconds that dockerd may take to respond after its start, and to exit."""

_SHARED_BRIDGE = "docker_gwbridge"
"""The bridge of a swarm, whose name is the same for every dockerd in a network namespace."""

_PLUGINS = Path("/run/docker/plugins")
_FIXED = [
    Path("/etc/docker/key.json"),
    _PLUGINS,
    Path("/run/docker"),
    Path("/run/containerd/s"),
    Path("/run/containerd"),
]
"""Paths that dockerd creates in any case, independently of its options; releases before 23 create the key."""


@dataclass(frozen=True)
class Spec:
    """The dockerd to run, and its options; users of the same name share a daemon."""

    name: str = "default"
    flags: tuple[str, ...] = ()
    """Additional flags, e.g. `--tlsverify`."""
    suite: str = ""
    """The Debian release whose dockerd to run; that of this machine if empty."""
    path: tuple[str, ...] = ()
    """Directories to search for dockerd and its helper programs before the PATH, for another release."""
    within: tuple[str, ...] = ()
    """The prefix of a command that runs it in separate namespaces, where dockerd does not share the network."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _add_bridge(name: str) -> int:
    """Create the bridge of the default network; return the number N of its subnet 10.N.0.0/16."""
    numbers = random.sample(range(100, 250), k=150)
    for network in _machine.free_networks(f"10.{number}.0.0/16" for number in numbers):
        number = network.network_address.packed[1]
        if _machine.bridge_add(name, f"10.{number}.0.1/24"):
            return number
        _machine.bridge_delete(name)
    raise EngineUnavailable(f"no engine is running, and a bridge for a private one cannot be created: {REMEDY}")


def _command(spec: Spec, run: Path, port: int, number: int | None) -> list[str]:
    name = run.name
    # Daemons in one network namespace cannot share the default bridge; in a separate namespace, dockerd creates it.
    bridge = [] if number is None else [f"--bridge={name}", f"--default-address-pool=base=10.{number}.128.0/17,size=24"]
    return [
        *spec.within,
        "dockerd",
        f"--host=unix://{run}/docker.sock",
        f"--host=tcp://127.0.0.1:{port}",
        # Only root has access, as for all files in this directory.
        "--group=root",
        f"--config-file={run}/daemon.json",
        f"--data-root={run}/data",
        f"--exec-root={run}/x",
        f"--pidfile={run}/dockerd.pid",
        # If the system runs containerd, dockerd uses that one instead of starting another.
        f"--containerd-namespace={name}",
        f"--containerd-plugins-namespace={name}-plugins",
        "--exec-opt=native.cgroupdriver=cgroupfs",
        f"--cgroup-parent=/{name}",
        *bridge,
        # Daemons would also overwrite each other's rules.
        "--iptables=false",
        "--ip6tables=false",
        "--ip-forward=false",
        "--ip-masq=false",
        *spec.flags,
    ]


def _spawn(run: Path) -> int:
    """Start the daemon detached from this process, since another process may stop it; return its process ID."""
    recorded = json.loads((run / "command.json").read_text())
    script = 'exec </dev/null >>"$1/log" 2>&1; cd /; run=$1; shift; "$@" & echo $! >"$run/pid"'
    environment = {
        "PATH": recorded["path"],
        "HOME": str(run),
        "TMPDIR": f"{run}/tmp",
        "LC_ALL": "C.UTF-8",
        **_machine.mark(run.name),
    }
    subprocess.run(
        ["sh", "-c", script, "sh", str(run), *recorded["command"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
        check=True,
    )
    return int((run / "pid").read_text())


def _await(host: str, pid: int, run: Path) -> None:
    deadline = time.monotonic() + _START
    while not answers(host):
        if not _machine.alive(pid) or time.monotonic() > deadline:
            lines = (run / "log").read_text(errors="replace").strip().splitlines()
            raise EngineUnavailable(f"dockerd did not start: {lines[-1] if lines else 'no output'}")
        time.sleep(0.05)


def launch(spec: Spec, run: Path, port: int = 0) -> tuple[str, str]:
    """Start a daemon with its state in a new directory, wait until it responds, and return its Unix and TCP addresses.

    The name of the directory marks all objects of the daemon, so `dismantle` needs only the directory.

    :param port: the TCP port; 0 for any free port.
    """
    run.mkdir(mode=0o700)
    (run / "tmp").mkdir()
    before = {"bridges": _machine.bridges(), "absent": [str(path) for path in _FIXED if not path.exists()]}
    if spec.within:
        before["bridges"].append(_SHARED_BRIDGE)  # that of this daemon is removed with its namespace
    (run / "before.json").write_text(json.dumps(before))
    (run / "daemon.json").write_text("{}")
    host, port = f"unix://{run}/docker.sock", port or _free_port()
    try:
        command = _command(spec, run, port, None if spec.within else _add_bridge(run.name))
        (run / "command.json").write_text(json.dumps({"command": command, "path": search_path(spec.path)}))
        _await(host, _spawn(run), run)
    except BaseException:
        dismantle(run)
        raise
    return host, f"tcp://127.0.0.1:{port}"


def restart(host: str) -> None:
    """Stop a private daemon if it is running, and start it again with the same state and addresses."""
    run = Path(host.removeprefix("unix://")).parent
    pid = int((run / "pid").read_text())
    if _machine.end([pid], signal.SIGTERM, _STOP):
        raise EngineUnavailable(f"dockerd (process {pid}) does not stop")
    # A killed daemon leaves its pid files. dockerd refuses to start if their processes are zombies, which it takes for alive.
    for pid_file in (run / "dockerd.pid", run / "x/containerd/containerd.pid"):
        if pid_file.exists() and not _machine.alive(int(pid_file.read_text() or 0)):
            pid_file.unlink()
    _await(host, _spawn(run), run)


def _clear(host: str) -> None:
    """Remove all containers, which would delay the shutdown: a PID 1 that ignores SIGTERM takes ten seconds to stop."""
    # Services of a swarm would recreate the containers. Without a swarm, the status is 503.
    request(host, "POST", "/swarm/leave?force=1", timeout=20)
    for container in request_json(host, "/containers/json?all=1"):
        request(host, "DELETE", f"/containers/{container['Id']}?force=1&v=1")


def _remove_bridges(run: Path, before: list[str]) -> None:
    """Remove the bridge of the default network, and those of the networks in the daemon's store."""
    store = run / "data/network/files/local-kv.db"
    known = store.read_bytes() if store.exists() else b""
    _machine.bridge_delete(run.name)
    for name in _machine.bridges():
        network = re.fullmatch(r"br-([0-9a-f]{12})", name)
        if network and network[1].encode() in known:
            _machine.bridge_delete(name)
    shared = _SHARED_BRIDGE not in before and _SHARED_BRIDGE.encode() in known
    # Another daemon may use it by now. Without other daemons, it can be removed at once.
    if shared and (not _machine.runs("dockerd") or _machine.bridge_empties(_SHARED_BRIDGE, 5)):
        _machine.bridge_delete(_SHARED_BRIDGE)


def _before(run: Path) -> tuple[list[str], list[Path]]:
    """Return the bridges that existed before the daemon, and the paths that did not; without a record, remove neither."""
    try:
        before = json.loads((run / "before.json").read_text())
        return before["bridges"], [Path(path) for path in before["absent"]]
    except (OSError, ValueError, KeyError):
        return [_SHARED_BRIDGE], []


def _outside(run: Path) -> list[Path]:
    """Return the files outside the directory that remain when the daemon is killed, by their unique names."""
    bundles = (run / "x").glob("containerd/daemon/io.containerd.runtime.v2.task/*/*/address")
    sockets = [Path(bundle.read_text().removeprefix("unix://")) for bundle in bundles]
    return sockets + [_PLUGINS / plugin.name for plugin in (run / "data/plugins").glob("?" * 64)]


def _remove(path: Path) -> None:
    if path.is_dir():
        _machine.unmount_below(path)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _kill(name: str) -> None:
    """Kill the processes that a daemon has left, repeatedly, since they may have started others in the meantime."""
    _machine.cgroups_thaw(name)
    deadline = time.monotonic() + _STOP
    while left := _machine.processes(name):
        if time.monotonic() > deadline:
            raise EngineUnavailable(f"the remaining processes {left} of an engine cannot be killed")
        _machine.end(left, signal.SIGKILL, 2)


def dismantle(run: Path) -> None:
    """Stop the daemon of a directory, whatever its state, and remove everything that belongs to it."""
    host, recorded = f"unix://{run}/docker.sock", run / "pid"
    working = works(host)
    if working:
        with contextlib.suppress(OSError):
            _clear(host)
    outside = _outside(run)
    if working:  # otherwise it does not exit on SIGTERM
        marked = _machine.processes(run.name)
        daemon = [pid for pid in marked if recorded.exists() and recorded.read_text().strip() == str(pid)]
        _machine.end(daemon, signal.SIGTERM, _STOP)
    _kill(run.name)
    for path in outside:
        _remove(path)
    bridges, absent = _before(run)
    _remove_bridges(run, bridges)
    _machine.cgroups_remove(run.name)
    _remove(run)
    for path in absent:
        # Another daemon may use a directory by now, so it is only removed if it is empty.
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
