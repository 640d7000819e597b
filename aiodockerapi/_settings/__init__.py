"""Where the daemon is and how it is to be spoken to, from arguments and the environment."""

import os
from collections.abc import Mapping

import attrs

from .._wire.versions import ApiVersion
from .address import Endpoint, default_endpoint, parse_host
from .environment import chosen_version, host_from_environment

__all__ = ["Endpoint", "Settings", "resolve"]


@attrs.frozen
class Settings:
    """All that a client needs to know before its first connection."""

    endpoint: Endpoint
    version: ApiVersion | None
    """The pinned API version; None means negotiated."""


def resolve(host: str | None, api_version: str | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Choose the daemon's address and version: arguments first, then the environment, then the default socket."""
    version = chosen_version(api_version, environ)
    if host is not None:
        return Settings(parse_host(host, source="the argument host"), version)
    named = host_from_environment(environ)
    endpoint = parse_host(named, source="DOCKER_HOST") if named is not None else default_endpoint()
    return Settings(endpoint, version)
