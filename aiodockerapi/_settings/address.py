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
    "absolute",
    "default_endpoint",
    "hidden",
    "parse_host",
    "settled",
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
_SLIP: Final = re.compile(r"(unix|tcp|https?|ssh)(?://|:(?!\d+(?:/|$)|$))", re.ASCII | re.IGNORECASE)
_SCHEME: Final = re.compile(r"[\w+.-]*", re.ASCII)
_QUERY: Final = re.compile(r"[?#]")
_NUMBERS: Final = re.compile(r"(?:\d+|0x[\da-f]*)(?:\.(?:\d+|0x[\da-f]*))*\.?", re.ASCII | re.IGNORECASE)
_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_LONGEST: Final = 107  # bytes of a socket's path, on Linux
_NO_ESCAPE: Final = re.compile(r"%(?![\da-f]{2})", re.ASCII | re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_IPV4: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}", re.ASCII)


class Endpoint(NamedTuple):
    """Where a daemon listens, and who said so.

    ``str(endpoint)`` is the address alone, as `Docker` takes it; ``repr(endpoint)`` tells where it came from too.

    :ivar scheme: how it is spoken to.
    :ivar socket: the path of its Unix socket, for ``unix``; of its named pipe, for ``npipe``; for ``ssh`` of the Unix socket
        on the other side, empty for the one that the docker command there would take.
    :ivar user: the user to be on the other side, for ``ssh``; empty leaves it to the configuration of ssh.
    :ivar host: its name or IP address, for all that have one.
    :ivar port: its TCP port, for all that have one; 0 leaves it to the configuration of ssh.
    :ivar base_path: what precedes every path, where it sits behind a proxy; empty or with a leading slash.
    :ivar tls: whether TLS was asked for in another way than by ``https``.
    :ivar source: where the address came from, such as ``the docker context "lab" (DOCKER_CONTEXT)``.
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
        """Whether it is a Unix socket of this machine."""
        return self.scheme == "unix"

    @property
    def is_tls(self) -> bool:
        """Whether it is spoken to over TLS."""
        return self.tls or self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as URLs have them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    def __str__(self) -> str:
        if self.scheme in ("unix", "npipe"):
            return f"{self.scheme}://{self.socket}"
        user = f"{quote(self.user)}@" if self.user else ""
        path = quote(self.socket) if self.scheme == "ssh" else self.base_path
        place = self.authority.replace("%25", "%2525")  # or a zone 251 would be read as 1
        return f"{self.scheme}://{user}{place}{path}"

    def __repr__(self) -> str:
        return f"<Endpoint {self}{' with TLS' if self.tls else ''}, from {self.source}>"


def default_endpoint(*, windows: bool = False) -> Endpoint:
    """The local daemon's socket, or its pipe."""
    return Endpoint("npipe", socket=DEFAULT_PIPE) if windows else Endpoint("unix", socket=DEFAULT_SOCKET)


def parse_host(text: str, *, source: str) -> Endpoint:
    """Read an address as the docker CLI does; without a scheme it is TCP.

    :raises ConfigurationError: it cannot be followed; the error names `source`.
    """
    if not isinstance(text, str):
        raise ConfigurationError(
            f"{source} must be a string such as unix:///var/run/docker.sock, not {type(text).__name__}"
        )
    scheme, separator, rest = text.strip().partition("://")
    if not separator:
        scheme, rest = "tcp", _without_scheme(scheme, source)
    scheme = scheme.lower()
    if scheme not in _SCHEMES:
        shown = f"the scheme {scheme}://" if _SCHEME.fullmatch(scheme) else "a scheme"  # or else it may be a password
        raise ConfigurationError(
            f"{source} has {shown}, which is not supported; unix://, tcp://, http://, https://, ssh:// and npipe:// are"
        )
    if scheme in ("unix", "npipe"):
        return _local(cast("Scheme", scheme), rest, source)
    return _network(cast("Scheme", scheme), rest, source)


