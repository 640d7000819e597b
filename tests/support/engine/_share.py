"""One engine for many users: parallel test processes, and successive runs.

The directory of each daemon, by its name, contains a lock, a list of the processes that hold the daemon, and its address. The
first holder starts it, the last one stops it. Holders that have died are not counted; a daemon whose holders have all died is
removed by the next one, because its state is unknown.
"""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tests.support.engine import _machine
from tests.support.engine._daemon import Spec, dismantle, launch
from tests.support.engine._errors import REMEDY, EngineUnavailable
from tests.support.engine._http import answers, works
from tests.support.engine._image import ensure_image
from tests.support.engine._lan import lan
from tests.support.engine._packages import install
from tests.support.engine._release import unpacked

__all__ = ["DEFAULT", "KEEP", "Engine", "Member", "acquire", "alone", "apart", "find", "mend", "release", "running"]

DEFAULT = Spec()
KEEP = 0
"""The holder that `start` adds and `stop` removes, which is not a process."""

_TOP = Path("/tmp")
_TIMEOUT = 30.0
_SOCKET = "unix:///var/run/docker.sock"


@dataclass(frozen=True)
class Engine:
    """A running engine."""

    host: str
    """Its address for DOCKER_HOST."""
    tcp: str | None
    """Its TCP address, if it has one."""
    ours: bool
    """Whether it is a private engine, which may be pruned, joined to a swarm, or broken, since it has no other users."""


@dataclass(frozen=True)
class Member:
    """One of several engines in separate network namespaces that can reach each other."""

    host: str
    """Its address for DOCKER_HOST."""
    address: str
    """The address of its machine, for the others."""
    name: str
    """The name of its machine."""


def find() -> Engine | None:
    """Return a running engine: at DOCKER_HOST, or else on the default socket; None if there is none."""
    for host in (os.environ.get("DOCKER_HOST", ""), _SOCKET):
        # An engine that responds to pings only must be repaired by its owner, and is not used.
        if host and answers(host) and works(host):
            return Engine(host, None if host.startswith("unix:") else host, ours=False)
    return None


def _home(spec: Spec) -> Path:
    # The same for all processes of a user; TMPDIR may differ, for instance under tox.
    return _TOP / f"engines-for-tests-{os.geteuid()}" / spec.name


def _open(path: Path) -> IO[str]:
    top = _home(DEFAULT).parent
    top.mkdir(mode=0o700, exist_ok=True)
    if top.stat().st_uid != os.geteuid():
        raise EngineUnavailable(f"no engine is running, and {top} belongs to another user: {REMEDY}")
    path.parent.mkdir(exist_ok=True)
    return path.open("w")


