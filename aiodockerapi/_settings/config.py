"""The docker CLI's config.json, and the directory it is in. Registry credentials are read elsewhere."""

import os
from collections.abc import Mapping
from pathlib import Path

import attrs

from .documents import Document, read_document

__all__ = ["Config", "config_directory", "read_config"]


@attrs.frozen
class Config:
    """What config.json says of the daemon.

    :ivar path: the file.
    :ivar current_context: the name of the docker context in use; empty if none was chosen.
    :ivar headers: headers for each request, which may hold credentials.
    :ivar proxies: proxies for containers and builds by the daemon's address, which may hold credentials.
    """

    path: str
    current_context: str = ""
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    proxies: Mapping[str, Document] = attrs.field(factory=dict, repr=False)


def config_directory(environ: Mapping[str, str], *, windows: bool) -> Path | None:
    """The directory of the CLI's configuration; None where there is no home directory either."""
    if directory := environ.get("DOCKER_CONFIG"):
        return Path(directory)
    home = environ.get("USERPROFILE" if windows else "HOME") or ("" if windows else _home_by_user_id())
    return Path(home, ".docker") if home else None


def _home_by_user_id() -> str:
    import pwd  # here, since Windows has no such module

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a container may run under any number
        return ""


def read_config(directory: Path | None) -> Config:
    """Read config.json; a missing one is an empty one.

    :raises ConfigurationError: it is broken. The CLI warns and goes on without it, so perhaps with another daemon.
    """
    document = None if directory is None else read_document(directory / "config.json")
    if document is None:
        return Config("config.json")
    return Config(
        str(document.path),
        current_context=document.text("currentContext"),
        headers=document.inner("HttpHeaders").texts(),
        proxies=dict(document.inner("proxies").items()),
    )
