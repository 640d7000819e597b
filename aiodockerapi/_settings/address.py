"""The address of a daemon: `unix://`, `tcp://`, `http://`, `https://`, `ssh://`, `npipe://`."""

import os
import posixpath
import re
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias, cast
from urllib.parse import quote, unquote, unquote_to_bytes

from ..errors import ConfigurationError

__all__ = [
    "DEFAULT_PIPE",
    "DEFAULT_SOCKET",
    "Endpoint",
    "Scheme",
    "absolute_path",
    "default_endpoint",
    "parse_host",
    "redact",
    "with_absolute_socket",
]

Scheme: TypeAlias = Literal["unix", "npipe", "tcp", "http", "https", "ssh"]

DEFAULT_SOCKET: Final = "/var/run/docker.sock"
DEFAULT_PIPE: Final = "//./pipe/docker_engine"
_SCHEMES: Final = ("unix", "npipe", "tcp", "http", "https", "ssh")
_DEFAULT_PORTS: Final = {"tcp": 2375, "http": 80, "https": 443, "ssh": 0}
_LABEL: Final = r"[\w-]{1,63}"
_AUTHORITY: Final = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[\w.-]+)?)\]"
    rf"|(?P<name>(?:{_LABEL}(?:\.{_LABEL})*\.?)?))(?::(?P<port>\d{{0,20}}))?",
    re.ASCII,
)
_BARE_IPV6: Final = re.compile(r"[\da-f]*:[\da-f]*:", re.ASCII | re.IGNORECASE)
_PLAIN_USER: Final = re.compile(r"[\w.%-]*", re.ASCII)
_MISTYPED_SCHEME: Final = re.compile(r"(unix|tcp|https?|ssh)(?://|:(?!\d+(?:/|$)|$))", re.ASCII | re.IGNORECASE)
_SCHEME: Final = re.compile(r"[\w+.-]*", re.ASCII)
_QUERY: Final = re.compile(r"[?#]")
_NUMERIC_HOST: Final = re.compile(r"(?:\d+|0x[\da-f]*)(?:\.(?:\d+|0x[\da-f]*))*\.?", re.ASCII | re.IGNORECASE)
_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_MAX_SOCKET_PATH: Final = 107  # bytes, on Linux
_BAD_ESCAPE: Final = re.compile(r"%(?![\da-f]{2})", re.ASCII | re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_IPV4: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}", re.ASCII)


class Endpoint(NamedTuple):
    """The address of a daemon, and which setting it comes from.

    ``str(endpoint)`` is the address alone, in the form that `Docker` accepts; ``repr(endpoint)`` includes its source.

    :ivar scheme: the transport: ``unix``, ``npipe``, ``tcp``, ``http``, ``https`` or ``ssh``.
    :ivar socket: the path of the Unix socket for ``unix``, of the named pipe for ``npipe``, of the remote Unix socket for
        ``ssh``. Empty for ``ssh`` means the default: ``/var/run/docker.sock``, or with ``dial-stdio`` the one that the remote
        docker command uses.
    :ivar user: the remote user, for ``ssh``. Empty means the one in the configuration of ssh.
    :ivar host: the host name or IP address; empty for ``unix`` and ``npipe``.
    :ivar port: the TCP port; 0 for ``unix`` and ``npipe``. 0 for ``ssh`` means the one in the configuration of ssh.
    :ivar base_path: the prefix of every request path, for a daemon behind a proxy; empty, or with a leading slash.
    :ivar tls: whether TLS is enabled by a setting other than ``https``.
    :ivar source: the setting that contains the address, such as ``the docker context "lab" (DOCKER_CONTEXT)``.
    """

    scheme: Scheme
    socket: str = ""
    user: str = ""
    host: str = ""
    port: int = 0
    base_path: str = ""
    tls: bool = False
    source: str = "the default"

    @property
    def is_unix(self) -> bool:
        """Whether the address is a Unix socket of this machine."""
        return self.scheme == "unix"

    @property
    def is_tls(self) -> bool:
        """Whether connections use TLS."""
        return self.tls or self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port in the form of URLs; empty for ``unix`` and ``npipe``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    def __str__(self) -> str:
        if self.scheme in ("unix", "npipe"):
            return f"{self.scheme}://{self.socket}"
        user = f"{quote(self.user)}@" if self.user else ""
        path = quote(self.socket) if self.scheme == "ssh" else self.base_path
        authority = self.authority.replace("%25", "%2525")  # otherwise the zone 251 would be parsed as 1
        return f"{self.scheme}://{user}{authority}{path}"

    def __repr__(self) -> str:
        return f"<Endpoint {self}{' with TLS' if self.tls else ''}, from {self.source}>"


