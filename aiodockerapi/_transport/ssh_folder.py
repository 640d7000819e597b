"""Where the local socket of a daemon over ssh lies."""

import os
import tempfile
from pathlib import Path
from typing import Final

from .._settings import Endpoint
from ..errors import ConfigurationError

__all__ = ["SOCKET", "make_folder"]

SOCKET: Final = "s"
_PREFIX: Final = "aiodockerapi-"
_LONGEST: Final = (
    103  # bytes of a socket's path: that is how little room BSD and macOS give it, and Linux not much more
)


def make_folder(endpoint: Endpoint) -> str:
    """Make a folder of mode 0700, so that its socket is nobody else's: where temporary files go, or where paths are short.

    :raises ConfigurationError: nowhere can be written.
    """
    problem = ""
    for place in (None, os.environ.get("XDG_RUNTIME_DIR") or None, "/tmp"):  # noqa: S108 - what mkdtemp makes is ours alone
        try:
            folder = tempfile.mkdtemp(prefix=_PREFIX, dir=place)
        except OSError as error:
            problem = problem or str(error)
            continue
        if len(os.fsencode(f"{folder}/{SOCKET}")) <= _LONGEST:
            return folder
        problem = problem or f"{Path(folder).parent} is too long for a socket in it"
        Path(folder).rmdir()
    raise ConfigurationError(
        f"there is no place for the socket by which ssh leads to {endpoint}: {problem}. Set TMPDIR to a directory with a short "
        "path that can be written to"
    )
