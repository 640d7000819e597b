"""Why a Unix socket could not be connected to, in words that say what to do."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

__all__ = ["local_reason"]

_LONGEST: Final = 107  # bytes, on Linux
_SET: Final = "Set DOCKER_HOST or host= to the path of the daemon's socket"
_KINDS: Final = {stat.S_IFDIR: "a directory", stat.S_IFREG: "a file", stat.S_IFIFO: "a pipe"}


def local_reason(path: str, error: OSError) -> str:
    """What is wrong with the socket at this path; looks at what is there, since the system has one error for several cases."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return (
            "there is no such socket. Is the Docker daemon running? If it listens elsewhere, set DOCKER_HOST or host="
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return _forbidden(path)
    if error.errno in (errno.ECONNREFUSED, errno.ENOTSOCK):
        return _silent(path)
    if error.errno == errno.EPROTOTYPE:
        return f"that is a socket of another kind than a daemon has. {_SET}"
    if error.errno == errno.ELOOP:
        return f"the path leads round in a circle of symbolic links. {_SET}"
    if error.errno is None and len(os.fsencode(path)) > _LONGEST:
        return f"no socket has a path longer than {_LONGEST} bytes. Connect by a shorter one: a symbolic link will do"
    return str(error) or type(error).__name__


def _forbidden(path: str) -> str:
    try:
        Path(path).stat()
    except PermissionError:
        return "no permission to enter the directory of the socket. Run as the user whose daemon it is, or as root"
    except OSError:
        pass  # it has gone since
    return "no permission to use the socket. Run as root, or join its group (usually: docker) and log in again"


def _silent(path: str) -> str:
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        mode = 0
    if mode and not stat.S_ISSOCK(mode):
        return f"that is {_KINDS.get(stat.S_IFMT(mode), 'a device')}, not a socket. {_SET}"
    return "nothing listens on the socket. The Docker daemon has stopped, or is starting"
