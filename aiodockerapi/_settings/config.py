"""The docker CLI's config.json and its directory. Registry credentials are read elsewhere."""

import os
from collections.abc import Mapping
from pathlib import Path

import attrs

from .documents import Document, read_document

__all__ = ["Config", "config_directory", "read_config"]


@attrs.frozen
class Config:
    """The settings in config.json that concern connections.

    :ivar path: the path of the file.
    :ivar current_context: the name of the docker context in use; empty if none is set.
    :ivar headers: headers for every request; they may contain credentials.
    :ivar proxies: proxies for containers and builds, by the address of the daemon; they may contain credentials.
    """

    path: str
    current_context: str = ""
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    proxies: Mapping[str, Document] = attrs.field(factory=dict, repr=False)


def config_directory(environ: Mapping[str, str], *, windows: bool) -> Path | None:
    """Return the directory of the CLI's configuration; None without DOCKER_CONFIG and a home directory."""
    if directory := environ.get("DOCKER_CONFIG"):
        return Path(directory)
    home = environ.get("USERPROFILE" if windows else "HOME") or ("" if windows else _home_by_user_id())
    return Path(home, ".docker") if home else None


def _home_by_user_id() -> str:
    import pwd  # not available on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # containers may run with a user id that has no entry
        return ""


def read_config(directory: Path | None) -> Config:
    """Read config.json; return an empty configuration if it does not exist.

    :raises ConfigurationError: if it is invalid. The CLI only warns and continues without it, perhaps with another daemon.
    """
    document = None if directory is None else read_document(directory / "config.json")
    if document is None:
        return Config("config.json")
    return Config(
        str(document.path),
        current_context=document.get_string("currentContext"),
        headers=document.get_object("HttpHeaders").strings(),
        proxies=dict(document.get_object("proxies").objects()),
    )
