"""A dockerd of our own: to start one beside whatever else runs on a machine, and to take it down without a trace."""

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
"""Seconds that dockerd may take to answer, and to leave."""

_SHARED_BRIDGE = "docker_gwbridge"
"""The one bridge whose name a swarm chooses itself, the same for every dockerd in a network namespace."""

_PLUGINS = Path("/run/docker/plugins")
_FIXED = [
    Path("/etc/docker/key.json"),
    _PLUGINS,
    Path("/run/docker"),
    Path("/run/containerd/s"),
    Path("/run/containerd"),
]
"""What dockerd makes for itself, wherever it is told to keep its state. The key is that of releases before 23."""


@dataclass(frozen=True)
class Spec:
    """Which dockerd to run, and how; each name stands for one daemon that its users share."""

    name: str = "default"
    flags: tuple[str, ...] = ()
    """Flags beyond our own, e.g. `--tlsverify`."""
    suite: str = ""
    """The Debian release whose dockerd to run; that of this machine if empty."""
    path: tuple[str, ...] = ()
    """Directories to search for dockerd and its companions before the PATH: where another release lies."""
    within: tuple[str, ...] = ()
    """The command that runs another one in namespaces of its own, where dockerd has a network to itself."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _plug(name: str) -> int:
    """Make the bridge for a daemon's default network; return the number N of its 10.N.0.0/16."""
    numbers = random.sample(range(100, 250), k=150)
    for network in _machine.free_networks(f"10.{number}.0.0/16" for number in numbers):
        number = network.network_address.packed[1]
        if _machine.bridge_add(name, f"10.{number}.0.1/24"):
            return number
        _machine.bridge_delete(name)
    raise EngineUnavailable(f"no engine answers, and this machine lets us make no bridge for one of our own: {REMEDY}")


def _command(spec: Spec, run: Path, port: int, number: int | None) -> list[str]:
    name = run.name
    # Two dockerds in one network namespace spoil each other's bridge; alone in one, it makes its own.
    bridge = [] if number is None else [f"--bridge={name}", f"--default-address-pool=base=10.{number}.128.0/17,size=24"]
    return [
        *spec.within,
        "dockerd",
        f"--host=unix://{run}/docker.sock",
        f"--host=tcp://127.0.0.1:{port}",
        # Root alone gets in, as with everything else in this directory.
        "--group=root",
        f"--config-file={run}/daemon.json",
        f"--data-root={run}/data",
        f"--exec-root={run}/x",
        f"--pidfile={run}/dockerd.pid",
        # Where a containerd of the system runs, dockerd takes that one instead of starting its own.
        f"--containerd-namespace={name}",
        f"--containerd-plugins-namespace={name}-plugins",
        "--exec-opt=native.cgroupdriver=cgroupfs",
        f"--cgroup-parent=/{name}",
        *bridge,
        # They spoil each other's rules as well, unless one of them makes none.
        "--iptables=false",
        "--ip6tables=false",
        "--ip-forward=false",
        "--ip-masq=false",
        *spec.flags,
    ]