def default_endpoint(*, windows: bool = False) -> Endpoint:
    """Return the local daemon's socket, or its named pipe on Windows."""
    return Endpoint("npipe", socket=DEFAULT_PIPE) if windows else Endpoint("unix", socket=DEFAULT_SOCKET)


def parse_host(text: str, *, source: str) -> Endpoint:
    """Parse an address as the docker CLI does; without a scheme it is a TCP address.

    :param source: the setting that contains the address, for `Endpoint.source` and errors.
    :raises ConfigurationError: if the address is invalid or not supported.
    """
    if not isinstance(text, str):
        raise ConfigurationError(
            f"{source} must be a string such as unix:///var/run/docker.sock, not {type(text).__name__}"
        )
    scheme, separator, rest = text.strip().partition("://")
    if not separator:
        _check_no_scheme(scheme, source)
        scheme, rest = "tcp", scheme
    scheme = scheme.lower()
    if scheme not in _SCHEMES:
        shown = f"the scheme {scheme}://" if _SCHEME.fullmatch(scheme) else "a scheme"  # it may contain a password
        raise ConfigurationError(
            f"{source} has {shown}, which is not supported; use unix://, tcp://, http://, https://, ssh:// or npipe://"
        )
    if scheme in ("unix", "npipe"):
        return _parse_local(cast("Scheme", scheme), rest, source)
    return _parse_network(cast("Scheme", scheme), rest, source)


def redact(address: str) -> str:
    """Return an address for an error message, without parts that may be a password or a token."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        scheme, rest = "", address
    user, at, remainder = rest.rpartition("@")
    if not _PLAIN_USER.fullmatch(user):
        user = "..."
    query = _QUERY.search(remainder)
    if query is not None:
        remainder = f"{remainder[: query.end()]}..."
    return f"{scheme}{separator}{user}{at}{remainder}"


def _check_no_scheme(text: str, source: str) -> None:
    """Raise ConfigurationError if an address without ``://`` is empty, a path, or seems to have a mistyped scheme."""
    if not text:
        raise ConfigurationError(f"{source} is empty; set an address such as unix:///var/run/docker.sock")
    shown, suggestion = text, f"unix://{text}" if text.startswith(("/", "./")) else ""
    if text.startswith("//"):
        shown, suggestion = redact(text), redact(f"tcp:{text}")
    elif match := _MISTYPED_SCHEME.match(text):
        scheme, rest = match[1].lower(), text[match.end() :]
        shown = f"{match[0]}{redact(rest)}"
        suggestion = redact(f"{scheme}://{rest if scheme == 'unix' else rest.lstrip('/')}")
    if suggestion:  # the CLI parses it as a TCP address, which cannot be the intention
        raise ConfigurationError(f"{source} is {shown}, without a scheme; did you mean {suggestion}?")


def _parse_local(scheme: Scheme, rest: str, source: str) -> Endpoint:
    path = rest.removeprefix(f"{scheme}://") or (DEFAULT_SOCKET if scheme == "unix" else DEFAULT_PIPE)
    if "://" in path:
        raise ConfigurationError(f"{source} has two schemes; it must have the form {scheme}://PATH")
    if scheme == "unix" and path.startswith("@"):  # on Linux, Go writes the null byte so
        raise ConfigurationError(
            f"{source} {scheme}://{path} is an abstract socket, which is not supported: let the daemon listen on a path. "
            f"For a file with that name, write {scheme}://./{path}"
        )
    try:
        if b"\0" in os.fsencode(path):
            raise ConfigurationError(f"{source} contains a null byte")
    except UnicodeEncodeError:
        raise ConfigurationError(f"{source} contains a lone surrogate, which no path can contain") from None
    return Endpoint(scheme, socket=path.replace("\\", "/") if scheme == "npipe" else path, source=source)


