"""Proxies in config.json: for containers and builds, not for connections to the daemon."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ..errors import ConfigurationError
from .address import Endpoint, parse_host

if TYPE_CHECKING:
    from .config import Config

__all__ = ["proxy_variables", "with_proxies"]

_VARIABLES: Final = {
    "httpProxy": "HTTP_PROXY",
    "httpsProxy": "HTTPS_PROXY",
    "noProxy": "NO_PROXY",
    "ftpProxy": "FTP_PROXY",
    "allProxy": "ALL_PROXY",
}
_SSH_KEY: Final = "http://docker.example.com"
"""The CLI uses this key for every daemon that it connects to over ssh."""


def proxy_variables(config: "Config", endpoint: Endpoint) -> dict[str, str]:
    """Return the environment variables for containers and builds of a daemon, each in upper and in lower case.

    An entry for the daemon's address replaces the entry "default" as a whole.
    """
    address = str(endpoint)
    entry = next((value for key, value in config.proxies.items() if _matches(key, address)), None)
    if entry is None and endpoint.scheme == "ssh":
        entry = config.proxies.get(_SSH_KEY)
    if entry is None:
        entry = config.proxies.get("default")
    if entry is None:
        return {}
    values = {name: entry.get_string(key) for key, name in _VARIABLES.items()}
    return {variant: value for name, value in values.items() if value for variant in (name, name.lower())}


def _matches(key: str, address: str) -> bool:
    """Return whether a key is the address, perhaps in another notation: with a final slash, or a space in its path."""
    if key.rstrip("/") == address:
        return True
    scheme, _, rest = key.partition("://")
    if not (rest.strip("/") and (scheme in ("http", "https") or "/" in rest)):
        return False  # as in the CLI, the key of a tcp:// address must include the port
    try:
        return str(parse_host(key, source="proxies")) == address
    except ConfigurationError:
        return False


def with_proxies(variables: Mapping[str, str], given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return proxy variables merged with the caller's, which take precedence. Names are case-sensitive.

    :param variables: the proxy variables.
    :param given: the caller's variables or build arguments.
    """
    return {**variables, **given}
