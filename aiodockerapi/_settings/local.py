"""Addresses of local daemons that nobody guesses: they are asked for by name."""

import os
from collections.abc import Mapping

from ..errors import ConfigurationError

__all__ = ["podman_socket", "rootless_socket"]


def rootless_socket(environ: Mapping[str, str] = os.environ) -> str:
    """The address of the user's own rootless Docker daemon: ``Docker(rootless_socket())``.

    It is ``docker.sock`` in ``$XDG_RUNTIME_DIR``, or in ``/run/user/<user id>`` where that is not set. Nothing is looked at.

    :raises ConfigurationError: there is no such thing on this platform.
    """
    return f"unix://{_runtime_directory(environ)}/docker.sock"


def podman_socket(*, rootless: bool | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """The address of Podman's service: ``Docker(podman_socket())``.

    It is ``/run/podman/podman.sock``, or for a rootless one ``podman/podman.sock`` in ``$XDG_RUNTIME_DIR``. Nothing is
    looked at.

    :param rootless: whether the user's own service is meant; by default it is, unless the user is root.
    :raises ConfigurationError: there is no such thing on this platform.
    """
    if rootless is None:
        rootless = _user_id() != 0
    return f"unix://{_runtime_directory(environ) if rootless else '/run'}/podman/podman.sock"


def _runtime_directory(environ: Mapping[str, str]) -> str:
    return (environ.get("XDG_RUNTIME_DIR") or f"/run/user/{_user_id()}").rstrip("/")


def _user_id() -> int:
    try:
        return os.getuid()
    except AttributeError:
        raise ConfigurationError("this platform has no sockets of users; give the daemon's address as host=") from None
