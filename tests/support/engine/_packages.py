"""Getting an engine's programs from Debian, where that is possible."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.engine._errors import REMEDY, EngineUnavailable
from tests.support.engine._machine import programs_missing

__all__ = ["NEEDS", "apt", "cli", "install"]

NEEDS = {"dockerd": "docker.io", "iptables": "iptables", "ip": "iproute2", "busybox": "busybox-static"}
"""Programs, and the Debian packages that hold them."""

_SYSTEM_PATHS = "/usr/local/sbin:/usr/sbin:/sbin"
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def search_path(first: tuple[str, ...] = ()) -> str:
    """A PATH that also finds the programs of the system's administrator, which a user's PATH may leave out."""
    return os.pathsep.join([*first, os.environ.get("PATH", os.defpath), _SYSTEM_PATHS])


def _static(program: str | None) -> bool:
    """Tell whether a program needs no libraries: its ELF header asks for no interpreter."""
    return program is not None and b"/ld-" not in Path(program).read_bytes()[:4096]


def busybox() -> str | None:
    """Where a statically linked busybox lies, if there is one."""
    program = shutil.which("busybox", path=search_path())
    return program if _static(program) else None


def _missing() -> list[str]:
    lacking = programs_missing(NEEDS, search_path())
    if "busybox" not in lacking and busybox() is None:
        lacking.append("busybox")
    return sorted(NEEDS[program] for program in lacking)


def apt(*words: str, configuration: Path | None = None, folder: Path | None = None) -> None:
    """Run apt-get, quietly; its last word is in the `EngineUnavailable` that a failure raises."""
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", *words]
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
        said = done.stdout.decode(errors="replace").strip().splitlines()
        raise EngineUnavailable(f"`{' '.join(command)}` failed: {said[-1] if said else done.returncode}")


def install() -> None:
    """Install what is missing; raise `EngineUnavailable` where this is no Debian, or we are not root."""
    if os.geteuid():
        raise EngineUnavailable(f"no engine answers, and starting one takes root: {REMEDY}")
    packages = _missing()
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise EngineUnavailable(
            f"no engine answers, and without apt-get there is no way to install {packages}: {REMEDY}"
        )
    apt("update")
    apt("install", "-y", "--no-install-recommends", *packages)
    if still := _missing():
        raise EngineUnavailable(f"no engine answers, and {still} did not bring the programs they should: {REMEDY}")


def cli() -> str:
    """Where the docker command lies: the one that is found, or Debian's, which some releases have in a package of its own."""
    for package in ("docker.io", "docker-cli"):
        if found := shutil.which("docker", path=search_path()):
            return found
        if os.geteuid() or not shutil.which("apt-get"):
            break
        apt("update")
        apt("install", "-y", "--no-install-recommends", package)
    if found := shutil.which("docker", path=search_path()):
        return found
    raise EngineUnavailable(f"there is no docker command, and no way to install it: {REMEDY}")
