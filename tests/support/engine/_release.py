"""The engine of another Debian release, unpacked but not installed."""

import fcntl
import shutil
import subprocess
from pathlib import Path

from tests.support.engine._errors import REMEDY, EngineUnavailable
from tests.support.engine._packages import apt

__all__ = ["unpacked"]

_PACKAGES = ("docker.io", "containerd", "tini")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_MIRROR = "http://deb.debian.org/debian"
_CONFIGURATION = """\
Dir::State "{top}/state";
Dir::State::status "{top}/status";
Dir::Cache "{top}/cache";
Dir::Etc::sourcelist "{top}/sources.list";
Dir::Etc::sourceparts "{top}/none";
Dir::Etc::preferencesparts "{top}/none";
APT::Sandbox::User "root";
"""


def unpacked(suite: str, folder: Path) -> tuple[str, ...]:
    """Return the directories of a suite's dockerd and containerd, which are downloaded once (56 MB).

    apt-get uses a separate state, cache and list of sources, so the apt of the machine is not affected.
    """
    top = folder / suite
    top.mkdir(parents=True, exist_ok=True)
    with (top / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (top / "complete").exists():
            _fetch(suite, top)
            (top / "complete").touch()
    return (f"{top}/root/usr/sbin", f"{top}/root/usr/bin")


def _fetch(suite: str, top: Path) -> None:
    if not _KEYRING.exists() or not shutil.which("apt-get"):
        raise EngineUnavailable(f"the engine of Debian {suite} requires apt-get and the keyring {_KEYRING}: {REMEDY}")
    for part in ("state/lists/partial", "cache/archives/partial", "none", "packages"):
        (top / part).mkdir(parents=True, exist_ok=True)
    (top / "status").touch()
    (top / "apt.conf").write_text(_CONFIGURATION.format(top=top))
    (top / "sources.list").write_text(f"deb [signed-by={_KEYRING}] {_MIRROR} {suite} main\n")
    apt("update", configuration=top / "apt.conf")
    apt("download", *_PACKAGES, configuration=top / "apt.conf", folder=top / "packages")
    for package in (top / "packages").glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, top / "root"], check=True, stdin=subprocess.DEVNULL)
