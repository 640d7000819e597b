"""The address of a daemon: `unix://`, `tcp://`, `http://`, `https://`."""

import re
from typing import Final, Literal, TypeAlias, cast
from urllib.parse import quote

import attrs

from ..errors import ConfigurationError

__all__ = ["DEFAULT_SOCKET", "Endpoint", "default_endpoint", "parse_host"]

Scheme: TypeAlias = Literal["unix", "tcp", "http", "https"]

DEFAULT_SOCKET: Final = "/var/run/docker.sock"
_DEFAULT_PORTS: Final = {"tcp": 2375, "http": 80, "https": 443}
_AUTHORITY: Final = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?P<name>[\w.-]*))(?::(?P<port>\d*))?", re.ASCII
)


@attrs.frozen
class Endpoint:
    """Where a daemon listens, and who said so.

    :ivar scheme: how it is spoken to.
    :ivar socket: the path of its Unix socket, for ``unix``.
    :ivar host: its name or IP address, for the others.
    :ivar port: its TCP port, for the others.
    :ivar base_path: what precedes every path, where it sits behind a proxy; empty or with a leading slash.
    :ivar source: where the address came from, for errors and logs.
    """

    scheme: Scheme
    socket: str = ""
    host: str = ""
    port: int = 0
    base_path: str = ""
    source: str = "the default"

    @property
    def is_unix(self) -> bool:
        """Whether it is a Unix socket."""
        return self.scheme == "unix"

    @property
    def is_tls(self) -> bool:
        """Whether it is spoken to over TLS."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as URLs have them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"unix://{self.socket}" if self.is_unix else f"{self.scheme}://{self.authority}{self.base_path}"


def default_endpoint() -> Endpoint:
    """The local daemon's socket."""
    return Endpoint("unix", socket=DEFAULT_SOCKET)


def parse_host(text: str, *, source: str) -> Endpoint:
    """Read an address as the docker CLI does; without a scheme it is TCP.

    :raises ConfigurationError: it cannot be followed; the error names `source`.
    """
    if not isinstance(text, str):
        raise ConfigurationError(f"{source} must be a string such as unix:///var/run/docker.sock, not {text!r:.80}")
    scheme, separator, rest = text.strip().partition("://")
    if not separator:
        scheme, rest = "tcp", scheme
    scheme = scheme.lower()
    if not rest and not separator:
        raise ConfigurationError(f"{source} is empty: an address such as unix:///var/run/docker.sock is needed")
    if scheme == "unix":
        return Endpoint("unix", socket=rest or DEFAULT_SOCKET, source=source)
    if scheme not in _DEFAULT_PORTS:
        raise ConfigurationError(
            f"{source} has the scheme {scheme}://, which is not supported; unix://, tcp://, http:// and https:// are"
        )
    return _network(cast("Scheme", scheme), rest, source)


def _network(scheme: Scheme, rest: str, source: str) -> Endpoint:
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        raise ConfigurationError(f"{source} holds a user name or password, which the Engine API does not take")
    if "?" in rest or "#" in rest:
        raise ConfigurationError(f"{source} {scheme}://{rest} must not have a query or a fragment")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise ConfigurationError(f"{source} {scheme}://{rest} is not of the form {scheme}://HOST:PORT")
    port = int(match["port"]) if match["port"] else _DEFAULT_PORTS[scheme]
    if not 0 < port < 65536:
        raise ConfigurationError(f"{source} {scheme}://{rest} has no valid port: {port} is not between 1 and 65535")
    base = quote((slash + path).rstrip("/"), safe="/%:@")
    return Endpoint(scheme, host=match["v6"] or match["name"] or "localhost", port=port, base_path=base, source=source)