def _is_current(lock: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file; afterwards remove it, and its parent directories if they are empty."""
    while True:
        try:
            lock = _open(path)
        except FileNotFoundError:
            continue  # another process has removed the directory between mkdir and open
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # The previous holder has removed the locked file, so another process may have locked a new one.
            if not _is_current(lock, path):
                continue
            try:
                yield
            finally:
                path.unlink()
                with contextlib.suppress(OSError):
                    path.parent.rmdir()
                    path.parent.parent.rmdir()
            return


def _holders(home: Path) -> dict[int, int]:
    """Return the PIDs and start times of the running processes that hold the daemon."""
    try:
        listed = json.loads((home / "holders.json").read_text())
    except (OSError, ValueError):
        return {}
    return {pid: since for pid, since in listed if pid == KEEP or _machine.started_at(pid) == since}


def _write_holders(home: Path, holders: dict[int, int]) -> None:
    # Replaced atomically: readers without the lock, or after a SIGKILL, find either the old or the new list.
    draft = home / "holders.new"
    draft.write_text(json.dumps(list(holders.items())))
    draft.replace(home / "holders.json")


def _recorded(home: Path) -> Engine | None:
    """Return the engine that is recorded in that directory, whether it works or not."""
    try:
        return Engine(**json.loads((home / "engine.json").read_text()))
    except (OSError, ValueError):
        return None


def _is_working(engine: Engine | None) -> bool:
    """Return whether an engine works; the long timeout is for a busy one, a dead one refuses connections at once."""
    return engine is not None and answers(engine.host, _TIMEOUT) and works(engine.host)


def _sweep(home: Path) -> None:
    """Remove all daemons that were started for that directory, whatever their state."""
    (home / "engine.json").unlink(missing_ok=True)
    (home / "taken").unlink(missing_ok=True)
    (home / "holders.json").unlink(missing_ok=True)

    def remove(record: Path) -> None:
        dismantle(_TOP / record.name)
        record.unlink()

    # In parallel, since stopping a daemon takes a while.
    with ThreadPoolExecutor() as pool:
        list(pool.map(remove, home.glob("eft-*")))


def _start(spec: Spec, home: Path, before: Engine | None = None) -> Engine:
    """Start a daemon, at the addresses of the one before it if that is still held by other processes."""
    install()
    # The directory of the daemon has a short path, because the sockets of plugins in it have long ones (the limit is 107
    # bytes). It is recorded here before it is created, for `_sweep` after a SIGKILL.
    run = Path(before.host.removeprefix("unix://")).parent if before else _TOP / f"eft-{secrets.token_hex(4)}"
    (home / run.name).touch()
    if spec.suite:
        spec = replace(spec, path=(*spec.path, *unpacked(spec.suite, home.parent)))
    try:
        host, tcp = launch(spec, run, urlsplit(before.tcp or "").port or 0 if before else 0)
        ensure_image(host, ours=True)
    except BaseException:
        _sweep(home)
        raise
    engine = Engine(host, tcp, ours=True)
    (home / "engine.json").write_text(json.dumps(asdict(engine)))
    return engine


def acquire(holder: int, spec: Spec = DEFAULT, *, own: bool = False) -> Engine:
    """Find or start an engine with `busybox:latest`, and hold it for a process until `release`.

    A private engine that no longer works is replaced by a new one at the same addresses.

    :param own: whether the engine must be a private one, even if another is running.
    :raises EngineUnavailable: if no engine is available.
    """
    if not own and spec == DEFAULT and (found := find()) is not None:
        ensure_image(found.host, ours=False)
        return found
    home = _home(spec)
    with _locked(home / "lock"):
        held = _holders(home)
        engine = _recorded(home) if held else None
        if engine is None or not _is_working(engine):
            _sweep(home)
            engine = _start(spec, home, engine)
        _write_holders(home, held | {holder: _machine.started_at(holder) if holder else 0})
        return engine


def mend(holder: int, spec: Spec = DEFAULT) -> None:
    """Replace the private engine that a process holds if it no longer works; other engines are not changed."""
    home = _home(spec)
    if holder in _holders(home) and not _is_working(_recorded(home)):
        acquire(holder, spec, own=True)


def release(holder: int, spec: Spec = DEFAULT) -> list[int]:
    """Release the engine that a process holds, and stop it if no other process holds it; return the remaining holders."""
    home = _home(spec)
    if not home.exists():
        return []
    with _locked(home / "lock"):
        held = _holders(home)
        held.pop(holder, None)
        if held:
            _write_holders(home, held)
        else:
            _sweep(home)
        return sorted(held)


@contextlib.contextmanager
def alone(holder: int, spec: Spec) -> Iterator[Engine]:
    """Hold a private engine for exclusive use among the callers of this function.

    If the last user died before the end of its block, the engine is replaced, because its state is unknown.
    """
    home = _home(spec)
    taken = home / "taken"
    with _locked(home.with_suffix(".turn")):
        if taken.exists():
            (home / "engine.json").unlink(missing_ok=True)
        engine = acquire(holder, spec, own=True)
        taken.touch()
        yield engine
        taken.unlink(missing_ok=True)


@contextlib.contextmanager
def apart(size: int, spec: Spec) -> Iterator[list[Member]]:
    """Run private engines, each on a simulated machine that shares only the disk, until the end of the block."""
    home = _home(spec)
    with _locked(home / "lock"), lan(size) as places:
        _sweep(home)
        try:
            with ThreadPoolExecutor(size) as pool:
                started = [pool.submit(_start, replace(spec, within=place.within), home) for place in places]
            yield [
                Member(one.result().host, place.address, place.name) for one, place in zip(started, places, strict=True)
            ]
        finally:
            _sweep(home)


def running(spec: Spec = DEFAULT) -> Engine | None:
    """Return the engine that `acquire` would return without starting one; None if there is none."""
    recorded = _recorded(_home(spec))
    return (find() if spec == DEFAULT else None) or (recorded if _is_working(recorded) else None)
