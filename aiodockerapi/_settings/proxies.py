"""Proxies of config.json: for containers and builds, never for the way to the daemon."""

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
_OVER_SSH: Final = "http://docker.example.com"
"""What the CLI takes for the address of any daemon that it reaches over ssh."""


def proxy_variables(config: "Config", endpoint: Endpoint) -> dict[str, str]:
    """The variables that containers and builds of that daemon get, in upper and in lower case.

    What stands under the daemon's address takes the place of what stands under "default", as a whole.
    """
    address = str(endpoint)
    mine = next((value for key, value in config.proxies.items() if _same(key, address)), None)
    if mine is None and endpoint.scheme == "ssh":
        mine = config.proxies.get(_OVER_SSH)
    chosen = config.proxies.get("default") if mine is None else mine
    if chosen is None:
        return {}
    found = {name: chosen.text(key) for key, name in _VARIABLES.items()}
    return {spelled: value for name, value in found.items() if value for spelled in (name, name.lower())}


def _same(key: str, address: str) -> bool:
    """Whether a key is that address, perhaps spelled otherwise: with a slash at its end, a space in its path."""
    if key.rstrip("/") == address:
        return True
    scheme, _, rest = key.partition("://")
    if not (rest.strip("/") and (scheme in ("http", "https") or "/" in rest)):
        return False  # as for the CLI, which knows tcp:// by its port alone
    try:
        return str(parse_host(key, source="proxies")) == address
    except ConfigurationError:
        return False


def with_proxies(variables: Mapping[str, str], given: Mapping[str, str | None]) -> dict[str, str | None]:
    """What was given, and the proxies of which it says nothing; upper and lower case are two variables."""
    return {**variables, **given}
