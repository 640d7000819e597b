"""Why connecting to a Unix socket failed, and what helps."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

__all__ = ["unix_socket_reason"]

_MAX_PATH: Final = 107  # bytes, on Linux
_ADVICE: Final = "Set DOCKER_HOST or host= to the path of the daemon's socket"
_KINDS: Final = {stat.S_IFDIR: "a directory", stat.S_IFREG: "a file", stat.S_IFIFO: "a pipe"}


def unix_socket_reason(path: str, error: OSError) -> str:
    """Return what is wrong with the socket; the file system is examined, as one error number has several causes."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "no such socket. Is the Docker daemon running? If it listens elsewhere, set DOCKER_HOST or host="
    if error.errno in (errno.EACCES, errno.EPERM):
        return _permission_denied(path)
    if error.errno in (errno.ECONNREFUSED, errno.ENOTSOCK):
        return _not_listening(path)
    if error.errno == errno.EPROTOTYPE:
        return f"not a stream socket. {_ADVICE}"
    if error.errno == errno.ELOOP:
        return f"the path contains a loop of symbolic links. {_ADVICE}"
    if error.errno is None and len(os.fsencode(path)) > _MAX_PATH:
        return f"the path is longer than {_MAX_PATH} bytes. Use a shorter one, such as a symbolic link"
    return str(error) or type(error).__name__


def _permission_denied(path: str) -> str:
    try:
        Path(path).stat()
    except PermissionError:
        return "permission denied for the socket's directory. Run as the user of the daemon, or as root"
    except OSError:
        pass  # removed in the meantime
    return "permission denied. Run as root, or join the socket's group (usually docker) and log in again"


def _not_listening(path: str) -> str:
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        mode = 0
    if mode and not stat.S_ISSOCK(mode):
        return f"the path is {_KINDS.get(stat.S_IFMT(mode), 'a device')}, not a socket. {_ADVICE}"
    return "nothing listens on the socket. The Docker daemon has stopped, or is starting"
