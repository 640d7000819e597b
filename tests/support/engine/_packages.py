"""Install the programs of an engine from Debian if possible."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.engine._errors import REMEDY, EngineUnavailable
from tests.support.engine._machine import programs_missing

__all__ = ["NEEDS", "apt", "cli", "install"]

NEEDS = {"dockerd": "docker.io", "iptables": "iptables", "ip": "iproute2", "busybox": "busybox-static"}
"""Programs, and the Debian packages that contain them."""

_SYSTEM_PATHS = "/usr/local/sbin:/usr/sbin:/sbin"
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def search_path(first: tuple[str, ...] = ()) -> str:
    """Return a PATH that includes the sbin directories, which a user's PATH may lack."""
    return os.pathsep.join([*first, os.environ.get("PATH", os.defpath), _SYSTEM_PATHS])


def _static(program: str | None) -> bool:
    """Return whether a program is statically linked: its ELF header names no interpreter."""
    return program is not None and b"/ld-" not in Path(program).read_bytes()[:4096]


def busybox() -> str | None:
    """Return the path of a statically linked busybox; None if it is not installed."""
    program = shutil.which("busybox", path=search_path())
    return program if _static(program) else None


def _missing() -> list[str]:
    lacking = programs_missing(NEEDS, search_path())
    if "busybox" not in lacking and busybox() is None:
        lacking.append("busybox")
    return sorted(NEEDS[program] for program in lacking)


def apt(*arguments: str, configuration: Path | None = None, folder: Path | None = None) -> None:
    """Run apt-get quietly.

    :raises EngineUnavailable: if it fails; the message includes the last line of its output.
    """
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", *arguments]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | _QUIET | ({"APT_CONFIG": str(configuration)} if configuration else {}),
        cwd=folder,
        check=False,
    )
    if done.returncode:
        lines = done.stdout.decode(errors="replace").strip().splitlines()
        raise EngineUnavailable(f"`{' '.join(command)}` failed: {lines[-1] if lines else done.returncode}")


def install() -> None:
    """Install the missing programs.

    :raises EngineUnavailable: if this is not Debian, or the user is not root.
    """
    if os.geteuid():
        raise EngineUnavailable(f"no engine is running, and starting one requires root: {REMEDY}")
    packages = _missing()
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise EngineUnavailable(f"no engine is running, and installing {packages} requires apt-get: {REMEDY}")
    apt("update")
    apt("install", "-y", "--no-install-recommends", *packages)
    if still := _missing():
        raise EngineUnavailable(f"no engine is running, and {still} did not install the expected programs: {REMEDY}")


def cli() -> str:
    """Return the path of the docker command; Debian's is installed if necessary, from a separate package in some releases."""
    for package in ("docker.io", "docker-cli"):
        if found := shutil.which("docker", path=search_path()):
            return found
        if os.geteuid() or not shutil.which("apt-get"):
            break
        apt("update")
        apt("install", "-y", "--no-install-recommends", package)
    if found := shutil.which("docker", path=search_path()):
        return found
    raise EngineUnavailable("the docker command is not installed, and installing it requires root and apt-get")
