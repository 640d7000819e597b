"""One engine for many users: test processes at once, and one run after another.

A directory for each daemon's name holds a lock, a list of who holds the daemon, and a note of where it lives. Who comes
first starts it, who leaves last stops it. A holder that died without leaving is not counted; a daemon whose holders all
died is taken down by the next who comes, because nobody knows in which state they left it.
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
"""A holder that is no process: what `start` leaves, and `stop` takes away."""

_TOP = Path("/tmp")
_PATIENCE = 30.0
_SOCKET = "unix:///var/run/docker.sock"


@dataclass(frozen=True)
class Engine:
    """An engine that answers."""

    host: str
    """Its address, as DOCKER_HOST has it."""
    tcp: str | None
    """Its address without a unix socket, where it has one."""
    ours: bool
    """Whether we started it. Nobody else depends on such an engine: it may be pruned, joined to a swarm, broken."""


@dataclass(frozen=True)
class Member:
    """One of several engines that run apart and reach each other."""

    host: str
    """Its address, as DOCKER_HOST has it."""
    address: str
    """The address of its machine, for the others."""
    name: str
    """The name of its machine."""


def find() -> Engine | None:
    """An engine that runs already: at DOCKER_HOST, else on the default socket."""
    for host in (os.environ.get("DOCKER_HOST", ""), _SOCKET):
        # One that answers and does not work is its owner's to mend: it is no engine for us.
        if host and answers(host) and works(host):
            return Engine(host, None if host.startswith("unix:") else host, ours=False)
    return None


def _home(spec: Spec) -> Path:
    # The same for every process of a user; TMPDIR differs between them, for instance under tox.
    return _TOP / f"engines-for-tests-{os.geteuid()}" / spec.name


def _open(path: Path) -> IO[str]:
    top = _home(DEFAULT).parent
    top.mkdir(mode=0o700, exist_ok=True)
    if top.stat().st_uid != os.geteuid():
        raise EngineUnavailable(f"no engine answers, and {top} belongs to somebody else: {REMEDY}")
    path.parent.mkdir(exist_ok=True)
    return path.open("w")


def _is_current(lock: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file; remove it afterwards, and the directories above it where nothing else is in them."""
    while True:
        try:
            lock = _open(path)
        except FileNotFoundError:
            continue  # Somebody was done, and removed the directory between our mkdir and our open.
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # The one before us has removed the file that we waited for: such a lock keeps nobody out.
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
    """Who holds the daemon: pid and start time of those that still live."""
    try:
        listed = json.loads((home / "holders.json").read_text())
    except (OSError, ValueError):
        return {}
    return {pid: since for pid, since in listed if pid == KEEP or _machine.started_at(pid) == since}


def _write_holders(home: Path, holders: dict[int, int]) -> None:
    # Replaced in one step: a reader that needs no lock, or comes after a kill -9, finds the old list or the new one.
    draft = home / "holders.new"
    draft.write_text(json.dumps(list(holders.items())))
    draft.replace(home / "holders.json")


def _noted(home: Path) -> Engine | None:
    """Where the daemon of that directory is said to live."""
    try:
        return Engine(**json.loads((home / "engine.json").read_text()))
    except (OSError, ValueError):
        return None


def _lives(engine: Engine | None) -> bool:
    """Tell whether it works. A dead one refuses at once; patience is for one with much to do."""
    return engine is not None and answers(engine.host, _PATIENCE) and works(engine.host)


def _sweep(home: Path) -> None:
    """Take down every daemon that was started for that directory, whoever left it, and in whatever state."""
    (home / "engine.json").unlink(missing_ok=True)
    (home / "taken").unlink(missing_ok=True)
    (home / "holders.json").unlink(missing_ok=True)

    def take_down(note: Path) -> None:
        dismantle(_TOP / note.name)
        note.unlink()

    # Each is waited for while it stops: better all at once.
    with ThreadPoolExecutor() as pool:
        list(pool.map(take_down, home.glob("eft-*")))


def _start(spec: Spec, home: Path, before: Engine | None = None) -> Engine:
    """Start a daemon; at the addresses of the one before it, if there was one that others still rely on."""
    install()
    # The daemon's own directory has a short path, because those of its plugins' sockets become long ones (107 bytes are
    # the limit). A note of it is here before it is there, for `_sweep` after a kill -9.
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
    """Find or start an engine that has `busybox:latest`, and hold it in a process's name until `release`.

    `own` asks for one that is ours, though another may run. One of ours that does not work any more gives way to a new
    one at the same addresses. Raises `EngineUnavailable` where there is no way to one.
    """
    if not own and spec == DEFAULT and (found := find()) is not None:
        ensure_image(found.host, ours=False)
        return found
    home = _home(spec)
    with _locked(home / "lock"):
        held = _holders(home)
        engine = _noted(home) if held else None
        if engine is None or not _lives(engine):
            _sweep(home)
            engine = _start(spec, home, engine)
        _write_holders(home, held | {holder: _machine.started_at(holder) if holder else 0})
        return engine


def mend(holder: int, spec: Spec = DEFAULT) -> None:
    """Replace the engine of our own that a process holds, where it does not work any more; somebody else's stays as it is."""
    home = _home(spec)
    if holder in _holders(home) and not _lives(_noted(home)):
        acquire(holder, spec, own=True)


def release(holder: int, spec: Spec = DEFAULT) -> list[int]:
    """Give up what that process holds; stop the daemon if nobody else holds it. Return who still does."""
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
    """Hold an engine of our own that nobody else who asks for it this way has at the same time.

    A new one, where who had it last did not live to give it back: in what state it was left, nobody knows.
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
    """Run so many engines of our own, each on a machine of its own (but for the disk), for as long as the block lasts."""
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
    """The engine that `acquire` would give without starting one."""
    noted = _noted(_home(spec))
    return (find() if spec == DEFAULT else None) or (noted if _lives(noted) else None)