def _spawn(run: Path) -> int:
    """Start the daemon as nobody's child, so that whoever stops it need not be the one who started it."""
    noted = json.loads((run / "command.json").read_text())
    script = 'exec </dev/null >>"$1/log" 2>&1; cd /; run=$1; shift; "$@" & echo $! >"$run/pid"'
    environment = {
        "PATH": noted["path"],
        "HOME": str(run),
        "TMPDIR": f"{run}/tmp",
        "LC_ALL": "C.UTF-8",
        **_machine.mark(run.name),
    }
    subprocess.run(
        ["sh", "-c", script, "sh", str(run), *noted["command"]],
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
            said = (run / "log").read_text(errors="replace").strip().splitlines()
            raise EngineUnavailable(f"dockerd did not come up: {said[-1] if said else 'it says nothing'}")
        time.sleep(0.05)


def launch(spec: Spec, run: Path, port: int = 0) -> tuple[str, str]:
    """Start a daemon whose state lies in a new directory; return its unix and its TCP address once it answers.

    The directory's name marks all that belongs to the daemon, so that `dismantle` needs nothing but that directory.
    Any free port will do for TCP, unless one is named.
    """
    run.mkdir(mode=0o700)
    (run / "tmp").mkdir()
    before = {"bridges": _machine.bridges(), "absent": [str(path) for path in _FIXED if not path.exists()]}
    if spec.within:
        before["bridges"].append(_SHARED_BRIDGE)  # the one that this daemon makes goes with its namespace
    (run / "before.json").write_text(json.dumps(before))
    (run / "daemon.json").write_text("{}")
    host, port = f"unix://{run}/docker.sock", port or _free_port()
    try:
        command = _command(spec, run, port, None if spec.within else _plug(run.name))
        (run / "command.json").write_text(json.dumps({"command": command, "path": search_path(spec.path)}))
        _await(host, _spawn(run), run)
    except BaseException:
        dismantle(run)
        raise
    return host, f"tcp://127.0.0.1:{port}"


def restart(host: str) -> None:
    """Stop a daemon of our own, if it has not been stopped or killed, and start it again on the same state and addresses."""
    run = Path(host.removeprefix("unix://")).parent
    pid = int((run / "pid").read_text())
    if _machine.end([pid], signal.SIGTERM, _STOP):
        raise EngineUnavailable(f"dockerd (process {pid}) does not stop")
    # A killed daemon leaves notes of its processes. Where nobody has buried those yet, it takes them for alive.
    for note in (run / "dockerd.pid", run / "x/containerd/containerd.pid"):
        if note.exists() and not _machine.alive(int(note.read_text() or 0)):
            note.unlink()
    _await(host, _spawn(run), run)


def _clear(host: str) -> None:
    """Remove what makes a shutdown slow: a PID 1 that ignores SIGTERM costs ten seconds."""
    # Outside a swarm the answer is 503; inside, services would bring removed containers back.
    request(host, "POST", "/swarm/leave?force=1", timeout=20)
    for container in request_json(host, "/containers/json?all=1"):
        request(host, "DELETE", f"/containers/{container['Id']}?force=1&v=1")


def _unplug(run: Path, before: list[str]) -> None:
    """Remove the daemon's bridges: the one we made, and those it made for networks that it kept in its store."""
    store = run / "data/network/files/local-kv.db"
    known = store.read_bytes() if store.exists() else b""
    _machine.bridge_delete(run.name)
    for name in _machine.bridges():
        network = re.fullmatch(r"br-([0-9a-f]{12})", name)
        if network and network[1].encode() in known:
            _machine.bridge_delete(name)
    shared = _SHARED_BRIDGE not in before and _SHARED_BRIDGE.encode() in known
    # Another daemon may use it by now. Where there is none, there is nothing to wait for either.
    if shared and (not _machine.runs("dockerd") or _machine.bridge_empties(_SHARED_BRIDGE, 5)):
        _machine.bridge_delete(_SHARED_BRIDGE)


def _before(run: Path) -> tuple[list[str], list[Path]]:
    """What was there before the daemon: bridges, and what was not there. Without a note of it, nothing is ours."""
    try:
        before = json.loads((run / "before.json").read_text())
        return before["bridges"], [Path(path) for path in before["absent"]]
    except (OSError, ValueError, KeyError):
        return [_SHARED_BRIDGE], []


def _strays(run: Path) -> list[Path]:
    """What the daemon keeps outside our directory, and leaves when it is killed: by the names that are its own."""
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
    """Kill what a daemon left running. In rounds: while one process dies, another may have started the next."""
    _machine.cgroups_thaw(name)
    deadline = time.monotonic() + _STOP
    while left := _machine.processes(name):
        if time.monotonic() > deadline:
            raise EngineUnavailable(f"an engine that was left behind cannot be removed: processes {left} do not die")
        _machine.end(left, signal.SIGKILL, 2)


def dismantle(run: Path) -> None:
    """Take down the daemon of that directory, in whatever state it is, and leave nothing of it."""
    host, recorded = f"unix://{run}/docker.sock", run / "pid"
    willing = works(host)
    if willing:
        with contextlib.suppress(OSError):
            _clear(host)
    strays = _strays(run)
    if willing:  # Any other does not go when it is asked to.
        everyone = _machine.processes(run.name)
        daemon = [pid for pid in everyone if recorded.exists() and recorded.read_text().strip() == str(pid)]
        _machine.end(daemon, signal.SIGTERM, _STOP)
    _kill(run.name)
    for stray in strays:
        _remove(stray)
    bridges, absent = _before(run)
    _unplug(run, bridges)
    _machine.cgroups_remove(run.name)
    _remove(run)
    for path in absent:
        # Another daemon may have moved in meanwhile: a directory goes only when it is empty.
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