def _parse_network(scheme: Scheme, rest: str, source: str) -> Endpoint:
    rest = rest.removeprefix(f"{scheme}://")
    if "://" in rest:
        raise ConfigurationError(f"{source} has two schemes; it must have the form {scheme}://HOST:PORT")
    shown = f"{source} {redact(f'{scheme}://{rest}')}"
    authority, slash, path = rest.partition("/")
    user, at, authority = authority.rpartition("@")
    if at and scheme != "ssh":
        raise ConfigurationError(f"{source} contains a user name or password, which the Engine API does not support")
    if ":" in user:
        raise ConfigurationError(
            f"{source} contains a password, which ssh does not accept in an address: use a key or an ssh agent"
        )
    if "?" in rest or "#" in rest:
        raise ConfigurationError(f"{shown} must not have a query or a fragment")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        remedy = "; write an IPv6 address in brackets, [::1]" if _BARE_IPV6.match(authority) else ""
        remedy = remedy if authority.isascii() else "; write a non-ASCII host name in its ASCII form, xn--..."
        raise ConfigurationError(f"{shown} must have the form {scheme}://HOST:PORT{remedy}")
    port = int(match["port"]) if match["port"] else _DEFAULT_PORTS[scheme]
    if not 0 < port < 65536 and (match["port"] or scheme != "ssh"):
        raise ConfigurationError(f"{shown} has no valid port: {port} is not between 1 and 65535")
    host = _parse_ipv6(match["v6"], shown) if match["v6"] else match["name"]
    if _BAD_ESCAPE.search(user + path):
        raise ConfigurationError(f"{shown} has an invalid percent escape; write %25 for a percent sign")
    if scheme == "ssh":
        user = unquote(user, errors="surrogateescape")
        return _with_ssh_path(Endpoint("ssh", user=user, host=host, port=port, source=source), slash + path, shown)
    if _NUMERIC_HOST.fullmatch(host) and not _IPV4.fullmatch(host):
        raise ConfigurationError(f"{shown} has no valid host: {host} is not an IPv4 address")
    base_path = _normalize_base_path(path, shown)
    return Endpoint(scheme, host=host or "localhost", port=port, base_path=base_path, source=source)


def _parse_ipv6(text: str, shown: str) -> str:
    """Return an IPv6 address with its zone; the percent sign before the zone may be escaped, as in URLs."""
    from ipaddress import IPv6Address  # rarely needed

    address, percent, zone = text.partition("%")
    zone = zone.removeprefix("25") or zone
    try:
        IPv6Address(address)
    except ValueError:
        raise ConfigurationError(f"{shown} has no valid host: {address} is not an IPv6 address") from None
    return f"{address}{percent}{zone}"


def _normalize_base_path(path: str, shown: str) -> str:
    """Return the prefix of every request path, normalized and escaped as the CLI does it."""
    try:
        plain = unquote_to_bytes(path).strip(b"/")
    except UnicodeEncodeError:  # undecodable bytes of the environment
        raise ConfigurationError(f"{shown} has a path that is not valid UTF-8") from None
    if _CONTROL.search(plain):
        raise ConfigurationError(f"{shown} has a path with control characters")
    return quote(posixpath.normpath(b"/" + plain), safe="/$&+,:;=@").rstrip("/")


def _with_ssh_path(endpoint: Endpoint, path: str, shown: str) -> Endpoint:
    """Check host and user of an ssh endpoint, and add the path of the remote socket."""
    if not endpoint.host:
        raise ConfigurationError(f"{shown} has no host; it must have the form ssh://USER@HOST:PORT")
    for value in (endpoint.host, endpoint.user):
        if value.startswith("-") or not value.isprintable():  # ssh would parse the former as an option
            raise ConfigurationError(f"{shown} has a host or user that ssh does not accept")
    socket = unquote(path, errors="surrogateescape") if path.strip("/") else ""
    if not socket.isprintable():
        raise ConfigurationError(f"{shown} has a socket path with unprintable characters")
    return endpoint._replace(socket=socket)


def absolute_path(path: str, source: str) -> str:
    """Return the absolute form of a path, which stays valid if the current directory changes. An empty path stays empty.

    :param source: the setting that contains the path, for errors.
    :raises ConfigurationError: if the path is relative and the current directory does not exist any more.
    """
    if not path or Path(path).is_absolute():
        return path
    try:
        return str(Path.cwd() / path)
    except OSError as error:
        raise ConfigurationError(
            f"{source} is {path}, relative to the current directory, which cannot be determined: {error.strerror}"
        ) from error


def with_absolute_socket(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with the absolute path of its Unix socket, unless that is too long for a socket.

    :raises ConfigurationError: if the path is relative and the current directory does not exist any more.
    """
    if not endpoint.is_unix:
        return endpoint
    path = absolute_path(endpoint.socket, endpoint.source)
    if len(os.fsencode(path)) > _MAX_SOCKET_PATH:  # a relative path is a common workaround for that limit
        return endpoint
    return endpoint._replace(socket=path)