def hidden(address: str) -> str:
    """An address for an error: without what may be a password or a token in it."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        scheme, rest = "", address
    user, at, place = rest.rpartition("@")
    if not _PLAIN_USER.fullmatch(user):
        user = "..."
    query = _QUERY.search(place)
    if query is not None:
        place = f"{place[: query.end()]}..."
    return f"{scheme}{separator}{user}{at}{place}"


def _without_scheme(text: str, source: str) -> str:
    if not text:
        raise ConfigurationError(f"{source} is empty: an address such as unix:///var/run/docker.sock is needed")
    told, meant = text, f"unix://{text}" if text.startswith(("/", "./")) else ""
    if text.startswith("//"):
        told, meant = hidden(text), hidden(f"tcp:{text}")
    elif slip := _SLIP.match(text):
        scheme, rest = slip[1].lower(), text[slip.end() :]
        told, meant = f"{slip[0]}{hidden(rest)}", hidden(f"{scheme}://{rest if scheme == 'unix' else rest.lstrip('/')}")
    if meant:  # the CLI takes this for a TCP address, which nobody means
        raise ConfigurationError(f"{source} is {told}, without a scheme; did you mean {meant}?")
    return text


def _local(scheme: Scheme, rest: str, source: str) -> Endpoint:
    path = rest.removeprefix(f"{scheme}://") or (DEFAULT_SOCKET if scheme == "unix" else DEFAULT_PIPE)
    if "://" in path:
        raise ConfigurationError(f"{source} has two schemes; the form is {scheme}://PATH")
    if scheme == "unix" and path.startswith("@"):  # on Linux, that is what Go writes for the zero byte
        raise ConfigurationError(
            f"{source} {scheme}://{path} names an abstract socket, which is not supported: have the daemon listen on a path. "
            f"A file of that name is {scheme}://./{path}"
        )
    try:
        if b"\0" in os.fsencode(path):
            raise ConfigurationError(f"{source} holds a zero byte, which no path can")
    except UnicodeEncodeError:
        raise ConfigurationError(f"{source} holds half a character, which no path can") from None
    return Endpoint(scheme, socket=path.replace("\\", "/") if scheme == "npipe" else path, source=source)


def _network(scheme: Scheme, rest: str, source: str) -> Endpoint:
    rest = rest.removeprefix(f"{scheme}://")
    if "://" in rest:
        raise ConfigurationError(f"{source} has two schemes; the form is {scheme}://HOST:PORT")
    told = f"{source} {hidden(f'{scheme}://{rest}')}"
    authority, slash, path = rest.partition("/")
    user, at, authority = authority.rpartition("@")
    if at and scheme != "ssh":
        raise ConfigurationError(f"{source} holds a user name or password, which the Engine API does not take")
    if ":" in user:
        raise ConfigurationError(
            f"{source} holds a password, which ssh does not take from an address: use a key, or an ssh agent"
        )
    if "?" in rest or "#" in rest:
        raise ConfigurationError(f"{told} must not have a query or a fragment")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        remedy = "; an IPv6 address stands in brackets, [::1]" if _BARE_IPV6.match(authority) else ""
        remedy = remedy if authority.isascii() else "; a name that is not ASCII has another form that is, xn--..."
        raise ConfigurationError(f"{told} is not of the form {scheme}://HOST:PORT{remedy}")
    port = int(match["port"]) if match["port"] else _DEFAULT_PORTS[scheme]
    if not 0 < port < 65536 and (match["port"] or scheme != "ssh"):
        raise ConfigurationError(f"{told} has no valid port: {port} is not between 1 and 65535")
    host = _ipv6(match["v6"], told) if match["v6"] else match["name"]
    if _NO_ESCAPE.search(user + path):
        raise ConfigurationError(f"{told} has a percent sign that escapes nothing; the sign itself is written %25")
    if scheme == "ssh":
        user = unquote(user, errors="surrogateescape")
        return _ssh(Endpoint("ssh", user=user, host=host, port=port, source=source), slash + path, told)
    if _NUMBERS.fullmatch(host) and not _IPV4.fullmatch(host):
        raise ConfigurationError(f"{told} has no valid host: {host} is no IPv4 address")
    return Endpoint(scheme, host=host or "localhost", port=port, base_path=_base_path(path, told), source=source)


def _ipv6(text: str, told: str) -> str:
    """An IPv6 address; the percent sign before its zone may be escaped, as it is in URLs."""
    from ipaddress import IPv6Address  # here, since few need it

    address, percent, zone = text.partition("%")
    zone = zone.removeprefix("25") or zone
    try:
        IPv6Address(address)
    except ValueError:
        raise ConfigurationError(f"{told} has no valid host: {address} is no IPv6 address") from None
    return f"{address}{percent}{zone}"


def _base_path(path: str, told: str) -> str:
    """What precedes every path, cleared up and escaped as the CLI does it."""
    try:
        plain = unquote_to_bytes(path).strip(b"/")
    except UnicodeEncodeError:  # bytes of the environment that are no text
        raise ConfigurationError(f"{told} has a path that is no text in UTF-8") from None
    if _CONTROL.search(plain):
        raise ConfigurationError(f"{told} has a path with control characters")
    return quote(posixpath.normpath(b"/" + plain), safe="/$&+,:;=@").rstrip("/")


def _ssh(endpoint: Endpoint, path: str, told: str) -> Endpoint:
    if not endpoint.host:
        raise ConfigurationError(f"{told} names no host; the form is ssh://USER@HOST:PORT")
    for word in (endpoint.host, endpoint.user):
        if word.startswith("-") or not word.isprintable():  # ssh would take it for an option
            raise ConfigurationError(f"{told} has a host or user that ssh cannot take")
    socket = unquote(path, errors="surrogateescape") if path.strip("/") else ""
    if not socket.isprintable():
        raise ConfigurationError(f"{told} has a path that cannot be a socket's")
    return endpoint._replace(socket=socket)


def absolute(path: str, source: str) -> str:
    """A path that stays what it is now, wherever the process goes.

    :raises ConfigurationError: it counts from a current directory that is not there any more; the error names `source`.
    """
    if not path or Path(path).is_absolute():
        return path
    try:
        return str(Path.cwd() / path)
    except OSError as error:
        raise ConfigurationError(
            f"{source} is {path}, which counts from the current directory, and there is none: {error.strerror}"
        ) from error


def settled(endpoint: Endpoint) -> Endpoint:
    """The endpoint, whose socket is the same one wherever the process goes.

    :raises ConfigurationError: there is no current directory.
    """
    if not endpoint.is_unix:
        return endpoint
    path = absolute(endpoint.socket, endpoint.source)
    if len(os.fsencode(path)) > _LONGEST:  # short paths are the way round that limit
        return endpoint
    return endpoint._replace(socket=path)
