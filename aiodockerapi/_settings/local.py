"""Addresses of local daemons that are never used by default."""

import os
from collections.abc import Mapping

from ..errors import ConfigurationError

__all__ = ["podman_socket", "rootless_socket"]


def rootless_socket(environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of the user's rootless Docker daemon, for example for ``Docker(rootless_socket())``.

    The path is ``docker.sock`` in ``$XDG_RUNTIME_DIR``, or in ``/run/user/<user id>`` if that variable is not set. The
    function does not check whether the socket exists.

    :param environ: the environment variables; by default those of this process.
    :returns: an address that begins with ``unix://``.
    :raises ConfigurationError: if the platform has no user ids, such as Windows, and ``XDG_RUNTIME_DIR`` is not set.
    """
    return f"unix://{_runtime_directory(environ)}/docker.sock"


def podman_socket(*, rootless: bool | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of Podman's service, for example for ``Docker(podman_socket())``.

    The path is ``/run/podman/podman.sock`` for the system's service, and ``podman/podman.sock`` in ``$XDG_RUNTIME_DIR``, or
    in ``/run/user/<user id>``, for the user's. The function does not check whether the socket exists.

    :param rootless: True for the user's service, False for the system's; by default True unless the user is root.
    :param environ: the environment variables; by default those of this process.
    :returns: an address that begins with ``unix://``.
    :raises ConfigurationError: if the platform has no user ids, such as Windows, and one is needed.
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
        raise ConfigurationError("this platform has no per-user sockets; pass the daemon's address as host=") from None
