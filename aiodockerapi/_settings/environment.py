"""The API version that the environment, or an argument, pins."""

from collections.abc import Mapping

from .._wire.versions import OLDEST, ApiVersion
from ..errors import ConfigurationError, UnsupportedVersion

__all__ = ["chosen_version"]


def chosen_version(argument: str | None, environ: Mapping[str, str]) -> ApiVersion | None:
    """The API version that was pinned by the argument or by DOCKER_API_VERSION; None means negotiated."""
    source, text = "api_version", argument
    if text is None:
        source, text = "DOCKER_API_VERSION", environ.get("DOCKER_API_VERSION", "").strip() or None
    if text is None:
        return None
    if not isinstance(text, str):  # 1.40 is a number too, and the same as 1.4
        raise ConfigurationError(f'{source} must be a string such as "1.44", not {type(text).__name__}')
    version = ApiVersion.parse(text, source=source)
    if version < OLDEST:
        raise UnsupportedVersion(f"{source} is {version}; this library speaks {OLDEST} and newer")
    return version
