"""What the environment says: DOCKER_HOST, DOCKER_API_VERSION, and what must not be overlooked."""

from collections.abc import Mapping

from .._wire.versions import OLDEST, ApiVersion
from ..errors import ConfigurationError, UnsupportedVersion

__all__ = ["chosen_version", "host_from_environment"]


def host_from_environment(environ: Mapping[str, str]) -> str | None:
    """DOCKER_HOST, or None for the default.

    :raises ConfigurationError: the environment points to a daemon in a way that is not supported. Speaking to another
        daemon, or without TLS, would be worse than an error.
    """
    host = environ.get("DOCKER_HOST", "").strip() or None
    if host is None:
        context = environ.get("DOCKER_CONTEXT", "")
        if context not in ("", "default"):
            raise ConfigurationError(
                f"DOCKER_CONTEXT={context!r}: docker contexts are not supported; set DOCKER_HOST or host="
            )
    for variable in ("DOCKER_TLS_VERIFY", "DOCKER_TLS"):
        if environ.get(variable) and host is not None and not host.startswith("unix:"):
            raise ConfigurationError(f"{variable} is set: TLS with certificates from the environment is not supported")
    return host


def chosen_version(argument: str | None, environ: Mapping[str, str]) -> ApiVersion | None:
    """The API version that was pinned by the argument or by DOCKER_API_VERSION; None means negotiated."""
    source, text = "api_version", argument
    if text is None:
        source, text = "DOCKER_API_VERSION", environ.get("DOCKER_API_VERSION", "").strip() or None
    if text is None:
        return None
    version = ApiVersion.parse(text, source=source)
    if version < OLDEST:
        raise UnsupportedVersion(f"{source} is {version}; this library speaks {OLDEST} and newer")
    return version
